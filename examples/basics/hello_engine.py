"""The smallest run: candles in memory, a callback that buys once, the simulated broker."""

from __future__ import annotations

import argparse
from typing import Any

import cracktrader as ct

CANDLES = [(minute * 60_000, 100 + minute, 102 + minute, 99 + minute, 101 + minute, 5) for minute in range(5)]


def buy_once(context: Any) -> list[dict[str, Any]]:
    """Buy one at the market, at the first event of the run."""
    if context.step > 0:
        return []
    order = {
        "order_id": "hello-1",
        "venue": "sim",
        "instrument": "BTC/USDT",
        "side": "buy",
        "order_type": "market",
        "quantity": 1,
    }
    return [{"intent_type": "place_order", "payload": order, "strategy_id": "hello"}]


def main(engine_backend: ct.Backend = "python") -> None:
    """Run it, and print how it ended."""
    feed_port = ct.InMemoryFeedPort([ct.InMemoryFeedCursor("BTC/USDT", CANDLES, timeframe="1m")])
    engine = ct.CracktraderEngine(engine_backend=engine_backend)
    summary = engine.run_native(feed_port=feed_port, strategy_callback=buy_once, initial_cash=1000)
    print(f"steps {summary.steps}, cash {summary.cash}, positions {summary.positions}")
    print("Engine run complete")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine-backend", choices=("python", "rust"), default="python")
    main(parser.parse_args().engine_backend)
