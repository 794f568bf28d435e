"""The normaliser: what venues and feeds say, as unsequenced events.

Promises: what docs/runtime.md, section 2, says, field by field, for raw data in the shapes that ccxt gives; numbers are
taken exactly or refused; the idempotency key is a function of what the venue said. Does not keep anything, read a
clock, or judge whether an event is legal. Costs some 5 us an event.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal, get_args

from cracktrader.engine.domain import FEE_IN_BASE, FEE_IN_QUOTE, INTEGER_MAX
from cracktrader.engine.error import MalformedInputError, quoted, refusal
from cracktrader.engine.events import EVENT_SHAPES, UnsequencedWire
from cracktrader.engine.fields import FREE_TEXT, PRICE, QUANTITY, VOLUME, Kind, Values
from cracktrader.engine.fingerprint import fingerprint
from cracktrader.engine.identifiers import parse_identifier, parse_venue
from cracktrader.engine.numbers import parse_base_fee, parse_integer, parse_money

NormalizerMode = Literal["live", "paper", "backtest"]
NORMALIZER_MODES: tuple[NormalizerMode, ...] = get_args(NormalizerMode)
NORMALIZER_CODES: tuple[str, ...] = (
    "malformed_type",
    "malformed_field",
    "malformed_number",
    "malformed_identifier",
    "missing_timestamp",
    "missing_id",
    "unknown_status",
)

NANOSECONDS_PER_MS = 1_000_000  # venues send milliseconds, the engine's times are nanoseconds
TIMESTAMP_MS_MAX = INTEGER_MAX // NANOSECONDS_PER_MS
NO_INSTRUMENT = "-"

# An order that is closed was filled, and its executions come as fills, each once.
EVENT_OF_STATUS: dict[str, str | None] = {
    "pending": "order_submitted",
    "open": "order_accepted",
    "rejected": "order_rejected",
    "triggered": "order_triggered",
    "canceling": "order_cancel_pending",
    "canceled": "order_cancelled",
    "closed": None,
    "cancel_rejected": "order_cancel_rejected",
    "replacing": "order_replace_pending",
    "replaced": "order_replaced",
    "replace_rejected": "order_replace_rejected",
    "restated": "order_restated",
    "expired": "order_expired",
}
_WITHOUT_REASON = frozenset({"replaced", "restated"})
_BAR_FIELDS = (("open", PRICE), ("high", PRICE), ("low", PRICE), ("close", PRICE), ("volume", VOLUME))

Times = tuple[int, int]
"""(event_time, ingest_time) in nanoseconds"""


class EventNormalizer:
    """The Python normaliser. In mode `backtest` what has no timestamp is refused; no mode reads a clock."""

    def __init__(self, mode: NormalizerMode) -> None:
        if mode not in NORMALIZER_MODES:
            raise ValueError(f"mode must be one of {', '.join(NORMALIZER_MODES)}, not {quoted(mode)}")
        self._may_lack_timestamp = mode != "backtest"

    def order(self, venue: str, raw: dict[str, Any], ingest_time: int | None = None) -> UnsequencedWire | None:
        """The broker report of a ccxt order (milliseconds), or None when it is `closed`: fills tell that.

        MalformedInputError, its code one of `NORMALIZER_CODES`, for the first fault.
        """
        _check_arguments(venue, ingest_time)
        fields = _exact_dict(raw)
        times = self._times(fields.get("timestamp"), ingest_time)
        symbol = _identifier(fields, "symbol")
        status = _status(fields.get("status"))
        order_id = _first_id(fields, "clientOrderId", "id")
        values = (order_id, *_order_values(status, fields))
        event_type = EVENT_OF_STATUS[status]
        if event_type is None:
            return None
        event = _report(times, venue, symbol, event_type, values)
        if fields.get("timestamp") is not None:
            content = fingerprint((None, 0, times[0], "broker_report", venue, symbol, event_type, values))
            event["idempotency_key"] = f"o-{content}"
        return event

    def fill(self, venue: str, raw: dict[str, Any], ingest_time: int | None = None) -> UnsequencedWire:
        """The `order_fill` of a ccxt trade of one's own; errors as `order`."""
        _check_arguments(venue, ingest_time)
        fields = _exact_dict(raw)
        times = self._times(fields.get("timestamp"), ingest_time)
        symbol = _identifier(fields, "symbol")
        trade_id = _first_id(fields, "id")
        order_id = _first_id(fields, "clientOrderId", "order")
        quantity = _number(fields, "amount", QUANTITY)
        price = _number(fields, "price", PRICE)
        fee, fee_asset = _fee(fields.get("fee"), symbol)
        event = _report(times, venue, symbol, "order_fill", (order_id, quantity, price, fee, fee_asset))
        execution = hashlib.sha256(f"{venue} {symbol} {trade_id}".encode()).hexdigest()[:32]
        event["idempotency_key"] = f"f-{execution}"
        return event

    def timer(self, venue: str, raw: dict[str, Any], ingest_time: int | None = None) -> UnsequencedWire:
        """The `timer` of a dict with `name` and, where it has one, `symbol`; errors as `order`."""
        _check_arguments(venue, ingest_time)
        fields = _exact_dict(raw)
        times = self._times(fields.get("timestamp"), ingest_time)
        symbol = NO_INSTRUMENT if fields.get("symbol") is None else _identifier(fields, "symbol")
        return _event(times, "timer", venue, symbol, "timer", (_identifier(fields, "name"),))

    def market_data(
        self, venue: str, symbol: str, raw: list[Any] | dict[str, Any], ingest_time: int | None = None, bar_ms: int = 0
    ) -> UnsequencedWire:
        """The `bar` of a ccxt candle (a list), the `quote` of a ticker, or the `trade` of a public trade.

        A candle is stamped when it opens; `bar_ms` is its length in milliseconds, and is added. Errors as `order`.
        """
        parse_venue(venue, "venue")
        parse_identifier(symbol, "symbol")
        _check_ingest_time(ingest_time)
        parse_integer(bar_ms, "bar_ms")
        if type(raw) is list:
            return self._bar(venue, symbol, raw, ingest_time, bar_ms)
        fields = _exact_dict(raw)
        times = self._times(fields.get("timestamp"), ingest_time)
        if fields.get("bid") is None and fields.get("ask") is None:
            values = (_number(fields, "price", PRICE), _number(fields, "amount", QUANTITY))
            return _event(times, "market_data", venue, symbol, "trade", values)
        values = (_number(fields, "bid", PRICE), _number(fields, "ask", PRICE))
        return _event(times, "market_data", venue, symbol, "quote", values)

    def _bar(self, venue: str, symbol: str, candle: list[Any], ingest_time: int | None, bar_ms: int) -> UnsequencedWire:
        if len(candle) != 1 + len(_BAR_FIELDS):
            raise MalformedInputError(f"a candle must have 6 entries, not {len(candle)}", "malformed_field")
        times = self._times(candle[0], ingest_time, bar_ms)
        prices = {name: value for (name, _), value in zip(_BAR_FIELDS, candle[1:], strict=True)}
        values = tuple([_number(prices, name, kind) for name, kind in _BAR_FIELDS])
        return _event(times, "market_data", venue, symbol, "bar", values)

    def _times(self, timestamp: object, ingest_time: int | None, bar_ms: int = 0) -> Times:
        if timestamp is None:
            if ingest_time is None or not self._may_lack_timestamp:
                raise MalformedInputError(
                    "the timestamp is missing; no clock is read in its place, so the feed must give it",
                    "missing_timestamp",
                )
            return ingest_time, ingest_time
        if type(timestamp) is not int:
            raise refusal("malformed_type", "timestamp", "an int of milliseconds", timestamp)
        if timestamp < 0 or timestamp > TIMESTAMP_MS_MAX or timestamp + bar_ms > TIMESTAMP_MS_MAX:
            raise refusal("malformed_number", "timestamp", f"from 0 to {TIMESTAMP_MS_MAX}", timestamp)
        event_time = (timestamp + bar_ms) * NANOSECONDS_PER_MS
        return event_time, event_time if ingest_time is None else ingest_time


