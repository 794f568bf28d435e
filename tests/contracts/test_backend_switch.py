"""A run that is stopped, and goes on from its checkpoint on the other backend, ends as if nothing had happened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playback import Row, candles, place, port

from cracktrader import (
    CerebroEngineRuntime,
    Checkpoint,
    CheckpointError,
    InMemoryFeedCursor,
    InMemoryFeedPort,
    ReplayLog,
    SimulatedBroker,
)

ROWS: list[Row] = [(100 + step % 5, 104 + step % 7, 95 + step % 5, 100 + step % 4, 3) for step in range(60)]


def strategy(context: Any) -> list[Any]:
    """An order a bar, told by the bar's time alone: it keeps nothing for itself, so it can go on anywhere."""
    event = context.event
    if event["event_type"] != "bar":
        return []
    minute = event["event_time"] // 60_000_000_000
    return [place(f"o{minute}", "buy" if minute % 2 else "sell", "limit", 2, limit_price=98 + minute % 6)]


def runtime(backend: Any, **parts: Any) -> CerebroEngineRuntime:
    """A runtime over the rows."""
    options: dict[str, Any] = {
        "feed_port": port(ROWS),
        "strategy": strategy,
        "broker": SimulatedBroker(participation="0.5"),
        "initial_cash": 1000,
    }
    return CerebroEngineRuntime(engine_backend=backend, **(options | parts))


def records_of(path: Path) -> list[Any]:
    """The records of a log."""
    return list(ReplayLog.read(path).records)


@pytest.mark.parametrize("stop_after", [1, 7, 50, 150])
@pytest.mark.parametrize(("first", "second"), [("python", "rust"), ("rust", "python")])
def test_going_on_elsewhere(tmp_path: Path, first: Any, second: Any, stop_after: int) -> None:
    """The records of both halves are those of the run in one piece; so are the last digest and the broker's books."""
    whole = runtime(first, log=tmp_path / "whole")
    wanted = whole.run()
    half: list[CerebroEngineRuntime] = []

    def stop(record: Any, view: Any) -> None:
        if record["step"] + 1 == stop_after:
            half[0].runner.stop()

    half.append(runtime(first, log=tmp_path / "first", checkpoint=tmp_path / "checkpoint", observers=[stop]))
    assert half[0].run().is_stopped
    rest = runtime(second, log=tmp_path / "second", resume_from=tmp_path / "checkpoint")
    summary = rest.run()
    assert (summary.digest, summary.cash, summary.positions) == (wanted.digest, wanted.cash, wanted.positions)
    assert records_of(tmp_path / "first") + records_of(tmp_path / "second") == records_of(tmp_path / "whole")
    assert rest.runner.checkpoint().broker == whole.runner.checkpoint().broker


def test_a_checkpoint_is_written_every_so_often(backend: Any, tmp_path: Path) -> None:
    """Also when the run then fails: the last one is what there is to go on from."""
    path = tmp_path / "checkpoint"
    run = runtime(backend, checkpoint=path, checkpoint_every=10)
    for _ in range(25):
        if run.runner.step() is None:
            run.runner.ingest(run._feed_port.next_batch() or [])
    assert Checkpoint.read(path).step == run.runner.steps // 10 * 10


def test_a_checkpoint_of_another_state_is_refused(backend: Any, tmp_path: Path) -> None:
    """A file that was altered is found before anything runs."""
    path = tmp_path / "checkpoint"
    runtime(backend, checkpoint=path).run()
    path.write_text(path.read_text(encoding="ascii").replace('"gtc"', '"day"', 1), encoding="ascii")
    with pytest.raises(CheckpointError) as caught:
        runtime(backend, resume_from=path)
    assert caught.value.code == "torn_checkpoint"


def test_the_starting_cash_is_the_checkpoints(tmp_path: Path) -> None:
    """What is passed beside `resume_from` does not count."""
    path = tmp_path / "checkpoint"
    runtime("python", checkpoint=path).run()
    rest = runtime("python", resume_from=Checkpoint.read(path), initial_cash=7, log=tmp_path / "log")
    rest.run()
    assert ReplayLog.read(tmp_path / "log").header.initial_cash == "1000"


def test_a_resumed_feed_continues_where_it_stood(tmp_path: Path) -> None:
    """A feed that only has what is new serves as well as the whole one."""
    path = tmp_path / "checkpoint"
    early = InMemoryFeedPort([InMemoryFeedCursor("I", candles(ROWS)[:30], venue="V", timeframe="1m")])
    late = InMemoryFeedPort([InMemoryFeedCursor("I", candles(ROWS)[30:], venue="V", timeframe="1m")])
    runtime("python", feed_port=early, checkpoint=path).run()
    assert runtime("rust", feed_port=late, resume_from=path).run().digest == runtime("python").run().digest


def test_a_checkpoint_that_does_not_fit_leaves_no_log(backend: Any, tmp_path: Path) -> None:
    """Its sequencer's part is no sequencer's state: the error comes before a run, and the log is not there."""
    runtime(backend, checkpoint=tmp_path / "checkpoint").run()
    good = Checkpoint.read(tmp_path / "checkpoint")
    with pytest.raises(CheckpointError) as caught:
        runtime(backend, resume_from=replace(good, sequencer={}), log=tmp_path / "log")
    assert caught.value.code == "malformed_checkpoint"
    assert not (tmp_path / "log").exists()
