"""The legal set: what the state machine does is in it, and nothing that it never does."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.domain import STATUSES
from cracktrader.engine.events import EVENT_SHAPES
from cracktrader.engine.legal_set import LEGAL_SET

Make = Callable[..., dict[str, Any]]


def inputs(event: Make, fill: Make, place: Make) -> list[tuple[str, dict[str, Any]]]:
    """(type, wire dict) of everything that may happen to o1, an order of 3, in two sizes where they matter."""
    reports = [
        event(1, name, {"order_id": "o1"})
        for name in EVENT_SHAPES["broker_report"]
        if name not in ("order_fill", "order_restated")
    ]
    sized = [fill(1, quantity, "100") for quantity in ("1", "2")]
    sized += [event(1, name, {"order_id": "o1", "quantity": 2}) for name in ("order_restated", "order_replaced")]
    requests = [
        {"intent_type": "cancel_order", "payload": {"order_id": "o1"}, "strategy_id": "s"},
        {"intent_type": "replace_order", "payload": {"order_id": "o1", "quantity": 4}, "strategy_id": "s"},
        place(quantity=3, order_type="stop_limit", stop_price=90),
    ]
    return [(str(step.get("event_type") or step["intent_type"]), step) for step in (*reports, *sized, *requests)]


def test_every_reachable_transition_is_legal_and_every_legal_one_reachable(
    event: Make, fill: Make, place: Make
) -> None:
    """A walk over all states of one order, by breadth, finds exactly the pairs of the set."""
    steps = inputs(event, fill, place)
    found: set[tuple[str, str | None, str]] = set()
    start = DeterministicCore(1000).snapshot()
    frontier, seen = [start], {str(start["orders"])}
    for seq_id in itertools.count(1):
        following = []
        for snapshot, (kind, step) in itertools.product(frontier, steps):
            core = DeterministicCore()
            core.restore(snapshot)
            answer = core.apply_event(step | {"seq_id": seq_id}) if "event_type" in step else core.process_intent(step)
            found |= {(kind, moved["from"], moved["to"]) for moved in answer["transitions"]}
            after = core.snapshot()
            if answer["outcome"] == "applied" and str(after["orders"]) not in seen:
                seen.add(str(after["orders"]))
                following.append(after)
        frontier = following
        if not frontier:
            break
    assert found == {(kind, *pair) for kind, pairs in LEGAL_SET.items() for pair in pairs}


def test_only_known_words() -> None:
    """The set names statuses and input types that exist."""
    statuses = {status for pairs in LEGAL_SET.values() for pair in pairs for status in pair}
    assert statuses - {None} == set(STATUSES)
    assert LEGAL_SET.keys() == {*EVENT_SHAPES["broker_report"], "place_order", "cancel_order", "replace_order"}
