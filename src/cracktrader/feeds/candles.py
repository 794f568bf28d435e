"""Candles: one bar of a feed on its way from the caller's form to an unsequenced event.

Promises: a candle is a list or a tuple `(timestamp, open, high, low, close, volume)`, or a dict with exactly these
names; the timestamp is in milliseconds, when the bar opens; the event's time is when it closes. Besides the
normaliser's checks, open and close must lie between low and high. Does not read a source or keep an order: the
cursors do. Costs one normalisation and four cached look-ups a candle.
"""

from __future__ import annotations

import re
from typing import Any, cast

from cracktrader.engine.backends import EventNormalizerProtocol
from cracktrader.engine.error import MalformedInputError, quoted, refusal
from cracktrader.engine.numbers import parse_price

Candle = list[Any] | tuple[Any, ...] | dict[str, Any]
UnsequencedEvent = dict[str, Any]

CANDLE_FIELDS = ("timestamp", "open", "high", "low", "close", "volume")

_MILLISECONDS_OF_UNIT = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_match_timeframe = re.compile(r"([1-9][0-9]{0,8})([smhdw])").fullmatch


def timeframe_ms(timeframe: str | None) -> int:
    """Milliseconds of a timeframe such as `15m`; 0 for None. ValueError for any other text."""
    if timeframe is None:
        return 0
    match = _match_timeframe(timeframe) if type(timeframe) is str else None
    if match is None:
        raise ValueError(f"timeframe must be a count and one of s, m, h, d, w, like 15m, not {quoted(timeframe)}")
    count, unit = match.groups()
    return int(count) * _MILLISECONDS_OF_UNIT[unit]


def candle_event(
    normalizer: EventNormalizerProtocol, venue: str, instrument: str, candle: object, bar_ms: int
) -> UnsequencedEvent:
    """The `bar` of a candle, in canonical form; MalformedInputError for the first fault."""
    raw = _candle_list(candle)
    event = cast("UnsequencedEvent", normalizer.market_data(venue, instrument, raw, None, bar_ms))
    _check_range(event["payload"])
    return event


def _candle_list(candle: object) -> list[Any]:
    if type(candle) is list:
        return candle
    if type(candle) is tuple:
        return list(candle)
    if type(candle) is not dict:
        raise refusal("malformed_type", "a candle", "a list, a tuple or a dict", candle)
    if candle.keys() != set(CANDLE_FIELDS):
        names = ", ".join(CANDLE_FIELDS)
        raise MalformedInputError(
            f"a candle's names must be exactly {names}, not {_shown_keys(candle)}", "malformed_field"
        )
    return [candle[name] for name in CANDLE_FIELDS]


def _shown_keys(candle: dict[Any, Any]) -> str:
    return ", ".join(quoted(key) for key in list(candle)[:8]) or "none"


def _check_range(bar: dict[str, str]) -> None:
    low, high = parse_price(bar["low"], "low"), parse_price(bar["high"], "high")
    for name in ("open", "close"):
        if not low <= parse_price(bar[name], name) <= high:
            wanted = f"from the low {bar['low']} to the high {bar['high']}"
            raise refusal("malformed_number", name, wanted, bar[name])
