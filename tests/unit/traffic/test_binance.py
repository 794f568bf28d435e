"""Binance's user data stream, in long and in short names."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cracktrader_strategies.traffic import Recording, check_statements
from cracktrader_strategies.traffic.binance import from_lines
from cracktrader_strategies.traffic.binance_fields import fee_asset

Run = Callable[[Recording], list[dict[str, Any]]]


def lines(*messages: dict[str, Any], source: str = "log/session.ts") -> list[str]:
    """The collection's lines of one source file."""
    return [json.dumps({"src": source, "name": "m", "msg": message}) for message in messages]


def long_order(execution: str, status: str, **changes: Any) -> dict[str, Any]:
    """A futures order message in long names, of a market buy of 2."""
    order = {
        "symbol": "BNBUSDT",
        "orderSide": "BUY",
        "orderType": "MARKET",
        "orderTimeInForce": "GTC",
        "originalQuantity": 2,
        "originalPrice": 0,
        "stopPrice": 0,
        "executionType": execution,
        "orderStatus": status,
        "orderId": 11,
        "lastFilledQuantity": 0,
        "orderFilledAccumulatedQuantity": 0,
        "lastFilledPrice": 0,
        "tradeId": 0,
        "isReduceOnly": False,
        "trailingStopActivationPrice": float("nan"),
        "realisedProfit": 0,
    }
    return {
        "eventType": "ORDER_TRADE_UPDATE",
        "eventTime": 1005,
        "transactionTime": 1000,
        "order": order | changes,
    }


def account(cause: str, amount: float, change: float, transaction_ms: int = 1000) -> dict[str, Any]:
    """An account message: the position of BNBUSDT and a change of the balance."""
    return {
        "eventType": "ACCOUNT_UPDATE",
        "eventTime": transaction_ms + 5,
        "transactionId": transaction_ms,
        "updateData": {
            "updateEventType": cause,
            "updatedBalances": [{"asset": "USDT", "balanceChange": change}],
            "updatedPositions": [{"symbol": "BNBUSDT", "positionAmount": amount}],
        },
    }


FILL = {
    "lastFilledQuantity": 2,
    "orderFilledAccumulatedQuantity": 2,
    "lastFilledPrice": 410.5,
    "tradeId": 77,
    "commissionAmount": 1.8e-05,
    "commissionAsset": "USDT",
}
RAW_SPOT = {"e": "executionReport", "E": 5, "T": 4, "s": "BNBUSDT", "S": "SELL", "o": "LIMIT", "f": "IOC"} | {
    "q": "1.00000000",
    "p": "300.00000000",
    "P": "0.00000000",
    "x": "NEW",
    "X": "NEW",
    "i": 5,
    "l": "0.00000000",
    "z": "0.00000000",
    "L": "0.00000000",
    "n": "0",
    "N": None,
    "t": -1,
}


def test_long_names_become_a_fill_with_exact_numbers(run: Run) -> None:
    """A number keeps the value of its text, an exponent too, and the trade id is the key."""
    (recording,) = from_lines(lines(long_order("NEW", "NEW"), long_order("TRADE", "FILLED", **FILL)))
    fill = recording.steps[-1]
    assert fill["idempotency_key"] == "trade:BNBUSDT:77:11"
    assert fill["payload"] == {
        "order_id": "11",
        "last_quantity": "2",
        "last_price": "410.5",
        "fee": "0.000018",
        "fee_asset": "quote",
    }
    assert (fill["venue"], fill["event_time"], fill["ingest_time"]) == (
        "binance_futures",
        10**9,
        1_005_000_000,
    )
    assert recording.dirt == {}
    assert check_statements(recording, run(recording)) == []


def test_short_names_of_the_spot_stream() -> None:
    """The venue's own letters are read as the long names are."""
    (recording,) = from_lines(lines(RAW_SPOT))
    place = recording.steps[0]["payload"]
    assert (place["venue"], place["side"], place["time_in_force"]) == ("binance", "sell", "ioc")
    assert (place["quantity"], place["limit_price"], place["stop_price"]) == ("1", "300", None)
    assert recording.statements[0].status == "ACCEPTED"


def test_short_names_of_the_futures_stream(run: Run) -> None:
    """A trailing stop is a stop with the price that it has now."""
    order = {"s": "BTCUSDT", "S": "SELL", "o": "TRAILING_STOP_MARKET", "f": "GTC", "q": "0.001", "p": "0"} | {
        "sp": "7103.04",
        "x": "NEW",
        "X": "NEW",
        "i": 8,
        "l": "0",
        "z": "0",
        "L": "0",
        "n": "0",
        "t": 0,
        "R": False,
        "rp": "0",
    }
    (recording,) = from_lines(lines({"e": "ORDER_TRADE_UPDATE", "E": 2, "T": 1, "o": order}))
    place = recording.steps[0]["payload"]
    assert (place["order_type"], place["stop_price"], place["limit_price"]) == ("stop", "7103.04", None)
    assert check_statements(recording, run(recording)) == []


