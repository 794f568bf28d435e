"""The core as a whole: how its parts work together. The contract tests hold both cores to the whole page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.events import EngineEvent
from cracktrader.engine.intents import EngineIntent

Wire = dict[str, Any]
WorkingCore = Callable[..., DeterministicCore]
MakeWire = Callable[..., Wire]


def test_a_fill_tells_everything_that_moved(working_core: WorkingCore, fill: MakeWire) -> None:
    """One step, its whole answer, and the views after it."""
    core = working_core()
    assert core.apply_event(fill(3, "2.5", "100", fee="0.25")) == {
        "outcome": "applied",
        "code": "ok",
        "seq_id": 3,
        "order_id": "o1",
        "transitions": [
            {
                "order_id": "o1",
                "from": "ACCEPTED",
                "to": "PARTIALLY_FILLED",
                "cumulative": "2.5",
                "leaves": "7.5",
            }
        ],
        "cash_delta": "-250.25",
        "position_delta": "2.5",
        "realised_delta": "0",
    }
    assert (core.get_cash(), core.get_positions()) == (749.75, {"V:I": 2.5})


def test_a_refusal_leaves_the_digest(working_core: WorkingCore, event: MakeWire, fill: MakeWire) -> None:
    """Duplicates, refusals and malformed input leave the state as it was."""
    core = working_core()
    core.apply_event(fill(3, "1", "100", idempotency_key="k"))
    digest = core.state_digest()
    codes = [
        core.apply_event(fill(3, "1.0", 100, idempotency_key="k") | {"seq_id": 9})["code"],
        core.apply_event(fill(4, "2", "100", idempotency_key="k"))["code"],
        core.apply_event(fill(3, "1", "100"))["code"],
        core.apply_event(fill(4, "1", "100", order_id="nope"))["code"],
        core.apply_event(fill(4, "1", "100") | {"venue": "W"})["code"],
        core.apply_event(fill(4, "9.1", "100"))["code"],
        core.apply_event(event(4, "cash_adjustment", {"amount": 10**21, "reason": "deposit"}))["code"],
    ]
    assert codes == [
        "duplicate_event",
        "idempotency_conflict",
        "sequence_regression",
        "unknown_order",
        "instrument_mismatch",
        "overfill",
        "out_of_range",
    ]
    with pytest.raises(MalformedInputError):
        core.apply_event({})
    assert core.state_digest() == digest


def test_refused_key_stays_unused(working_core: WorkingCore, fill: MakeWire) -> None:
    """The key of a refused event can be used by another content."""
    core = working_core()
    assert core.apply_event(fill(3, "11", "100", idempotency_key="k"))["code"] == "overfill"
    assert core.apply_event(fill(3, "10", "100", idempotency_key="k"))["code"] == "ok"


def test_refused_event_names_its_order(event: MakeWire) -> None:
    """The answer carries the order that the event names, known or not, and null where it names none."""
    core = DeterministicCore()
    assert core.apply_event(event(1, "order_accepted", {"order_id": "x"}))["order_id"] == "x"
    assert core.process_intent({"intent_type": "no_op", "payload": {}, "strategy_id": "s"})["order_id"] is None


def test_clock_runs_by_source_and_instrument(event: MakeWire) -> None:
    """Market data and timers may not go back in time, each for itself; equal times are fine."""
    core = DeterministicCore()
    tick = {"price": 1, "quantity": 1}
    assert core.apply_event(event(1, "trade", tick, event_time=9))["code"] == "ok"
    assert core.apply_event(event(2, "trade", tick, event_time=9))["code"] == "ok"
    assert core.apply_event(event(3, "trade", tick, event_time=8))["code"] == "time_regression"
    assert core.apply_event(event(3, "trade", tick, event_time=8, instrument="J"))["code"] == "ok"
    assert core.apply_event(event(4, "timer", {"name": "t"}, event_time=8))["code"] == "ok"
    assert core.snapshot()["clock"] == {"market_data:V:I": 9, "market_data:V:J": 8, "timer:V:I": 8}


@pytest.mark.parametrize(
    ("event_type", "payload", "mark"),
    [
        ("trade", {"price": "-1.5", "quantity": 1}, "-1.5"),
        ("bar", {"open": 1, "high": 0, "low": 9, "close": 5, "volume": 0}, "5"),
        ("quote", {"bid": "0.00000001", "ask": "0.00000002"}, "0.00000002"),
        ("quote", {"bid": "0.00000002", "ask": "0.00000003"}, "0.00000002"),
        ("quote", {"bid": "-0.00000001", "ask": "0"}, "0"),
    ],
)
def test_market_data_sets_the_mark(event: MakeWire, event_type: str, payload: Wire, mark: str) -> None:
    """The price, the close, or the middle, half to even."""
    core = DeterministicCore()
    core.apply_event(event(1, event_type, payload))
    assert core.snapshot()["marks"] == {"V:I": mark}


def test_place_order_refusals_in_order(working_core: WorkingCore, place: MakeWire) -> None:
    """With every reason at hand, the first in the page's order is told."""
    core = working_core()
    halt: Wire = {"intent_type": "set_risk_flag", "payload": {"flag": "halt", "on": True}, "strategy_id": "s"}
    core.process_intent(halt)
    assert core.process_intent(place("o1", limit_price=None, reduce_only=True))["code"] == "duplicate_order_id"
    assert core.process_intent(place("o2", limit_price=None, reduce_only=True))["code"] == "price_mismatch"
    assert core.process_intent(place("o2", reduce_only=True))["code"] == "trading_halted"
    halt["payload"]["on"] = False
    core.process_intent(halt)
    assert core.process_intent(place("o2", reduce_only=True))["code"] == "reduce_only_violation"
    assert core.process_intent(place("o2"))["code"] == "ok"


