"""Seats that hold a core to its promises about snapshots and about what it shares, step by step.

A `Relayed` core's state goes through another core, by snapshot and restore, before a step: it must answer as one that
was left alone. A `Meddled` core is given inputs that are emptied afterwards, and so is all that it hands out: it must
not notice. They are subjects like any other, to be compared with the plain core, so what they show is replayed, shrunk
and certified like any other case. Cost: a relay pays for the whole state at each of the first `STRIDE` steps, later at
one in `STRIDE`.
"""

from copy import deepcopy
from typing import Any, Protocol

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.lockstep.compare import canonical_bytes
from cracktrader_fuzz.subjects.protocol import BuildIdentity, Subject

STRIDE = 64


class Restorable(Subject, Protocol):
    """A subject that can take over a state which it, or another subject, observed."""

    def restore(self, state: State) -> None:
        """Go on from the state."""


class AliasError(RuntimeError):
    """Something that was handed out changed as its subject went on."""


class Relayed:
    """A runner that gives its state away before each step and takes it back from the core in between."""

    def __init__(self, runner: Restorable, via: Restorable) -> None:
        self._runner = runner
        self._via = via

    def start(self, config: Config) -> None:
        """The runner begins afresh."""
        self._config = config
        self._taken = 0
        self._runner.start(config)

    def step(self, step: Step) -> Outcome:
        """What the runner answers, going on from a state that has been elsewhere."""
        if self._taken < STRIDE or self._taken % STRIDE == 0:
            for giver, taker in ((self._runner, self._via), (self._via, self._runner)):
                state = giver.observe()
                taker.start(self._config)
                taker.restore(state)
        self._taken += 1
        return self._runner.step(step)

    def observe(self) -> State:
        """The runner's state."""
        return self._runner.observe()

    def digest(self) -> str:
        """The runner's digest."""
        return self._runner.digest()

    def identity(self) -> BuildIdentity:
        """The runner's build."""
        return self._runner.identity()


class Meddled:
    """A subject whose caller empties, a step later, every object that went in or came out."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def start(self, config: Config) -> None:
        """The subject begins afresh."""
        self._held = Held()
        self._subject.start(config)

    def step(self, step: Step) -> Outcome:
        """What the subject answers, in a copy. Raises AliasError when the subject changed what it had handed out."""
        given = deepcopy(step)
        outcome = self._subject.step(given)
        told = deepcopy(outcome)
        self._held.empty()
        self._held.add(given, outcome)
        return told

    def observe(self) -> State:
        """What the subject keeps, in a copy."""
        state = self._subject.observe()
        told = deepcopy(state)
        self._held.add(state)
        return told

    def digest(self) -> str:
        """The subject's digest."""
        return self._subject.digest()

    def identity(self) -> BuildIdentity:
        """The subject's build."""
        return self._subject.identity()


class Held:
    """Objects that went in or came out, and what they said at the time."""

    def __init__(self) -> None:
        self._values: list[tuple[Any, bytes]] = []

    def add(self, *values: Any) -> None:
        """Hold on to values."""
        self._values.extend((value, canonical_bytes(value)) for value in values)

    def empty(self) -> None:
        """Let go of the values and empty each, at every level. Raises AliasError when one has changed meanwhile."""
        values, self._values = self._values, []
        for value, said in values:
            if canonical_bytes(value) != said:
                raise AliasError("an object that had been handed over was changed afterwards")
            _empty(value)


def _empty(value: Any) -> None:
    inner = list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []
    for each in inner:
        _empty(each)
    if isinstance(value, dict | list):
        value.clear()
