"""A subject that is restarted and given all its steps again: it must answer them as before, and be in the same state.

Cost: the run once more before each of the first `EACH_STEP` steps, later whenever it has doubled.
"""

from collections.abc import Callable

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.errors import RerunError
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_fuzz.target.protocol import Subject

# A shrunk case rarely has more steps, so that it is rerun at each of them; a rerun at every step of a long case would
# cost the square of its length.
EACH_STEP = 16

Rerun = Callable[[Subject, list[Step], list[Outcome]], list[Outcome]]


def answer_one_by_one(subject: Subject, steps: list[Step], _: list[Outcome]) -> list[Outcome]:
    """The subject's outcomes of the steps, given one at a time as before."""
    return [subject.step(step) for step in steps]


class RerunSubject(SubjectWrapper[Subject]):
    """A subject that is restarted now and then, and given the whole run again before it goes on.

    `rerun` takes a subject that has just been started, the steps and their first outcomes, and returns the outcomes of
    now; where these differ, the next step raises RerunError.
    """

    def __init__(self, subject: Subject, rerun: Rerun = answer_one_by_one) -> None:
        super().__init__(subject)
        self._rerun = rerun

    def start(self, config: Config) -> None:
        """Start the subject, with no steps to repeat."""
        self._config = config
        self._steps: list[Step] = []
        self._outcomes: list[Outcome] = []
        self._subject.start(config)

    def step(self, step: Step) -> Outcome:
        """The subject's outcome, after a rerun where one is due. Raises RerunError when that had other outcomes."""
        if self._is_due():
            self._subject.start(self._config)
            outcomes = self._rerun(self._subject, self._steps, self._outcomes)
            if canonical_json(outcomes) != canonical_json(self._outcomes):
                raise RerunError(f"{len(self._steps)} steps are answered otherwise when they are replayed")
        outcome = self._subject.step(step)
        self._steps.append(step)
        self._outcomes.append(outcome)
        return outcome

    def _is_due(self) -> bool:
        taken = len(self._steps)
        return taken <= EACH_STEP or taken & (taken - 1) == 0  # the second: a power of two
