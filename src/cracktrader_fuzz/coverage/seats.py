"""Subjects as the search seats them: it sees after each step which way the code took, and what the reference answered.

A followed subject answers exactly as the one inside. Costs a few us a step.
"""

from collections.abc import Callable
from typing import NamedTuple

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.subjects.crash import is_outcome
from cracktrader_fuzz.subjects.protocol import Aspects, BuildIdentity, Subject, Target


class Way(NamedTuple):
    """What a subject ran at a step: the set of edges as one number, and how many of them nobody had taken before."""

    path: int
    gained: int


class Followed:
    """A subject, and its ways through the case so far."""

    def __init__(self, subject: Subject, look: Callable[[], Way]) -> None:
        self._subject = subject
        self._look = look
        self.ways: list[Way] = []

    def start(self, config: Config) -> None:
        """A new case."""
        self._subject.start(config)
        self.ways = []
        self._look()

    def step(self, step: Step) -> Outcome:
        """What the subject answers; a step that raises has no way."""
        outcome = self._subject.step(step)
        self.ways.append(self._look())
        return outcome

    def observe(self) -> State:
        """The subject's state."""
        state = self._subject.observe()
        self._look()
        return state

    def digest(self) -> str:
        """The subject's digest."""
        return self._subject.digest()

    def identity(self) -> BuildIdentity:
        """The subject's build."""
        return self._subject.identity()


class Reference(Followed):
    """The reference, with what each step of the case was: (kind, context before, code, aspects)."""

    def __init__(self, subject: Subject, look: Callable[[], Way], target: Target) -> None:
        super().__init__(subject, look)
        self._target = target
        self.states: list[tuple[str, str, str, str]] = []

    def start(self, config: Config) -> None:
        """A new case."""
        super().start(config)
        guidance = self._target.guidance
        self._aspects: Aspects | None = guidance.aspects() if guidance and guidance.aspects else None
        self._tracker = self._target.tracker()
        self.states = []

    def step(self, step: Step) -> Outcome:
        """What the subject answers."""
        outcome = super().step(step)
        if is_outcome(outcome):
            kind, context = self._target.grammar.kind(step), self._tracker.context(step)
            self._tracker.observe(step, outcome)
            aspects = self._aspects.after(step, outcome) if self._aspects else ""
            self.states.append((kind, context, outcome["code"], aspects))
        return outcome
