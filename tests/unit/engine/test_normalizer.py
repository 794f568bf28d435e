"""The normaliser: each kind of raw data, the order of the checks, times and keys.

Every test runs on the Python class and on its Rust twin.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from cracktrader.engine.domain import INTEGER_MAX
from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.events import canonical_unsequenced, parse_event
from cracktrader.engine.fingerprint import fingerprint
from cracktrader.engine.normalizer import (
    EVENT_OF_STATUS,
    NORMALIZER_CODES,
    NORMALIZER_MODES,
    TIMESTAMP_MS_MAX,
    EventNormalizer,
)

pytestmark = pytest.mark.usefixtures("twin")
TWIN = "EventNormalizer"

Wire = dict[str, Any]

MS = 1_700_000_000_123
NS = MS * 1_000_000
ORDER: Wire = {
    "timestamp": MS,
    "symbol": "BTC/USDT",
    "status": "open",
    "clientOrderId": "mine-1",
    "id": "4711",
    "amount": 2.5,
    "filled": 0.0,
    "info": {"anything": float("nan")},
}
TRADE: Wire = {
    "timestamp": MS,
    "symbol": "BTC/USDT",
    "id": "t-9",
    "order": "4711",
    "side": "buy",
    "amount": 0.5,
    "price": "100.10",
    "fee": {"cost": 0.0004, "currency": "BTC"},
}
CANDLE: list[Any] = [MS, 1, "2.0", 0.5, 1.25, "1000"]


@pytest.fixture
def backtest() -> EventNormalizer:
    """A normaliser that asks for timestamps."""
    return EventNormalizer("backtest")


def code_of(call: Any, *arguments: Any, **named: Any) -> str:
    """The code with which a call refuses its arguments."""
    with pytest.raises(MalformedInputError) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_order_becomes_a_report(backtest: EventNormalizer) -> None:
    """The client's id names the order, milliseconds become nanoseconds, and the key is the fingerprint."""
    event = backtest.order("sim", ORDER, 5)
    assert event is not None
    key = event["idempotency_key"]
    assert event == {
        "event_time": NS,
        "ingest_time": 5,
        "source": "broker_report",
        "venue": "sim",
        "instrument": "BTC/USDT",
        "event_type": "order_accepted",
        "payload": {"order_id": "mine-1", "reason": None},
        "idempotency_key": key,
    }
    assert key == "o-" + fingerprint(parse_event({"seq_id": 0, **event}))


@pytest.mark.parametrize("status", [status for status, event in EVENT_OF_STATUS.items() if event])
def test_every_status_gives_its_event(backtest: EventNormalizer, status: str) -> None:
    """Each status gives a well-formed event of its type, in canonical form."""
    event = backtest.order("sim", ORDER | {"status": status})
    assert event is not None
    assert event["event_type"] == EVENT_OF_STATUS[status]
    assert canonical_unsequenced(event) == event


def test_closed_orders_give_no_event_but_are_checked(backtest: EventNormalizer) -> None:
    """A closed order is told by its fills; a fault in it is told all the same."""
    assert backtest.order("sim", ORDER | {"status": "closed"}) is None
    assert code_of(backtest.order, "sim", ORDER | {"status": "closed", "reason": 1}) == "malformed_type"


def test_replaced_and_restated_terms(backtest: EventNormalizer) -> None:
    """A replaced order carries the terms that are named, a restated one needs its amount."""
    replaced = backtest.order("sim", ORDER | {"status": "replaced", "price": "99.50", "reason": 1})
    assert replaced is not None
    assert replaced["payload"] == {"order_id": "mine-1", "quantity": "2.5", "limit_price": "99.5", "stop_price": None}
    restated = backtest.order("sim", ORDER | {"status": "restated"})
    assert restated is not None
    assert restated["payload"] == {"order_id": "mine-1", "quantity": "2.5"}
    assert code_of(backtest.order, "sim", ORDER | {"status": "restated", "amount": None}) == "malformed_field"


def test_fill_books_amount_price_and_fee(backtest: EventNormalizer) -> None:
    """The execution's id makes the key, whatever else is in the report, and the fee is in the base asset here."""
    event = backtest.fill("sim", TRADE)
    assert event["payload"] == {
        "order_id": "4711",
        "last_quantity": "0.5",
        "last_price": "100.1",
        "fee": "0.0004",
        "fee_asset": "base",
    }
    digest = hashlib.sha256(b"sim BTC/USDT t-9").hexdigest()
    assert event["idempotency_key"] == f"f-{digest[:32]}"
    assert backtest.fill("sim", TRADE | {"clientOrderId": "mine-1"})["payload"]["order_id"] == "mine-1"


