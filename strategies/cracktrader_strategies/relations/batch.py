"""A batch has the outcomes of its steps: those of one by one, another core takes in a single batch (section 8, D24)."""

from typing import cast

from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_strategies.subjects.cores import CoreSubject


def answer_in_one_batch(subject: Subject, steps: list[Step], outcomes: list[Outcome]) -> list[Outcome]:
    """The core's outcomes of the steps in one batch; a malformed step keeps the outcome that it had."""
    # A malformed step is left out, since one refuses its whole batch.
    taken = [step for step, outcome in zip(steps, outcomes, strict=True) if outcome["outcome"] != "refused"]
    batched = iter(cast("CoreSubject", subject).batch(taken))
    return [outcome if outcome["outcome"] == "refused" else next(batched) for outcome in outcomes]
