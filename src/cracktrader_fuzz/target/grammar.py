"""What the harness may know about a step's fields: which simpler values each could have, and where they end.

A rule is chosen by the name of the key, wherever it stands in the step. `cost` orders the values of a field, the
plainest first; `simpler` offers candidates, every one of a strictly lower cost, so that shrinking ends. A number's
`limits`, at which something changes or ends, are for mutation. A field without a rule is never changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

from cracktrader_fuzz.case.model import Step, ValuePath

COST_MAX = 1_000  # above the cost of every value that has the type of its rule
LENGTH_MAX = 400  # longer texts cost the same, so that none costs as much as another type
INTEGER_COST_MAX = 900  # larger integers cost the same, for that reason too


class Rule(Protocol):
    """How one kind of field gets simpler."""

    def cost(self, value: Any) -> int:
        """0 for the plainest value; larger for less plain ones."""

    def simpler(self, value: Any) -> list[Any]:
        """Candidates to put in the place of `value`, the plainest first."""

    def plainest(self) -> list[Any]:
        """The few values that are worth a try in any case."""


def _below(rule: Rule, value: Any, candidates: list[Any]) -> list[Any]:
    cost = rule.cost(value)
    costed = sorted((rule.cost(each), place) for place, each in enumerate(candidates))
    return [candidates[place] for each, place in costed if each < cost]


@dataclass(frozen=True)
class ChoiceRule:
    """A closed set of values, the plainest first. Any other value costs more than all of them."""

    values: tuple[Any, ...]

    def cost(self, value: Any) -> int:
        """The value's place in the list."""
        for place, known in enumerate(self.values):
            if type(known) is type(value) and known == value:
                return place
        return len(self.values) + 1

    def simpler(self, value: Any) -> list[Any]:
        """The values that stand before this one."""
        return list(self.values[: min(self.cost(value), len(self.values))])

    def plainest(self) -> list[Any]:
        """All of them."""
        return list(self.values)


@dataclass(frozen=True)
class DecimalRule:
    """A decimal number as text: first the plain ones, then fewer digits. Another type, or other text, costs most."""

    plain: tuple[str, ...] = ("1", "2", "3", "10", "100")
    optional: bool = False
    limits: tuple[str, ...] = ("0",)

    def cost(self, value: Any) -> int:
        """By place in the plain list, then by length."""
        if value is None:
            return 0 if self.optional else COST_MAX
        if not isinstance(value, str):
            return COST_MAX - 1
        if value in self.plain:
            return 1 + self.plain.index(value)
        # Above the plain ones, which are fewer than ten; a sign costs less than a digit.
        return 10 + 2 * min(len(value), LENGTH_MAX) + value.startswith("-")

    def simpler(self, value: Any) -> list[Any]:
        """Null if the field may be left out, the plain ones, then the text with digits taken away."""
        candidates: list[Any] = [*([None] if self.optional else []), *self.plain]
        if isinstance(value, str):
            candidates += _shorter_decimals(value)
        return _below(self, value, candidates)

    def plainest(self) -> list[Any]:
        """The plain ones."""
        return list(self.plain)


def _shorter_decimals(text: str) -> list[str]:
    unsigned = text.removeprefix("-")
    whole, _, fraction = unsigned.partition(".")
    texts = [unsigned, whole] if text != unsigned or fraction else []
    texts += [f"{whole}.{fraction[:digits]}" for digits in range(1, len(fraction))]
    texts += [f"0.{fraction}"] if fraction and whole != "0" else []
    texts += [f"{digit}{'0' * (len(whole) - 1)}" for digit in "19" if len(whole) > 1]
    texts += [whole[:digits] for digits in range(1, len(whole))]
    return [*texts, *(f"-{each}" for each in texts if text != unsigned and each != unsigned)]


@dataclass(frozen=True)
class IntegerRule:
    """An integer that means little by itself: times, sequence numbers."""

    limits: tuple[int, ...] = (0, 2**63 - 1)

    def cost(self, value: Any) -> int:
        """The value itself; a negative one costs more than any other."""
        if type(value) is not int:
            return COST_MAX
        return min(value, INTEGER_COST_MAX) if value >= 0 else INTEGER_COST_MAX + 1

    def simpler(self, value: Any) -> list[Any]:
        """0, 1, a half, one less."""
        if type(value) is not int:
            return [0]
        return _below(self, value, list(dict.fromkeys((0, 1, value // 2, value - 1))))

    def plainest(self) -> list[Any]:
        """0 and 1."""
        return [0, 1]


@dataclass(frozen=True)
class NameRule:
    """An identifier: `prefix` and a number. Names are merged and numbered by first use, whole cases at a time."""

    prefix: str
    optional: bool = False

    def cost(self, value: Any) -> int:
        """By number; a name of another form costs more."""
        if value is None:
            return 0 if self.optional else COST_MAX
        if not isinstance(value, str):
            return COST_MAX
        number = value.removeprefix(self.prefix)
        if value.startswith(self.prefix) and number.isdecimal() and number.isascii() and len(number) < 3:
            return int(number)
        return 100 + min(len(value), LENGTH_MAX)

    def simpler(self, value: Any) -> list[Any]:
        """Null if the field may be left out, else the first name."""
        return _below(self, value, [*([None] if self.optional else []), f"{self.prefix}1"])

    def plainest(self) -> list[Any]:
        """The first three names."""
        return [f"{self.prefix}{number}" for number in (1, 2, 3)]


@dataclass(frozen=True)
class Grammar:
    """The target's steps, answers and states, as far as the harness needs to know them.

    `kind` names what a step is; `rules` go by key; `keyed` names the maps of the state whose keys are identifiers, so
    that a signature does not depend on them; `positional` is the key that numbers a step's place, if there is one.
    `ill_formed` says that a value may be of a type that its rule does not have, for subjects that must refuse it.
    `scales` says, by key, how many decimals a number has that is written as text or counted as an integer: two that
    are one unit of the last of them apart differ by rounding. A key that is not there has no such unit.
    """

    kind: Callable[[Step], str]
    rules: Mapping[str, Rule]
    keyed: frozenset[str] = frozenset()
    positional: str = ""
    ill_formed: bool = True
    scales: Mapping[str, int] = field(default_factory=dict)

    def scale_at(self, path: ValuePath) -> int | None:
        """The scale of the number at a path in an outcome or a state: that of the nearest key that is no identifier."""
        keys = [part for parent, part in pairwise(("", *path)) if isinstance(part, str) and parent not in self.keyed]
        return self.scales.get(keys[-1]) if keys else None
