"""A feed of ours as a data feed of backtrader.

Promises: the candles are checked as in every run, and arrive as floats, at the time at which they close. Costs one
normalisation a candle.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import backtrader as bt

from cracktrader.candle_feed import CandleFeed
from cracktrader.feeds.ports import Batch, InMemoryFeedPort

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CandleData(bt.feed.DataBase):
    """The candles of `feed`, a `CandleFeed`."""

    params = (("feed", None),)

    def __init__(self) -> None:
        super().__init__()
        self.feed: Any = self.p.feed
        self._name = self.feed.name
        self.venue, self.instrument = self.feed.exchange, self.feed.symbol
        self._batch: Batch = []

    def start(self) -> None:
        """Begin with the first candle."""
        super().start()
        self._port = InMemoryFeedPort([self.feed.cursor()])
        self._batch = []

    def _load(self) -> bool:
        if not self._batch:
            self._batch = list(self._port.next_batch() or ())
        if not self._batch:
            return False
        event, _ = self._batch.pop(0)
        closed_at = EPOCH + timedelta(microseconds=event["event_time"] // 1_000)
        self.lines.datetime[0] = bt.date2num(closed_at.replace(tzinfo=None))
        for name in ("open", "high", "low", "close", "volume"):
            getattr(self.lines, name)[0] = float(event["payload"][name])
        self.lines.openinterest[0] = 0.0
        return True


def candle_data(feed: CandleFeed) -> Any:
    """The data feed of backtrader over this feed of ours."""
    make: Any = CandleData  # its metaclass takes the parameters, which a type checker cannot see
    return make(feed=feed)
