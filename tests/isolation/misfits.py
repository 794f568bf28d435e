"""Subjects that break the contract in small ways, on the counter of `demonstration`; the tests seat them by name."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from demonstration import COUNTER, Counter

from cracktrader_fuzz.case.model import Config, Outcome, State, Step

MARK_VARIABLE = "COUNTER_KILLED_ONCE"


def endless() -> dict[str, Any]:
    """A value that holds itself."""
    value: dict[str, Any] = {}
    value["again"] = value
    return value


class Answering(Counter):
    """Answers every step with one and the same thing."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def step(self, step: Step) -> Outcome:
        """The answer."""
        answer: Outcome = self.answer
        return answer


class Showing(Counter):
    """Has one and the same thing for a state."""

    def __init__(self, state: Any) -> None:
        self.state = state

    def observe(self) -> State:
        """The thing."""
        state: State = self.state
        return state


class Blind(Counter):
    """Cannot be looked at."""

    def observe(self) -> State:
        """No state."""
        raise LookupError("no state today")


class Undigested(Counter):
    """Has no digest."""

    def digest(self) -> str:
        """No digest."""
        raise LookupError("no digest today")


class Refusing(Counter):
    """Does not take any configuration."""

    def start(self, config: Config) -> None:
        """Refuse it."""
        raise ValueError("no such configuration")


class Stillborn(Counter):
    """Dies of any configuration."""

    def start(self, config: Config) -> None:
        """Die of it."""
        os.abort()


class Leaving(Counter):
    """Ends its process with a status of its own."""

    def step(self, step: Step) -> Outcome:
        """End."""
        os._exit(3)


class Marking(Counter):
    """Writes into the step that it is given."""

    def step(self, step: Step) -> Outcome:
        """Answers well, and leaves a mark."""
        outcome = super().step(step)
        step["mark"] = True
        return outcome


class KilledOnce(Counter):
    """Is killed in the middle of a case, once: the file that a variable names says whether that has happened."""

    def step(self, step: Step) -> Outcome:
        """Count, and die as if somebody had killed the process."""
        mark = Path(os.environ[MARK_VARIABLE])
        if self.count == ADDITIONS_BEFORE and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().step(step)


ADDITIONS_BEFORE = 20
TYPES = {"tuple": (1, 2), "bytes": b"x", "flag": True, "zero": -0.0, "wide": 2**70, "lone": "\ud800"}
ANSWERS: dict[str, tuple[Callable[[], Any], str]] = {
    "none": (lambda: None, "garbage:NoneType"),
    "list": (lambda: [1], "garbage:list"),
    "empty": (dict, "garbage:dict"),
    "no-code": (lambda: {"outcome": "applied"}, "garbage:dict"),
    "code-is-list": (lambda: {"outcome": "applied", "code": []}, "garbage:dict"),
    "code-is-number": (lambda: {"outcome": "applied", "code": 1}, "garbage:dict"),
    "kind-is-number": (lambda: {"outcome": 1, "code": "ok"}, "garbage:dict"),
    "class": (lambda: Counter, "garbage:type"),
}
"""By name of the subject: what it answers, and what it is charged with."""
STATES: dict[str, tuple[Callable[[], Any], str]] = {
    "state-none": (lambda: None, "garbage:NoneType"),
    "state-list": (lambda: [1], "garbage:list"),
}
OTHERS: dict[str, Callable[[], Counter]] = {
    "blind": Blind,
    "undigested": Undigested,
    "refusing": Refusing,
    "stillborn": Stillborn,
    "leaving": Leaving,
    "marking": Marking,
    "killed-once": KilledOnce,
    "endless": lambda: Showing(endless()),
    "typed": lambda: Showing(TYPES),
    "decimal": lambda: Showing({"cash": Decimal(1)}),
}


def _answering(make: Callable[[], Any]) -> Callable[[], Counter]:
    return lambda: Answering(make())


def _showing(make: Callable[[], Any]) -> Callable[[], Counter]:
    return lambda: Showing(make())


MISFITS = replace(
    COUNTER,
    name="misfits",
    seats=("plain", "killed-once"),
    subjects={
        "plain": Counter,
        **{name: _answering(make) for name, (make, _) in ANSWERS.items()},
        **{name: _showing(make) for name, (make, _) in STATES.items()},
        **OTHERS,
    },
)