def test_risk_flag_makes_orders_reduce_only(
    working_core: WorkingCore, event: MakeWire, fill: MakeWire, place: MakeWire
) -> None:
    """Under the flag an order is recorded as reduce-only, and its leaves reserve part of the position."""
    core = working_core()
    core.apply_event(fill(3, "10", "100"))
    core.apply_event(event(4, "risk_flag", {"flag": "reduce_only", "on": True}))
    assert core.process_intent(place("a", side="sell", quantity=6))["code"] == "ok"
    assert core.process_intent(place("b", side="sell", quantity=5))["code"] == "reduce_only_violation"
    assert core.process_intent(place("c", side="sell", quantity=4))["code"] == "ok"
    assert core.snapshot()["orders"]["a"]["reduce_only"] is True


def test_batch_is_all_or_nothing_in_parsing(event: MakeWire, place: MakeWire) -> None:
    """The first malformed step raises with its place before any is applied; refusals stop nothing."""
    core = DeterministicCore()
    steps: list[Any] = [
        place(),
        event(1, "order_accepted", {"order_id": "o1"}),
        EngineIntent.from_dict(place("o2")),
    ]
    empty = core.state_digest()
    malformed: list[Any] = [*steps, {"event_type": "x"}, None]
    with pytest.raises(MalformedInputError) as caught:
        core.apply_batch(malformed)
    assert (caught.value.code, caught.value.index) == ("malformed_field", 3)
    assert core.state_digest() == empty
    assert [result["code"] for result in core.apply_batch(steps)] == ["ok", "illegal_transition", "ok"]


@pytest.mark.parametrize("steps", [(), None, {}, "x"])
def test_batch_takes_an_exact_list(steps: Any) -> None:
    """Anything but a list is malformed_type, with no index."""
    with pytest.raises(MalformedInputError) as caught:
        DeterministicCore().apply_batch(steps)
    assert (caught.value.code, caught.value.index) == ("malformed_type", None)


def test_objects_and_dicts_give_the_same_answers(event: MakeWire, place: MakeWire) -> None:
    """Two cores fed the same steps in two forms end in the same state."""
    steps = [event(1, "order_submitted", {"order_id": "o1"}), event(2, "order_accepted", {"order_id": "o1"})]
    with_dicts, with_objects = DeterministicCore(5), DeterministicCore("5.0")
    assert with_dicts.process_intent(place()) == with_objects.process_intent(EngineIntent.from_dict(place()))
    for step in steps:
        assert with_dicts.apply_event(step) == with_objects.apply_event(EngineEvent.from_dict(step))
    assert with_dicts.state_digest() == with_objects.state_digest()


def test_restore_and_reset(working_core: WorkingCore, fill: MakeWire) -> None:
    """A restored core goes on as the first would; a reset one is as constructed, with its own cash."""
    first, second = working_core(), DeterministicCore(7)
    second.restore(first.snapshot())
    assert second.apply_event(fill(3, "1", "100")) == first.apply_event(fill(3, "1", "100"))
    assert second.snapshot() == first.snapshot()
    second.reset()
    assert second.snapshot() == DeterministicCore(7).snapshot()


def test_failed_restore_changes_nothing(working_core: WorkingCore) -> None:
    """A snapshot that is refused leaves the core as it was."""
    core = working_core()
    digest = core.state_digest()
    damaged = core.snapshot() | {"cash": "1e3"}
    with pytest.raises(MalformedInputError):
        core.restore(damaged)
    assert core.state_digest() == digest


@pytest.mark.parametrize("cash", [True, None, "1e3", 1.0000001e21, 10**21 + 1])
def test_bad_initial_cash(cash: Any) -> None:
    """Initial cash is a number on the grid of money."""
    with pytest.raises(MalformedInputError):
        DeterministicCore(cash)


def test_views_are_floats_in_bytewise_order(event: MakeWire, place: MakeWire, fill: MakeWire) -> None:
    """Positions are listed by key, flat ones as 0.0."""
    core = DeterministicCore()
    seq_id = 0
    for instrument in ("b", "B"):
        core.process_intent(place(instrument, instrument=instrument))
        for step in (
            event(seq_id + 1, "order_submitted", {"order_id": instrument}, instrument=instrument),
            event(seq_id + 2, "order_accepted", {"order_id": instrument}, instrument=instrument),
            fill(seq_id + 3, 10, 1, instrument, fee=10, fee_asset="base") | {"instrument": instrument},
        ):
            assert core.apply_event(step)["code"] == "ok"
        seq_id += 3
    assert list(core.get_positions().items()) == [("V:B", 0.0), ("V:b", 0.0)]
    assert core.get_cash() == -20.0