@pytest.mark.parametrize(
    ("changes", "order_type", "kind"),
    [
        ({"orderType": "LIQUIDATION", "originalPrice": 383.643}, "limit", None),
        ({"orderType": "ICEBERG", "originalPrice": 5}, "limit", "unknown_order_type"),
        ({"orderType": "ICEBERG"}, "market", "unknown_order_type"),
        ({"orderTimeInForce": "GTX"}, "market", "unknown_time_in_force"),
    ],
)
def test_words_that_we_have_no_name_for_are_counted(changes: dict[str, Any], order_type: str, kind: str | None) -> None:
    """They are mapped to the nearest that the engine has."""
    (recording,) = from_lines(lines(long_order("NEW", "NEW", **changes)))
    assert recording.steps[0]["payload"]["order_type"] == order_type
    assert list(recording.dirt) == ([] if kind is None else [kind])


def test_a_fill_without_a_fee_is_counted() -> None:
    """The fee is then zero."""
    fill = {name: value for name, value in FILL.items() if not name.startswith("commission")}
    (recording,) = from_lines(lines(long_order("NEW", "NEW"), long_order("TRADE", "FILLED", **fill)))
    assert recording.steps[-1]["payload"]["fee"] == "0"
    assert recording.dirt == {"no_fee": 1}


@pytest.mark.parametrize(
    ("symbol", "asset", "named"),
    [
        ("BNBUSDT", "USDT", "quote"),
        ("BNBUSDT", "BNB", "base"),
        ("BTCUSDT", "BNB", "BNB"),
        ("BTCUSDT", "", "quote"),
    ],
)
def test_a_fee_is_in_quote_base_or_another_asset(symbol: str, asset: str, named: str) -> None:
    """The symbol tells which."""
    assert fee_asset(symbol, asset) == named


def test_a_position_told_before_its_fill_is_a_statement_after_it(run: Run) -> None:
    """The start is unknown, so a session that begins with 5 held agrees; the change is what is compared."""
    fill = long_order("TRADE", "PARTIALLY_FILLED", **FILL | {"originalQuantity": 4})
    rest = long_order(
        "TRADE",
        "FILLED",
        **FILL | {"originalQuantity": 4, "tradeId": 78, "orderFilledAccumulatedQuantity": 4},
    )
    (recording,) = from_lines(lines(account("ORDER", 7, 0), fill, account("ORDER", 9.5, 0), rest))
    assert [statement.step for statement in recording.positions] == [3, 4]
    (found,) = check_statements(recording, run(recording))
    assert (found.field, found.venue, found.core) == ("position", "9.5", "9")


def test_a_position_whose_fill_was_not_recorded_is_counted() -> None:
    """Nothing is claimed of it."""
    (recording,) = from_lines(lines(account("ORDER", 7, 0, transaction_ms=5), long_order("NEW", "NEW")))
    assert recording.positions == []
    assert recording.dirt == {"position_without_fill": 1}


@pytest.mark.parametrize(
    ("cause", "change", "reason", "dirt"),
    [
        ("DEPOSIT", 8, "deposit", {}),
        ("WITHDRAW", -12.31578058, "withdrawal", {}),
        ("FUNDING_FEE", -0.5, "funding", {}),
        ("INSURANCE_CLEAR", -3.049267, "withdrawal", {"other_adjustment": 1}),
        ("ADMIN_DEPOSIT", 1, "deposit", {"other_adjustment": 1}),
    ],
)
def test_a_change_of_the_balance_adjusts_cash(
    cause: str, change: float, reason: str, dirt: dict[str, int], run: Run
) -> None:
    """The amount keeps its sign."""
    (recording,) = from_lines(lines(long_order("NEW", "NEW"), account(cause, 0, change)))
    assert recording.steps[-1]["payload"] == {"amount": str(change), "reason": reason}
    assert run(recording)[-1]["cash_delta"] == str(change)
    assert recording.dirt == dirt


def test_each_source_file_with_orders_is_a_recording() -> None:
    """Files without orders are left out, and messages of other kinds are passed over."""
    other = {"eventType": "balanceUpdate"}
    found = from_lines(
        [
            *lines(long_order("NEW", "NEW"), other),
            *lines(other, source="x/y.ts"),
            *lines(RAW_SPOT, source="z.ts"),
        ]
    )
    assert [recording.name for recording in found] == ["binance/session", "binance/z"]
