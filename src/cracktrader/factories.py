"""The factories `Store`, `Feed` and `Broker`: one call a noun, of the exchange's own class where it has one.

Promises: each gives the class that the exchange was registered with, else the built-in one. Costs a look-up.
"""

# They read as the nouns that they make, hence their capitals.
# ruff: noqa: N802

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import Any

from cracktrader.broker_sim.fees import FeeModel
from cracktrader.brokers import PaperBroker
from cracktrader.candle_feed import CandleFeed
from cracktrader.feeds.candles import Candle
from cracktrader.registry import classes_of
from cracktrader.stores import open_store


def Store(exchange: str, **options: Any) -> Any:
    """The one store of this exchange in this process; see `cracktrader.stores.CandleStore`.

    ValueError for other options than it was opened with; none at all always gives the store that there is.
    """
    return open_store(exchange, options)


def Feed(
    *,
    symbol: str,
    exchange: str,
    store: Any = None,
    timeframe: str = "1m",
    candles: Iterable[Candle] | None = None,
    path: str | PathLike[str] | None = None,
) -> Any:
    """A feed of one symbol, named `<exchange>:<symbol>:<timeframe>`; see `cracktrader.candle_feed.CandleFeed`."""
    factory = classes_of(exchange).feed_factory or CandleFeed
    used = Store(exchange) if store is None else store
    return factory(symbol=symbol, exchange=exchange, store=used, timeframe=timeframe, candles=candles, path=path)


def Broker(
    mode: str = "paper",
    exchange: str | None = None,
    store: Any = None,
    *,
    cash: float | str = 10000,  # the usual account of an example (docs/runtime.md)
    fees: FeeModel | None = None,
    latency_bars: int = 1,
    participation: float | str | None = None,
) -> Any:
    """A broker with this starting cash; see `cracktrader.brokers.PaperBroker`."""
    broker_cls = classes_of(exchange).broker_cls or PaperBroker
    return broker_cls(
        mode, exchange, store, cash=cash, fees=fees, latency_bars=latency_bars, participation=participation
    )
