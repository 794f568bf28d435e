"""Seats that hold a core to its promises about snapshots and about what it shares, step by step.

A `Relay` hands one state from core to core by snapshot and restore, and must answer as one core that goes on. A
`Meddled` core is given inputs that are destroyed afterwards, and so is all that it hands out: it must not notice.
They are subjects like any other, so that what a machine finds with them is replayed, shrunk and certified like any
other case. Cost: a relay pays for the whole state at each of the first steps, later at one in `STRIDE`.
"""

from collections.abc import Sequence
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


class Relay:
    """Subjects that take turns at one run: each hands its state to the next."""

    def __init__(self, runners: Sequence[Restorable]) -> None:
        self._runners = runners

    def start(self, config: Config) -> None:
        """The first runner begins afresh."""
        self._config = config
        self._taken = 0
        self._runners[0].start(config)
        self._holder = self._runners[0]

    def step(self, step: Step) -> Outcome:
        """What the runner answers that holds the state; before that, the state is handed on."""
        if self._taken < STRIDE or self._taken % STRIDE == 0:
            self._hand_on()
        self._taken += 1
        return self._holder.step(step)

    def observe(self) -> State:
        """The state as the runner that holds it says."""
        return self._holder.observe()

    def digest(self) -> str:
        """The digest as the runner that holds the state says."""
        return self._holder.digest()

    def identity(self) -> BuildIdentity:
        """The last runner's build: it is the one that differs from the reference."""
        return self._runners[-1].identity()

    def _hand_on(self) -> None:
        state = self._holder.observe()
        place = next(place for place, runner in enumerate(self._runners) if runner is self._holder)
        self._holder = self._runners[(place + 1) % len(self._runners)]
        self._holder.start(self._config)
        self._holder.restore(state)


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
