"""From what was compared back to the input: which value of a step the code held against something else, and that.

A decimal number reaches the code as an integer in some unit, so its text is tried at every power of ten; an integer as
it is; a text as its bytes. Where one side of a comparison is such a form of a value, the other side, taken back the
same way, is worth a try in its place (input-to-state correspondence, as in REDQUEEN). Numbers below `TELLING_MIN` are
left out: loops and lengths are full of them. Nought is tried against large ones only.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal as Number
from typing import Any

from cracktrader_fuzz.search.mutation.values import parsed, written
from cracktrader_fuzz.target.fields import Field
from cracktrader_fuzz.target.grammar import DecimalRule, Rule

SCALE_MAX = 18
TELLING_MIN = 1_000
INTEGER_BITS = 64
TEXT_LENGTH_MAX = 64

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
            for place, scale in forms.get(mine, ()) if mine or _is_telling(theirs) else ():
                value = _value(theirs, scale, place)
                if value is not None and value != place.value:
                    found[place.step_index, place.path, repr(value)] = place, value
    return [found[key] for key in sorted(found, key=repr)]


def _forms(place: Field) -> Iterator[tuple[int | str, int]]:
    """The values that the code may hold in its hands for this one, and the power of ten that each is scaled by."""
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
        if _is_telling(int(scaled)):
            yield int(scaled), scale


def _grids(rule: Rule) -> set[int]:
    """The decimals that a rule's limits have: nought says nothing of the unit that it is counted in."""
    return {len(limit.partition(".")[2]) for limit in rule.limits} if isinstance(rule, DecimalRule) else {0}


def _is_telling(operand: int | str) -> bool:
    return isinstance(operand, int) and abs(operand) >= TELLING_MIN


def _value(operand: int | str, scale: int, place: Field) -> Any:
    if isinstance(operand, str):
        return operand if type(place.value) is str and len(operand) <= TEXT_LENGTH_MAX else None
    return written(Number(operand).scaleb(-scale), place.value)


def signed(word: int) -> int:
    """The integer that a word of 64 bits is, where negative numbers are two's complements."""
    return word - (1 << INTEGER_BITS) if word >> (INTEGER_BITS - 1) else word
