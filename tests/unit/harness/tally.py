"""The smallest target: subjects that keep one total a name. It knows nothing of orders, and neither does the kernel.

A step is `{"place", "kind", "name", "amount"}`: `add` adds a decimal to a name's total, `take` is refused when it would
bring the total below zero. The wrong ones are wrong in one way each.
"""

from __future__ import annotations

from decimal import Decimal as Number
from typing import Any

from cracktrader_fuzz.case.model import Case, Config, Outcome, State, Step
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.target.grammar import ChoiceRule, DecimalRule, Grammar, NameRule
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_fuzz.target.target import Target


class Tally:
    """The right one."""

    def start(self, config: Config) -> None:
        """No totals."""
        self.totals: dict[str, Number] = {}

    def step(self, step: Step) -> Outcome:
        """Add or take."""
        amount = Number(step["amount"]) * (1 if step["kind"] == "add" else -1)
        total = self.totals.get(step["name"], Number(0)) + amount
        if total < 0:
            return {"outcome": "rejected", "code": "short", "total": None}
        self.totals[step["name"]] = total
        return {"outcome": "applied", "code": "ok", "total": str(total)}

    def observe(self) -> State:
        """Every total as text."""
        return {"totals": {name: str(total) for name, total in self.totals.items()}}

    def digest(self) -> str:
        """The totals in one text."""
        return str(sorted(self.totals.items()))

    def identity(self) -> BuildIdentity:
        """Always the same build."""
        return BuildIdentity("tally", __name__, "1", "test", "0" * 64)


class Forgetful(Tally):
    """Keeps nothing of an addition of exactly 7 to a name that has something."""

    def step(self, step: Step) -> Outcome:
        """Answers well and forgets."""
        before = dict(self.totals)
        outcome = super().step(step)
        if (step["kind"], step["amount"]) == ("add", "7") and before.get(step["name"]):
            self.totals = before
        return outcome


class Crashing(Tally):
    """Ends the process that runs it, if it is let, when 13 is taken."""

    def step(self, step: Step) -> Outcome:
        """Take 13 and exit."""
        if (step["kind"], step["amount"]) == ("take", "13"):
            raise SystemExit(1)
        return super().step(step)


class Marking(Tally):
    """Writes into the step that it is given."""

    def step(self, step: Step) -> Outcome:
        """Answers well, and leaves a mark."""
        outcome = super().step(step)
        step["mark"] = True
        return outcome


class WrongDigest(Tally):
    """Right in all but the digest, once there are two names."""

    def digest(self) -> str:
        """Only the number of names."""
        return super().digest() if len(self.totals) < 2 else "two"


class Unsteady(Tally):
    """Answers the first step after it was made differently."""

    first = True

    def step(self, step: Step) -> Outcome:
        """Differs once."""
        outcome = super().step(step)
        if self.first:
            self.first = False
            return {**outcome, "total": "?"}
        return outcome


class Track:
    """The context of a step: whether its name was seen."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def context(self, step: Step) -> str:
        """`known` or `new`."""
        return "known" if step["name"] in self.seen else "new"

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Names that were added to are known."""
        if outcome["outcome"] == "applied":
            self.seen.add(step["name"])


class TallyDecoder:
    """Each draw is a step: its first byte the kind, the second the name, the third the amount."""

    def begin(self, data: bytes) -> Config:
        """Nothing to configure."""
        self.place = 0
        return {}

    def decode(self, data: bytes) -> Step:
        """The step of a draw."""
        self.place += 1
        made = step("add" if data[0] & 1 else "take", f"n{data[1] % 3}", str(data[2] % 16), self.place)
        self.label = made["kind"], "?"
        return made

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Nothing to follow."""


GRAMMAR = Grammar(
    kind=lambda step: str(step["kind"]),
    rules={
        "kind": ChoiceRule(("add", "take")),
        "name": NameRule("n"),
        "amount": DecimalRule(("1", "2")),
    },
    keyed=frozenset({"totals"}),
    positional="place",
)
TALLY = Target(
    name="tally",
    seats=("right", "forgetful"),
    subjects={
        "right": Tally,
        "forgetful": Forgetful,
        "crashing": Crashing,
        "marking": Marking,
        "wrong-digest": WrongDigest,
        "unsteady": Unsteady,
    },
    grammar=GRAMMAR,
    decoder=TallyDecoder,
    tracker=Track,
)


def step(kind: str, name: str, amount: str, place: int = 1) -> Step:
    """One step."""
    return {"place": place, "kind": kind, "name": name, "amount": amount}


def case(*steps: tuple[str, str, str]) -> Case:
    """A case of (kind, name, amount), numbered from 1."""
    return Case("tally", {}, [step(*each, place) for place, each in enumerate(steps, 1)])


def lockstep(*names: str) -> Lockstep:
    """The right one and others, by name."""
    seats: list[tuple[str, Any]] = [(name, TALLY.subjects[name]()) for name in ("right", *names)]
    return Lockstep(TALLY, seats)


FORGOTTEN = (
    *[("add", "n5", "2.5"), ("add", "n9", "3"), ("take", "n9", "50"), ("add", "n5", "4")],
    *[("add", "n5", "7"), ("take", "n5", "1"), ("add", "n9", "8")],
)
"""What `forgetful` goes wrong on, at its fifth step; two steps are enough for that."""
