"""A target or a front end that had no turn, on a busy machine or in a short budget, is no fault of the harness."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from unittest import mock

import pytest
from program import ROOT, TARGETS, run

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.job import Job, Report
from cracktrader_fuzz.campaign.plan import Entry, Plan
from cracktrader_fuzz.campaign.summary import Summary, exit_code
from cracktrader_fuzz.campaign.target_run import NO_TURN
from cracktrader_fuzz.report.summary_text import verdict_line
from cracktrader_fuzz.settings import read_settings
from cracktrader_fuzz.subjects.limits import Limits

UNDONE = Report("soak")
DONE = Report("soak", cases=2, steps=9, applied=9)


def campaign_of(project: Path, monkeypatch: pytest.MonkeyPatch, done: tuple[str, ...]) -> list[Summary]:
    """A finished night of two targets, in which the jobs of those that are `done` were reported, and no others."""
    monkeypatch.setattr("sys.path", [str(project), str(ROOT / "tests" / "unit" / "harness"), *sys.path])
    targets = ("small_targets:WELL", "small_targets:WRONG")
    entries = tuple(Entry(name, ("right", "other")) for name in targets)
    plan = Plan(
        entries=entries,
        seed=1,
        seconds=0.0,
        cases=None,
        workers=1,
        front_ends=("soak",),
        today=datetime.date(2026, 1, 1),
        limits=Limits(),
        cuts=True,
    )
    campaign = Campaign(read_settings(project), plan, lambda _: None)

    def report(*_: object) -> None:
        for name in done:
            run = campaign.runs[name]
            run.take(Job(str(project), name, ("right", "other"), "soak", 1, 0, 2, "", plan.limits), DONE)

    with mock.patch.object(campaign.pool, "run", report):
        return campaign.run()


def test_night_with_one_target_that_had_no_turn(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The night ends with 0 for the one that agrees; the other has a note, and does not claim to agree."""
    one, other = campaign_of(project, monkeypatch, ("small_targets:WELL",))
    assert exit_code([one, other]) == 0
    assert NO_TURN in other.notes
    assert other.broken == []
    assert verdict_line(one).startswith("0 new signatures, all agree: 9 steps in 2 cases")
    assert verdict_line(other).startswith("nothing was compared: 0 steps in 0 cases")
    assert verdict_line(other).endswith("; soak had no turn")


def test_night_in_which_nothing_was_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends with 3, and says that the budget was the reason."""
    summaries = campaign_of(project, monkeypatch, ())
    assert exit_code(summaries) == 3
    assert verdict_line(summaries[0]).endswith("this run proves nothing: nothing was run: the budget was over before")


@pytest.mark.parametrize(
    ("searches", "words"),
    [
        ((UNDONE,), "0 new signatures, what is stored agrees: "),
        ((UNDONE, Report("mutation", cases=1, steps=2, applied=2)), "0 new signatures, all agree: "),
        ((), "0 new signatures, all agree: "),
    ],
)
def test_agreement_is_of_what_was_run(searches: tuple[Report, ...], words: str) -> None:
    """Where fixtures were run and nothing was generated, the last line says no more than that."""
    summary = Summary("well", 1, [], reports=[Report("corpus", cases=3, steps=8, applied=8), *searches])
    assert summary.exit_code == 0
    assert verdict_line(summary).startswith(words)
    assert verdict_line(summary).endswith("; soak had no turn") == (UNDONE in searches)


def test_fixtures_alone_are_a_turn(tmp_path: Path) -> None:
    """A run whose budget is over after the fixtures ends with 0, and names the front ends that did not begin."""
    asked = ("--seconds", "0", "--workers", "1", "--front-end", "corpus", "--front-end", "soak")
    (tmp_path / "fixtures").symlink_to(ROOT / "corpus" / "fixtures" / "money")
    ended = run("run", *asked, corpus=tmp_path, PYTHONPATH=str(TARGETS))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    last = ended.stdout.splitlines()[-1]
    assert last.startswith("0 new signatures, what is stored agrees: ")
    assert last.endswith("; soak had no turn")
