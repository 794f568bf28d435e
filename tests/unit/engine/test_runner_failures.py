"""The runner, when something fails: the step is named, and everything is as it was before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import InvariantViolationError, MalformedInputError, StepError
from cracktrader.engine.invariants import InvariantChecker
from cracktrader.engine.replay import LogHeader, ReplayLog, ReplayRunner, ReplayWriter
from cracktrader.engine.runner import EngineRunner

Wire = dict[str, Any]
Make = Callable[..., Wire]


def fails(error: Exception) -> Any:
    """A callback that raises."""

    def callback(*_: object) -> Any:
        raise error

    return callback


def breaks_off(intent: Wire) -> Any:
    """A strategy that gives one intent and then raises."""

    def strategy(_: object) -> Iterator[Wire]:
        yield intent
        raise LookupError("midway")

    return strategy


class Switch:
    """A callback that can be made to fail."""

    def __init__(self, good: Any, bad: Any) -> None:
        self.good, self.bad, self.is_bad = good, bad, False

    def __call__(self, *arguments: Any) -> Any:
        """What the one or the other gives."""
        return (self.bad if self.is_bad else self.good)(*arguments)


def failing_callbacks(place: Make, bar: Make) -> list[tuple[dict[str, Any], str, type[Exception]]]:
    """Callbacks that fail at step 4, the stage, and the cause."""
    market = bar(20)
    report = market | {"source": "broker_report", "event_type": "order_submitted", "payload": {"order_id": "o0"}}
    return [
        ({"strategy": fails(LookupError("no"))}, "STRATEGY", LookupError),
        ({"strategy": lambda _: 5}, "STRATEGY", MalformedInputError),
        ({"strategy": lambda _: place("x")}, "STRATEGY", MalformedInputError),
        ({"strategy": lambda _: [place("x"), "no intent"]}, "STRATEGY", MalformedInputError),
        ({"strategy": lambda _: [place("x", quantity=0)]}, "STRATEGY", MalformedInputError),
        ({"strategy": breaks_off(place("x"))}, "STRATEGY", LookupError),
        ({"broker": fails(OSError("line is down"))}, "BROKER", OSError),
        ({"broker": lambda *_: [market]}, "BROKER", MalformedInputError),
        ({"broker": lambda *_: [report, report | {"payload": {}}]}, "BROKER", MalformedInputError),
        ({"broker": lambda *_: [report | {"seq_id": 1}]}, "BROKER", MalformedInputError),
    ]


def test_failed_callbacks_leave_everything_as_it_was(
    tmp_path: Path, bar: Make, place: Make, trading: Any, fixed_of: Any
) -> None:
    """Whatever a callback does wrong, the step is named, the parts are as before, and the log ends before the step."""
    for number, (bad, stage, cause) in enumerate(failing_callbacks(place, bar)):
        path = tmp_path / f"{number}.jsonl"
        switches = {name: Switch(good, bad.get(name, good)) for name, good in trading.items()}
        fixed = fixed_of(path, **switches)
        fixed.runner.ingest([(bar(10), 0)])
        while fixed.runner.step() is not None:
            pass
        fixed.runner.ingest([(bar(20), 0)])
        before, log = fixed.state(), path.read_bytes()
        for switch in switches.values():
            switch.is_bad = True
        with pytest.raises(StepError) as caught:
            fixed.runner.step()
        assert (caught.value.step, caught.value.stage, caught.value.seq_id) == (4, stage, 5)
        assert type(caught.value.__cause__) is cause
        assert not caught.value.is_committed
        assert "step 4 (seq_id 5)" in str(caught.value)
        assert fixed.state() == before
        assert path.read_bytes() == log
        for switch in switches.values():
            switch.is_bad = False
        while fixed.runner.step() is not None:
            pass
        fixed.runner.shutdown()
        assert ReplayRunner(ReplayLog.read(path)).run().steps == 8


def test_a_lying_core_is_stopped_before_the_log(tmp_path: Path, bar: Make) -> None:
    """A core that breaks an invariant fails the step at OBSERVE, in strict mode."""

    class Lying(DeterministicCore):
        """Says that a bar moved cash."""

        def apply_event(self, event: Any) -> Any:
            """The answer, bent."""
            return super().apply_event(event) | {"cash_delta": "1"}

    path = tmp_path / "log"
    core = Lying()
    writer = ReplayWriter(path, LogHeader("python", "backtest", "0", 0, core.state_digest()))
    runner = EngineRunner(core, checker=InvariantChecker(), writer=writer)
    runner.ingest([(bar(1), 0)])
    with pytest.raises(StepError) as caught:
        runner.step()
    assert caught.value.stage == "OBSERVE"
    assert isinstance(caught.value.__cause__, InvariantViolationError)
    runner.close()
    assert ReplayLog.read(path).records == []
    assert core.snapshot() == DeterministicCore().snapshot()


def test_a_write_that_fails_undoes_the_step(tmp_path: Path, bar: Make, trading: Any, fixed_of: Any) -> None:
    """A log that cannot be written fails the step at COMMIT, and nothing of it is kept."""
    fixed = fixed_of(tmp_path / "log", **trading)
    fixed.runner.ingest([(bar(1), 0)])
    before = fixed.state()
    assert fixed.writer is not None
    fixed.writer.write = fails(OSError("disk is full"))  # type: ignore[method-assign]
    with pytest.raises(StepError, match="disk is full") as caught:
        fixed.runner.step()
    assert caught.value.stage == "COMMIT"
    assert fixed.state() == before
    fixed.runner.close()


def test_brokers_are_told_to_roll_back(bar: Make, place: Make) -> None:
    """A broker with `rollback` hears of a step that failed after it was asked, and of no other."""
    calls: list[str] = []

    class Broker:
        """Notes its calls, and reports nonsense."""

        def __call__(self, *_: object) -> Any:
            """Nothing that is a list."""
            calls.append("asked")
            return 5

        def rollback(self) -> None:
            """Undo."""
            calls.append("rolled back")

    strategy = iter([fails(LookupError("no")), lambda _: []])
    runner = EngineRunner(DeterministicCore(), strategy=lambda context: next(strategy)(context), broker=Broker())
    runner.ingest([(bar(1), 0)])
    for wanted in ([], ["asked", "rolled back"]):
        with pytest.raises(StepError):
            runner.step()
        assert calls == wanted


def test_interrupts_pass_through_and_undo_the_step(bar: Make, trading: Any, fixed_of: Any) -> None:
    """What is no Exception is not wrapped, and the step is undone all the same."""

    def interrupted(_: object) -> Any:
        raise KeyboardInterrupt

    fixed = fixed_of(**(trading | {"strategy": interrupted}))
    fixed.runner.ingest([(bar(1), 0)])
    before = fixed.state()
    with pytest.raises(KeyboardInterrupt):
        fixed.runner.step()
    assert fixed.state() == before
