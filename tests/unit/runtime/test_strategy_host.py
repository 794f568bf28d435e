"""Strategies of a user: who is told what, when, and with which getters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import cracktrader as ct

MakeCandles = Callable[..., list[tuple[Any, ...]]]


class Recorder(ct.Strategy):
    """Buys 3 at the first bar, and writes down all that it is told."""

    def __init__(self, quantity: Any = 3) -> None:
        self.quantity = quantity
        self.told: list[tuple[Any, ...]] = []

    def start(self) -> None:
        """The starting values."""
        self.told.append(("start", self.broker.getcash(), self.feed.bar))

    def next(self) -> None:
        """The bar's close and the account."""
        self.told.append(("next", self.feed.bar.close, self.broker.getcash(), self.broker.getposition(self.feed)))
        if len(self.told) == 2:
            self.order = self.buy(self.quantity)

    def notify_order(self, order: ct.StrategyOrder) -> None:
        """The status and the account after it."""
        held = self.broker.getposition(order.feed)
        self.told.append((order.order_id, order.status, order.cumulative, order.leaves, self.broker.getcash(), held))

    def notify_refusal(self, order: ct.StrategyOrder) -> None:
        """The code."""
        self.told.append((order.order_id, order.refusal))

    def stop(self) -> None:
        """The value at the end."""
        self.told.append(("stop", self.broker.getvalue()))


def run(strategy_class: Any, rows: list[Any], **broker: Any) -> tuple[Any, ct.RunSummary]:
    """Run one strategy over one feed; the strategy as it was at the end."""
    made: list[Any] = []

    def make(**arguments: Any) -> Any:
        made.append(strategy_class(**arguments))
        return made[-1]

    engine = ct.CracktraderEngine()
    engine.add_feed(ct.Feed(symbol="BTC/USDT", exchange="demo", candles=rows))
    make_strategy: Any = make
    engine.add_strategy(make_strategy)
    engine.set_broker(ct.Broker(**({"cash": 1000} | broker)))
    summary = engine.run()
    return made[-1], summary


def test_a_strategy_hears_of_everything_in_order(candles: MakeCandles) -> None:
    """Each transition by itself, before the next event, with cash and position as they stand after it."""
    strategy, _ = run(Recorder, candles(4), participation="0.4")
    assert strategy.told == [
        ("start", 1000.0, None),
        ("next", 101.0, 1000.0, 0.0),
        ("Recorder-1", "CREATED", "0", "3", 1000.0, 0.0),
        ("Recorder-1", "SUBMITTED", "0", "3", 1000.0, 0.0),
        ("Recorder-1", "ACCEPTED", "0", "3", 1000.0, 0.0),
        ("next", 102.0, 1000.0, 0.0),
        ("Recorder-1", "PARTIALLY_FILLED", "2", "1", 798.0, 2.0),
        ("next", 103.0, 798.0, 2.0),
        ("Recorder-1", "FILLED", "3", "0", 696.0, 3.0),
        ("next", 104.0, 696.0, 3.0),
        ("stop", 696.0 + 3 * 104),
    ]


def test_a_refusal_is_told(candles: MakeCandles) -> None:
    """The core's code is on the order, which never came to be."""

    class Reducer(Recorder):
        def next(self) -> None:
            if len(self.told) == 1:
                self.sell(1, reduce_only=True)

    strategy, summary = run(Reducer, candles(2))
    assert strategy.told[1:-1] == [("Reducer-1", "reduce_only_violation")]
    assert summary.intents_refused == 1


def test_order_types_follow_from_the_prices(candles: MakeCandles) -> None:
    """None, a limit, a stop, both."""

    class Four(ct.Strategy):
        def next(self) -> None:
            if not hasattr(self, "orders"):
                prices: list[dict[str, Any]] = [{}, {"limit_price": 90}, {"stop_price": 200}]
                prices.append({"limit_price": 210, "stop_price": 200})
                self.orders = [self.buy(1, **terms) for terms in prices]

    strategy, _ = run(Four, candles(2))
    assert [order.order_type for order in strategy.orders] == ["market", "limit", "stop", "stop_limit"]
    assert [order.order_id for order in strategy.orders] == ["Four-1", "Four-2", "Four-3", "Four-4"]
    assert [order.status for order in strategy.orders] == ["FILLED", "ACCEPTED", "ACCEPTED", "ACCEPTED"]


