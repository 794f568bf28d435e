"""Subjects whose state passes from one implementation to another while a case runs, by snapshot and restore.

The state of a `RelaySubject` goes through another implementation, started afresh, and back: it must answer and keep the
same as one that was left alone. The two implementations of a `SwapSubject` take turns at answering; after a step the
state goes through both, over what each still held, so that a fault of either shows at the step where it begins. They
are subjects like any other, compared with the plain one: what they show is run again, shrunk and certified like any
other case. Cost: the whole state, twice over, after each of the first `STRIDE` steps, and at one in `STRIDE` later.
"""

from typing import Protocol

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_fuzz.target.protocol import BuildIdentity, Subject

# More than a case of these front ends has steps (`search.indexed.PAIR_STEPS_MAX`), so that a case that is made shorter
# still moves the state after every step. Longer ones, recorded traffic for one, would cost the square of their length.
STRIDE = 256


class RestorableSubject(Subject, Protocol):
    """A subject that can take over a state which it, or another subject, observed."""

    def restore(self, state: State) -> None:
        """Go on from the state."""


def is_due(taken: int) -> bool:
    """Whether something that costs the whole state is done after the step with this index."""
    return taken < STRIDE or taken % STRIDE == 0


class RelaySubject(SubjectWrapper[RestorableSubject]):
    """A subject whose state goes through another one, and back, after each step."""

    def __init__(self, subject: RestorableSubject, relay: RestorableSubject) -> None:
        super().__init__(subject)
        self._relay = relay

    def start(self, config: Config) -> None:
        """Start the subject; the relay is started at each step."""
        self._config = config
        self._taken = 0
        self._subject.start(config)

    def step(self, step: Step) -> Outcome:
        """The subject's outcome; its state then goes through the relay and back."""
        outcome = self._subject.step(step)
        if is_due(self._taken):
            for source, receiver in ((self._subject, self._relay), (self._relay, self._subject)):
                state = source.observe()
                receiver.start(self._config)
                receiver.restore(state)
        self._taken += 1
        return outcome


class SwapSubject:
    """Two subjects in turn: after a step the one that ran restores its own state, and the other goes on from that."""

    def __init__(self, first: RestorableSubject, second: RestorableSubject) -> None:
        self._first = first
        self._second = second

    def start(self, config: Config) -> None:
        """Start both; the first answers the first step."""
        self._first.start(config)
        self._second.start(config)
        self._running, self._resting = self._first, self._second
        self._taken = 0

    def step(self, step: Step) -> Outcome:
        """The outcome of the subject whose turn it is."""
        outcome = self._running.step(step)
        if is_due(self._taken):
            # Over all that it holds: a restore that adds to the state, or leaves a part of it, shows at this step.
            self._running.restore(self._running.observe())
            self._resting.restore(self._running.observe())
            self._running, self._resting = self._resting, self._running
        self._taken += 1
        return outcome

    def observe(self) -> State:
        """The state of the subject whose turn it is."""
        return self._running.observe()

    def digest(self) -> str:
        """The digest of the subject whose turn it is."""
        return self._running.digest()

    def identity(self) -> BuildIdentity:
        """The build of the first."""
        return self._first.identity()
