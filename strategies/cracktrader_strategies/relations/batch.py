"""One batch is as good as its steps: what a core is told one by one, another takes in a single batch (section 8, D24).

A malformed step is left out, since one refuses its whole batch.
"""

from typing import cast

from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_strategies.subjects.cores import CoreSubject


def answer_in_one_batch(subject: Subject, steps: list[Step], told: list[Outcome]) -> list[Outcome]:
    """What the core answers to a batch of the steps; to a malformed one, what was told."""
    taken = [step for step, outcome in zip(steps, told, strict=True) if outcome["outcome"] != "refused"]
    answered = iter(cast("CoreSubject", subject).batch(taken))
    return [outcome if outcome["outcome"] == "refused" else next(answered) for outcome in told]
