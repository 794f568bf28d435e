"""Synthetic candles and a crossover strategy: the run that the backend benchmark, the parity gate and the year share.

Promises: integers of cents from a linear congruential generator, so the same candles on every machine and in every
version of Python; candles are made one at a time. Costs 2 us a candle.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from cracktrader import FeeModel, InMemoryFeedCursor, InMemoryFeedPort, SimulatedBroker

VENUE = "synthetic"
INSTRUMENT = "BTC/USDT"
MINUTE_MS = 60_000  # the bars are minutes, as those of most feeds

Candle = tuple[int, str, str, str, str, int]


def candles(count: int, seed: int = 1) -> Iterator[Candle]:
    """`count` minutes of a random walk around 100.00, from the beginning of 2024 on."""
    state, price = seed, 10_000
    for minute in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        moves = [(state >> shift) % 41 for shift in (8, 20, 32, 44)]
        open_, close = price, max(1_000, price + moves[0] - 20)
        high, low = max(open_, close) + moves[1], min(open_, close) - moves[2]
        yield 1_704_067_200_000 + minute * MINUTE_MS, cents(open_), cents(high), cents(low), cents(close), 1 + moves[3]
        price = close


def cents(amount: int) -> str:
    """Decimal text of a positive number of cents."""
    return f"{amount // 100}.{amount % 100:02}"


class Crossover:
    """Long while the fast average of closes is above the slow one, else short; it turns with a market order."""

    # Ten and fifty bars: usual averages of this kind, and close enough to cross thousands of times in a year.
    def __init__(self, fast: int = 10, slow: int = 50) -> None:
        self._fast: deque[int] = deque(maxlen=fast)
        self._slow: deque[int] = deque(maxlen=slow)
        self._sums = [0, 0]
        self._orders = 0
        self._side = ""

    def __call__(self, context: Any) -> list[dict[str, Any]]:
        """The runner's strategy callback."""
        event = context.event
        if event["event_type"] != "bar":
            return []
        close = round(float(event["payload"]["close"]) * 100)
        for place, window in enumerate((self._fast, self._slow)):
            self._sums[place] += close - (window[0] if len(window) == window.maxlen else 0)
            window.append(close)
        if len(self._slow) < (self._slow.maxlen or 0):
            return []
        is_above = self._sums[0] * len(self._slow) > self._sums[1] * len(self._fast)
        return self._turn("buy" if is_above else "sell")

    def _turn(self, side: str) -> list[dict[str, Any]]:
        if side == self._side:
            return []
        quantity = 2 if self._side else 1
        self._side = side
        self._orders += 1
        order = {
            "order_id": f"x-{self._orders}",
            "venue": VENUE,
            "instrument": INSTRUMENT,
            "side": side,
            "order_type": "market",
            "quantity": quantity,
        }
        return [{"intent_type": "place_order", "payload": order, "strategy_id": "crossover"}]


def parts(bars: int, seed: int = 1) -> dict[str, Any]:
    """The arguments of `run_native` for a run over this many bars, but for the backend."""
    cursor = InMemoryFeedCursor(INSTRUMENT, candles(bars, seed), venue=VENUE, timeframe="1m")
    return {
        "feed_port": InMemoryFeedPort([cursor]),
        "strategy_callback": Crossover(),
        "broker_callback": SimulatedBroker(fees=FeeModel("0.0002", "0.0005"), participation="0.1"),
        "initial_cash": 10_000,
    }
