"""The decoder and what it is made of: repeatable, aware of the orders, and honest about its labels."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy

import pytest

from cracktrader.engine.events import EVENT_SHAPES
from cracktrader.engine.intents import INTENT_SHAPES
from cracktrader_fuzz.case.model import Step
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.soak import draw_stream, explore
from cracktrader_fuzz.target.fields import leaves
from cracktrader_strategies import numbers
from cracktrader_strategies.decoder import OrderFlowDecoder
from cracktrader_strategies.grammar import EVENT_TYPES, GRAMMAR, INTENT_TYPES, ODD_KIND, step_kind
from cracktrader_strategies.orderbook import NO_ORDER, STATUSES, UNKNOWN_ORDER, OrderBook
from cracktrader_strategies.step_spoiler import spoil_step
from cracktrader_strategies.subjects.cores import PythonCore
from cracktrader_strategies.swarm import LEGAL, ORDER_OPERATIONS, draw_swarm
from cracktrader_strategies.target import CRACKTRADER

PAIR = Lockstep(CRACKTRADER, [(name, PythonCore()) for name in ("one", "other")])


def placed(order_id: str) -> Step:
    """An order."""
    terms = {"order_id": order_id, "venue": "v1", "instrument": "i1", "order_type": "market"}
    return {"intent_type": "place_order", "payload": terms, "strategy_id": "s1"}


def moved(order_id: str, to: str, leaves: str) -> Step:
    """An outcome that moves an order."""
    return {"outcome": "applied", "transitions": [{"order_id": order_id, "to": to, "leaves": leaves}]}


def test_kinds_are_those_of_the_engine() -> None:
    """The grammar names every event and every intent of the core, and no other."""
    assert sorted(EVENT_TYPES) == sorted(name for shapes in EVENT_SHAPES.values() for name in shapes)
    assert sorted(INTENT_TYPES) == sorted(INTENT_SHAPES)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ({"event_type": "trade"}, "trade"),
        ({"intent_type": "no_op"}, "no_op"),
        ({"event_type": "Trade"}, ODD_KIND),
        ({"event_type": ["trade"]}, ODD_KIND),
        ({}, ODD_KIND),
    ],
    ids=str,
)
def test_step_kind(step: Step, kind: str) -> None:
    """A step's kind is its type, and `odd` for whatever is none."""
    assert step_kind(step) == kind


def test_labels_are_what_grammar_and_tracker_say() -> None:
    """The decoder's own label of each step is the one that a replay of the case gives it."""
    for index in range(20):
        explored = explore(PAIR, 11, index)
        replayed: Counter[tuple[tuple[str, str], str]] = Counter()
        PAIR.run_case(explored.case, cells=replayed)
        assert explored.cells == replayed


def test_decoded_steps_share_nothing() -> None:
    """Destroying a step that was decoded does not change those that follow."""
    plain, rough = OrderFlowDecoder(), OrderFlowDecoder()
    one, other = draw_stream(1, 0), draw_stream(1, 0)
    core, again = CRACKTRADER.subjects["python"](), CRACKTRADER.subjects["python"]()
    core.start(plain.begin(one()))
    again.start(rough.begin(other()))
    for _ in range(300):
        step, same = plain.decode(one()), rough.decode(other())
        assert step == same
        outcome = core.step(step)
        assert again.step(same) == outcome
        if outcome["outcome"] == "applied":
            plain.observe(step, outcome)
            rough.observe(deepcopy(same), deepcopy(outcome))
        same.clear()


def test_orderbook_follows_transitions() -> None:
    """An order is known from its placement on, with its last status and its last leaves above zero."""
    book = OrderBook()
    assert book.context(placed("o1")) == UNKNOWN_ORDER
    book.observe(placed("o1"), moved("o1", "CREATED", "5"))
    assert book.context(placed("o1")) == "CREATED"
    book.observe({}, moved("o1", "FILLED", "0"))
    assert (book.orders[0].status, book.orders[0].leaves) == ("FILLED", "5")


@pytest.mark.parametrize("step", [{}, {"payload": None}, {"payload": {"order_id": 7}}, {"payload": []}], ids=str)
def test_step_without_an_order_has_no_context(step: Step) -> None:
    """Whatever a malformed step looks like, it has a context."""
    assert OrderBook().context(step) == NO_ORDER


def test_swarm_is_repeatable_and_various() -> None:
    """The same bytes give the same shape; a few draws give many shapes, each with something to do at every status."""
    shapes = [draw_swarm(index.to_bytes(12, "little")) for index in range(200)]
    assert shapes[7] == draw_swarm((7).to_bytes(12, "little"))
    assert len({str(shape) for shape in shapes}) > 190
    assert all(set(shape.operations) == set(STATUSES) and all(shape.operations.values()) for shape in shapes)
    assert all(shape.session_operations and shape.order_quantities and shape.prices for shape in shapes)


def test_legal_operations_are_operations() -> None:
    """The table of what is worth trying has every status, and names only what the decoder can make."""
    assert set(LEGAL) == set(STATUSES)
    assert {name for names in LEGAL.values() for name in names} <= set(ORDER_OPERATIONS)


def test_spoiled_step_differs_in_one_place_and_spares_the_original() -> None:
    """A field is changed, taken away or added, somewhere; over some draws all three and both levels occur."""
    step, draw = {"a": "x", "payload": {"b": "y", "c": "z"}}, draw_stream(1, 1)
    before = deepcopy(step)
    changes = Counter(difference(step, spoil_step(step, draw())) for _ in range(500))
    assert step == before
    assert {"payload.b", "payload.c", "payload.surprise", "a", "payload"} <= set(changes)


def difference(step: Step, spoilt: Step) -> str:
    """Which key two steps differ in; empty for none."""
    keys = [key for key in {**step, **spoilt} if step.get(key, ...) != spoilt.get(key, ...)]
    if keys == ["payload"] and isinstance(spoilt.get("payload"), dict) and spoilt["payload"] not in numbers.TRAPS:
        inner = difference(step["payload"], spoilt["payload"])
        return f"payload.{inner}"
    assert len(keys) <= 1
    return "".join(keys)


def test_traps_are_not_shared_with_steps() -> None:
    """A trap that is a list or an object is copied into the step: filling the copy leaves the trap as it was."""
    before, draw = deepcopy(numbers.TRAPS), draw_stream(2, 2)
    payloads = [spoil_step({"a": 1, "payload": {"b": 1}}, draw()).get("payload") for _ in range(2_000)]
    values = [payload.get("b") for payload in payloads if isinstance(payload, dict)]
    lists = [value for value in values if isinstance(value, list)]
    for each in lists:
        each.append("more")
    assert len(lists) > 1
    assert before == numbers.TRAPS


def test_every_generated_field_can_be_simplified() -> None:
    """The grammar has a rule for each field that the decoder writes, but for the types, and for what no step has."""
    cases = [explore(PAIR, 12, index).case for index in range(10)]
    keys = {key for case in cases for step in case.steps for _, key, _ in leaves(step)}
    assert keys - set(GRAMMAR.rules) <= {"source", "event_type", "intent_type", "payload", "surprise"}
    assert set(GRAMMAR.rules) <= keys