@pytest.mark.parametrize(
    ("symbol", "fee", "booked"),
    [
        ("BTC/USDT", None, ("0", "quote")),
        ("BTC/USDT", {}, ("0", "quote")),
        ("BTC/USDT", {"currency": "BNB"}, ("0", "quote")),
        ("BTC/USDT", {"cost": "-0.5", "currency": "USDT"}, ("-0.5", "quote")),
        ("BTC/USDT:USDT", {"cost": 1, "currency": "USDT"}, ("1", "quote")),
        ("BTC/USDT", {"cost": 1, "currency": "BTC"}, ("1", "base")),
        ("BTC/USDT", {"cost": "0.0000000000000001", "currency": "BNB"}, ("0.0000000000000001", "BNB")),
        ("BTCUSDT", {"cost": 1, "currency": "BTCUSDT"}, ("1", "BTCUSDT")),
        ("X/X", {"cost": 1, "currency": "X"}, ("1", "quote")),
    ],
)
def test_fee_assets(backtest: EventNormalizer, symbol: str, fee: Wire | None, booked: tuple[str, str]) -> None:
    """The symbol says whether a currency is the quote or the base asset; nothing paid is 0 in quote."""
    payload = backtest.fill("sim", TRADE | {"symbol": symbol, "fee": fee})["payload"]
    assert (payload["fee"], payload["fee_asset"]) == booked


def test_fee_faults(backtest: EventNormalizer) -> None:
    """A cost needs a currency, on the grid of the asset that it is in."""
    for fee, code in (
        ([], "malformed_type"),
        ({"cost": 1}, "malformed_field"),
        ({"cost": "0.000000001", "currency": "BTC"}, "malformed_number"),
        ({"cost": 1, "currency": "a b"}, "malformed_identifier"),
    ):
        assert code_of(backtest.fill, "sim", TRADE | {"fee": fee}) == code


def test_candle_is_known_when_it_closes(backtest: EventNormalizer) -> None:
    """A candle's length is added to its opening stamp."""
    event = backtest.market_data("sim", "BTC/USDT", CANDLE, bar_ms=60_000)
    assert event["event_time"] == event["ingest_time"] == NS + 60_000 * 1_000_000
    assert event["payload"] == {"open": "1", "high": "2", "low": "0.5", "close": "1.25", "volume": "1000"}
    assert event["idempotency_key"] is None


def test_ticker_and_trade(backtest: EventNormalizer) -> None:
    """A dict with a bid or an ask is a quote and needs both; any other is a trade."""
    quote = backtest.market_data("sim", "S", {"timestamp": MS, "bid": 1, "ask": 2, "last": 3})
    assert (quote["event_type"], quote["payload"]) == ("quote", {"bid": "1", "ask": "2"})
    trade = backtest.market_data("sim", "S", {"timestamp": MS, "price": 3, "amount": 4, "bid": None})
    assert (trade["event_type"], trade["payload"]) == ("trade", {"price": "3", "quantity": "4"})
    assert code_of(backtest.market_data, "sim", "S", {"timestamp": MS, "bid": 1}) == "malformed_field"


def test_timer(backtest: EventNormalizer) -> None:
    """A timer without a symbol is of no instrument."""
    event = backtest.timer("sim", {"timestamp": 0, "name": "open"})
    assert (event["instrument"], event["event_time"], event["payload"]) == ("-", 0, {"name": "open"})
    assert backtest.timer("sim", {"timestamp": 0, "name": "open", "symbol": "S"})["instrument"] == "S"


@pytest.mark.parametrize("mode", NORMALIZER_MODES)
def test_missing_timestamps(mode: Any) -> None:
    """A backtest never makes up a time; live and paper take the ingest time, and then the order has no key."""
    normalizer = EventNormalizer(mode)
    raw = {key: value for key, value in ORDER.items() if key != "timestamp"}
    if mode == "backtest":
        assert code_of(normalizer.order, "sim", raw, 7) == "missing_timestamp"
    else:
        event = normalizer.order("sim", raw, 7)
        assert event is not None
        assert (event["event_time"], event["ingest_time"], event["idempotency_key"]) == (7, 7, None)
        assert normalizer.market_data("sim", "S", [None, 1, 1, 1, 1, 1], 7, 60_000)["event_time"] == 7
    for call in (normalizer.order, normalizer.fill, normalizer.timer):
        assert code_of(call, "sim", {}) == "missing_timestamp"
    assert code_of(normalizer.market_data, "sim", "S", [None, 1, 1, 1, 1, 1]) == "missing_timestamp"


