"""Floors and cells never reached: judged by steps, over all front ends or by the soak alone, where that is fair."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest

from cracktrader_fuzz.campaign.floors import judge, never
from cracktrader_fuzz.campaign.job import Report, Sighting
from cracktrader_fuzz.campaign.summary import SpaceReached, Summary
from cracktrader_fuzz.exits import EXIT_BROKEN, EXIT_NEW_FINDING, EXIT_NOTHING_NEW
from cracktrader_fuzz.target.target import Generation, Space, Target
from cracktrader_strategies.target import CRACKTRADER

CELLS = frozenset({("add", "new", "ok"), ("add", "known", "ok"), ("take", "new", "short")})
SPACE = Space(
    CELLS,
    frozenset({("add", "new", "ok"), ("add", "known", "ok")}),
    {("add", "new", "ok"): 500, ("take", "new", "short"): 10},
    10_000,
)
TARGET: Target = dataclasses.replace(CRACKTRADER, name="t", generation=Generation(space=SPACE))


def summary_of(soak: dict[tuple[str, str, str], int], steps: int, **others: dict[tuple[str, str, str], int]) -> Summary:
    """A run in which the soak had so many steps, these among them, and other front ends had theirs."""
    summary = Summary("t", 0, [])
    for name, cells in {"soak": soak, **others}.items():
        counted = Counter({((kind, context), code): count for (kind, context, code), count in cells.items()})
        summary.reports.append(Report(name, cases=1, steps=steps, applied=1, cells=counted))
    return summary


ENOUGH = {("add", "new", "ok"): 5, ("add", "known", "ok"): 1, ("take", "new", "short"): 1}


def test_reached_floors() -> None:
    """Exactly the floor is enough: 500 in a million are 5 in 10,000."""
    summary = summary_of(ENOUGH, 10_000)
    judge(summary, TARGET)
    assert (summary.exit_code, summary.low, summary.never) == (EXIT_NOTHING_NEW, [], [])
    assert summary.space == SpaceReached(cells=3, reached=3, legal=2, legal_reached=2)


def test_low_floor_breaks_the_run() -> None:
    """One step too few is told with count, steps and floor, and ends the run with 3."""
    summary = summary_of({**ENOUGH, ("add", "new", "ok"): 4}, 10_000)
    judge(summary, TARGET)
    assert summary.exit_code == EXIT_BROKEN
    assert summary.low == ["add in new answered ok: 4 in 10,000 steps, the floor is 500 in a million"]
    assert summary.broken == [
        f"the generator no longer generates: 1 floors of the soak were not reached: {summary.low[0]}"
    ]


def test_other_front_ends_do_not_help_the_soak() -> None:
    """What mutation reaches is reached, but the soak's floors are the soak's."""
    lacking = {cell: count for cell, count in ENOUGH.items() if cell[0] != "take"}
    summary = summary_of(lacking, 10_000, mutation=ENOUGH)
    judge(summary, TARGET)
    assert summary.never == []
    assert summary.exit_code == EXIT_BROKEN


def test_short_run_is_not_judged() -> None:
    """Below the number of steps that the target states there is a note, and no verdict."""
    summary = summary_of({}, 9_999)
    judge(summary, TARGET)
    assert (summary.exit_code, summary.low) == (EXIT_NOTHING_NEW, [])
    assert summary.notes == ["floors are judged from 10,000 steps of the soak on: it ran 9,999"]
    assert summary.never == sorted(CELLS)


def test_findings_come_first() -> None:
    """A run that found something new ends with 1: its cases ended early, so low floors are a note."""
    summary = summary_of({}, 10_000)
    summary.reports[0].sight("t/add/new/outcome.code/ok~no/a~b", Sighting("f", 1, certified=True, origin="soak 0/0"))
    judge(summary, TARGET)
    assert summary.exit_code == EXIT_NEW_FINDING
    assert len(summary.low) == 2
    assert "not judged, as new differences end cases early" in summary.notes[0]


def test_never_without_a_space() -> None:
    """A target that declares no space is told which kinds met which contexts never."""
    target = dataclasses.replace(TARGET, generation=Generation(("add", "take"), {"new": "n", "known": "k"}))
    found = never(Counter({("add", "new", "ok"): 1, ("take", "known", "short"): 1}), target)
    assert found == [("add", "known", "*"), ("take", "new", "*")]


@pytest.mark.parametrize("cell", sorted(CELLS))
def test_never_names_what_is_missing(cell: tuple[str, str, str]) -> None:
    """Each cell of the space that is not reached is named."""
    assert never(Counter(dict.fromkeys(CELLS - {cell}, 1)), TARGET) == [cell]
