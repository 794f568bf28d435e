"""Subjects whose state passes from one implementation to another while a case runs, by snapshot and restore.

A `RelaySubject` runner gives its state away after a step and takes it back from the other implementation, made anew: it
must answer and keep the same as one that was left alone. Of a `SwapSubject` pair now one answers, now the other; after
a step the state goes through both, over what each still held, so that a fault of either shows where it begins. They are
subjects like any other, to be held against the plain one: what they show is replayed, shrunk and certified like any
other case. Cost: the whole state, twice over, after each of the first `STRIDE` steps, and at one in `STRIDE` later.
"""

from typing import Protocol

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_fuzz.target.protocol import BuildIdentity, Subject

STRIDE = 256


class RestorableSubject(Subject, Protocol):
    """A subject that can take over a state which it, or another subject, observed."""

    def restore(self, state: State) -> None:
        """Go on from the state."""


def is_due(taken: int) -> bool:
    """Whether something that costs the whole state is done after the step with this index."""
    return taken < STRIDE or taken % STRIDE == 0


class RelaySubject(SubjectWrapper[RestorableSubject]):
    """A runner that gives its state away after each step and takes it back from the subject in between."""

    def __init__(self, runner: RestorableSubject, via: RestorableSubject) -> None:
        super().__init__(runner)
        self._via = via

    def start(self, config: Config) -> None:
        """The runner begins afresh."""
        self._config = config
        self._taken = 0
        self._subject.start(config)

    def step(self, step: Step) -> Outcome:
        """What the runner answers, whose state is elsewhere from then until the next step."""
        outcome = self._subject.step(step)
        if is_due(self._taken):
            for giver, taker in ((self._subject, self._via), (self._via, self._subject)):
                state = giver.observe()
                taker.start(self._config)
                taker.restore(state)
        self._taken += 1
        return outcome


class SwapSubject:
    """Two subjects in turn: after a step the one that ran takes back its own state, and the other goes on from that."""

    def __init__(self, first: RestorableSubject, second: RestorableSubject) -> None:
        self._first = first
        self._second = second

    def start(self, config: Config) -> None:
        """Both begin afresh."""
        self._first.start(config)
        self._second.start(config)
        self._running, self._resting = self._first, self._second
        self._taken = 0

    def step(self, step: Step) -> Outcome:
        """What the subject answers whose turn it is."""
        outcome = self._running.step(step)
        if is_due(self._taken):
            self._running.restore(self._running.observe())
            self._resting.restore(self._running.observe())
            self._running, self._resting = self._resting, self._running
        self._taken += 1
        return outcome

    def observe(self) -> State:
        """The state of the subject that runs."""
        return self._running.observe()

    def digest(self) -> str:
        """The digest of the subject that runs."""
        return self._running.digest()

    def identity(self) -> BuildIdentity:
        """The build of the first."""
        return self._first.identity()
