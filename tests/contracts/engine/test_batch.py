"""`apply_batch`: the same as one step after the other, and nothing at all when one step is malformed.

Also holds that objects and wire dicts are the same to a core, alone and in a batch (docs/engine.md 8, D24).
"""

from __future__ import annotations

from typing import Any

import pytest
from scenario import Session, Wire, send_to, split_steps

STEPS = (
    "cash amount=1000 key=c; @part; fill 1 key=f; fill 1 key=f; fill 2 key=f; accepted; replace quantity=14; "
    "replaced quantity=14 limit=99; trade price=5; set_risk_flag; place id=o2; cash seq=1; no_op; "
    "fill 9@101 fee=1; cancel"
)


def wires() -> list[Wire]:
    """A session with applied, duplicate and refused steps, events and intents in a mix."""
    session = Session(None)
    return [session.wire(step) for step in split_steps(STEPS)]


def as_object(step: Wire) -> Any:
    """The EngineEvent or EngineIntent of a wire dict."""
    from cracktrader.engine.events import EngineEvent
    from cracktrader.engine.intents import EngineIntent

    return EngineEvent.from_dict(step) if "event_type" in step else EngineIntent.from_dict(step)


def malformed(core: Any, steps: Any) -> Any:
    """The error that a batch raises; the state must not move."""
    from cracktrader.engine.error import MalformedInputError

    digest = core.state_digest()
    with pytest.raises(MalformedInputError) as caught:
        core.apply_batch(steps)
    assert core.state_digest() == digest
    return caught.value


def test_batch_equals_one_by_one(core_of: Any) -> None:
    """A batch gives the results and the state of its steps one by one; refusals do not stop it."""
    core, single = core_of(), core_of()
    results = core.apply_batch(wires())
    assert results == [send_to(single, step) for step in wires()]
    assert core.state_digest() == single.state_digest()
    assert {result["outcome"] for result in results} == {"applied", "duplicate", "rejected"}


@pytest.mark.parametrize("cut", range(0, len(wires()) + 1, 4))
def test_batch_can_be_cut_anywhere(core_of: Any, cut: int) -> None:
    """Two batches are one batch; an empty batch gives an empty list and changes nothing."""
    core, whole = core_of(), core_of()
    assert core.apply_batch(wires()[:cut]) + core.apply_batch(wires()[cut:]) == whole.apply_batch(wires())
    digest = core.state_digest()
    assert core.apply_batch([]) == [] and core.state_digest() == digest == whole.state_digest()


def test_objects_and_wire_dicts_are_the_same(core_of: Any) -> None:
    """Every step may be an object or its wire dict, alone and in a batch, with the same results and state."""
    objects, mixed = core_of(), core_of()
    expected = core_of().apply_batch(wires())
    alone = [
        objects.apply_event(as_object(step)) if "event_type" in step else objects.process_intent(as_object(step))
        for step in wires()
    ]
    assert alone == expected
    assert mixed.apply_batch([as_object(step) if i % 2 else step for i, step in enumerate(wires())]) == expected
    assert mixed.state_digest() == objects.state_digest()


def test_objects_go_to_wire_and_back(core_of: Any) -> None:
    """What an object says of itself as a dict is the same step, with the same result."""
    said = [as_object(step).to_dict() for step in wires()]
    assert [as_object(step) for step in said] == [as_object(step) for step in wires()]
    assert core_of().apply_batch(said) == core_of().apply_batch(wires())


@pytest.mark.parametrize("place", [0, 3, len(wires())])
@pytest.mark.parametrize(("fault", "code"), [
    ({}, "malformed_field"), (None, "malformed_type"), ([], "malformed_type"), ("no_op", "malformed_type"),
    ({"event_type": "timer"}, "malformed_field"), ({"intent_type": "no_op"}, "malformed_field"),
    ({"intent_type": "no_op", "payload": {}, "strategy_id": ""}, "malformed_identifier"),
    ({"event_type": "no_op", "payload": {}, "strategy_id": "s1"}, "malformed_field"),
])  # fmt: skip
def test_a_malformed_step_applies_nothing(core_of: Any, place: int, fault: Any, code: str) -> None:
    """The first malformed step raises with its place in `.index`, and none of the batch is applied."""
    core = core_of()
    steps = wires()
    steps[place:place] = [fault]
    error = malformed(core, [*steps, {"intent_type": 5}])
    assert (error.code, error.index) == (code, place)
    assert [result["code"] for result in core.apply_batch(wires()[:1])] == ["ok"]


@pytest.mark.parametrize("steps", [
    None, (), {}, "", 5, tuple(wires()), iter(wires()), {"steps": []}, type("Steps", (list,), {})(wires()),
], ids=lambda steps: type(steps).__name__)  # fmt: skip
def test_only_a_list_is_a_batch(core_of: Any, steps: Any) -> None:
    """A tuple, an iterator, a subclass of list, and whatever else is no exact list is `malformed_type`."""
    assert malformed(core_of(), steps).code == "malformed_type"


def test_single_steps_carry_no_index(core_of: Any) -> None:
    """Outside a batch the index of a malformed step is None."""
    from cracktrader.engine.error import MalformedInputError

    for send in (core_of().apply_event, core_of().process_intent):
        with pytest.raises(MalformedInputError) as caught:
            send({})
        assert (caught.value.code, caught.value.index) == ("malformed_field", None)


def test_batch_leaves_its_list_alone(core_of: Any) -> None:
    """The list and its dicts are as they were, and changing them afterwards changes no state."""
    core, steps = core_of(), wires()
    results = core.apply_batch(steps)
    digest = core.state_digest()
    assert steps == wires()
    for wire in (*steps, *results):
        wire.get("payload", wire).clear()
    results.clear()
    assert core.state_digest() == digest
