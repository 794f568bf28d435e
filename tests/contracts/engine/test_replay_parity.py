"""Replay parity: one run on each backend, its log replayed on the other, resumed on the other, and fed in other ways.

The run has partial fills, a replace, a cancel that crosses a fill, duplicate and refused reports, two instruments and
two producers; everything is compared by trace, digest at every step, cash and positions.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from cracktrader.engine.backends import BACKENDS, Backend
from cracktrader.engine.checkpoint import Checkpoint
from cracktrader.engine.error import ReplayError
from cracktrader.engine.replay import LogHeader, ReplayLog, ReplayRunner, ReplayWriter
from cracktrader.engine.runner import EngineRunner
from cracktrader.engine.rust_bridge import (
    build_core,
    build_event_normalizer,
    build_invariant_checker,
    build_sequencer,
)

Wire = dict[str, Any]

MINUTE_MS = 60_000
BARS = 12
CASH = "10000"


def place(order_id: str, instrument: str, side: str, quantity: str, price: str) -> Wire:
    """A limit order."""
    payload = {"order_id": order_id, "venue": "V", "instrument": instrument, "side": side, "order_type": "limit"}
    payload |= {"quantity": quantity, "limit_price": price}
    return {"intent_type": "place_order", "payload": payload, "strategy_id": "s"}


def request(intent_type: str, **payload: Any) -> Wire:
    """A request about an order."""
    return {"intent_type": intent_type, "payload": payload, "strategy_id": "s"}


SCRIPT: dict[int, list[Wire]] = {
    0: [
        place("z", "B/Q", "buy", "1000", "1"),
        place("a", "B/Q", "buy", "10", "100.5"),
        place("b", "C/Q", "sell", "3", "0.00000007"),
    ],
    1: [place("a", "B/Q", "buy", "1", "1"), request("cancel_order", order_id="none")],
    2: [request("replace_order", order_id="a", quantity="12", limit_price="101.00000001")],
    4: [request("cancel_order", order_id="a")],
    5: [place("c", "B/Q", "sell", "9.5", "99")],
    6: [request("set_risk_flag", flag="reduce_only", on=True), place("d", "B/Q", "buy", "99", "1")],
    9: [request("set_risk_flag", flag="halt", on=True), place("e", "B/Q", "buy", "1", "1")],
}


class Scripted:
    """A strategy and a broker that know their parts by the number of the bar, and keep no other state."""

    def __init__(self, backend: Backend) -> None:
        self._normalizer = build_event_normalizer(backend)

    def strategy(self, context: Any) -> list[Wire] | None:
        """The script's intents at a bar of the first instrument."""
        event = context.event
        if event["event_type"] != "bar" or event["instrument"] != "B/Q":
            return None
        return SCRIPT.get(event["event_time"] // (MINUTE_MS * 1_000_000))

    def broker(self, context: Any, accepted: list[Any]) -> list[Any]:
        """Acknowledgements of what was accepted, and a partial fill of each open order at each bar, reported twice."""
        time_ms = context.event["event_time"] // 1_000_000
        reports = [report for intent in accepted for report in self._answers(intent, context, time_ms)]
        if context.event["event_type"] == "bar":
            for order in context.view.open_orders():
                if order.instrument == context.event["instrument"]:
                    reports += [self._fill(order, time_ms)] * 2
        return reports

    def _answers(self, intent: Any, context: Any, time_ms: int) -> list[Any]:
        order_id = intent["payload"].get("order_id")
        if order_id is None:
            return []
        symbol = intent["payload"].get("instrument") or context.view.order(order_id).instrument
        statuses = {"place_order": ("pending", "open"), "cancel_order": ("canceling", "canceled")}
        raw = {"timestamp": time_ms, "symbol": symbol, "id": order_id, "amount": "12", "price": "101.00000001"}
        wanted = statuses.get(intent["intent_type"], ("replacing", "replaced"))
        return [self._normalizer.order("V", raw | {"status": status}) for status in wanted]

    def _fill(self, order: Any, time_ms: int) -> Any:
        fee = {"cost": "0.0001", "currency": {"a": "B", "b": "Q", "c": "BNB"}.get(order.order_id, "Q")}
        raw = {"timestamp": time_ms, "symbol": order.instrument, "order": order.order_id, "fee": fee}
        raw |= {"id": f"{order.order_id}-{time_ms}", "amount": "2.5", "price": order.limit_price}
        return self._normalizer.fill("V", raw)


class Bars:
    """Two producers of bars, one batch a minute; `skip` drops what a run before has seen."""

    def __init__(self, backend: Backend) -> None:
        normalizer = build_event_normalizer(backend)
        self._batches = []
        for minute in range(BARS):
            candles = [[minute * MINUTE_MS, 100, 101, 99, 100 + minute, "5.5"], [minute * MINUTE_MS, 1, 2, 0, 1, 0]]
            events = [normalizer.market_data("V", name, raw) for name, raw in zip(("B/Q", "C/Q"), candles, strict=True)]
            self._batches.append(
                [(event, producer) for producer, event in enumerate(events)][:: -1 if minute % 2 else 1]
            )

    def next_batch(self) -> Any:
        """The next minute."""
        return self._batches.pop(0) if self._batches else None

    def skip(self, until: int) -> None:
        """Drop the minutes up to a time."""
        while self._batches and self._batches[0][0][0]["event_time"] <= until:
            del self._batches[0]


class AwaitedBars(Bars):
    """The same, each batch after a turn of the loop."""

    async def next_batch(self) -> Any:
        """The next minute."""
        await asyncio.sleep(0)
        return super().next_batch()


def runner_of(backend: Backend, writer: ReplayWriter | None = None, **options: Any) -> EngineRunner:
    """A runner all of whose parts are of one backend."""
    script = Scripted(backend)
    return EngineRunner(
        build_core(CASH, backend),
        strategy=script.strategy,
        broker=script.broker,
        sequencer=build_sequencer(backend),
        checker=build_invariant_checker(backend, initial_cash=CASH, mode="strict"),
        writer=writer,
        **options,
    )


def header_of(backend: Backend) -> LogHeader:
    """The header of a log from the start."""
    return LogHeader(backend, "backtest", CASH, 0, build_core(CASH, backend).state_digest())


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The log of the run on each backend."""
    folder, paths = tmp_path_factory.mktemp("logs"), {}
    for backend in BACKENDS:
        paths[backend] = folder / f"{backend}.jsonl"
        runner_of(backend, ReplayWriter(paths[backend], header_of(backend))).run(Bars(backend))
    return paths


def test_the_run_is_worth_comparing(logs: dict[str, Path]) -> None:
    """The run meets duplicates, refusals, partial fills and every way for an order to end that it was written for."""
    records = ReplayLog.read(logs["python"]).records
    codes = {answer["code"] for record in records for answer in (record["result"], *record["intent_results"])}
    statuses = {moved["to"] for record in records for moved in record["transitions"]}
    assert {"duplicate_event", "duplicate_order_id", "unknown_order", "reduce_only_violation", "overfill"} <= codes
    assert "trading_halted" in codes
    assert {"PARTIALLY_FILLED", "REPLACE_PENDING", "CANCEL_PENDING", "CANCELLED"} <= statuses
    assert len(records) > 60


def test_same_log_on_both_backends(logs: dict[str, Path]) -> None:
    """But for the name in the header, the two logs are the same bytes: trace, results and digest at every step."""
    python, rust = (logs[backend].read_bytes().split(b"\n", 1) for backend in BACKENDS)
    assert python[1] == rust[1]
    assert json.loads(python[0]) | {"backend": "rust"} == json.loads(rust[0])


@pytest.mark.parametrize("written", BACKENDS)
@pytest.mark.parametrize("replayed", BACKENDS)
def test_replay_on_either_backend(logs: dict[str, Path], written: str, replayed: Backend) -> None:
    """A log of either backend replays on either, step by step, under a strict checker of the other."""
    log = ReplayLog.read(logs[written])
    other: Backend = "rust" if replayed == "python" else "python"
    checker = build_invariant_checker(other, initial_cash=CASH, mode="strict")
    report = ReplayRunner(log, backend=replayed, checker=checker).run()
    assert log.end is not None
    assert (report.steps, report.digest) == (len(log.records), log.end.digest)


@pytest.mark.parametrize("backend", BACKENDS)
def test_summaries_agree_sync_and_async(backend: Backend) -> None:
    """However the feed is awaited, the summary is the reference's, trace digest included."""
    reference = runner_of("python").run(Bars("python"))
    assert runner_of(backend).run(Bars(backend)) == reference
    assert asyncio.run(runner_of(backend).run_async(AwaitedBars(backend))) == reference


@pytest.mark.parametrize("first", BACKENDS)
@pytest.mark.parametrize("steps", [1, 7, 20, 41, 60])
def test_resume_on_the_other_backend(logs: dict[str, Path], tmp_path: Path, first: Backend, steps: int) -> None:
    """A run that is cut after some step goes on from its checkpoint on the other backend, and its log is the same."""
    second: Backend = "rust" if first == "python" else "python"
    path, file = tmp_path / "log", tmp_path / "checkpoint"
    runner = runner_of(first, ReplayWriter(path, header_of(first)), checkpoints=file, checkpoint_every=steps)
    feed = Bars(first)
    while runner.steps < steps:
        if runner.step() is None:
            runner.ingest(feed.next_batch())
    runner.close()
    resumed = runner_of(second, ReplayWriter.reopen(path, steps))
    resumed.resume(Checkpoint.read(file))
    resumed.run(Bars(second))
    assert path.read_bytes() == logs[first].read_bytes()


@pytest.mark.parametrize("backend", BACKENDS)
def test_altered_log_is_found(logs: dict[str, Path], backend: Backend) -> None:
    """One unit more of cash in one result of the log is told by its step and field."""
    log = ReplayLog.read(logs[backend])
    place = next(index for index, record in enumerate(log.records) if record["result"]["cash_delta"] != "0")
    log.records[place]["result"]["cash_delta"] += "1"
    with pytest.raises(ReplayError) as caught:
        ReplayRunner(log, backend=backend).run()
    assert (caught.value.code, caught.value.step, caught.value.field) == ("divergence", place, "result.cash_delta")
