"""Feed ports: cursors merged by time, batch by batch, sync or async.

Promises: a batch is every candle with the lowest time over all cursors, by cursor and then by place, each with its
cursor's place in the list as the producer. A port waits for a candle of every cursor that has not ended before it
gives a batch, so the order of arrival at an async edge cannot matter. Does not sequence: the runner does. Costs
O(cursors) a batch.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from cracktrader.engine.backends import EventNormalizerProtocol
from cracktrader.engine.error import quoted
from cracktrader.engine.rust_bridge import build_event_normalizer
from cracktrader.feeds.candles import UnsequencedEvent
from cracktrader.feeds.cursors import AsyncFeedCursor, Cursor, FeedIdentity
from cracktrader.feeds.lane import Lane

Batch = list[tuple[UnsequencedEvent, int]]

_END = object()


class _Merge:
    """What sync and async ports share: the lanes, and the pick of the lowest time."""

    def __init__(self, cursors: Sequence[FeedIdentity], normalizer: EventNormalizerProtocol | None) -> None:
        names = [cursor.data_name for cursor in cursors]
        if not names:
            raise ValueError("a feed port needs at least one cursor, not an empty list")
        repeated = next((name for index, name in enumerate(names) if name in names[:index]), None)
        if repeated is not None:
            raise ValueError(f"the names of a port's cursors must differ, but two are {quoted(repeated)}")
        self.normalizer = normalizer
        self._lanes = [Lane(cursor) for cursor in cursors]
        self._dropped_until = -1

    def skip(self, until: int) -> None:
        """Drop everything with an event time (ns) up to and including this one."""
        self._dropped_until = max(self._dropped_until, until)

    def _active_normalizer(self) -> EventNormalizerProtocol:
        if self.normalizer is None:
            self.normalizer = build_event_normalizer("python", mode="backtest")
        return self.normalizer

    def _pick(self) -> Batch | None:
        """The next batch of lanes that are filled, None at the end, and an empty one for what is skipped."""
        times = [lane.next_time() for lane in self._lanes]
        lowest = min((time for time in times if time is not None), default=None)
        if lowest is None:
            return None
        chosen = [(producer, self._lanes[producer].pop()) for producer, time in enumerate(times) if time == lowest]
        if lowest <= self._dropped_until:
            return []
        return [(event, producer) for producer, group in chosen for event in group]


class InMemoryFeedPort(_Merge):
    """A port over cursors that are iterated in this process: in memory, from a file, or of one's own make.

    `normalizer` is the one that the candles go through; a runtime sets it to its own backend's when it is None.
    ValueError for no cursor, or for two of one name.
    """

    def __init__(
        self,
        cursors: Sequence[Cursor],
        *,
        normalizer: EventNormalizerProtocol | None = None,
    ) -> None:
        super().__init__(cursors, normalizer)
        self._sources: list[Iterator[Any]] = [_read(cursor) for cursor in cursors]

    def next_batch(self) -> Batch | None:
        """The next batch, or None at the end; FeedError for a candle that cannot be taken."""
        normalizer = self._active_normalizer()
        while True:
            for lane, source in zip(self._lanes, self._sources, strict=True):
                while lane.wants_more():
                    _fill(lane, source, normalizer)
            batch = self._pick()
            if batch is None or batch:
                return batch


class AsyncFeedPort(_Merge):
    """The same merge over async cursors."""

    def __init__(
        self, cursors: Sequence[AsyncFeedCursor], *, normalizer: EventNormalizerProtocol | None = None
    ) -> None:
        super().__init__(cursors, normalizer)
        self._sources: list[AsyncIterator[Any]] = [_read_async(cursor) for cursor in cursors]

    async def next_batch(self) -> Batch | None:
        """The next batch, or None at the end; FeedError for a candle that cannot be taken."""
        normalizer = self._active_normalizer()
        while True:
            for lane, source in zip(self._lanes, self._sources, strict=True):
                while lane.wants_more():
                    await _fill_async(lane, source, normalizer)
            batch = self._pick()
            if batch is None or batch:
                return batch


def _read(cursor: Cursor) -> Iterator[Any]:
    yield from cursor


async def _read_async(cursor: AsyncFeedCursor) -> AsyncIterator[Any]:
    async for candle in cursor:
        yield candle


def _fill(lane: Lane, source: Iterator[Any], normalizer: EventNormalizerProtocol) -> None:
    try:
        candle = next(source, _END)
    except Exception as error:  # noqa: BLE001 - whatever the source raises ends the feed, and is told as its cause
        lane.fail(error)
        return
    if candle is _END:
        lane.end()
    else:
        lane.take(normalizer, candle)


async def _fill_async(lane: Lane, source: AsyncIterator[Any], normalizer: EventNormalizerProtocol) -> None:
    try:
        candle = await anext(source, _END)
    except Exception as error:  # noqa: BLE001 - as above
        lane.fail(error)
        return
    if candle is _END:
        lane.end()
    else:
        lane.take(normalizer, candle)
