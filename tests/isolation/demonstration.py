"""A target that shows every way in which a subject can fail to answer: one counter, eight subjects.

A step is `{"place", "kind", "amount"}`. `add` counts one up, whatever its amount is; every other kind is the name of a
subject and does nothing. That subject, and no other, misbehaves in its own way when its kind comes after at least three
additions: four steps are enough for each, and no fewer.
"""

from __future__ import annotations

import faulthandler
import os
from collections.abc import Callable
from typing import Any

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.target.grammar import ChoiceRule, DecimalRule, Grammar
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_fuzz.target.target import Target

ADDITIONS_MIN = 3
STEPS_MIN = ADDITIONS_MIN + 1


class PanicException(BaseException):
    """What PyO3 raises for a panic: no Exception, so that nothing swallows it."""


class Counter:
    """The plain one."""

    def start(self, config: Config) -> None:
        """Nothing counted."""
        self.count = 0

    def step(self, step: Step) -> Outcome:
        """Count additions."""
        if step["kind"] != "add":
            return {"outcome": "refused", "code": "not_added"}
        self.count += 1
        return {"outcome": "applied", "code": "ok", "count": self.count}

    def observe(self) -> State:
        """The count."""
        return {"count": self.count}

    def digest(self) -> str:
        """The count as text."""
        return str(self.count)

    def identity(self) -> BuildIdentity:
        """Always the same build."""
        return BuildIdentity("counter", __name__, "1", "test", "0" * 64)


class Failing(Counter):
    """Fails in its own way, at its own kind of step, after enough additions."""

    def __init__(self, kind: str, fail: Callable[[], Any]) -> None:
        self.kind = kind
        self.fail = fail

    def step(self, step: Step) -> Outcome:
        """Count, or fail."""
        if step["kind"] == self.kind and self.count >= ADDITIONS_MIN:
            answer: Outcome = self.fail()
            return answer
        return super().step(step)


def panic() -> None:
    """An exception that is no Exception."""
    raise PanicException("index out of bounds")


def overflow() -> None:
    """Run out of stack, in C."""
    faulthandler._stack_overflow()  # type: ignore[attr-defined]


def hang() -> None:
    """Never answer."""
    while True:
        pass


def eat() -> None:
    """Take all the memory that there is."""
    eaten = []
    while True:
        eaten.append(bytearray(16 * 1024 * 1024))


def leave() -> None:
    """Ask the interpreter to end."""
    raise SystemExit(0)


FAILURES: dict[str, tuple[Callable[[], Any], str]] = {
    "panic": (panic, "crashed:PanicException"),
    "abort": (os.abort, "died:SIGABRT"),
    "overflow": (overflow, "died:SIGSEGV"),
    "hang": (hang, "timeout"),
    "eat": (eat, "crashed:MemoryError"),
    "leave": (leave, "crashed:SystemExit"),
    "garble": (lambda: ["not", "an", "outcome"], "garbage:list"),
}
"""By subject, which is also the kind of its step: what it does, and the code that it is charged with."""


class Track:
    """The context of a step: there is none."""

    def context(self, step: Step) -> str:
        """Always the same."""
        return "-"

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Nothing to follow."""


class CounterDecoder:
    """Each draw is a step: every second an addition, the others one kind after the other."""

    def begin(self, data: bytes) -> Config:
        """Nothing to configure."""
        self.place = 0
        return {}

    def decode(self, data: bytes) -> Step:
        """The step of a draw."""
        self.place += 1
        kind = "add" if data[0] & 1 else list(FAILURES)[data[1] % len(FAILURES)]
        self.label = kind, "-"
        return {"place": self.place, "kind": kind, "amount": str(data[2])}

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Nothing to follow."""


def _failing(kind: str) -> Callable[[], Failing]:
    return lambda: Failing(kind, FAILURES[kind][0])


GRAMMAR = Grammar(
    kind=lambda step: str(step["kind"]),
    rules={"kind": ChoiceRule(("add", *FAILURES)), "amount": DecimalRule()},
    positional="place",
)
COUNTER = Target(
    name="counter",
    seats=("plain", *FAILURES),
    subjects={"plain": Counter, **{kind: _failing(kind) for kind in FAILURES}},
    grammar=GRAMMAR,
    decoder=CounterDecoder,
    tracker=Track,
)
