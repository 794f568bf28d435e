"""Stores, feeds, brokers and sessions, and exchanges of third parties."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import cracktrader as ct
from cracktrader import registry
from cracktrader.brokers import PaperBroker
from cracktrader.candle_feed import CandleFeed
from cracktrader.stores import CandleStore

MakeCandles = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def fresh_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test registers is gone after it."""
    monkeypatch.setattr(registry, "_registered", {})
    yield
    ct.clear_stores()


def test_a_store_is_one_object_an_exchange() -> None:
    """Also when it is asked for without its options."""
    store = ct.Store("demo", rateLimit=5)
    assert ct.Store("demo") is store
    assert ct.Store("demo", rateLimit=5) is store
    assert ct.Store("other") is not store


def test_a_store_with_other_options_is_refused() -> None:
    """The message says how to begin anew."""
    store = ct.Store("demo")
    with pytest.raises(ValueError, match="clear_stores"):
        ct.Store("demo", rateLimit=5)
    ct.clear_stores()
    assert ct.Store("demo", rateLimit=5) is not store


def test_candles_of_a_store(candles: MakeCandles) -> None:
    """What was loaded comes back; for anything else it says what there is."""
    store = ct.Store("demo")
    store.load("BTC/USDT", "1m", iter(candles(2)))
    assert store.candles("BTC/USDT", "1m") == candles(2)
    with pytest.raises(KeyError, match="BTC/USDT 1m"):
        store.candles("BTC/USDT", "1h")


def test_a_store_is_offline_unless_told_otherwise() -> None:
    """`fetch` names the option."""
    with pytest.raises(RuntimeError, match="allow_network=True"):
        ct.Store("demo").fetch("BTC/USDT")


def test_fetch_goes_through_ccxt(monkeypatch: pytest.MonkeyPatch, candles: MakeCandles) -> None:
    """The exchange's class gets the options, and its candles are kept; a stand-in for ccxt, without a network."""
    asked: list[Any] = []

    class Client:
        def __init__(self, options: dict[str, Any]) -> None:
            asked.append(options)

        def fetch_ohlcv(self, *arguments: Any) -> list[Any]:
            asked.append(arguments)
            return candles(3)

    monkeypatch.setitem(__import__("sys").modules, "ccxt", SimpleNamespace(exchanges=["demo"], demo=Client))
    store = ct.Store("demo", allow_network=True, rateLimit=5)
    store.fetch("BTC/USDT", "1h", since=7, limit=3)
    assert asked == [{"rateLimit": 5}, ("BTC/USDT", "1h", 7, 3)]
    assert store.candles("BTC/USDT", "1h") == candles(3)
    with pytest.raises(ValueError, match="'unknown'"):
        ct.Store("unknown", allow_network=True).fetch("BTC/USDT")


