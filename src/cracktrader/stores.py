"""Stores: the candles of an exchange, kept for use offline.

Promises: one store an exchange in a process, so feeds of one exchange share their data; nothing is fetched unless the
store was opened with `allow_network=True` and `fetch` is called. Costs the memory of the candles.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cracktrader.engine.error import quoted
from cracktrader.engine.identifiers import parse_venue
from cracktrader.feeds.candles import Candle, timeframe_ms
from cracktrader.registry import classes_of


class CandleStore:
    """Candles by symbol and timeframe. `options`: `allow_network`, and what the exchange's class in ccxt takes."""

    def __init__(self, exchange: str, **options: Any) -> None:
        self.exchange = parse_venue(exchange, "exchange")
        self.options = options
        self._candles: dict[tuple[str, str], list[Candle]] = {}

    def load(self, symbol: str, timeframe: str, candles: Iterable[Candle]) -> None:
        """Keep these candles in place of any that were there; they are checked when a feed hands them out."""
        timeframe_ms(timeframe)
        self._candles[symbol, timeframe] = list(candles)

    def candles(self, symbol: str, timeframe: str) -> list[Candle]:
        """The candles that were loaded; KeyError, with what there is, when there are none."""
        try:
            return list(self._candles[symbol, timeframe])
        except KeyError:
            there = ", ".join(f"{known} {width}" for known, width in self._candles) or "nothing"
            wanted = f"{quoted(symbol)} {quoted(timeframe)}"
            raise KeyError(f"the store of {self.exchange} holds no candles of {wanted}; it holds {there}") from None

    # as many candles as most exchanges send at once
    def fetch(self, symbol: str, timeframe: str = "1m", *, since: int | None = None, limit: int = 500) -> None:
        """Load up to `limit` candles from the exchange itself, from `since` (ms since 1970 UTC) on, through ccxt.

        RuntimeError when the store was opened without `allow_network=True`, or when ccxt is not installed.
        """
        from cracktrader.compat.ccxt_candles import fetch_candles

        options = dict(self.options)
        if options.pop("allow_network", False) is not True:
            raise RuntimeError(
                f"the store of {self.exchange} is offline; open it with Store({self.exchange!r}, allow_network=True), "
                "or load() candles"
            )
        self.load(symbol, timeframe, fetch_candles(self.exchange, symbol, timeframe, since, limit, options))


_opened: dict[str, Any] = {}


def open_store(exchange: str, options: dict[str, Any]) -> Any:
    """The one store of this exchange; ValueError when it was opened with other options."""
    if exchange not in _opened:
        store_cls = classes_of(exchange).store_cls or CandleStore
        _opened[exchange] = (store_cls(exchange, **options), options)
    store, known = _opened[exchange]
    if options and options != known:
        raise ValueError(
            f"the store of {quoted(exchange)} is open already, with other options ({', '.join(known) or 'none'}); "
            "clear_stores() forgets all stores"
        )
    return store


def clear_stores() -> None:
    """Forget all stores; those that feeds hold stay as they are."""
    _opened.clear()
