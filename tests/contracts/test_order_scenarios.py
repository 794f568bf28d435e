"""Order types against bars, and whole runs: the same on both backends, by whatever way the candles come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playback import Played, Row, cancel, candles, flat, place, play, port, replace, script

from cracktrader import AsyncFeedCursor, AsyncFeedPort, CracktraderEngine, FeeModel, SimulatedBroker
from cracktrader.engine.replay import ReplayLog, ReplayRunner

UP: Row = (100, 110, 95, 105, 10)
"""A bar that opens at 100, reaches 110 and 95, and closes at 105."""

MATCHES: list[tuple[str, dict[str, Any], str | None]] = [
    ("market", {}, "100"),
    ("limit at the open", {"limit_price": 100}, "100"),
    ("limit above the open", {"limit_price": 104}, "100"),
    ("limit within", {"limit_price": 97}, "97"),
    ("limit at the low", {"limit_price": 95}, "95"),
    ("limit below", {"limit_price": "94.99"}, None),
    ("stop below the open", {"stop_price": 99}, "100"),
    ("stop within", {"stop_price": 107}, "107"),
    ("stop at the high", {"stop_price": 110}, "110"),
    ("stop above", {"stop_price": "110.01"}, None),
    ("stop limit, triggered by the open", {"stop_price": 99, "limit_price": 101}, "100"),
    ("stop limit, triggered by the open, limit within", {"stop_price": 99, "limit_price": 96}, "96"),
    ("stop limit, triggered by the open, limit below", {"stop_price": 99, "limit_price": 94}, None),
    ("stop limit, limit above the stop", {"stop_price": 107, "limit_price": 108}, "107"),
    ("stop limit, the close proves the limit", {"stop_price": 107, "limit_price": 106}, "106"),
    ("stop limit, only the low is below the limit", {"stop_price": 107, "limit_price": 104}, None),
    ("stop limit, not triggered", {"stop_price": 111, "limit_price": 112}, None),
]


def order_type(terms: dict[str, Any]) -> str:
    """The type that has these prices."""
    names = {(): "market", ("limit_price",): "limit", ("stop_price",): "stop"}
    return names.get(tuple(terms), "stop_limit")


def mirrored(value: Any) -> str:
    """The price in the mirror around 100."""
    return format(200 - float(value), ".12g")


@pytest.mark.parametrize(("name", "terms", "price"), MATCHES, ids=[name for name, _, _ in MATCHES])
def test_a_buy_against_one_bar(backend: Any, name: str, terms: dict[str, Any], price: str | None) -> None:
    """The fill's price, or none, for each way in which a bar can meet an order."""
    played = play(backend, [flat(100), UP], {0: [place(order_type=order_type(terms), **terms)]})
    assert [filled for _, filled, _ in played.fills()] == ([] if price is None else [price])


@pytest.mark.parametrize(("name", "terms", "price"), MATCHES, ids=[name for name, _, _ in MATCHES])
def test_a_sell_is_a_buy_in_the_mirror(backend: Any, name: str, terms: dict[str, Any], price: str | None) -> None:
    """With every price mirrored around 100, and high for low, a sell fills where the buy did."""
    mirror = {key: mirrored(value) for key, value in terms.items()}
    bar = (100, 105, 90, 95, 10)
    played = play(backend, [flat(100), bar], {0: [place(side="sell", order_type=order_type(terms), **mirror)]})
    assert [filled for _, filled, _ in played.fills()] == ([] if price is None else [mirrored(price)])


def test_a_trigger_is_told_also_without_a_fill(backend: Any) -> None:
    """The stop limit is triggered in one bar, and is a limit order in the next."""
    order = place(order_type="stop_limit", stop_price=107, limit_price=104)
    played = play(backend, [flat(100), UP, (106, 107, 103, 106, 10)], {0: [order]})
    types = [record["event"]["event_type"] for record in played.records]
    assert types.index("order_triggered") < types.index("order_fill")
    assert played.fills() == [("1", "104", "0")]


def test_volume_is_shared_in_order_of_acceptance(backend: Any) -> None:
    """The first takes what it wants, the second what is left of the bar."""
    rows = [flat(100), flat(100, 10), flat(100, 10)]
    played = play(backend, rows, {0: [place("o1", quantity="4"), place("o2", quantity="4")]}, participation="0.5")
    assert played.fills("o1") == [("4", "100", "0")]
    assert played.fills("o2") == [("1", "100", "0"), ("3", "100", "0")]


