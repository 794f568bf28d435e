"""Bitstamp's order rows become engine steps, clean ones and all kinds of dirt."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader_strategies.traffic import Recording, check_statements
from cracktrader_strategies.traffic.bitstamp import from_entries
from cracktrader_strategies.traffic.bitstamp_entries import csv_rows, log_entries

Run = Callable[[Recording], list[dict[str, Any]]]
HEADER = "id,timestamp,exchange.timestamp,price,volume,action,direction"
VERBS = {"N": "created", "C": "changed", "D": "deleted"}


def table(*rows: str) -> Recording:
    """Rows `N 1 100.00 200000000`: action, order, price and the volume left; one row a second."""
    lines = [HEADER]
    for second, row in enumerate(rows, start=1):
        action, order, price, volume = row.split()
        lines.append(f"{order},{second}000,500,{price},{volume},{VERBS[action]},bid")
    return from_entries("sample", "by hand", csv_rows(lines), has_trades=False)


def log(*rows: tuple[str, dict[str, Any]]) -> Recording:
    """Lines of the raw log, one a second."""
    lines = [f"{second}000 {kind} {json.dumps(data)}\n" for second, (kind, data) in enumerate(rows, start=1)]
    return from_entries("sample", "by hand", log_entries(lines))


def order(order_id: int, amount: str, side: int = 0, price: str = "100.00") -> dict[str, Any]:
    """An order message of the raw log."""
    return {"price": price, "amount": amount, "datetime": "1", "id": order_id, "order_type": side}


def kinds(recording: Recording) -> list[str]:
    """What the steps are, in short."""
    return [str(step.get("event_type", step.get("intent_type"))) for step in recording.steps]


def end_of(recording: Recording, order_id: str = "1") -> tuple[str, str]:
    """Status and total of an order after all steps."""
    core = DeterministicCore(recording.initial_cash)
    core.apply_batch([*recording.steps])
    found = core.snapshot()["orders"][order_id]
    return found["status"], found["cumulative"]


OPENED = ["place_order", "order_submitted", "order_accepted"]


def test_a_creation_has_exact_numbers_and_times_in_nanoseconds() -> None:
    """Volume is in units of 1e-8, the venue's time and the time of receipt in ms."""
    recording = table("N 1 100.50 120000001")
    place, submitted, accepted = recording.steps
    assert place["payload"]["quantity"] == "1.20000001"
    assert place["payload"]["limit_price"] == "100.5"
    assert (submitted["event_time"], submitted["ingest_time"]) == (500_000_000, 1_000_000_000)
    assert (submitted["seq_id"], accepted["seq_id"]) == (1, 2)


@pytest.mark.parametrize(
    ("rows", "fed", "end", "dirt"),
    [
        (["N 1 100 2"], [], ("ACCEPTED", "0"), {}),
        (["N 1 100 2", "D 1 100 2"], ["order_cancelled"], ("CANCELLED", "0"), {}),
        (["N 1 100 2", "D 1 100 0"], ["order_fill"], ("FILLED", "0.00000002"), {}),
        (
            ["N 1 100 5", "C 1 100 3", "D 1 100 3"],
            ["order_fill", "order_cancelled"],
            ("CANCELLED", "0.00000002"),
            {},
        ),
        (
            ["N 1 100 2", "C 1 101 2", "D 1 101 0"],
            ["replace_order", "order_replaced", "order_fill"],
            ("FILLED", "0.00000002"),
            {"price_change": 1},
        ),
        (
            ["N 1 100 5", "C 1 100 3", "C 1 101 2", "D 1 101 0"],
            ["order_fill", "replace_order", "order_replaced", "order_fill"],
            ("FILLED", "0.00000004"),
            {"price_change": 1},
        ),
        (
            ["N 1 100 2", "C 1 100 3", "D 1 100 0"],
            ["order_restated", "order_fill"],
            ("FILLED", "0.00000003"),
            {"volume_rise": 1},
        ),
        (
            ["N 1 100 5", "D 1 100 3"],
            ["order_fill", "order_cancelled"],
            ("CANCELLED", "0.00000002"),
            {"fill_in_delete": 1},
        ),
        (["N 1 100 5", "C 1 100 5"], ["order_restated"], ("ACCEPTED", "0"), {"no_change": 1}),
    ],
)
def test_what_a_core_can_follow_agrees_with_the_venue(
    rows: list[str], fed: list[str], end: tuple[str, str], dirt: dict[str, int], run: Run
) -> None:
    """Every step is applied and every statement holds."""
    recording = table(*rows)
    assert kinds(recording) == OPENED + fed
    assert end_of(recording) == end
    assert recording.dirt == dirt
    assert check_statements(recording, run(recording)) == []