def test_fetch_without_ccxt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the extra."""
    monkeypatch.setitem(__import__("sys").modules, "ccxt", None)
    with pytest.raises(RuntimeError, match=r"cracktrader-engine\[ccxt\]"):
        ct.Store("demo", allow_network=True).fetch("BTC/USDT")


def test_a_feed_takes_candles_then_a_path_then_the_store(candles: MakeCandles, tmp_path: Path) -> None:
    """Each source, and the name of the feed."""
    path = tmp_path / "a.csv"
    path.write_text("timestamp,open,high,low,close,volume\n0,7,7,7,7,7\n", encoding="utf-8")
    store = ct.Store("demo")
    store.load("BTC/USDT", "1m", candles(3))
    common: dict[str, Any] = {"symbol": "BTC/USDT", "exchange": "demo"}
    given = ct.Feed(**common, candles=candles(2), path=path)
    assert given.name == "demo:BTC/USDT:1m"
    assert [len(list(feed.cursor())) for feed in (given, ct.Feed(**common, path=path), ct.Feed(**common))] == [2, 1, 3]
    assert ct.Feed(**common).store is store


@pytest.mark.parametrize("mode", ["live", "Paper", None])
def test_a_broker_is_paper_or_backtest(mode: Any) -> None:
    """For another the message names the way."""
    with pytest.raises(ValueError, match="register_exchange") as caught:
        ct.Broker(mode)
    assert repr(mode) in str(caught.value)


@pytest.mark.parametrize("options", [{"cash": "much"}, {"latency_bars": 0}, {"participation": 2}])
def test_wrong_options_of_a_broker_are_told_at_once(options: dict[str, Any]) -> None:
    """Not when the run begins."""
    with pytest.raises(ValueError, match=next(iter(options))):
        ct.Broker(**options)


def test_a_broker_shows_the_run(candles: MakeCandles) -> None:
    """The starting values before it, its end after it."""

    class Buyer(ct.Strategy):
        def start(self) -> None:
            self.buy(2)

    session = ct.exchange("demo", mode="backtest")
    feed, broker = session.feed("BTC/USDT", candles=candles(3)), session.broker(cash="500")
    assert (broker.getcash(), broker.getvalue(), broker.getposition(feed)) == (500.0, 500.0, 0.0)
    engine = ct.CracktraderEngine()
    engine.add_feed(feed)
    engine.add_strategy(Buyer)
    engine.set_broker(broker)
    engine.run()
    assert (broker.getcash(), broker.getvalue(), broker.getposition(feed)) == (298.0, 504.0, 2.0)
    assert session.summary() == {
        "exchange": "demo",
        "mode": "backtest",
        "feeds": ["demo:BTC/USDT:1m"],
        "cash": 298.0,
        "positions": {"demo:BTC/USDT": 2.0},
    }


def test_feeds_of_a_session_share_its_store() -> None:
    """By symbol, or by symbol and timeframe."""
    session = ct.exchange("demo")
    feeds = session.feeds(["BTC/USDT", ("ETH/USDT", "1h")])
    assert [feed.name for feed in feeds] == ["demo:BTC/USDT:1m", "demo:ETH/USDT:1h"]
    assert {id(feed.store) for feed in feeds} == {id(session.store)} == {id(ct.Store("demo"))}


def test_a_session_has_one_broker() -> None:
    """Its options are named when it is asked for first."""
    session = ct.exchange("demo")
    broker = session.broker(cash=5)
    assert session.broker() is broker
    with pytest.raises(ValueError, match="cash"):
        session.broker(cash=6)


def test_a_closed_session_says_so() -> None:
    """Closing twice is fine; whatever is asked afterwards is a RuntimeError."""
    with ct.exchange("demo") as session:
        session.feed("BTC/USDT")
    session.close()
    asked: list[Callable[[], Any]] = [
        lambda: session.store,
        lambda: session.feed("BTC/USDT"),
        lambda: session.feeds(["BTC/USDT"]),
        session.broker,
        session.summary,
        session.__enter__,
    ]
    for ask in asked:
        with pytest.raises(RuntimeError, match="closed"):
            ask()


def test_a_session_of_another_mode_is_refused() -> None:
    """The message quotes it; a live one needs an exchange that brings a broker."""
    with pytest.raises(ValueError, match="'dry'"):
        ct.exchange("demo", mode="dry")
    with pytest.raises(ValueError, match="register_exchange"):
        ct.exchange("demo", mode="live").broker()


class MyStore(CandleStore):
    """A third party's store."""


class MyBroker(PaperBroker):
    """A third party's broker, which also does live."""

    MODES = ("paper", "live")


class MyFeed(CandleFeed):
    """A third party's feed."""


class MySession(ct.Session):
    """A third party's session."""


def test_a_registered_exchange_brings_its_classes() -> None:
    """All four factories give them, and other exchanges stay as they are."""
    ct.register_exchange("mine", store_cls=MyStore, broker_cls=MyBroker, feed_factory=MyFeed, session_cls=MySession)
    session = ct.exchange("mine", mode="live")
    parts = [session, session.store, session.feed("A/B"), session.broker()]
    assert [type(part) for part in parts] == [MySession, MyStore, MyFeed, MyBroker]
    assert type(ct.Store("other")) is CandleStore


def test_a_name_is_registered_once() -> None:
    """The same again is no fault; other classes are."""
    ct.register_exchange("mine", store_cls=MyStore)
    ct.register_exchange("mine", store_cls=MyStore)
    with pytest.raises(ValueError, match="'mine'"):
        ct.register_exchange("mine", broker_cls=MyBroker)


@pytest.mark.parametrize("name", ["", "a:b", "a b", 7])
def test_a_name_is_an_identifier_without_a_colon(name: Any) -> None:
    """It becomes the venue of the exchange's events."""
    with pytest.raises(ct.MalformedInputError):
        ct.register_exchange(name)
