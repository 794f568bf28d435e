"""The runner: the stages in order, one step at a time, all or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import (
    CheckpointError,
    InvariantViolationError,
    MalformedInputError,
    SequenceError,
    StepError,
)
from cracktrader.engine.replay import ReplayWriter
from cracktrader.engine.runner import STAGES, EngineRunner
from cracktrader.engine.sequencer import Sequencer

Wire = dict[str, Any]
Make = Callable[..., Wire]

TIMES = (10, 20, 30)


def fails(error: Exception) -> Any:
    """A callback that raises."""

    def callback(*_: object) -> Any:
        raise error

    return callback


def test_stages_are_the_documented_ones() -> None:
    """The page's row of stages, in its order."""
    page = (Path(__file__).parents[3] / "docs" / "runtime.md").read_text(encoding="utf-8")
    text = page.split("\n## 5. ")[1]
    places = [text.index(stage) for stage in STAGES]
    assert places == sorted(places)


def test_a_run_buys_and_is_filled(bar_feed: Any, trading: Any, fixed_of: Any) -> None:
    """Each bar gives an order, each order three reports, each in a step of its own."""
    fixed = fixed_of(**trading)
    summary = fixed.runner.run(bar_feed(TIMES))
    assert (summary.steps, summary.applied, summary.intents, summary.intents_refused) == (12, 12, 3, 0)
    assert (summary.cash, summary.positions) == ("-2001.5", {"V:I": "30"})
    assert (summary.violations, summary.is_stopped) == (0, False)
    assert summary.digest == fixed.core.state_digest()
    assert [order.status for order in fixed.runner.view.orders()] == ["FILLED"] * 3
    assert fixed.runner.view.open_orders() == []


def test_steps_come_in_sequence_order_with_the_state_after_them(bar_feed: Any, trading: Any, fixed_of: Any) -> None:
    """Cash stays as an order is placed and moves with its fill, and getters are up to date when the strategy hears."""
    heard: list[tuple[str, float, float, str | None]] = []
    buy = trading["strategy"]

    def strategy(context: Any) -> Any:
        order = context.view.order("o0")
        status = None if order is None else order.status
        heard.append((context.event["event_type"], context.view.cash, context.view.position("V", "I"), status))
        return buy(context) if context.step == 0 else None

    fixed_of(strategy=strategy, broker=trading["broker"]).runner.run(bar_feed([10, 20]))
    assert heard == [
        ("bar", 1000.0, 0.0, None),
        ("order_submitted", 1000.0, 0.0, "SUBMITTED"),
        ("order_accepted", 1000.0, 0.0, "ACCEPTED"),
        ("order_fill", -0.5, 10.0, "FILLED"),
        ("bar", -0.5, 10.0, "FILLED"),
    ]


def test_async_and_sync_give_the_same_trace(bar_feed: Any, trading: Any, fixed_of: Any) -> None:
    """A feed that is awaited leads to the same records and the same end."""
    feed = bar_feed(TIMES)

    class Awaited:
        """The same bars after a turn of the loop."""

        async def next_batch(self) -> Any:
            """One bar."""
            await asyncio.sleep(0)
            return feed.next_batch()

        def skip(self, until: int) -> None:
            """Nothing was seen before."""

    summary = asyncio.run(fixed_of(**trading).runner.run_async(Awaited()))
    assert summary == fixed_of(**trading).runner.run(bar_feed(TIMES))


def test_refused_and_duplicate_events_ask_nobody(bar: Make) -> None:
    """The strategy and the broker hear of applied events only; the record is written all the same."""
    asked: list[int] = []
    runner = EngineRunner(
        DeterministicCore(),
        sequencer=Sequencer(late="accept"),
        strategy=lambda context: asked.append(context.event["event_time"]),
    )
    runner.ingest([(bar(20), 0), (bar(10), 0)])
    runner.step()
    runner.step()
    runner.ingest([(bar(5), 0)])
    record = runner.step()
    assert record is not None
    assert (record["result"]["code"], record["intents"]) == ("time_regression", [])
    assert asked == [10, 20]


