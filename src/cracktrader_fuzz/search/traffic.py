"""Recorded real input as a front end: all of it, in lockstep, and compared with the statements of its source."""

from collections import Counter

import msgspec

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.lockstep.run import Cells, Lockstep
from cracktrader_fuzz.lockstep.verdict import START, Verdict
from cracktrader_fuzz.target.target import Recording


class RecordingResult(msgspec.Struct, frozen=True):
    """A recording that was run: `problems` are unexplained differences between its source and the reference."""

    verdict: Verdict
    cells: Cells
    remark: str
    problems: list[str]


def run_recording(lockstep: Lockstep, recording: Recording) -> RecordingResult:
    """Run a recording on every subject, then let it compare the reference's outcomes with its source."""
    case = Case(lockstep.target.name, recording.config, recording.steps)
    cells: Cells = Counter()
    verdict = lockstep.run_case(case, cells=cells)
    if verdict.divergence is not None and verdict.divergence.index == START:
        return RecordingResult(verdict, cells, f"{recording.name}: not run, since a subject does not start", [])
    outcomes = [outcome for _, outcome, _ in lockstep.outcomes(case, 0)]
    judged = recording.judge(outcomes, lockstep.subjects[0].observe())
    return RecordingResult(
        verdict,
        cells,
        f"{recording.name}: {judged.remark}",
        [f"{recording.name}: {line}" for line in judged.problems],
    )
