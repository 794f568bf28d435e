"""A lane: one cursor's candles inside a port, gathered into groups of equal time.

Promises: a group is complete only when the candle after it was seen, or the end, or a fault; a fault comes to light
when its turn comes, after all that stood before it, and stays. Does not read: the port does, so that one lane
serves sync and async ports. Costs one candle of look-ahead.
"""

from __future__ import annotations

from cracktrader.engine.backends import EventNormalizerProtocol
from cracktrader.engine.error import MalformedInputError
from cracktrader.feeds.candles import UnsequencedEvent, candle_event
from cracktrader.feeds.cursors import FeedIdentity
from cracktrader.feeds.error import FeedError


class Lane:
    """The state of one cursor: the group that is next, the candle that follows it, and whether it ended."""

    def __init__(self, cursor: FeedIdentity) -> None:
        self.cursor = cursor
        self._group: list[UnsequencedEvent] = []
        self._following: UnsequencedEvent | None = None
        self._fault: FeedError | None = None
        self._is_ended = False
        self._count = 0

    def wants_more(self) -> bool:
        """Whether the next group is not known to be complete."""
        return self._following is None and self._fault is None and not self._is_ended

    def take(self, normalizer: EventNormalizerProtocol, candle: object) -> None:
        """The next candle of the cursor; its fault is kept until its turn."""
        cursor = self.cursor
        try:
            event = candle_event(normalizer, cursor.venue, cursor.instrument, candle, cursor.bar_ms)
        except MalformedInputError as error:
            self.fail(error)
            return
        if not self._group or event["event_time"] == self._group[0]["event_time"]:
            self._group.append(event)
        elif event["event_time"] > self._group[0]["event_time"]:
            self._following = event
        else:
            last, time = self._group[0]["event_time"], event["event_time"]
            self._fault = FeedError(f"time goes back from {last} to {time}", "time_regression", *self._place())
        self._count += 1

    def end(self) -> None:
        """The cursor has no more."""
        self._is_ended = True

    def fail(self, cause: Exception) -> None:
        """The cursor, or its next candle, is faulty."""
        code = cause.code if isinstance(cause, MalformedInputError) else "unreadable"
        self._fault = FeedError(str(cause) or type(cause).__name__, code, *self._place())
        self._fault.__cause__ = cause

    def next_time(self) -> int | None:
        """The time of the next group, or None at the end; raises the fault when it is its turn."""
        if self._group:
            time: int = self._group[0]["event_time"]
            return time
        if self._fault is not None:
            raise self._fault
        return None

    def pop(self) -> list[UnsequencedEvent]:
        """The next group, taken out."""
        group, self._group = self._group, []
        if self._following is not None:
            self._group.append(self._following)
            self._following = None
        return group

    def _place(self) -> tuple[str, int, int | None]:
        return self.cursor.data_name, self._count, self.cursor.line
