"""One run in two halves: the first on one backend, the second on the other, from a checkpoint. Offline.

The strategy keeps nothing for itself (it asks the view), so it can go on from anywhere.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import cracktrader as ct

CANDLES = [(minute * 60_000, 100 + minute % 7, 108, 96, 100 + minute % 5, 9) for minute in range(200)]
STOP_AFTER_STEPS = 300


def swing(context: Any) -> list[dict[str, Any]]:
    """Buy one below 102 when flat, sell it above 103."""
    event = context.event
    if event["event_type"] != "bar" or context.view.open_orders():
        return []
    held, close = context.view.position("sim", "BTC/USDT"), float(event["payload"]["close"])
    side = "buy" if not held and close < 102 else "sell" if held and close > 103 else None
    if side is None:
        return []
    order = {
        "order_id": f"swing-{context.step}",
        "venue": "sim",
        "instrument": "BTC/USDT",
        "side": side,
        "order_type": "market",
        "quantity": 1,
    }
    return [{"intent_type": "place_order", "payload": order, "strategy_id": "swing"}]


def runtime(backend: ct.Backend, **parts: Any) -> ct.CerebroEngineRuntime:
    """A runtime over the whole feed; after `resume_from` it skips what the first half has seen."""
    feed_port = ct.InMemoryFeedPort([ct.InMemoryFeedCursor("BTC/USDT", CANDLES, timeframe="1m")])
    return ct.CerebroEngineRuntime(
        engine_backend=backend, feed_port=feed_port, strategy=swing, initial_cash=1000, **parts
    )


def main(engine_backend: ct.Backend = "python") -> None:
    """The run in one piece, then in two, and whether they end alike."""
    other: ct.Backend = "python" if engine_backend == "rust" else "rust"
    whole = runtime(engine_backend).run()
    with tempfile.TemporaryDirectory() as directory:
        checkpoint = Path(directory) / "checkpoint.json"

        def stop_early(record: Any, _view: Any) -> None:
            if record["step"] + 1 == STOP_AFTER_STEPS:
                first.runner.stop()

        first = runtime(engine_backend, checkpoint=checkpoint, observers=[stop_early])
        half = first.run()
        rest = runtime(other, resume_from=checkpoint).run()
    print(f"{engine_backend}: {half.steps} steps, then {other}: {rest.steps} steps, cash {rest.cash}")
    print(f"same end as in one piece -> {rest.digest == whole.digest}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine-backend", choices=("python", "rust"), default="python")
    main(parser.parse_args().engine_backend)