@pytest.mark.parametrize(
    ("timestamp", "bar_ms", "code"),
    [
        (True, 0, "malformed_type"),
        (1.0, 0, "malformed_type"),
        ("1", 0, "malformed_type"),
        (-1, 0, "malformed_number"),
        (TIMESTAMP_MS_MAX + 1, 0, "malformed_number"),
        (TIMESTAMP_MS_MAX, 1, "malformed_number"),
        (10**400, 0, "malformed_number"),
    ],
)
def test_bad_timestamps(backtest: EventNormalizer, timestamp: Any, bar_ms: int, code: str) -> None:
    """A timestamp is an exact int whose nanoseconds fit, the bar's length included."""
    assert code_of(backtest.market_data, "sim", "S", [timestamp, *CANDLE[1:]], None, bar_ms) == code


def test_largest_timestamp(backtest: EventNormalizer) -> None:
    """The largest timestamp is taken, and its nanoseconds fit into 63 bits."""
    event = backtest.market_data("sim", "S", [TIMESTAMP_MS_MAX, *CANDLE[1:]])
    assert event["event_time"] == TIMESTAMP_MS_MAX * 1_000_000 <= INTEGER_MAX


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"timestamp": None}, "missing_timestamp"),
        ({"timestamp": 1.5, "symbol": None}, "malformed_type"),
        ({"symbol": None, "status": "?"}, "malformed_field"),
        ({"symbol": " "}, "malformed_identifier"),
        ({"status": None}, "malformed_field"),
        ({"status": 1}, "malformed_type"),
        ({"status": "Open", "id": None}, "unknown_status"),
        ({"clientOrderId": None, "id": None, "reason": 1}, "missing_id"),
        ({"clientOrderId": 7}, "malformed_type"),
        ({"reason": "x" * 257}, "malformed_field"),
        ({"status": "replaced", "amount": 0, "price": None}, "malformed_number"),
        ({"status": "replaced", "stopPrice": []}, "malformed_type"),
    ],
)
def test_first_fault_of_an_order_decides(backtest: EventNormalizer, change: Wire, code: str) -> None:
    """The fields are checked from the top of the page's table to its bottom."""
    assert code_of(backtest.order, "sim", ORDER | change) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"symbol": None, "id": None}, "malformed_field"),
        ({"id": None, "order": None, "amount": 0}, "missing_id"),
        ({"order": None, "amount": 0}, "missing_id"),
        ({"amount": None}, "malformed_field"),
        ({"amount": 0, "price": None}, "malformed_number"),
        ({"price": "1e3", "fee": 1}, "malformed_number"),
        ({"fee": 1}, "malformed_type"),
    ],
)
def test_first_fault_of_a_fill_decides(backtest: EventNormalizer, change: Wire, code: str) -> None:
    """Likewise for fills."""
    assert code_of(backtest.fill, "sim", TRADE | change) == code


def test_arguments_are_checked_before_the_raw_data(backtest: EventNormalizer) -> None:
    """Venue, symbol, ingest time and length come first, then the type of the raw data."""
    assert code_of(backtest.order, "a:b", None) == "malformed_identifier"
    assert code_of(backtest.fill, "sim", None, 1.0) == "malformed_type"
    assert code_of(backtest.timer, "sim", None) == "malformed_type"
    assert code_of(backtest.market_data, "sim", "", None, -1, -1) == "malformed_identifier"
    assert code_of(backtest.market_data, "sim", "S", None, -1, -1) == "malformed_number"
    assert code_of(backtest.market_data, "sim", "S", (1, 2), 1, True) == "malformed_type"
    assert code_of(backtest.market_data, "sim", "S", tuple(CANDLE)) == "malformed_type"
    assert code_of(backtest.market_data, "sim", "S", CANDLE[:5]) == "malformed_field"
    assert code_of(backtest.market_data, "sim", "S", [MS, None, 1, 1, 1, 1]) == "malformed_field"


def test_codes_are_closed(backtest: EventNormalizer) -> None:
    """Every code of the normaliser is produced here by one call each, and no other exists."""
    calls = {
        "malformed_type": ORDER | {"status": 1},
        "malformed_field": ORDER | {"symbol": None},
        "malformed_number": ORDER | {"timestamp": -1},
        "malformed_identifier": ORDER | {"symbol": ""},
        "missing_timestamp": ORDER | {"timestamp": None},
        "missing_id": ORDER | {"clientOrderId": None, "id": None},
        "unknown_status": ORDER | {"status": "gone"},
    }
    assert tuple(calls) == NORMALIZER_CODES
    assert {code: code_of(backtest.order, "sim", raw) for code, raw in calls.items()} == {code: code for code in calls}


def test_unknown_mode() -> None:
    """The error names the modes."""
    with pytest.raises(ValueError, match="live, paper, backtest"):
        EventNormalizer("replay")  # type: ignore[arg-type]


def test_raw_data_is_left_alone(backtest: EventNormalizer) -> None:
    """Nothing that was handed in is changed or shared."""
    raw = {"timestamp": MS, "name": "open"}
    event = backtest.timer("sim", raw)
    event["payload"]["name"] = "x"
    assert raw == {"timestamp": MS, "name": "open"}
