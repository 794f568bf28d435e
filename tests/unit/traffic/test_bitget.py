"""Bitget's raw orders channel."""

import json
from collections.abc import Callable
from typing import Any

from cracktrader_strategies.traffic import Recording, check_statements
from cracktrader_strategies.traffic.bitget import from_lines

Run = Callable[[Recording], list[dict[str, Any]]]


def line(channel: str = "orders", **changes: Any) -> str:
    """A line of the collection with one order: a market buy of 0.05."""
    order = {
        "accFillSz": "0",
        "force": "normal",
        "instId": "BTCUSDT_UMCBL",
        "ordId": "9",
        "ordType": "market",
        "px": "0",
        "side": "buy",
        "status": "new",
        "sz": "0.05",
        "uTime": 1000,
    }
    message = {"action": "snapshot", "arg": {"channel": channel}, "data": [order | changes]}
    return json.dumps({"src": "log/raw.ts", "name": "m", "msg": message})


PART: dict[str, Any] = {
    "status": "partial-fill",
    "uTime": 1100,
    "accFillSz": "0.02",
    "fillSz": "0.02",
    "fillPx": "19041.5",
} | {
    "tradeId": "t1",
    "fillFee": "-0.2285",
    "fillFeeCcy": "USDT",
}


def test_a_fill_has_the_fee_that_was_paid(run: Run) -> None:
    """The venue writes the change of the balance; a rebate is negative for us."""
    (recording,) = from_lines([line(), line(**PART), line(status="cancelled", uTime=1200, accFillSz="0.02")])
    fill = recording.steps[3]
    assert fill["payload"]["fee"] == "0.2285"
    assert fill["payload"]["fee_asset"] == "quote"
    assert fill["idempotency_key"] == "trade:BTCUSDT_UMCBL:t1:9"
    assert check_statements(recording, run(recording)) == []
    (rebate,) = from_lines([line(), line(**PART | {"fillFee": "0.1"})])
    assert rebate.steps[3]["payload"]["fee"] == "-0.1"


def test_unusual_words_are_counted() -> None:
    """A fill without a fee, a status and a time in force that we have no name for."""
    bare = {name: value for name, value in PART.items() if not name.startswith("fillFee")}
    (recording,) = from_lines([line(force="odd"), line(**bare), line(status="odd", uTime=1300)])
    assert recording.dirt == {"no_fee": 1, "unknown_execution": 1, "unknown_time_in_force": 1}


def test_other_channels_are_passed_over() -> None:
    """A file without raw orders gives no recording."""
    assert from_lines([line(channel="positions")]) == []
