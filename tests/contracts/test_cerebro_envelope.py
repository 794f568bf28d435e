"""The broker envelope of `Cerebro`, on the real backtrader: what a strategy there may rely on."""

from __future__ import annotations

from typing import Any

import backtrader as bt
import pytest

import cracktrader as ct

Candle = tuple[Any, ...]


def candles(count: int = 40) -> list[Candle]:
    """Prices that rise and fall, with a volume of 4."""
    closes = [100 + (step * 7) % 11 for step in range(count)]
    return [(step * 60_000, close, close + 2, close - 2, close + 1, 4) for step, close in enumerate(closes)]


class Envelope(bt.Strategy):  # type: ignore[misc]
    """Places orders by a plan {bar: (method, arguments)} and writes down all that it is told."""

    params = (("plan", {}),)

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.around: list[tuple[float, float]] = []
        self.trades: list[tuple[float, float]] = []
        self.orders: list[Any] = []

    def next(self) -> None:
        """The plan's entry for this bar, with the cash before and after asking."""
        entry = self.p.plan.get(len(self))
        if entry is None:
            return
        method, arguments = entry
        before = self.broker.getcash()
        if method == "cancel":
            self.cancel(self.orders[-1])
        else:
            self.orders.append(getattr(self, method)(**arguments))
        self.around.append((before, self.broker.getcash()))

    def notify_order(self, order: Any) -> None:
        """Status, filled size, and what the getters show."""
        held, cash = self.broker.getposition(order.data).size, self.broker.getcash()
        self.told.append((order.getstatusname(), order.executed.size, held, cash))

    def notify_trade(self, trade: Any) -> None:
        """Profit before and after fees of a closed trade."""
        if trade.isclosed:
            self.trades.append((trade.pnl, trade.pnlcomm))


def run(plan: dict[int, Any], engine_backend: Any = "python", rows: list[Candle] | None = None, **options: Any) -> Any:
    """Run the plan; the strategy, with `.cerebro` on it."""
    cerebro = ct.Cerebro(engine_backend=engine_backend, **({"cash": 1000} | options))
    cerebro.adddata(ct.Feed(symbol="BTC/USDT", exchange="demo", candles=rows or candles()))
    cerebro.addstrategy(Envelope, plan=plan)
    return cerebro.run()[0]


def statuses(strategy: Any) -> list[str]:
    """The statuses told, in order."""
    return [status for status, *_ in strategy.told]


def test_cash_stands_still_until_a_fill(backend: Any) -> None:
    """Placing an order does not move it, whatever its type."""
    plan = {1: ("buy", {"size": 1}), 2: ("buy", {"size": 1, "exectype": bt.Order.Limit, "price": 1.0})}
    strategy = run(plan, backend)
    assert strategy.around[0] == (1000.0, 1000.0)
    assert strategy.around[1][0] == strategy.around[1][1]


def test_notifications_come_in_order_with_getters_in_step(backend: Any) -> None:
    """Submitted, Accepted, Partial, Completed; after each the position and the cash of that very moment."""
    strategy = run({1: ("buy", {"size": 3})}, backend, participation="0.5")
    second, third = (row[1] for row in candles()[1:3])
    assert strategy.told == [
        ("Submitted", 0, 0, 1000.0),
        ("Accepted", 0, 0, 1000.0),
        ("Partial", 2.0, 2.0, 1000.0 - 2 * second),
        ("Completed", 3.0, 3.0, 1000.0 - 2 * second - third),
    ]


def test_a_market_order_fills_at_the_next_open(backend: Any) -> None:
    """As backtrader's own broker does."""
    strategy = run({5: ("sell", {"size": 1})}, backend)
    assert strategy.orders[0].executed.price == candles()[5][1]


@pytest.mark.parametrize(
    ("arguments", "filled"),
    [
        ({"exectype": bt.Order.Limit, "price": 101.5}, True),
        ({"exectype": bt.Order.Limit, "price": 1.0}, False),
        ({"exectype": bt.Order.Stop, "price": 109.0}, True),
        ({"exectype": bt.Order.StopLimit, "price": 109.0, "plimit": 111.0}, True),
        ({"exectype": bt.Order.Stop, "price": 500.0}, False),
        ({"exectype": bt.Order.Limit, "price": 100.1 * 1.0100000000001}, True),
    ],
)
def test_order_types(backend: Any, arguments: dict[str, Any], filled: bool) -> None:
    """Each of the engine's types comes through; computed prices are put on the grid of 8 decimals."""
    strategy = run({1: ("buy", {"size": 1} | arguments)}, backend)
    assert (statuses(strategy)[-1] == "Completed") is filled


