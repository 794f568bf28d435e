"""All recorded traffic, read and run on the Python core."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cracktrader_strategies.traffic import DIRT, Recording, check_statements, recordings

Run = Callable[[Recording], list[dict[str, Any]]]
DAYS = ("bitstamp/orders", "bitstamp/log")


@pytest.fixture(scope="module")
def all_recordings(data_root: Path) -> list[Recording]:
    """Every recording."""
    return recordings(data_root)


@pytest.fixture(scope="module")
def recorded(all_recordings: list[Recording]) -> dict[str, Recording]:
    """Every recording by its name."""
    return {recording.name: recording for recording in all_recordings}


@pytest.fixture(scope="module")
def results(recorded: dict[str, Recording], run: Run) -> dict[str, list[dict[str, Any]]]:
    """What the core says of each, by its name."""
    return {name: run(recording) for name, recording in recorded.items()}


def test_missing_data_is_named(tmp_path: Path) -> None:
    """The error quotes the path and says what to do."""
    with pytest.raises(FileNotFoundError, match=r"orders\.csv\.xz: put the recordings there"):
        recordings(tmp_path)


def test_names_are_unique_and_steps_are_many(all_recordings: list[Recording]) -> None:
    """Two recordings of a market's day, and a dozen sessions and more of accounts."""
    names = {recording.name for recording in all_recordings}
    assert len(names) == len(all_recordings) == 19
    assert names.issuperset(DAYS)
    assert sum(len(recording.steps) for recording in all_recordings) > 200_000


def test_every_mismatch_is_explained(recorded: dict[str, Recording], results: dict[str, list[dict[str, Any]]]) -> None:
    """The core agrees with the venues wherever no dirt stands in the way."""
    for name, recording in recorded.items():
        found = check_statements(recording, results[name])
        assert [str(mismatch) for mismatch in found if mismatch.explained_by is None] == [], name


def test_the_venues_profits_are_the_cores(
    recorded: dict[str, Recording], results: dict[str, list[dict[str, Any]]]
) -> None:
    """Of the profits that Binance told, two differ: an opening position, and the venue's last decimal."""
    told = sum(len(recording.realised) for recording in recorded.values())
    differing = [
        mismatch.explained_by
        for name, recording in recorded.items()
        for mismatch in check_statements(recording, results[name])
        if mismatch.field == "realised"
    ]
    assert told == 47
    assert sorted(map(str, differing)) == ["opening_position", "venue_rounding"]


@pytest.mark.parametrize("name", DAYS)
def test_the_dirt_of_the_day_is_fed_and_counted(
    name: str, recorded: dict[str, Recording], results: dict[str, list[dict[str, Any]]]
) -> None:
    """The day has 21 repeats, 191 reports on unknown orders and one that came too late."""
    counts = Counter(result["code"] for result in results[name] if result["outcome"] != "applied")
    assert counts == {"duplicate_event": 21, "unknown_order": 191, "illegal_transition": 1}
    dirt = recorded[name].dirt
    assert set(dirt) <= set(DIRT)
    assert (dirt["price_change"], dirt["delete_before_create"]) == (36, 5)


def test_both_recordings_of_the_day_have_the_same_orders(recorded: dict[str, Recording]) -> None:
    """The table and the raw log tell the same statuses in the same order."""
    table, log = (recorded[name] for name in DAYS)
    assert [(said.order_id, said.status) for said in table.statements] == [
        (said.order_id, said.status) for said in log.statements
    ]


def test_nearly_every_fill_of_the_log_has_its_trade(recorded: dict[str, Recording]) -> None:
    """Only the fill that the late update contradicts has none, and no trade is left over."""
    assert recorded["bitstamp/log"].dirt["fill_without_trade"] == 1
    assert "trade_without_fill" not in recorded["bitstamp/log"].dirt
