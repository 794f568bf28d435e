"""An account's execution reports become engine steps."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader_strategies.traffic import Recording, check_statements
from cracktrader_strategies.traffic.reports import Report, ReportFeed
from cracktrader_strategies.traffic.writer import StepWriter

Run = Callable[[Recording], list[dict[str, Any]]]

NEW = Report(
    line=1,
    event_ms=1000,
    received_ms=1001,
    market=("V", "I"),
    order_id="o",
    execution="new",
    status="ACCEPTED",
    side="buy",
    order_type="limit",
    time_in_force="gtc",
    quantity="3",
    limit_price="100",
    stop_price=None,
    reduce_only=False,
    cumulative="0",
    last_quantity="0",
    last_price="0",
    fee="0",
    fee_asset="quote",
    trade_id="0",
)


def trade(trade_id: str, last: str, cumulative: str, status: str = "PARTIALLY_FILLED") -> Report:
    """A fill of order o at 99 with a fee."""
    report = replace(NEW, execution="trade", status=status, event_ms=2000, trade_id=trade_id)
    return replace(report, last_quantity=last, last_price="99", cumulative=cumulative, fee="0.1")


CANCELLED = replace(NEW, execution="cancelled", status="CANCELLED", event_ms=3000)
EXPIRED = replace(NEW, execution="expired", status="EXPIRED", event_ms=3000)
REJECTED = replace(NEW, execution="rejected", status="REJECTED")
AMENDED = replace(NEW, execution="amended", quantity="5", limit_price="101", event_ms=1500)
LIMIT_FILLED = trade("2", "1", "3", "FILLED")


def fed(*reports: Report) -> Recording:
    """The recording of the reports."""
    feed = ReportFeed(StepWriter("sample", "by hand"))
    for report in reports:
        feed.take(report)
    return feed.writer.recording()


def end_of(recording: Recording) -> tuple[str, str, str]:
    """Status, total and quantity of order o after all steps."""
    core = DeterministicCore(recording.initial_cash)
    core.apply_batch([*recording.steps])
    found = core.snapshot()["orders"]["o"]
    return found["status"], found["cumulative"], found["quantity"]


@pytest.mark.parametrize(
    ("reports", "end", "dirt"),
    [
        ([NEW], ("ACCEPTED", "0", "3"), {}),
        ([NEW, trade("1", "2", "2"), LIMIT_FILLED], ("FILLED", "3", "3"), {}),
        ([NEW, CANCELLED], ("CANCELLED", "0", "3"), {}),
        ([NEW, EXPIRED], ("EXPIRED", "0", "3"), {}),
        ([REJECTED], ("REJECTED", "0", "3"), {}),
        ([NEW, AMENDED], ("ACCEPTED", "0", "5"), {}),
        ([NEW, replace(AMENDED, quantity="3", limit_price="100")], ("ACCEPTED", "0", "3"), {"no_change": 1}),
        ([CANCELLED], ("CANCELLED", "0", "3"), {"joined_midway": 1}),
        ([trade("1", "2", "2")], ("PARTIALLY_FILLED", "2", "3"), {"joined_midway": 1}),
        ([LIMIT_FILLED], ("FILLED", "3", "3"), {"joined_midway": 1, "missed_fill": 1}),
        ([NEW, trade("1", "1", "1"), LIMIT_FILLED], ("FILLED", "3", "3"), {"missed_fill": 1}),
    ],
)
def test_a_core_follows_and_agrees(
    reports: list[Report], end: tuple[str, str, str], dirt: dict[str, int], run: Run
) -> None:
    """All steps are applied, also for orders first seen in the middle of their life."""
    recording = fed(*reports)
    results = run(recording)
    assert {result["outcome"] for result in results} == {"applied"}
    assert end_of(recording) == end
    assert recording.dirt == dirt
    assert check_statements(recording, results) == []


@pytest.mark.parametrize(
    ("reports", "codes", "dirt"),
    [
        ([NEW, trade("1", "2", "2"), trade("1", "2", "2")], ["duplicate_event"], {"repeated_row": 1}),
        ([NEW, NEW], ["duplicate_event", "duplicate_event"], {"repeated_row": 1}),
        (
            [NEW, replace(NEW, event_ms=1100)],
            ["duplicate_order_id", "illegal_transition", "illegal_transition"],
            {"created_again": 1},
        ),
        ([NEW, CANCELLED, replace(CANCELLED, event_ms=3100)], ["order_closed"], {"update_after_end": 1}),
        ([NEW, trade("1", "2", "2"), trade("2", "2", "3", "FILLED")], ["overfill"], {"total_falls": 1}),
        ([NEW, replace(NEW, execution="unknown", event_ms=1200)], [], {"unknown_execution": 1}),
    ],
)
def test_dirt_is_fed_and_explained(reports: list[Report], codes: list[str], dirt: dict[str, int], run: Run) -> None:
    """What the core does not apply has the code in the table, and the dirt of its row explains it."""
    recording = fed(*reports)
    results = run(recording)
    assert [result["code"] for result in results if result["code"] != "ok"] == codes
    assert recording.dirt == dirt
    unexplained = [found for found in check_statements(recording, results) if found.explained_by is None]
    assert [found.field for found in unexplained] == (["status"] if codes == ["overfill"] else [])


def test_a_late_fill_after_the_cancel_is_booked(run: Run) -> None:
    """The total rises and the status stays: the venue's own status is explained."""
    recording = fed(NEW, CANCELLED, trade("1", "2", "2"))
    assert end_of(recording) == ("CANCELLED", "2", "3")
    (found,) = check_statements(recording, run(recording))
    assert (found.field, found.explained_by) == ("status", "update_after_end")


def test_a_venue_that_tells_a_wrong_profit_is_found(run: Run) -> None:
    """The profit is compared with the core's own."""
    sold = replace(trade("2", "1", "1"), side="sell", order_id="p", quantity="1", status="FILLED", realised="7")
    opening = replace(NEW, side="sell", order_id="p", quantity="1")
    recording = fed(NEW, trade("1", "2", "2"), opening, sold)
    (found,) = check_statements(recording, run(recording))
    assert (found.field, found.venue, found.core, found.explained_by) == ("realised", "7", "0", None)
