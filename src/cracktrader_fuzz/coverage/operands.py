"""From comparisons back to the input: which value of a step the code compared, and with what.

A decimal number reaches the code as an integer in some unit, so its text is tried at every power of ten; an integer as
it is; a text as its bytes. Where one side of a comparison is such a form of a value, the other side, converted back, is
worth a try in its place (input-to-state correspondence, as in REDQUEEN). Does not see numbers of more than 64 bits.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal as Number
from typing import Any

from cracktrader_fuzz.search.mutation.values import parsed, written
from cracktrader_fuzz.target.fields import Field
from cracktrader_fuzz.target.grammar import DecimalRule, Rule

SCALE_MAX = 18  # the largest power of ten in a signed integer of 64 bits
# Loop counters and lengths are below a thousand: code is full of such comparisons, and they would drown the others.
OPERAND_MIN = 1_000
INTEGER_BITS = 64  # the widest comparison that the compiler reports
TEXT_LENGTH_MAX = 64  # twice what the shim keeps of a slice; in Python a longer text is a message, and no value

Candidate = tuple[Field, Any]


def candidates(places: list[Field], compared: Iterable[tuple[Any, Any]]) -> list[Candidate]:
    """What could stand in the places instead, each once, in an order that is always the same."""
    forms: dict[int | str, list[tuple[Field, int]]] = {}
    for place in places:
        for form, scale in _forms(place):
            forms.setdefault(form, []).append((place, scale))
    found: dict[tuple[int, tuple[Any, ...], str], Candidate] = {}
    for one, other in compared:
        for mine, theirs in ((one, other), (other, one)):
            # Zero is compared everywhere, so it counts only where the other side is a large number.
            for place, scale in forms.get(mine, ()) if mine or _is_distinct(theirs) else ():
                value = _value(theirs, scale, place)
                if value is not None and value != place.value:
                    found[place.step_index, place.path, repr(value)] = place, value
    return [found[key] for key in sorted(found, key=repr)]


def _forms(place: Field) -> Iterator[tuple[int | str, int]]:
    """The values that the code may use for this one, and the power of ten that each is scaled by."""
    if type(place.value) is str:
        yield place.value, 0
    number = parsed(place.value) if isinstance(place.rule, DecimalRule) or type(place.value) is int else None
    if number is None or type(place.value) is bool:
        return
    if number.is_zero():
        yield from ((0, scale) for scale in sorted(_grids(place.rule)))
        return
    for scale in range(SCALE_MAX + 1 if isinstance(place.rule, DecimalRule) else 1):
        scaled = number.scaleb(scale)
        if scaled != scaled.to_integral_value():
            continue
        if abs(scaled) >= 2 ** (INTEGER_BITS - 1):
            return
        if _is_distinct(int(scaled)):
            yield int(scaled), scale


def _grids(rule: Rule) -> set[int]:
    """The numbers of decimals that a rule's limits have, since zero itself shows no unit."""
    return {len(limit.partition(".")[2]) for limit in rule.limits} if isinstance(rule, DecimalRule) else {0}


def _is_distinct(operand: int | str) -> bool:
    return isinstance(operand, int) and abs(operand) >= OPERAND_MIN


def _value(operand: int | str, scale: int, place: Field) -> Any:
    if isinstance(operand, str):
        return operand if type(place.value) is str and len(operand) <= TEXT_LENGTH_MAX else None
    return written(Number(operand).scaleb(-scale), place.value)


def signed(number: int) -> int:
    """The signed integer of an unsigned one of 64 bits, by two's complement."""
    return number - (1 << INTEGER_BITS) if number >> (INTEGER_BITS - 1) else number