DIRTY_DAYS = [
    (
        ["N 1 100 2", "D 1 100 2", "D 1 100 2"],
        ["duplicate_event"],
        ("CANCELLED", "0"),
        {"repeated_row": 1},
    ),
    (
        ["N 1 100 5", "C 1 101 5", "C 1 102 5", "C 1 101 5"],
        ["duplicate_event"],
        ("ACCEPTED", "0"),
        {"price_change": 3, "repeated_row": 1},
    ),
    (
        ["D 1 100 2", "N 1 100 2"],
        ["unknown_order"],
        ("ACCEPTED", "0"),
        {"delete_before_create": 1, "unknown_order": 1},
    ),
    (
        ["D 1 100 2", "N 1 100 2", "D 1 100 2"],
        ["unknown_order"],
        ("CANCELLED", "0"),
        {"delete_before_create": 1, "unknown_order": 1},
    ),
    (
        ["C 1 100 2", "N 1 100 2"],
        ["unknown_order"],
        ("ACCEPTED", "0"),
        {"unknown_order": 1},
    ),
    (
        ["N 1 100 5", "D 1 100 0", "C 1 100 3"],
        ["illegal_transition"],
        ("FILLED", "0.00000005"),
        {"update_after_end": 1, "volume_rise": 1},
    ),
    (
        ["N 1 100 5", "D 1 100 5", "C 1 100 3"],
        [],
        ("CANCELLED", "0.00000002"),
        {"update_after_end": 1},
    ),
    (
        ["N 1 100 5", "D 1 100 5", "C 1 101 5"],
        ["order_closed", "nothing_pending"],
        ("CANCELLED", "0"),
        {"price_change": 1, "update_after_end": 1},
    ),
    (
        ["N 1 100 5", "D 1 100 0", "D 1 100 5"],
        ["illegal_transition", "order_closed"],
        ("FILLED", "0.00000005"),
        {"update_after_end": 1, "volume_rise": 1},
    ),
    (
        ["N 1 100 5", "N 1 100 4"],
        ["duplicate_order_id", "illegal_transition", "illegal_transition"],
        ("ACCEPTED", "0"),
        {"created_again": 1},
    ),
]


@pytest.mark.parametrize(("rows", "codes", "end", "dirt"), DIRTY_DAYS)
def test_dirt_is_fed_and_explains_what_the_core_answers(
    rows: list[str], codes: list[str], end: tuple[str, str], dirt: dict[str, int], run: Run
) -> None:
    """Nothing is dropped: the core refuses it with the code given, and no mismatch is unexplained."""
    recording = table(*rows)
    results = run(recording)
    assert [result["code"] for result in results if result["code"] != "ok"] == codes
    assert end_of(recording) == end
    assert recording.dirt == dirt
    assert [str(found) for found in check_statements(recording, results) if found.explained_by is None] == []


def test_a_row_that_no_order_can_be_is_counted() -> None:
    """A creation of nothing cannot be placed, and a change to nothing of an unknown order has no quantity."""
    recording = table("N 1 100 0", "C 2 100 0", f"N 3 100 {10**19}")
    assert recording.steps == []
    assert recording.dirt["unusable_row"] == 3


def test_a_trade_gives_both_sides_their_price_and_key(run: Run) -> None:
    """One trade's id and price stand in the fill of the bid and in that of the ask."""
    recording = log(
        ("order_created", order(1, "2.00000000")),
        ("order_created", order(2, "0.30000000", side=1, price="99.00")),
        ("order_changed", order(1, "1.70000000")),
        ("order_deleted", order(2, "0.00000000", side=1, price="99.00")),
        ("trade", {"price": 100.0, "amount": 0.1 + 0.2, "id": 77}),
    )
    fills = [step for step in recording.steps if step.get("event_type") == "order_fill"]
    assert [fill["idempotency_key"] for fill in fills] == ["trade:77:1", "trade:77:2"]
    assert [fill["payload"]["last_price"] for fill in fills] == ["100", "100"]
    assert recording.steps[-1]["payload"] == {"price": "100", "quantity": "0.3"}
    assert recording.dirt == {"rounded_trade": 1}
    assert check_statements(recording, run(recording)) == []


def test_fills_and_trades_without_each_other_are_counted() -> None:
    """A fill of another size keeps the order's price, and the trade stays market data."""
    recording = log(
        ("order_created", order(1, "2.00000000")),
        ("order_deleted", order(1, "0.00000000")),
        ("trade", {"price": 101.0, "amount": 1.5, "id": 77}),
    )
    assert recording.steps[3]["payload"]["last_price"] == "100"
    assert recording.dirt == {"fill_without_trade": 1, "trade_without_fill": 1}


def test_a_book_is_a_quote_of_its_best_prices() -> None:
    """The first price of each side; a book with an empty side is counted."""
    recording = log(
        ("order_book", {"bids": [["99.50", "1"], ["99.00", "2"]], "asks": [["100.50", "3"]]}),
        ("order_book", {"bids": [], "asks": [["100.50", "3"]]}),
    )
    assert [step["payload"] for step in recording.steps] == [{"bid": "99.5", "ask": "100.5"}]
    assert recording.dirt == {"one_sided_book": 1}


def test_what_is_no_recording_is_refused() -> None:
    """Another header or another kind of line is quoted in the error."""
    with pytest.raises(ValueError, match=r"header \['a', 'b'\]"):
        list(csv_rows(["a,b"]))
    with pytest.raises(ValueError, match="line 1: 'ping' is none of trade"):
        list(log_entries(["1 ping {}"]))
