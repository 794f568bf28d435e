"""Recorded traffic as the harness takes it: the venue's statements are compared with the reference's outcomes."""

from collections import Counter
from functools import partial
from pathlib import Path

from cracktrader_fuzz.case.model import Outcome, State
from cracktrader_fuzz.target.target import Recording as HarnessRecording
from cracktrader_fuzz.target.target import RecordingVerdict
from cracktrader_strategies.traffic import Recording, check_statements, read_file


def harness_recordings(folder: Path, name: str) -> list[HarnessRecording]:
    """The recordings of one file below the folder, ready to run."""
    return [
        HarnessRecording(each.name, {"initial_cash": each.initial_cash}, each.steps, partial(judge, each))
        for each in read_file(folder, name)
    ]


def judge(recording: Recording, outcomes: list[Outcome], state: State) -> RecordingVerdict:
    """Figures for the reader, and every disagreement with the venue that no dirt explains."""
    mismatches = check_statements(recording, outcomes)
    statements = len(recording.statements) + len(recording.positions) + len(recording.realised)
    explained = Counter(each.explained_by for each in mismatches if each.explained_by is not None)
    answers = Counter(outcome["outcome"] for outcome in outcomes)
    refusals = Counter(outcome["code"] for outcome in outcomes if outcome["outcome"] == "rejected")
    held = {key: position["quantity"] for key, position in state["positions"].items()}
    return RecordingVerdict(
        remark=f"{len(outcomes):,} steps: {_listed(answers)} ({_listed(refusals)}); cash {state['cash']}, "
        f"{_listed(held)}; {statements:,} statements of the venue, differing and explained: {_listed(explained)}",
        problems=[str(each) for each in mismatches if each.explained_by is None],
    )


def _listed(counts: "Counter[str] | dict[str, str]") -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
