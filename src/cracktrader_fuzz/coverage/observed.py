"""Subjects as the search seats them: after each step it sees which path the code took, and what the reference answered.

An observed subject answers exactly as the one inside. Costs a few us a step.
"""

from collections.abc import Callable
from typing import NamedTuple

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.subjects.crash import is_outcome
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_fuzz.target.target import Features, Target


class StepPath(NamedTuple):
    """What a subject ran at a step: the set of edges as one number, and how many of them were new to the process."""

    path: int
    gained: int


class ObservedSubject(SubjectWrapper[Subject]):
    """A subject, and its paths through the steps of the case so far."""

    def __init__(self, subject: Subject, look: Callable[[], StepPath]) -> None:
        super().__init__(subject)
        self._look = look
        self.paths: list[StepPath] = []

    def start(self, config: Config) -> None:
        self.paths = []
        self._subject.start(config)
        self._look()  # what ran since the last step belongs to none

    def step(self, step: Step) -> Outcome:
        """What the subject answers; a step that raises has no path."""
        outcome = self._subject.step(step)
        self.paths.append(self._look())
        return outcome

    def observe(self) -> State:
        state = self._subject.observe()
        self._look()
        return state


class ObservedReference(ObservedSubject):
    """The reference, with what each step of the case was: (kind, context before, code, features)."""

    def __init__(self, subject: Subject, look: Callable[[], StepPath], target: Target) -> None:
        super().__init__(subject, look)
        self._target = target
        self.states: list[tuple[str, str, str, str]] = []

    def start(self, config: Config) -> None:
        guide = self._target.coverage
        self._features: Features | None = guide.features() if guide and guide.features else None
        self._tracker = self._target.tracker()
        self.states = []
        super().start(config)

    def step(self, step: Step) -> Outcome:
        """What the subject answers."""
        outcome = super().step(step)
        if is_outcome(outcome):
            kind, context = self._target.grammar.kind(step), self._tracker.context(step)
            self._tracker.observe(step, outcome)
            features = self._features.after(step, outcome) if self._features else ""
            self.states.append((kind, context, outcome["code"], features))
        return outcome
