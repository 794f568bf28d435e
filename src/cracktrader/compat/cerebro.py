"""`Cerebro`: the real one of backtrader, with the engine's broker.

Promises: everything of `backtrader.Cerebro`, plus feeds of ours in `adddata`; the broker is an `EngineBroker`, and
notifications are given when they happen (`quicknotify`), which is what keeps the getters in step with them. Does not
change backtrader. Costs what backtrader costs, and the engine's steps.
"""

from __future__ import annotations

from typing import Any

import backtrader as bt

from cracktrader.broker_sim.fees import FeeModel
from cracktrader.candle_feed import CandleFeed
from cracktrader.compat.candle_data import candle_data
from cracktrader.compat.engine_broker import EngineBroker
from cracktrader.engine.backends import Backend


class Cerebro(bt.Cerebro):
    """Options: those of the broker (see `Broker`), and `backtrader.Cerebro`'s own."""

    params = (("quicknotify", True),)

    def __init__(
        self,
        *,
        engine_backend: Backend = "python",
        cash: float | str = 10000,  # as Backtrader's own broker begins
        fees: FeeModel | None = None,
        latency_bars: int = 1,
        participation: float | str | None = None,
    ) -> None:
        super().__init__()
        broker = EngineBroker(
            engine_backend=engine_backend,
            cash=cash,
            fees=fees,
            latency_bars=latency_bars,
            participation=participation,
        )
        self.setbroker(broker)

    def adddata(self, data: Any, name: str | None = None) -> Any:
        """Add a data feed of backtrader, or a feed of ours."""
        return super().adddata(candle_data(data) if isinstance(data, CandleFeed) else data, name)
