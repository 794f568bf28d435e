"""The signatures of the user's API, frozen: a change here is a change for every caller."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import cracktrader as ct

SIGNATURES: dict[str, str] = {
    "AsyncFeedCursor": "(data_name, candles, *, venue='sim', instrument=None, timeframe=None)",
    "AsyncFeedPort": "(cursors, *, normalizer=None)",
    "Broker": "(mode='paper', exchange=None, store=None, *, cash=10000, fees=None, latency_bars=1, participation=None)",
    "Cerebro": "(*, engine_backend='python', cash=10000, fees=None, latency_bars=1, participation=None)",
    "CerebroEngineRuntime": (
        "(*, engine_backend='python', mode='backtest', initial_cash=0, strategy=None, broker=None, feed_port, "
        "observers=(), invariants='strict', log=None, checkpoint=None, checkpoint_every=0, resume_from=None, "
        "digest_every=0)"
    ),
    "CerebroEngineRuntime.run": "(self)",
    "CerebroEngineRuntime.run_async": "(self)",
    "CracktraderEngine": "(*, engine_backend='python', mode='backtest', invariants='strict')",
    "CracktraderEngine.add_feed": "(self, feed)",
    "CracktraderEngine.add_strategy": "(self, strategy_class, **arguments)",
    "CracktraderEngine.run": "(self)",
    "CracktraderEngine.run_native": (
        "(self, *, feed_port, strategy_callback=None, broker_callback=None, initial_cash=0, engine_backend=None, "
        "observers=(), log=None, checkpoint=None, resume_from=None, digest_every=0)"
    ),
    "CracktraderEngine.run_native_async": (
        "(self, *, feed_port, strategy_callback=None, broker_callback=None, initial_cash=0, engine_backend=None, "
        "observers=(), log=None, checkpoint=None, resume_from=None, digest_every=0)"
    ),
    "CracktraderEngine.set_broker": "(self, broker)",
    "CsvFeedCursor": "(data_name, path, *, venue='sim', instrument=None, timeframe=None)",
    "Feed": "(*, symbol, exchange, store=None, timeframe='1m', candles=None, path=None)",
    "FeeModel": "(maker='0', taker='0', flat='0', asset='quote')",
    "InMemoryFeedCursor": "(data_name, candles, *, venue='sim', instrument=None, timeframe=None)",
    "InMemoryFeedPort": "(cursors, *, normalizer=None)",
    "LogReader": "(path, *, allow_torn=False)",
    "ReplayRunner": "(log, *, backend='python', checkpoint=None, checker=None)",
    "Session": "(name, mode='paper', **options)",
    "Session.broker": "(self, **options)",
    "Session.close": "(self)",
    "Session.feed": "(self, symbol, timeframe='1m', **options)",
    "Session.feeds": "(self, symbols)",
    "Session.summary": "(self)",
    "SimulatedBroker": (
        "(*, fees=FeeModel(maker='0', taker='0', flat='0', asset='quote'), latency_bars=1, participation=None)"
    ),
    "Store": "(exchange, **options)",
    "Strategy.buy": "(self, quantity, **terms)",
    "Strategy.cancel": "(self, order)",
    "Strategy.next": "(self)",
    "Strategy.notify_order": "(self, order)",
    "Strategy.notify_refusal": "(self, order)",
    "Strategy.replace": "(self, order, *, quantity=None, limit_price=None, stop_price=None)",
    "Strategy.sell": "(self, quantity, **terms)",
    "Strategy.start": "(self)",
    "Strategy.stop": "(self)",
    "build_core": "(initial_cash=0.0, backend='python')",
    "build_event_normalizer": "(backend='python', *, mode='backtest')",
    "build_invariant_checker": "(backend='python', *, initial_cash=0, mode='strict')",
    "build_sequencer": "(backend='python', *, first_seq_id=1, late='error')",
    "clear_stores": "()",
    "exchange": "(name, mode='paper', **options)",
    "is_rust_available": "()",
    "register_exchange": "(name, *, store_cls=None, broker_cls=None, feed_factory=None, session_cls=None)",
}


def named(name: str) -> Any:
    """The object of a dotted public name."""
    owner: Any = ct
    for part in name.split("."):
        owner = getattr(owner, part)
    return owner


def bare(callable_: Any) -> str:
    """The signature without annotations; of a class, that of its constructor."""
    target = callable_.__init__ if inspect.isclass(callable_) else callable_
    signature = inspect.signature(target)
    parameters = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    if inspect.isclass(callable_):
        parameters = parameters[1:]
    return str(signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty))


@pytest.mark.parametrize("name", SIGNATURES)
def test_signature(name: str) -> None:
    """Names, order, kinds and defaults are these."""
    assert bare(named(name)) == SIGNATURES[name]


@pytest.mark.parametrize("owner", ["CerebroEngineRuntime", "CracktraderEngine", "Session", "Strategy"])
def test_every_public_method_is_frozen(owner: str) -> None:
    """A new method is added to the table, too."""
    methods = {name for name, value in vars(named(owner)).items() if inspect.isfunction(value) and name[0] != "_"}
    assert {f"{owner}.{name}" for name in methods} <= SIGNATURES.keys()