def test_only_accepted_intents_reach_the_broker(bar: Make, place: Make) -> None:
    """An intent that the core refuses stands in the record, and the broker does not see it."""
    seen: list[str] = []
    runner = EngineRunner(
        DeterministicCore(),
        strategy=lambda _: [place("o1"), place("o1"), place("o2")],
        broker=lambda _, accepted: seen.extend(intent["payload"]["order_id"] for intent in accepted),
    )
    runner.ingest([(bar(1), 0)])
    record = runner.step()
    assert record is not None
    assert [answer["code"] for answer in record["intent_results"]] == ["ok", "duplicate_order_id", "ok"]
    assert seen == ["o1", "o2"]


def test_step_gives_nothing_before_its_time(bar: Make) -> None:
    """An event after `until` waits."""
    runner = EngineRunner(DeterministicCore())
    runner.ingest([(bar(10), 0)])
    assert runner.step(9) is None
    assert runner.step(10) is not None


def test_observers_see_committed_steps(bar_feed: Any, trading: Any, fixed_of: Any) -> None:
    """Each observer gets every record after its commit; one that raises loses neither the step nor the others."""
    seen: list[int] = []
    fixed = fixed_of(**trading, observers=[fails(LookupError("no")), lambda record, _: seen.append(record["step"])])
    fixed.runner.ingest([(feed_entry, 0) for feed_entry, _ in bar_feed([10]).next_batch()])
    with pytest.raises(StepError) as caught:
        fixed.runner.step()
    assert (caught.value.step, caught.value.stage, caught.value.is_committed) == (0, "COMMIT", True)
    assert "committed" in str(caught.value)
    assert (seen, fixed.runner.steps) == ([0], 1)


def test_callbacks_cannot_change_the_record(bar: Make, place: Make) -> None:
    """What callbacks are given is their own: the record, and what is logged, stay as they are."""

    def strategy(context: Any) -> list[Wire]:
        context.event["payload"]["close"] = "1"
        context.result["transitions"].append("x")
        return [place()]

    def broker(context: Any, accepted: Any) -> None:
        accepted[0]["payload"]["quantity"] = "9"
        context.event.clear()

    runner = EngineRunner(
        DeterministicCore(), strategy=strategy, broker=broker, observers=[lambda record, _: record.clear()]
    )
    runner.ingest([(bar(1, 100), 0)])
    record = runner.step()
    assert record is not None
    assert record["event"]["payload"]["close"] == "100"
    assert record["result"]["transitions"] == []
    assert record["intents"][0]["payload"]["quantity"] == "10"


def test_a_feed_that_goes_back_names_the_step(bar_feed: Any, trading: Any, fixed_of: Any) -> None:
    """The error is at INGEST, with the step that would have come, and the state is that of the step before."""
    fixed = fixed_of(**trading)
    with pytest.raises(StepError) as caught:
        fixed.runner.run(bar_feed([10, 20, 15]))
    assert (caught.value.step, caught.value.stage, caught.value.seq_id) == (8, "INGEST", None)
    assert isinstance(caught.value.__cause__, SequenceError)
    assert fixed.runner.steps == 8


def test_feeds_that_raise_or_give_nonsense(bar: Make) -> None:
    """Whatever a feed does wrong is a StepError at INGEST."""

    class Broken:
        """A feed with one answer."""

        def __init__(self, answer: Any) -> None:
            self.next_batch = lambda: answer() if callable(answer) else answer
            self.skip = lambda _: None

    for answer in (fails(OSError("gone")), 5, [5], [({}, 0)], [(bar(1), "x")]):
        with pytest.raises(StepError) as caught:
            EngineRunner(DeterministicCore()).run(Broken(answer))  # type: ignore[arg-type]
        assert caught.value.stage == "INGEST"


