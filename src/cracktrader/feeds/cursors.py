"""Cursors: where the candles of one feed come from.

Promises: a cursor says what its candles are of, and iterates over them raw, in its order. Does not check them: the
ports do, candle by candle. Costs nothing beyond the source itself: one candle is read ahead, never the whole.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator

from cracktrader.engine.identifiers import parse_identifier, parse_venue
from cracktrader.feeds.candles import Candle, timeframe_ms


class FeedIdentity:
    """What every cursor is told: its name, the venue, the instrument (by default the name), and the timeframe.

    `line` is the line of a file that was read last, else None. MalformedInputError for names that are no identifiers,
    ValueError for an unknown timeframe.
    """

    line: int | None = None

    def __init__(self, data_name: str, venue: str, instrument: str | None, timeframe: str | None) -> None:
        self.data_name = parse_identifier(data_name, "data_name")
        self.venue = parse_venue(venue, "venue")
        self.instrument = self.data_name if instrument is None else parse_identifier(instrument, "instrument")
        self.timeframe = timeframe
        self.bar_ms = timeframe_ms(timeframe)


class Cursor(FeedIdentity, ABC):
    """A cursor that a sync port reads: an identity that can be iterated."""

    @abstractmethod
    def __iter__(self) -> Iterator[Candle]:
        """The candles, from the first on."""


class InMemoryFeedCursor(Cursor):
    """Candles out of any iterable, which is read once and one candle ahead."""

    def __init__(
        self,
        data_name: str,
        candles: Iterable[Candle],
        *,
        venue: str = "sim",
        instrument: str | None = None,
        timeframe: str | None = None,
    ) -> None:
        super().__init__(data_name, venue, instrument, timeframe)
        self._candles = candles

    def __iter__(self) -> Iterator[Candle]:
        return iter(self._candles)


class AsyncFeedCursor(FeedIdentity):
    """Candles out of an async iterable, which is read once and one candle ahead."""

    def __init__(
        self,
        data_name: str,
        candles: AsyncIterable[Candle],
        *,
        venue: str = "sim",
        instrument: str | None = None,
        timeframe: str | None = None,
    ) -> None:
        super().__init__(data_name, venue, instrument, timeframe)
        self._candles = candles

    def __aiter__(self) -> AsyncIterator[Candle]:
        return aiter(self._candles)
