"""What a person sees while it runs: fewer and fewer plain lines, or a view that is rewritten, nothing from a case."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
from rich.console import Console

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.job import Report, Sighting
from cracktrader_fuzz.campaign.plan import Entry
from cracktrader_fuzz.cli.support.plan_options import PlanOptions
from cracktrader_fuzz.report import progress as module
from cracktrader_fuzz.report.progress import Progress, line, view
from cracktrader_fuzz.seating import load_target
from cracktrader_fuzz.settings import read_settings

TICK_SECONDS = 0.5


class Clock:
    """Time that goes on when it is told to."""

    now = 1_000.0

    def monotonic(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the view and of the campaign."""
    made = Clock()
    for place in ("cracktrader_fuzz.report.progress.time", "cracktrader_fuzz.campaign.campaign.time"):
        monkeypatch.setattr(place, made)
    return made


@pytest.fixture
def campaign(clock: Clock, project: Path, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A campaign that has not begun."""
    settings = read_settings(project)
    load_target(settings, "wrong")
    options = PlanOptions(
        cases=None,
        workers=2,
        front_ends=("soak",),
        case_seconds=1.0,
        slice_seconds=1.0,
        memory_mib=100,
        today=datetime.date(2026, 1, 1),
    )
    plan = options.plan((Entry("wrong", ("right", "other")),), seconds=60.0, seed=1)
    return Campaign(settings, plan, lambda _: None)


def reported(campaign: Campaign, *signatures: str) -> None:
    """The campaign has done ten cases more, and seen these."""
    report = Report("soak", cases=10, steps=1_000, applied=900, seconds=0.5)
    for signature in signatures:
        report.sight(signature, Sighting("file", 2, certified=True, origin="soak 1/1"))
    taken = campaign.schedule.next(set(), is_over=False)
    assert taken is not None
    campaign.take(campaign.runs["wrong"].job(taken.arm, taken.start, taken.stop), report)


def test_plain_lines_back_off(campaign: Campaign, clock: Clock) -> None:
    """Without a terminal the lines come at 2, 6, 14, 30, 62 seconds, however often the campaign tells."""
    stream, times = io.StringIO(), []
    with Progress(Console(file=stream), "60") as progress:
        while clock.now < 1_100:
            before = stream.tell()
            progress.show(campaign)
            if stream.tell() > before:
                times.append(clock.now - 1_000)
            clock.now += TICK_SECONDS
    assert times == [2, 6, 14, 30, 62]
    assert "\x1b" not in stream.getvalue()


def test_line_tells_the_counts(campaign: Campaign, clock: Clock) -> None:
    """Steps, cases, steps a second, how long nothing was new, and what was found."""
    clock.now += 10
    assert "0 steps" in line(campaign, "60")
    assert line(campaign, "60").endswith("last news 10 s ago  nothing new")
    reported(campaign, "wrong/add/?/x/y/right~other")
    clock.now += 3
    told = line(campaign, "60")
    assert told.split()[:4] == ["13", "s", "of", "60"]
    assert " 1,000 steps  10 cases  77 steps/s " in told
    assert told.endswith("last news 3 s ago  1 new signatures")


def test_view_has_a_row_for_each_front_end(campaign: Campaign, clock: Clock) -> None:
    """On a terminal each front end has its own speed and its own news, and nothing that a case holds is shown."""
    reported(campaign, "wrong/add/\x1b[31m[red]/x/y/right~other")
    clock.now += 4
    console = Console(file=io.StringIO(), width=120, force_terminal=True, color_system=None)
    console.print(view(campaign, "60"))
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    (row,) = (text.split() for text in shown.splitlines() if text.startswith("soak"))
    assert row == ["soak", "10", "1,000", "2,000", "4", "s", "ago"]
    assert "workers 0 busy, 0 lost" in shown
    assert "[31m" not in shown
    assert "[red]" not in shown


def test_terminal_is_rewritten(campaign: Campaign, clock: Clock) -> None:
    """On a terminal the view is live, looked at twice a second at most, and gone at the end."""
    looks: list[str] = []
    console = Console(file=io.StringIO(), width=120, force_terminal=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "view", lambda *_: looks.append("") or "looked")
        with Progress(console, "60") as progress:
            for _ in range(40):
                progress.show(campaign)
                clock.now += 0.05
    assert 3 <= len(looks) <= 5
