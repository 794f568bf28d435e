"""Feeds: candles from memory, from files and from async sources, as batches of unsequenced events.

`ports` merges `cursors` by time; a candle's way to an event is `candles`. docs/runtime.md, section 8, is the contract.
"""

from __future__ import annotations

from cracktrader.feeds.csv_cursor import CsvFeedCursor
from cracktrader.feeds.cursors import AsyncFeedCursor, InMemoryFeedCursor
from cracktrader.feeds.error import FeedError
from cracktrader.feeds.ports import AsyncFeedPort, InMemoryFeedPort

__all__ = ["AsyncFeedCursor", "AsyncFeedPort", "CsvFeedCursor", "FeedError", "InMemoryFeedCursor", "InMemoryFeedPort"]
