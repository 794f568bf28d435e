"""The public strategies: what they draw has the shape that they promise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import MalformedInputError
from cracktrader_fuzz.case.model import Case, Step
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.testing.gate import blocks, run_gate
from cracktrader_strategies.grammar import EVENT_TYPES
from cracktrader_strategies.strategies import cases, prices, quantities, steps, wire_events
from cracktrader_strategies.subjects.cores import PythonCore
from cracktrader_strategies.target import CRACKTRADER


def twice() -> Lockstep:
    """The Python core beside itself."""
    return Lockstep(CRACKTRADER, [(name, PythonCore()) for name in ("one", "other")])


def trade(price: Any, quantity: Any) -> Step:
    """A trade, which takes a price and a quantity."""
    return {
        "seq_id": 1, "event_time": 1, "ingest_time": 1, "source": "market_data", "venue": "v1", "instrument": "i1",
        "event_type": "trade", "payload": {"price": price, "quantity": quantity}, "idempotency_key": None,
    }  # fmt: skip


@given(price=prices(), quantity=quantities())
def test_numbers_are_legal(price: Any, quantity: Any) -> None:
    """The core takes every price and every quantity."""
    assert DeterministicCore().apply_event(trade(price, quantity))["code"] == "ok"


@given(event=wire_events())
def test_wire_events_are_well_formed(event: Step) -> None:
    """A new core has an answer to every event and calls none malformed."""
    assert event["event_type"] in EVENT_TYPES
    assert DeterministicCore().apply_event(event)["outcome"] in ("applied", "rejected")


def test_steps_hold_events_intents_and_malformed_ones() -> None:
    """Among a few hundred steps there are events, intents, and steps that the core calls malformed."""
    seen = set()

    @settings(max_examples=300)
    @given(step=steps())
    def look(step: Step) -> None:
        core = DeterministicCore()
        seen.add("event" if "event_type" in step else "intent")
        try:
            core.process_intent(step) if "intent_type" in step else core.apply_event(step)
        except MalformedInputError:
            seen.add("malformed")

    look()
    assert seen == {"event", "intent", "malformed"}


@given(case=cases(steps_max=9))
def test_cases_are_for_the_target_and_not_too_long(case: Case) -> None:
    """A case has 1 to `steps_max` steps, and the reference can be run on it."""
    assert case.target == CRACKTRADER.name
    assert 1 <= len(case.steps) <= 9
    lockstep = twice()
    assert lockstep.run_case(case).agrees


@pytest.mark.parametrize("steps_max", [0, -1, 301])
def test_length_of_cases_is_bounded(steps_max: int) -> None:
    """A length that cannot be drawn is refused with the bounds."""
    with pytest.raises(ValueError, match=f"steps_max is {steps_max}: choose 1 to 300"):
        cases(steps_max)


@given(block=blocks(7))
def test_blocks_have_one_length(block: bytes) -> None:
    """A block for seven steps holds the bytes of eight draws."""
    assert len(block) == 8 * 12


def test_gate_is_the_same_each_time_and_other_in_another_shard() -> None:
    """A shard applies the same steps on every run; another shard has other cases."""
    lockstep = twice()
    few = settings(settings.get_profile("pr"), max_examples=5)
    counts = [run_gate(lockstep, 60, few, shard) for shard in (0, 0, 1)]
    assert counts[0] == counts[1]
    assert counts[1] != counts[2]
    assert min(counts) > 0