def test_future_reports_wait_for_their_time(bar_feed: Any, unsequenced: Make) -> None:
    """A report dated after the feed's last event comes once the feed has got there, and at the end in any case."""
    order = {"amount": 1, "reason": "deposit"}
    dated = {10: 15, 20: 99}

    def broker(context: Any, _: object) -> list[Wire]:
        time = dated.pop(context.event["event_time"], None)
        return [] if time is None else [unsequenced(time, "cash_adjustment", order)]

    times: list[int] = []
    runner = EngineRunner(
        DeterministicCore(), broker=broker, observers=[lambda record, _: times.append(record["event"]["event_time"])]
    )
    runner.run(bar_feed([10, 20, 30]))
    assert times == [10, 15, 20, 30, 99]


def test_stop_ends_after_the_step(bar_feed: Any, trading: Any) -> None:
    """A stopped run leaves what waits, and says so."""
    runner = EngineRunner(DeterministicCore(1000), **trading, observers=[lambda *_: runner.stop()])
    summary = runner.run(bar_feed(TIMES))
    assert (summary.steps, summary.is_stopped) == (1, True)
    assert runner.shutdown() is summary


def test_digests_every_so_often(bar_feed: Any) -> None:
    """Digests are taken at every nth step, and the trace digest does not depend on it."""
    traces = set()
    for every, wanted in ((0, []), (1, [0, 1, 2]), (2, [1])):
        records: list[Any] = []
        runner = EngineRunner(
            DeterministicCore(), digest_every=every, observers=[lambda each, _, to=records: to.append(each)]
        )
        traces.add(runner.run(bar_feed(TIMES)).trace_digest)
        assert [record["step"] for record in records if record["digest"]] == wanted
    assert len(traces) == 1


def test_resume_goes_on_as_if_nothing_had_happened(tmp_path: Path, bar_feed: Any, trading: Any, fixed_of: Any) -> None:
    """From a checkpoint after any step, the rest of the run gives the same log, byte for byte, and the same end."""
    whole = fixed_of(tmp_path / "whole", **trading)
    summary = whole.runner.run(bar_feed(TIMES))
    for split in range(1, summary.steps):
        path = tmp_path / str(split)
        first = fixed_of(path, **trading, checkpoints=tmp_path / "checkpoint")
        times = list(TIMES)
        while first.runner.steps < split:
            if first.runner.step() is None:
                first.runner.ingest(bar_feed([times.pop(0)]).next_batch())
        checkpoint = first.runner.checkpoint()
        first.runner.close()
        second = fixed_of(**trading)
        second.runner = EngineRunner(
            second.core,
            sequencer=second.sequencer,
            checker=second.checker,
            writer=ReplayWriter.reopen(path, split),
            **trading,
        )
        second.runner.resume(checkpoint)
        assert second.runner.run(bar_feed(TIMES)).digest == summary.digest
        assert path.read_bytes() == (tmp_path / "whole").read_bytes()


def test_resume_refuses_what_does_not_fit(bar: Make, trading: Any, fixed_of: Any) -> None:
    """A run that has begun, and a checkpoint whose parts are damaged, are told."""
    fixed = fixed_of(**trading)
    checkpoint = fixed.runner.checkpoint()
    fixed.runner.ingest([(bar(1), 0)])
    with pytest.raises(RuntimeError, match="before its first event"):
        fixed.runner.resume(checkpoint)
    checkpoint.sequencer["next_seq_id"] = "1"
    with pytest.raises(CheckpointError) as caught:
        fixed_of().runner.resume(checkpoint)
    assert caught.value.code == "malformed_checkpoint"


def test_counts_are_checked_when_the_runner_is_made() -> None:
    """A count that is none is malformed."""
    for name in ("checkpoint_every", "digest_every"):
        with pytest.raises(MalformedInputError, match=name):
            EngineRunner(DeterministicCore(), **{name: -1})


def test_shutdown_verifies_the_books(bar: Make, fixed_of: Any) -> None:
    """A core that was meddled with fails the shutdown, and the log has no end line."""
    fixed = fixed_of()
    fixed.runner.ingest([(bar(1), 0)])
    fixed.runner.step()
    fixed.core.restore(fixed.core.snapshot() | {"cash": "7"})
    with pytest.raises(StepError) as caught:
        fixed.runner.shutdown()
    assert caught.value.stage == "SHUTDOWN"
    assert isinstance(caught.value.__cause__, InvariantViolationError)
