"""Brokers as a user sees them: the account, and what the engine is to connect it to.

Promises: `getcash`, `getvalue` and `getposition` show the starting values before a run, and the run's own during and
after it. The built-in one is the simulated broker; for a live one see `register_exchange`. Costs nothing until run.
"""

from __future__ import annotations

from typing import Any, ClassVar

from cracktrader.account import Account
from cracktrader.broker_sim.fees import NO_FEES, FeeModel
from cracktrader.broker_sim.simulated import SimulatedBroker
from cracktrader.engine.domain import MONEY_SCALE
from cracktrader.engine.error import quoted
from cracktrader.engine.numbers import parse_money


class PaperBroker:
    """A broker for `paper` and `backtest`; `cash` is a number on the 1e-16 grid, the rest is the simulated broker's.

    A class of a live broker derives from this one, names its `MODES`, and gives its own callback in `connect`.
    """

    MODES: ClassVar[tuple[str, ...]] = ("paper", "backtest")

    def __init__(
        self,
        mode: str = "paper",
        exchange: str | None = None,
        store: Any = None,
        *,
        cash: float | str = 10000,  # the usual account of an example (docs/runtime.md)
        fees: FeeModel | None = None,
        latency_bars: int = 1,
        participation: float | str | None = None,
    ) -> None:
        if mode not in self.MODES:
            raise ValueError(
                f"mode must be one of {', '.join(self.MODES)}, not {quoted(mode)}; another broker is brought in with "
                "register_exchange(name, broker_cls=...)"
            )
        self.mode = mode
        self.exchange = exchange
        self.store = store
        self.initial_cash = cash
        self._simulation: dict[str, Any] = {
            "fees": fees or NO_FEES,
            "latency_bars": latency_bars,
            "participation": participation,
        }
        self.connect()  # wrong options are refused here, not when the run begins
        self.account = Account(float(parse_money(cash, "cash")) / MONEY_SCALE)

    def getcash(self) -> float:
        """Cash in whole units; it moves when an order fills, not when it is placed."""
        return self.account.cash

    def getvalue(self) -> float:
        """Cash, and each position at the close of its last bar."""
        return self.account.value

    def getposition(self, feed: Any) -> float:
        """The signed quantity held of the feed's instrument."""
        return self.account.position(feed.exchange, feed.symbol)

    def connect(self) -> Any:
        """A new callback for the runner; called once a run."""
        return SimulatedBroker(**self._simulation)
