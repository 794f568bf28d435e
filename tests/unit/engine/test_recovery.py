"""Recovery: an undo at any point brings back the last committed step, and bases do not pile up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.invariants import InvariantChecker
from cracktrader.engine.recovery import RECORDS_KEPT_MIN, Recovery
from cracktrader.engine.runner import EngineRunner
from cracktrader.engine.view import RunViewKeeper

Make = Callable[..., dict[str, Any]]


def records(bar_feed: Any, trading: Any, bars: int) -> list[Any]:
    """The records of a run."""
    kept: list[Any] = []
    runner = EngineRunner(DeterministicCore(1000), **trading, observers=[lambda record, _: kept.append(record)])
    runner.run(bar_feed(range(bars)))
    return kept


def test_undo_after_every_step(bar_feed: Any, trading: Any, place: Make) -> None:
    """Whatever was done since, core, checker and view are as after the last committed step."""
    core, checker = DeterministicCore(1000), InvariantChecker(1000)
    view = RunViewKeeper(core)
    recovery = Recovery(core, checker, view)
    for record in records(bar_feed, trading, 4):
        for intent, answer in zip(
            [record["event"], *record["intents"]], [record["result"], *record["intent_results"]], strict=True
        ):
            apply: Any = core.process_intent if "intent_type" in intent else core.apply_event
            note: Any = view.note_intent if "intent_type" in intent else view.note_event
            assert apply(intent) == answer
            note(intent, answer)
            checker.observe(intent, answer)
        recovery.commit(record)
        before = core.snapshot(), view.orders(), checker.snapshot()
        extra = place(f"x{record['step']}")
        checker.observe(extra, core.process_intent(extra))
        recovery.undo()
        after = core.snapshot(), view.orders(), checker.snapshot()
        # The digest that a record carries is shown to the checker as it is repeated.
        assert after[:2] == before[:2]
        assert after[2] | {"digest": None, "is_quiet": False} == before[2] | {"digest": None, "is_quiet": False}


def test_bases_are_taken_as_the_state_grows(bar_feed: Any, trading: Any) -> None:
    """A run of n steps takes far fewer snapshots than steps, each after at least as many steps as it has entries."""

    class Counting(DeterministicCore):
        """Counts its snapshots."""

        sizes: list[int] = []  # noqa: RUF012 - reset below

        def snapshot(self) -> Any:
            """The snapshot, its size noted."""
            snapshot = super().snapshot()
            self.sizes.append(len(snapshot["orders"]))
            return snapshot

    Counting.sizes = []
    EngineRunner(Counting(1000), **trading, digest_every=0).run(bar_feed(range(1000)))
    assert 4 <= len(Counting.sizes) <= 4000 // RECORDS_KEPT_MIN + 3
    assert sum(Counting.sizes) <= 4 * 4000
