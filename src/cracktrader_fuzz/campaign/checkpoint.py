"""Where a night stands, as a file: enough to go on after a kill -9, with nothing counted twice and nothing lost.

A job's counts are in the file only together with the fact that it was reported: what was handed out and not reported is
handed out again. The file is read strictly, since it may be torn, old or edited.
"""

import json
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.job import CodeReach, JudgedSighting, Report, Sighting
from cracktrader_fuzz.campaign.plan import Plan
from cracktrader_fuzz.campaign.schedule import Arm
from cracktrader_fuzz.case.codec import read_document
from cracktrader_fuzz.errors import DocumentError

FORMAT: Final = 1  # the first; a state of another format is refused, as a night is not worth converting
Row = tuple[str, str, str, int]


class ReportCheckpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A front end's report."""

    front_end: str
    """The front end's name."""
    cases: int
    """How many cases it ran."""
    steps: int
    """How many steps the reference took in them."""
    applied: int
    """How many of the steps the reference applied."""
    edges: int
    """How many edges of code it was the first to see."""
    seconds: float
    """How much of the workers' time it took."""
    cells: list[Row]
    """The cells that it reached: step kind, context, code, and how many steps."""
    sightings: dict[str, Sighting]
    """The differences that it saw, by signature."""
    judged: dict[str, JudgedSighting]
    """The judged differences that it saw and that are not mended yet, by fixture."""
    remarks: list[str]
    """Lines for a reader."""
    problems: list[str]
    """A line for each thing that is wrong."""
    opinions: dict[str, dict[str, int]]
    """For each third opinion, how many steps it judged, and how many not, by reason."""
    followed: CodeReach
    """What the search that is guided by coverage saw of the code."""


class TargetCheckpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A target's part of a night."""

    builds: list[str]
    """The SHA-256 of each build that is compared."""
    reports: list[ReportCheckpoint]
    """What each front end did."""
    fixture_problems: list[str]
    """A line for each fixture that did not come out as it says."""
    found_before: list[str]
    """The signatures that were kept before the night began."""
    tallied: dict[str, int]
    """How many sightings each finding's file counts of this night, by signature."""


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a night stands: enough to go on with it."""

    format: Literal[1]
    """The version of this form."""
    plan: Plan
    """What the night is to do."""
    spent_seconds: float
    """How much of the budget is spent."""
    is_over: bool
    """Whether it is over, so that there is nothing to resume."""
    targets: dict[str, TargetCheckpoint]
    """What came of each target, by the name that the plan gives it."""
    arms: list[Arm]
    """How far each arm is."""


def checkpoint_of(campaign: Campaign, *, is_over: bool) -> Checkpoint:
    """The checkpoint of a campaign as it stands."""
    targets = {
        name: TargetCheckpoint(
            builds=[build.sha256 for build in run.summary.builds],
            reports=[_report_state(report) for report in run.summary.reports],
            fixture_problems=run.summary.fixture_problems,
            found_before=run.found_before,
            tallied=run.tallied,
        )
        for name, run in campaign.runs.items()
    }
    return Checkpoint(FORMAT, campaign.plan, campaign.seconds, is_over, targets, campaign.schedule.arms)


def resume_from(campaign: Campaign, state: Checkpoint) -> None:
    """Bring a new campaign of the same plan to where the state stands; what was not reported is handed out again."""
    for name, run in campaign.runs.items():
        saved = state.targets[name]
        run.go_on([_report(each) for each in saved.reports], saved.fixture_problems, saved.found_before, saved.tallied)
        if saved.builds != [build.sha256 for build in run.summary.builds]:
            run.summary.notes.append("begun on other builds than it was resumed on: its counts are of both")
    for arm in state.arms:
        arm.take_back()
    campaign.schedule.go_on(state.arms)


def checkpoint_text(state: Checkpoint) -> str:
    """The file's text."""
    return json.dumps(msgspec.to_builtins(state)) + "\n"


def read_checkpoint(path: Path) -> Checkpoint:
    """The state in a file. Raises DocumentError, with the way out."""
    try:
        document = read_document(path)
        if document.get("format") != FORMAT:
            raise DocumentError(f"{path}: format {ascii(document.get('format'))[:80]} is not {FORMAT}")
        state = msgspec.convert(document, Checkpoint)
        _require_whole(state)
    except (DocumentError, msgspec.ValidationError) as error:
        cause = str(error) if isinstance(error, DocumentError) else f"{path}: no state of a night: {error}"
        raise DocumentError(
            f"{cause}: move it away, and the next night starts anew; findings lie in the corpus"
        ) from error
    return state


def _require_whole(state: Checkpoint) -> None:
    """Raise ValidationError where the parts do not fit together."""
    names = [entry.target for entry in state.plan.entries]
    if sorted(state.targets) != sorted(names):
        raise msgspec.ValidationError(f"its targets are {sorted(state.targets)}, its plan names {sorted(names)}")
    for arm in state.arms:
        if any(not 0 <= start < stop <= arm.next for start, stop in [*arm.again, *arm.out]):
            raise msgspec.ValidationError(
                f"the arm {arm.front_end} of {arm.target} was never at {[*arm.again, *arm.out]}"
            )


def _report_state(report: Report) -> ReportCheckpoint:
    facts: dict[str, Any] = {
        name: getattr(report, name) for name in ReportCheckpoint.__struct_fields__ if name != "cells"
    }
    cells = [(kind, context, code, count) for ((kind, context), code), count in sorted(report.cells.items())]
    return ReportCheckpoint(**facts, cells=cells)


def _report(state: ReportCheckpoint) -> Report:
    report = Report(**{name: getattr(state, name) for name in ReportCheckpoint.__struct_fields__ if name != "cells"})
    report.cells.update({((kind, context), code): count for kind, context, code, count in state.cells})
    return report
