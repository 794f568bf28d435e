"""Other values for one place of a case, by the rule of its key: towards boundaries, and towards what is there already.

A number becomes one unit in its last place more or less, what another field holds, a sum or a difference of the two,
its double, its half, its negative, a limit of the grammar or one of its plain values; a name another one in use or a
new one; a choice another choice. Any of them may become what the same key holds elsewhere. Now and then a value is
ill-formed on purpose, where the grammar lets it. The shape of a step stays: no key comes or goes. Cost: a few steps are
looked at, not the case.
"""

import decimal
import random
from typing import Any

from cracktrader_fuzz.case.model import Step
from cracktrader_fuzz.target.fields import Field, step_fields
from cracktrader_fuzz.target.grammar import ChoiceRule, DecimalRule, Grammar, IntegerRule, NameRule

LOOKS = 4  # steps, of the pool: a value then costs the same however long the cases are
ODD_CHANCE = 0.02  # one in fifty: a step that is refused for its form changes nothing, and the case is poorer by it
SAME_KEY_CHANCE = 0.25  # equal values are what most conditions are about, and would rarely meet by chance
LISTED_CHANCE = 0.25  # the grammar's limits are where something changes or ends, and few sums lead to them
DIGITS_MAX = 64  # of a number that is counted with: more than a field of money or quantity needs
# The sum of two numbers of `DIGITS_MAX` digits, at most as many places from the point, needs 193: it is exact.
EXACT = decimal.Context(prec=200)
ILL_FORMED: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, -0.0, 2**63, "", " ", "-", "-0", "007", "1e3", "NaN", "\x7f", "\ud800"),
    *("x" * 65, "9" * 65, "0." + "0" * 30 + "1", [], {}),
)  # fmt: skip


class Perturbation:
    """Draws values for the places of some steps; what stands elsewhere is looked up in `pool`."""

    def __init__(self, draw: random.Random, grammar: Grammar, pool: list[Step]) -> None:
        self._draw = draw
        self._grammar = grammar
        self._pool = pool

    def value(self, place: Field) -> Any:
        """Another value, or the same where there is no other."""
        if self._grammar.ill_formed and self._draw.random() < ODD_CHANCE:
            return self._draw.choice(ILL_FORMED)
        if self._draw.random() < SAME_KEY_CHANCE:
            return self._of_same_key(place)
        match place.rule:
            case DecimalRule():
                return self._number(place, place.rule)
            case IntegerRule():
                return self._counter(place, place.rule)
            case NameRule():
                return self._name(place, place.rule)
            case ChoiceRule():
                return self._draw.choice(place.rule.values)
            case rule:
                return self._draw.choice([place.value, *rule.plainest()])

    def _number(self, place: Field, rule: DecimalRule) -> Any:
        value = parsed(place.value)
        if value is None or self._draw.random() < LISTED_CHANCE:
            return self._draw.choice((*rule.limits, *rule.plain, *((None,) if rule.optional else ())))
        other = parsed(self._of_rule(place, DecimalRule)) or value
        unit = decimal.Decimal((0, (1,), self._draw.choice(exponents(value, other))))
        return written(self._draw.choice(boundaries(value, other, unit)), place.value)

    def _counter(self, place: Field, rule: IntegerRule) -> Any:
        if type(place.value) is not int:
            return self._draw.choice(rule.limits)
        other = self._of_rule(place, IntegerRule)
        near = [value for value in (place.value, other) if type(value) is int]
        return self._draw.choice((*(value + step for value in near for step in (-1, 0, 1)), *rule.limits))

    def _name(self, place: Field, rule: NameRule) -> Any:
        other = self._of_rule(place, NameRule)
        names = [other] if isinstance(other, str) and other.startswith(rule.prefix) else []
        fresh = f"{rule.prefix}{self._draw.randrange(1, 10)}"
        return self._draw.choice((*names * 4, *rule.plainest(), fresh, *((None,) if rule.optional else ())))

    def _of_same_key(self, place: Field) -> Any:
        """What the key holds in another step."""
        return next((each.value for each in self._looked_at() if each.key == place.key), place.value)

    def _of_rule(self, place: Field, rule: type) -> Any:
        """What another key holds, under a rule of the kind; a name must have the same prefix, too."""
        prefix = getattr(place.rule, "prefix", None)
        found = [
            each.value
            for each in self._looked_at()
            if isinstance(each.rule, rule) and getattr(each.rule, "prefix", None) == prefix
        ]
        return self._draw.choice(found) if found else place.value

    def _looked_at(self) -> list[Field]:
        """The fields of a few steps of the pool."""
        chosen = [self._draw.randrange(len(self._pool)) for _ in range(LOOKS if self._pool else 0)]
        return [place for index in chosen for place in step_fields(self._pool, index, self._grammar)]


def parsed(value: Any) -> decimal.Decimal | None:
    """The number that a value stands for; None for a value that is none, or that has too many digits to count with."""
    if type(value) not in (int, float, str) or len(str(value)) > DIGITS_MAX:
        return None
    try:
        number = decimal.Decimal(str(value))
    except decimal.InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= DIGITS_MAX else None


def exponents(*numbers: decimal.Decimal) -> list[int]:
    """The places of their last digits, as powers of ten."""
    return [exponent for number in numbers if isinstance(exponent := number.as_tuple().exponent, int)]


def boundaries(value: decimal.Decimal, other: decimal.Decimal, unit: decimal.Decimal) -> tuple[decimal.Decimal, ...]:
    """The numbers worth a try in the place of `value`, where `other` stands in another place; exact."""
    add, subtract = EXACT.add, EXACT.subtract
    return (
        *(add(value, unit), subtract(value, unit), other, other, add(other, unit), subtract(other, unit)),
        *(add(value, other), subtract(value, other), subtract(other, value)),
        *(add(value, value), EXACT.divide(value, 2), EXACT.minus(value)),
    )


def written(number: decimal.Decimal, like: Any) -> Any:
    """The number in the form of another value: an integer or a float where it is one exactly, else as text."""
    if type(like) is int and number == number.to_integral_value():
        return int(number)
    if type(like) is float and decimal.Decimal(repr(float(number))) == number:
        return float(number)
    return f"{number:f}"