def _check_arguments(venue: object, ingest_time: object) -> None:
    parse_venue(venue, "venue")
    _check_ingest_time(ingest_time)


def _check_ingest_time(ingest_time: object) -> None:
    if ingest_time is not None:
        parse_integer(ingest_time, "ingest_time")


def _exact_dict(raw: object) -> dict[str, Any]:
    if type(raw) is not dict:
        raise refusal("malformed_type", "raw data", "a dict", raw)
    return raw


def _required(fields: dict[str, Any], name: str) -> Any:
    value = fields.get(name)
    if value is None:
        raise MalformedInputError(f"{name} is missing", "malformed_field")
    return value


def _identifier(fields: dict[str, Any], name: str) -> str:
    return parse_identifier(_required(fields, name), name)


def _number(fields: dict[str, Any], name: str, kind: Kind) -> int:
    units: int = kind.parse(_required(fields, name), name)
    return units


def _optional(fields: dict[str, Any], name: str, kind: Kind) -> Any:
    value = fields.get(name)
    return None if value is None else kind.parse(value, name)


def _first_id(fields: dict[str, Any], *names: str) -> str:
    for name in names:
        if fields.get(name) is not None:
            return parse_identifier(fields[name], name)
    raise MalformedInputError(f"{' or '.join(names)} is missing", "missing_id")