def test_a_cancel(backend: Any) -> None:
    """It ends the order, and a second one is not asked."""
    plan = {1: ("buy", {"size": 1, "exectype": bt.Order.Limit, "price": 1.0}), 3: ("cancel", {}), 5: ("cancel", {})}
    strategy = run(plan, backend)
    assert statuses(strategy) == ["Submitted", "Accepted", "Canceled"]


def test_a_day_order_expires(backend: Any) -> None:
    """With the first bar of another day."""
    days = [(step * 86_400_000, *row[1:]) for step, row in enumerate(candles(4))]
    plan = {1: ("buy", {"size": 1, "exectype": bt.Order.Limit, "price": 1.0, "valid": bt.Order.DAY})}
    assert statuses(run(plan, backend, days))[-1] == "Expired"


def test_a_round_trip_is_a_trade_with_its_fees(backend: Any) -> None:
    """Profit, and profit after the fees of both fills."""
    fees = ct.FeeModel(taker="0.01")
    strategy = run({1: ("buy", {"size": 2}), 3: ("close", {})}, backend, fees=fees)
    bought, sold = candles()[1][1], candles()[3][1]
    ((profit, after_fees),) = strategy.trades
    assert profit == pytest.approx(2 * (sold - bought), abs=1e-9)
    assert after_fees == pytest.approx(profit - 0.02 * (sold + bought), abs=1e-9)
    assert strategy.broker.getcash() == pytest.approx(1000 + after_fees, abs=1e-9)


def test_a_flip_closes_one_trade_and_opens_another(backend: Any) -> None:
    """From two long to one short."""
    strategy = run({1: ("buy", {"size": 2}), 3: ("sell", {"size": 3})}, backend)
    assert len(strategy.trades) == 1
    assert strategy.position.size == -1.0


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"exectype": bt.Order.StopTrail, "trailamount": 1.0}, "trailamount"),
        ({"exectype": bt.Order.Close}, "Close"),
        ({"valid": 5.0}, "valid"),
        ({"transmit": False}, "transmit"),
    ],
)
def test_what_the_engine_does_not_do_is_refused(arguments: dict[str, Any], named: str) -> None:
    """By name, and not done in another way."""
    with pytest.raises(ValueError, match=named):
        run({1: ("buy", {"size": 1} | arguments)})


def test_commission_schemes_are_refused() -> None:
    """A silent one would be worse: fees are the engine's."""
    with pytest.raises(ValueError, match="fees="):
        ct.Cerebro().broker.setcommission(commission=0.001)


def busy_plan() -> dict[int, Any]:
    """An order every other bar."""
    sizes = (1, 2.5, 0.3, 4)
    return {bar: ("buy" if bar % 4 else "sell", {"size": sizes[bar // 2 % 4]}) for bar in range(2, 38, 2)}


def test_the_backends_agree() -> None:
    """What is told, and the whole summary."""
    python, rust = (run(busy_plan(), backend, participation="0.5") for backend in ("python", "rust"))
    assert python.told == rust.told
    assert python.broker.summary == rust.broker.summary


@pytest.mark.parametrize("options", [{"runonce": False}, {"preload": False}, {"runonce": True, "preload": True}])
def test_how_backtrader_iterates_does_not_matter(options: dict[str, Any]) -> None:
    """Vectorised or not, the trace is the same."""
    cerebro = ct.Cerebro(cash=1000)
    cerebro.adddata(ct.Feed(symbol="BTC/USDT", exchange="demo", candles=candles()))
    cerebro.addstrategy(Envelope, plan=busy_plan())
    strategy = cerebro.run(**options)[0]
    assert strategy.told == run(busy_plan()).told
    assert cerebro.broker.summary == run(busy_plan()).broker.summary


def test_the_position_is_the_cores(backend: Any) -> None:
    """Also where the floats of the parts would not add up."""
    strategy = run({1: ("buy", {"size": 0.1}), 2: ("buy", {"size": 0.2}), 3: ("buy", {"size": 0.3})}, backend)
    assert strategy.position.size == 0.6
    assert strategy.broker.summary.positions == {"demo:BTC/USDT": "0.6"}
    assert sum((0.1, 0.2, 0.3)) != 0.6


def test_only_compat_imports_backtrader() -> None:
    """Everywhere else the package does without it."""
    from pathlib import Path

    package = Path(ct.__file__).parent
    importing = {
        path.relative_to(package).parts[0]
        for path in package.rglob("*.py")
        if "import backtrader" in path.read_text(encoding="utf-8")
    }
    assert importing == {"compat"}