def test_cancel_and_replace(candles: MakeCandles) -> None:
    """A resting order is replaced, then cancelled."""

    class Changer(ct.Strategy):
        bars = 0

        def next(self) -> None:
            self.bars += 1
            if self.bars == 1:
                self.order = self.buy(1, limit_price=50)
            elif self.bars == 2:
                self.replace(self.order, quantity=2, limit_price=60)
            elif self.bars == 3:
                self.quantity_replaced = self.order.leaves
                self.cancel(self.order)

    strategy, _ = run(Changer, candles(4))
    assert strategy.quantity_replaced == "2"
    assert strategy.order.status == "CANCELLED"


def test_orders_of_two_strategies_of_one_class_are_apart(candles: MakeCandles) -> None:
    """The second has a number in its name, and hears of its own orders alone."""
    told: dict[str, set[str]] = {}

    class Twin(ct.Strategy):
        def next(self) -> None:
            self.buy(1)

        def notify_order(self, order: ct.StrategyOrder) -> None:
            told.setdefault(self.name, set()).add(order.order_id.rsplit("-", 1)[0])

    engine = ct.CracktraderEngine()
    engine.add_feed(ct.Feed(symbol="BTC/USDT", exchange="demo", candles=candles(3)))
    engine.add_strategy(Twin)
    engine.add_strategy(Twin)
    engine.run()
    assert told == {"Twin": {"Twin"}, "Twin.2": {"Twin.2"}}


def test_next_is_told_which_feed(candles: MakeCandles) -> None:
    """Each bar of each feed, in the order of time, then of the feeds' names."""
    seen: list[tuple[str, int]] = []

    class Watcher(ct.Strategy):
        def next(self) -> None:
            assert self.feed in self.feeds
            seen.append((self.feed.symbol, self.feed.bar.time // 60_000_000_000))

    engine = ct.CracktraderEngine()
    for symbol in ("ETH/USDT", "BTC/USDT"):
        engine.add_feed(ct.Feed(symbol=symbol, exchange="demo", candles=candles(2)))
    engine.add_strategy(Watcher)
    engine.run()
    assert seen == [("BTC/USDT", 1), ("ETH/USDT", 1), ("BTC/USDT", 2), ("ETH/USDT", 2)]


def test_a_bad_quantity_is_told_where_it_is_asked_for(candles: MakeCandles) -> None:
    """The step fails at STRATEGY, quoting it."""
    with pytest.raises(ct.StepError, match="'-3'") as caught:
        run(lambda: Recorder("-3"), candles(2))
    assert (caught.value.stage, caught.value.step) == ("STRATEGY", 0)


def test_after_the_run_nothing_can_be_asked_for(candles: MakeCandles) -> None:
    """`stop` comes after the last event."""

    class Late(ct.Strategy):
        def stop(self) -> None:
            self.buy(1)

    with pytest.raises(RuntimeError, match="after the last event"):
        run(Late, candles(1))


def test_an_engine_runs_twice_alike(candles: MakeCandles) -> None:
    """New strategies, new books, the starting cash again."""
    engine = ct.CracktraderEngine()
    engine.add_feed(ct.Feed(symbol="BTC/USDT", exchange="demo", candles=candles(5)))
    engine.add_strategy(Recorder, quantity=2)
    assert engine.run() == engine.run()


def test_a_run_needs_a_feed_and_one_timeframe(candles: MakeCandles) -> None:
    """Two timeframes of one instrument could not be told apart."""
    engine = ct.CracktraderEngine()
    with pytest.raises(ValueError, match="add_feed"):
        engine.run()
    engine.add_feed(ct.Feed(symbol="BTC/USDT", exchange="demo", candles=candles(1)))
    with pytest.raises(ValueError, match="demo:BTC/USDT"):
        engine.add_feed(ct.Feed(symbol="BTC/USDT", exchange="demo", timeframe="1h", candles=candles(1)))
