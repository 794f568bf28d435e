"""Cores that break a rule, and break it alike in both languages, so that they agree with each other.

The mistake is made on the way in: the core is given another step than the one it should take, and goes on from there,
in everything that it answers and keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.subjects.oracle import opinions
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_fuzz.target.target import Target
from cracktrader_strategies.subjects.cores import PythonCore, RustCore
from cracktrader_strategies.target import CRACKTRADER, ORACLES

Change = Callable[[Step], Step]
SEATS = ("python", "rust", "nautilus-on-python")


def fills_again(step: Step) -> Step:
    """Duplicates are not recognised: every fill is booked."""
    return {**step, "idempotency_key": None} if step.get("event_type") == "order_fill" else step


def rebate_is_a_fee(step: Step) -> Step:
    """A rebate is taken from cash."""
    fee = _payload(step).get("fee")
    if type(fee) is str and fee.startswith("-"):
        return {**step, "payload": {**step["payload"], "fee": fee.removeprefix("-")}}
    return step


def expires_when_cancelled(step: Step) -> Step:
    """A cancelled order is reported as expired."""
    return {**step, "event_type": "order_expired"} if step.get("event_type") == "order_cancelled" else step


def restates_one_more(step: Step) -> Step:
    """A venue's new total is one more than it says."""
    total = _payload(step).get("quantity")
    if step.get("event_type") == "order_restated" and type(total) is str and total.isdecimal():
        return {**step, "payload": {**step["payload"], "quantity": str(int(total) + 1)}}
    return step


def _payload(step: Step) -> Step:
    payload = step.get("payload")
    return payload if type(payload) is dict else {}


class MistakenSubject(SubjectWrapper[PythonCore | RustCore]):
    """A core with a mistake."""

    def __init__(self, core: PythonCore | RustCore, change: Change) -> None:
        super().__init__(core)
        self._change = change

    def start(self, config: Config) -> None:
        """A new core."""
        self._subject.start(config)

    def step(self, step: Step) -> Outcome:
        """The core's outcome of the changed step."""
        return self._subject.step(self._change(step))


def mistaken(change: Change) -> Target:
    """The target with both cores mistaken."""
    subjects = {
        "python": partial(_mistaken, PythonCore, change),
        "rust": partial(_mistaken, RustCore, change),
    }
    return replace(CRACKTRADER, subjects={**subjects, **opinions(ORACLES, subjects)})


def lockstep(target: Target, *names: str) -> Lockstep:
    """Subjects of a target by name."""
    return Lockstep(target, [(name, target.subjects[name]()) for name in names])


def _mistaken(make: Callable[[], PythonCore | RustCore], change: Change) -> MistakenSubject:
    return MistakenSubject(make(), change)