def test_a_bar_without_volume_fills_nothing_that_is_limited_by_it(backend: Any) -> None:
    """Without participation the volume does not matter."""
    rows = [flat(100), flat(100, 0)]
    assert play(backend, rows, {0: [place()]}, participation=1).fills() == []
    assert play(backend, rows, {0: [place()]}).fills() == [("1", "100", "0")]


def test_round_trip_through_a_short(backend: Any) -> None:
    """Sell two, buy three: one is held, and cash tells the profit."""
    rows = [flat(100), flat(100), flat(90), flat(95)]
    played = play(backend, rows, {0: [place("o1", "sell", quantity=2)], 1: [place("o2", "buy", quantity=3)]}, 1000)
    assert played.summary.positions == {"V:I": "1"}
    assert played.summary.cash == "930"


BUSY_ROWS: list[Row] = [
    (100 + step % 5, 104 + step % 7, 95 + step % 5, 100 + step % 4, 3 + step % 6) for step in range(120)
]


def busy_script() -> dict[int, list[dict[str, Any]]]:
    """Orders of every type and time in force, with cancels and replaces that come in time and too late."""
    intents: dict[int, list[dict[str, Any]]] = {}
    types = ["market", "limit", "stop", "stop_limit"]
    for number in range(60):
        kind, name = types[number % 4], f"o{number}"
        terms: dict[str, Any] = {"time_in_force": ["gtc", "day", "ioc", "fok"][number // 4 % 4]}
        if kind.endswith("limit"):
            terms["limit_price"] = 98 + number % 6
        if kind.startswith("stop"):
            terms["stop_price"] = 100 + number % 5
        bar = intents.setdefault(number, [])
        bar.append(place(name, "buy" if number % 3 else "sell", kind, 1 + number % 4, **terms))
        if number % 5 == 4:
            bar.append(cancel(f"o{number - 3}"))
        if number % 7 == 6:
            bar.append(replace(f"o{number - 2}", quantity=5))
    return intents


def play_busy(backend: Any) -> Played:
    """The busy run on this backend."""
    return play(
        backend, BUSY_ROWS, busy_script(), "1000.5", participation="0.4", fees=FeeModel("-0.0001", "0.0007", "0.01")
    )


def test_the_backends_agree_step_by_step() -> None:
    """The same strategy over the same candles: one trace, one digest a step, one end."""
    python, rust = play_busy("python"), play_busy("rust")
    assert python.records == rust.records
    assert python.summary == rust.summary
    assert python.summary.violations == 0


def test_the_busy_run_is_busy() -> None:
    """It holds every report that the simulated broker can make, so that agreeing on it means something."""
    seen = {record["event"]["event_type"] for record in play_busy("python").records}
    reports = {
        "order_submitted",
        "order_accepted",
        "order_triggered",
        "order_fill",
        "order_cancelled",
        "order_cancel_rejected",
        "order_replaced",
        "order_replace_rejected",
    }
    assert reports <= seen


async def _async_candles(rows: list[Row]) -> AsyncIterator[tuple[Any, ...]]:
    for candle in candles(rows):
        await asyncio.sleep(0)
        yield candle


def test_sync_and_async_ingestion_give_one_trace(backend: Any) -> None:
    """The edge may be awaited; the engine is the same."""
    engine = CracktraderEngine(engine_backend=backend)
    options: dict[str, Any] = {"initial_cash": 1000}
    sync = engine.run_native(
        feed_port=port(BUSY_ROWS),
        strategy_callback=script(busy_script()),
        broker_callback=SimulatedBroker(participation="0.4"),
        **options,
    )
    cursor = AsyncFeedCursor("I", _async_candles(BUSY_ROWS), venue="V", timeframe="1m")
    awaited = asyncio.run(
        engine.run_native_async(
            feed_port=AsyncFeedPort([cursor]),
            strategy_callback=script(busy_script()),
            broker_callback=SimulatedBroker(participation="0.4"),
            **options,
        )
    )
    assert sync == awaited


@pytest.mark.parametrize("replayed_on", ["python", "rust"])
def test_a_logged_run_replays_on_either_backend(backend: Any, replayed_on: Any, tmp_path: Any) -> None:
    """Every answer and every digest of the log comes out again."""
    path = tmp_path / "run.jsonl"
    summary = CracktraderEngine(engine_backend=backend).run_native(
        feed_port=port(BUSY_ROWS),
        strategy_callback=script(busy_script()),
        broker_callback=SimulatedBroker(participation="0.4"),
        initial_cash=1000,
        log=path,
        digest_every=1,
    )
    report = ReplayRunner(ReplayLog.read(path), backend=replayed_on).run()
    assert (report.steps, report.digest) == (summary.steps, summary.digest)
