"""A subject that is told everything again: a new one that replays the run must be where the run is.

Cost: the run once more before each of the first `EACH_STEP` steps, later whenever it has doubled.
"""

from collections.abc import Callable

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.errors import RerunError
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_fuzz.target.protocol import Subject

EACH_STEP = 16

Rerun = Callable[[Subject, list[Step], list[Outcome]], list[Outcome]]


def one_by_one(subject: Subject, steps: list[Step], _: list[Outcome]) -> list[Outcome]:
    """What the subject answers to the steps, told as they were the first time."""
    return [subject.step(step) for step in steps]


class RerunSubject(SubjectWrapper[Subject]):
    """A subject that begins afresh and replays the run, now and then, before it goes on.

    `replay` is given a subject that has just begun, the steps and what was answered to them, and gives what is answered
    now: the same, or the next step raises RerunError.
    """

    def __init__(self, subject: Subject, replay: Rerun = one_by_one) -> None:
        super().__init__(subject)
        self._replay = replay

    def start(self, config: Config) -> None:
        """The subject begins afresh, with nothing to replay."""
        self._config = config
        self._steps: list[Step] = []
        self._told: list[Outcome] = []
        self._subject.start(config)

    def step(self, step: Step) -> Outcome:
        """What the subject answers after a replay. Raises RerunError when that came out otherwise."""
        if self._is_due():
            self._subject.start(self._config)
            answered = self._replay(self._subject, self._steps, self._told)
            if canonical_json(answered) != canonical_json(self._told):
                raise RerunError(f"{len(self._steps)} steps are answered otherwise when they are replayed")
        outcome = self._subject.step(step)
        self._steps.append(step)
        self._told.append(outcome)
        return outcome

    def _is_due(self) -> bool:
        taken = len(self._steps)
        return taken <= EACH_STEP or taken & (taken - 1) == 0
