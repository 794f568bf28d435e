"""A feed as a user sees it: one symbol of one exchange in one timeframe.

Promises: the candles come from `candles`, else from the file at `path`, else from the store, and are read when the
run needs them. Does not check them: the feed port does. Costs nothing until it is run.
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import Any, NamedTuple

from cracktrader.engine.identifiers import parse_identifier, parse_venue
from cracktrader.feeds.candles import Candle, timeframe_ms
from cracktrader.feeds.csv_cursor import CsvFeedCursor
from cracktrader.feeds.cursors import Cursor, InMemoryFeedCursor


class FeedBar(NamedTuple):
    """A bar in floats; `time` is when it closed, in nanoseconds since 1970 UTC."""

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class CandleFeed:
    """`bar` is the last bar of the run under way, None before the first; `store` is what it was made with."""

    def __init__(
        self,
        *,
        symbol: str,
        exchange: str,
        store: Any,
        timeframe: str = "1m",
        candles: Iterable[Candle] | None = None,
        path: str | PathLike[str] | None = None,
    ) -> None:
        timeframe_ms(timeframe)
        self.symbol = parse_identifier(symbol, "symbol")
        self.exchange = parse_venue(exchange, "exchange")
        self.name = parse_identifier(f"{exchange}:{symbol}:{timeframe}", "the name of the feed")
        self.store = store
        self.timeframe = timeframe
        self.bar: FeedBar | None = None
        self._candles = candles
        self._path = path

    def cursor(self) -> Cursor:
        """A new cursor over the candles; KeyError when they are to come from the store and it has none."""
        identity: dict[str, Any] = {"venue": self.exchange, "instrument": self.symbol, "timeframe": self.timeframe}
        if self._candles is None and self._path is not None:
            return CsvFeedCursor(self.name, self._path, **identity)
        candles = self.store.candles(self.symbol, self.timeframe) if self._candles is None else self._candles
        return InMemoryFeedCursor(self.name, candles, **identity)
