"""Sessions: an exchange by its name, with a store, feeds that share it, and one broker.

Promises: `close` may be called twice; what is asked of a closed session is a RuntimeError. Does not run anything:
`CracktraderEngine` does. Costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from cracktrader.engine.error import quoted
from cracktrader.factories import Broker, Feed, Store
from cracktrader.registry import classes_of

MODES = ("paper", "backtest", "live")


class Session:
    """What belongs to one exchange; `options` are the store's."""

    def __init__(self, name: str, mode: str = "paper", **options: Any) -> None:
        if mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, not {quoted(mode)}")
        self.name = name
        self.mode = mode
        self._store = Store(name, **options)
        self._feeds: list[Any] = []
        self._broker: Any = None
        self._is_closed = False

    @property
    def store(self) -> Any:
        """The store that the session's feeds share."""
        self._require_open()
        return self._store

    def feed(self, symbol: str, timeframe: str = "1m", **options: Any) -> Any:
        """A feed of this exchange; options: `candles` or `path`."""
        self._require_open()
        feed = Feed(symbol=symbol, exchange=self.name, store=self._store, timeframe=timeframe, **options)
        self._feeds.append(feed)
        return feed

    def feeds(self, symbols: Iterable[str | tuple[str, str]]) -> list[Any]:
        """A feed for each symbol, or for each (symbol, timeframe)."""
        return [self.feed(entry) if isinstance(entry, str) else self.feed(*entry) for entry in symbols]

    def broker(self, **options: Any) -> Any:
        """The session's one broker; its options (see `Broker`) are named at the first call, else a ValueError."""
        self._require_open()
        if self._broker is None:
            self._broker = Broker(self.mode, self.name, self._store, **options)
        elif options:
            raise ValueError(
                f"the session has its broker already; name {', '.join(options)} when it is asked for first"
            )
        return self._broker

    def summary(self) -> dict[str, Any]:
        """`exchange`, `mode`, `feeds` (names), `cash` and `positions` (by `"venue:instrument"`), in whole units."""
        account = self.broker().account
        return {
            "exchange": self.name,
            "mode": self.mode,
            "feeds": [feed.name for feed in self._feeds],
            "cash": account.cash,
            "positions": account.positions,
        }

    def close(self) -> None:
        """End the session; once more changes nothing."""
        self._is_closed = True

    def __enter__(self) -> Self:
        self._require_open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _require_open(self) -> None:
        if self._is_closed:
            raise RuntimeError(f"the session of {quoted(self.name)} is closed; open another with exchange()")


def exchange(name: str, mode: str = "paper", **options: Any) -> Any:
    """A session of this exchange, of its own class where it was registered with one; options are the store's."""
    session_cls = classes_of(name).session_cls or Session
    return session_cls(name, mode, **options)
