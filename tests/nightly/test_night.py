"""The output folder: written at once, and what goes wrong with it later costs no night."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.job import Report
from cracktrader_fuzz.campaign.plan import Entry
from cracktrader_fuzz.cli.support.plan_options import PlanOptions
from cracktrader_fuzz.errors import CorpusError
from cracktrader_fuzz.report import output_folder as module
from cracktrader_fuzz.report.output_folder import FIRST_SEED, OutputFolder, next_seed
from cracktrader_fuzz.settings import read_settings

FILES = ["junit.xml", "state.json", "summary.json", "summary.txt"]


@pytest.fixture
def campaign(project: Path) -> Campaign:
    """A campaign that has not begun."""
    options = PlanOptions(
        cases=None,
        workers=1,
        front_ends=("soak",),
        case_seconds=1.0,
        slice_seconds=1.0,
        memory_mib=100,
        today=datetime.date(2026, 1, 1),
    )
    plan = options.plan((Entry("well", ("right", "other")),), seconds=60.0, seed=4)
    return Campaign(read_settings(project), plan, lambda _: None)


def no_room(path: Path, _: str) -> None:
    """What a full disk makes of a write."""
    raise CorpusError(f"{path}: no room")


def test_all_files_at_once(campaign: Campaign, tmp_path: Path) -> None:
    """The first look writes every file, and no temporary one stays behind."""
    OutputFolder(tmp_path / "night").show(campaign)
    assert sorted(path.name for path in (tmp_path / "night").iterdir()) == FILES


def test_full_disk_at_first_ends_it(campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be written is told before the night is spent."""
    monkeypatch.setattr(module, "write_atomically", no_room)
    with pytest.raises(CorpusError, match="no room"):
        OutputFolder(tmp_path / "night").show(campaign)


def test_full_disk_later_is_waited_out(campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up in the night leaves the files as they were; the end tries again, and says so if it must."""
    night = OutputFolder(tmp_path / "night")
    night.show(campaign)
    before = (tmp_path / "night" / "state.json").read_bytes()
    monkeypatch.setattr(module, "write_atomically", no_room)
    monkeypatch.setattr(module, "WRITE_SECONDS", 0.0)
    campaign.summaries[0].reports[0].add(Report("soak", cases=1))
    night.show(campaign)
    assert (tmp_path / "night" / "state.json").read_bytes() == before
    with pytest.raises(CorpusError, match="no room"):
        night.write(campaign, is_over=True)
    monkeypatch.undo()
    night.write(campaign, is_over=True)
    assert (tmp_path / "night" / "state.json").read_bytes() != before


def test_seed_follows_the_last_night(campaign: Campaign, tmp_path: Path) -> None:
    """Nobody's night is followed by the first seed, a night of seed 4 by 5."""
    night = OutputFolder(tmp_path / "night")
    assert next_seed(night.last()) == FIRST_SEED
    night.write(campaign, is_over=True)
    assert next_seed(night.last()) == 5