def _status(value: object) -> str:
    if value is None:
        raise MalformedInputError("status is missing", "malformed_field")
    if type(value) is not str:
        raise refusal("malformed_type", "status", "a string", value)
    if value not in EVENT_OF_STATUS:
        raise refusal("unknown_status", "status", f"one of {', '.join(EVENT_OF_STATUS)}", value)
    return value


def _order_values(status: str, fields: dict[str, Any]) -> Values:
    """What the payload holds after the order id."""
    if status == "restated":
        return (_number(fields, "amount", QUANTITY),)
    if status == "replaced":
        return (
            _optional(fields, "amount", QUANTITY),
            _optional(fields, "price", PRICE),
            _optional(fields, "stopPrice", PRICE),
        )
    return (_optional(fields, "reason", FREE_TEXT),)


def _fee(value: object, symbol: str) -> tuple[int, str]:
    """(fee in units of its asset's grid, fee asset); nothing paid is 0 in the quote asset."""
    if value is None:
        return 0, FEE_IN_QUOTE
    if type(value) is not dict:
        raise refusal("malformed_type", "fee", "a dict", value)
    currency, cost = value.get("currency"), value.get("cost")
    if currency is not None:
        parse_identifier(currency, "fee.currency")
    if cost is None:
        return 0, FEE_IN_QUOTE
    if currency is None:
        raise MalformedInputError("fee.currency is missing", "malformed_field")
    asset = _fee_asset(currency, symbol)
    return (parse_base_fee if asset == FEE_IN_BASE else parse_money)(cost, "fee.cost"), asset


def _fee_asset(currency: str, symbol: str) -> str:
    base, slash, rest = symbol.partition("/")
    if slash and currency == rest.partition(":")[0]:
        return FEE_IN_QUOTE
    if slash and currency == base:
        return FEE_IN_BASE
    return currency


def _report(times: Times, venue: str, symbol: str, event_type: str, values: Values) -> UnsequencedWire:
    return _event(times, "broker_report", venue, symbol, event_type, values)


def _event(
    times: Times,
    source: Literal["market_data", "broker_report", "timer"],
    venue: str,
    symbol: str,
    event_type: str,
    values: Values,
) -> UnsequencedWire:
    return {
        "event_time": times[0],
        "ingest_time": times[1],
        "source": source,
        "venue": venue,
        "instrument": symbol,
        "event_type": event_type,
        "payload": EVENT_SHAPES[source][event_type].to_wire(values),
        "idempotency_key": None,
    }
