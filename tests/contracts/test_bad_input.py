"""Bad input to a run: a clear error that names the step, the state as before it, and the log up to it intact."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playback import candles, flat, place, port, script

from cracktrader import (
    CerebroEngineRuntime,
    CheckpointError,
    FeedError,
    InMemoryFeedCursor,
    InMemoryFeedPort,
    LogReader,
    MalformedInputError,
    ReplayError,
    ReplayLog,
    ReplayRunner,
    SimulatedBroker,
    StepError,
)

ROWS = [flat(100), flat(101), flat(102), flat(103)]


class BrokenError(Exception):
    """What the callbacks of these tests raise."""


def failing_run(backend: Any, log: Path, **parts: Any) -> tuple[StepError, CerebroEngineRuntime]:
    """Run to the error; the runtime and what it raised."""
    options = {"feed_port": port(ROWS), "strategy": script({0: [place()]}), "initial_cash": 1000}
    runtime = CerebroEngineRuntime(engine_backend=backend, log=log, digest_every=1, **(options | parts))
    with pytest.raises(StepError) as caught:
        runtime.run()
    runtime.runner.close()
    return caught.value, runtime


def assert_intact(error: StepError, runtime: CerebroEngineRuntime, log: Path, backend: Any) -> None:
    """The log holds the steps before the error and no more, and they lead to the state in which the runtime is."""
    written = ReplayLog.read(log)
    assert [record["step"] for record in written.records] == list(range(error.step))
    assert not written.is_complete
    assert f"step {error.step}" in str(error)
    report = ReplayRunner(written, backend=backend).run()
    assert report.digest == runtime.runner.checkpoint().digest


def test_a_feed_that_goes_back_in_time(backend: Any, tmp_path: Path) -> None:
    """The third candle is older than the second: INGEST fails with the step that would have come."""
    rows = [candles(ROWS)[place_] for place_ in (0, 2, 1)]
    feed_port = InMemoryFeedPort([InMemoryFeedCursor("I", rows, venue="V", timeframe="1m")])
    error, runtime = failing_run(backend, tmp_path / "log", feed_port=feed_port)
    assert (error.stage, error.seq_id) == ("INGEST", None)
    assert isinstance(error.__cause__, FeedError)
    assert (error.__cause__.code, error.__cause__.index) == ("time_regression", 2)
    assert_intact(error, runtime, tmp_path / "log", backend)


@pytest.mark.parametrize(
    "said", [{"intent_type": "hold"}, "buy", 7, {"intent_type": "no_op", "payload": {}, "strategy_id": ""}, object()]
)
def test_a_strategy_that_returns_no_intent(backend: Any, tmp_path: Path, said: Any) -> None:
    """STRATEGY fails; an intent before it in the same answer is not processed either."""

    def strategy(context: Any) -> Any:
        return [place("o2"), said] if context.event["event_time"] > 60_000_000_000 else []

    error, runtime = failing_run(backend, tmp_path / "log", strategy=strategy)
    assert (error.step, error.stage) == (1, "STRATEGY")
    assert isinstance(error.__cause__, MalformedInputError)
    assert runtime.runner.view.orders() == []
    assert_intact(error, runtime, tmp_path / "log", backend)


@pytest.mark.parametrize("said", [7, object()])
def test_a_strategy_that_returns_nothing_to_iterate(backend: Any, tmp_path: Path, said: Any) -> None:
    """Neither None nor an iterable: STRATEGY fails."""
    error, runtime = failing_run(backend, tmp_path / "log", strategy=lambda context: said)
    assert (error.step, error.stage) == (0, "STRATEGY")
    assert_intact(error, runtime, tmp_path / "log", backend)


def test_a_strategy_that_raises(backend: Any, tmp_path: Path) -> None:
    """The error is told with its cause."""

    def strategy(context: Any) -> Any:
        if context.step == 2:
            raise BrokenError("no idea")
        return []

    error, runtime = failing_run(backend, tmp_path / "log", strategy=strategy)
    assert (error.step, error.stage) == (2, "STRATEGY")
    assert isinstance(error.__cause__, BrokenError)
    assert "no idea" in str(error)
    assert_intact(error, runtime, tmp_path / "log", backend)


def test_a_broker_that_raises(backend: Any, tmp_path: Path) -> None:
    """BROKER fails, and the order that was placed in the step is not there."""

    def broker(context: Any, accepted: Any) -> Any:
        if accepted:
            raise BrokenError("line is down")

    error, runtime = failing_run(backend, tmp_path / "log", broker=broker)
    assert (error.step, error.stage) == (0, "BROKER")
    assert isinstance(error.__cause__, BrokenError)
    assert runtime.runner.view.order("o1") is None
    assert_intact(error, runtime, tmp_path / "log", backend)


@pytest.mark.parametrize(
    "said", [[{"event_type": "order_accepted"}], [None], [{"source": "market_data", "event_type": "bar"}]]
)
def test_a_broker_that_says_no_event(backend: Any, tmp_path: Path, said: Any) -> None:
    """What is no unsequenced report fails at BROKER."""
    error, runtime = failing_run(backend, tmp_path / "log", broker=lambda context, accepted: said)
    assert (error.step, error.stage) == (0, "BROKER")
    assert isinstance(error.__cause__, MalformedInputError)
    assert_intact(error, runtime, tmp_path / "log", backend)


def test_a_failed_step_can_be_taken_again(backend: Any, tmp_path: Path) -> None:
    """The broker fails once, after the simulated broker took the order: the retry ends as if nothing had happened."""

    class Flaky(SimulatedBroker):
        fails = True

        def __call__(self, context: Any, accepted: Any) -> Any:
            events = super().__call__(context, accepted)
            if self.fails and accepted:
                self.fails = False
                raise BrokenError("once")
            return events

    def run(broker: SimulatedBroker, name: str) -> Any:
        runtime = CerebroEngineRuntime(
            engine_backend=backend,
            feed_port=port(ROWS),
            strategy=lambda context: [place()] if context.step == 0 else [],
            broker=broker,
            log=tmp_path / name,
        )
        runner = runtime.runner
        for batch in iter(port(ROWS).next_batch, None):
            runner.ingest(batch)
            is_due = True
            while is_due:
                with suppress(StepError):
                    is_due = runner.step() is not None
        return runner.shutdown()

    flaky, steady = Flaky(), SimulatedBroker()
    assert run(flaky, "flaky") == run(steady, "steady")
    assert (tmp_path / "flaky").read_bytes() == (tmp_path / "steady").read_bytes()
    assert flaky.snapshot() == steady.snapshot()
    assert flaky.fails is False


def logged_run(backend: Any, folder: Path) -> Path:
    """A run with a digest at every step and a checkpoint, to its end: its log; the checkpoint is beside it."""
    CerebroEngineRuntime(
        engine_backend=backend,
        feed_port=port(ROWS),
        strategy=script({0: [place()]}),
        initial_cash=1000,
        log=folder / "log",
        checkpoint=folder / "checkpoint",
        digest_every=1,
    ).run()
    return folder / "log"


def other_version(text: str) -> str:
    """The checkpoint as a later release would have written it."""
    assert text.count('"checkpoint","placed"') == 1
    return text.replace('"schema_version":1,"sequencer"', '"schema_version":2,"sequencer"')


@pytest.mark.parametrize(
    ("damage", "code", "told"),
    [
        (lambda text: text[: len(text) // 2], "torn_checkpoint", "torn"),
        (other_version, "schema_version", "has version 2, and this reads 1"),
    ],
)
def test_a_checkpoint_that_cannot_be_used(backend: Any, tmp_path: Path, damage: Any, code: str, told: str) -> None:
    """Torn in half or of another version: an error before a log is begun, and the files of the run are as they were."""
    log, checkpoint = logged_run(backend, tmp_path), tmp_path / "checkpoint"
    whole = checkpoint.read_text(encoding="ascii")
    damaged = damage(whole)
    assert damaged != whole
    checkpoint.write_text(damaged, encoding="ascii")
    before = log.read_bytes()
    with pytest.raises(CheckpointError, match=told) as caught:
        CerebroEngineRuntime(
            engine_backend=backend, feed_port=port(ROWS), log=tmp_path / "next", resume_from=checkpoint
        )
    assert caught.value.code == code
    assert str(checkpoint) in str(caught.value)
    assert not (tmp_path / "next").exists()
    assert (log.read_bytes(), checkpoint.read_text(encoding="ascii")) == (before, damaged)
    assert ReplayRunner(LogReader(log), backend=backend).run().steps > 0


def test_a_log_cut_in_the_middle_of_a_line(backend: Any, tmp_path: Path) -> None:
    """The error names line and step; what stands before is replayed to the state after the step before."""
    log = logged_run(backend, tmp_path)
    records = ReplayLog.read(log).records
    *whole, last, _end = log.read_bytes().splitlines(keepends=True)
    cut = b"".join(whole) + last[: len(last) // 2]
    log.write_bytes(cut)
    with pytest.raises(ReplayError, match=f"line {len(whole) + 1}, step {len(records) - 1}, is torn") as caught:
        ReplayRunner(LogReader(log), backend=backend).run()
    assert (caught.value.code, caught.value.step) == ("torn_line", len(records) - 1)
    report = ReplayRunner(LogReader(log, allow_torn=True), backend=backend).run()
    assert (report.steps, report.digest) == (len(records) - 1, records[-2]["digest"])
    assert log.read_bytes() == cut


@pytest.mark.parametrize(
    ("name", "value"), [("mode", "Backtest"), ("mode", None), ("invariants", "loose"), ("invariants", True)]
)
def test_another_word_is_refused(name: str, value: Any) -> None:
    """The message quotes it and lists what there is."""
    options: dict[str, Any] = {"feed_port": port(ROWS), name: value}
    with pytest.raises(ValueError, match=name) as caught:
        CerebroEngineRuntime(**options)
    assert repr(value) in str(caught.value)
