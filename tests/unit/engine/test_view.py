"""The view: orders as they stand after each step, in the order of placing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.events import canonical_event
from cracktrader.engine.intents import canonical_intent
from cracktrader.engine.view import RunView, RunViewKeeper

Wire = dict[str, Any]
Make = Callable[..., Wire]


class Seen:
    """A core and the view that follows it."""

    def __init__(self) -> None:
        self.core = DeterministicCore(1000)
        self.view = RunViewKeeper(self.core)

    def send(self, *steps: Wire) -> None:
        """Steps to the core, and their answers to the view."""
        for step in steps:
            if "intent_type" in step:
                self.view.note_intent(canonical_intent(step), self.core.process_intent(step))
            else:
                self.view.note_event(canonical_event(step), self.core.apply_event(step))


@pytest.fixture
def session(event: Make, fill: Make, place: Make) -> list[Wire]:
    """Two orders: one replaced, restated and partly filled, one cancelled; and one that is refused."""
    order = {"order_id": "o1"}
    replace = {"order_id": "o1", "quantity": 12, "limit_price": "101"}
    return [
        place("o1"),
        place("a", side="sell", order_type="stop", limit_price=None, stop_price=90),
        place("o1"),
        event(1, "order_submitted", order),
        event(2, "order_accepted", order),
        event(3, "order_submitted", {"order_id": "a"}),
        event(4, "order_cancelled", {"order_id": "a"}),
        {"intent_type": "replace_order", "payload": replace, "strategy_id": "s"},
        event(5, "order_replaced", replace),
        fill(6, "2", "101"),
        event(7, "order_restated", order | {"quantity": 20}),
        event(8, "order_restated", order | {"quantity": 1}),
    ]


def test_orders_equal_the_core_after_each_step(session: list[Wire]) -> None:
    """What the view shows of every order is what the core's snapshot has."""
    seen = Seen()
    for step in session:
        seen.send(step)
        snapshot = seen.core.snapshot()["orders"]
        assert {order.order_id for order in seen.view.orders()} == snapshot.keys()
        for order in seen.view.orders():
            core_order: Any = snapshot[order.order_id]
            shown = {name: getattr(order, name) for name in order.__dataclass_fields__ if name != "order_id"}
            assert shown == {name: core_order[name] for name in shown}


def test_order_of_placing_and_open_ones(session: list[Wire]) -> None:
    """Orders come as they were placed, open ones without those that are closed."""
    seen = Seen()
    seen.send(*session)
    assert [order.order_id for order in seen.view.orders()] == ["o1", "a"]
    assert [order.order_id for order in seen.view.open_orders()] == ["o1"]
    assert seen.view.order("a") == seen.view.orders()[1]
    assert seen.view.order("none") is None


def test_cash_and_positions_are_the_cores(session: list[Wire]) -> None:
    """Getters give the core's floats, 0.0 where there never was a fill."""
    seen = Seen()
    seen.send(*session)
    assert (seen.view.cash, seen.view.positions) == (798.0, {"V:I": 2.0})
    assert (seen.view.position("V", "I"), seen.view.position("V", "J")) == (2.0, 0.0)
    assert seen.view.snapshot() == seen.core.snapshot()


def test_state_put_back(session: list[Wire]) -> None:
    """A copy of the orders undoes what came after it, and is not shared."""
    seen = Seen()
    seen.send(*session[:5])
    state, orders = seen.view.copy_state(), seen.view.orders()
    seen.send(*session[5:])
    seen.view.put_back(state)
    assert seen.view.orders() == orders
    seen.send(session[5])
    seen.view.put_back(state)
    assert seen.view.orders() == orders


def test_orders_from_a_snapshot(session: list[Wire]) -> None:
    """A view that starts from a snapshot shows the same orders, by id."""
    seen = Seen()
    seen.send(*session)
    other = RunViewKeeper(seen.core)
    other.read_snapshot(seen.core.snapshot())
    assert other.orders() == sorted(seen.view.orders(), key=lambda order: order.order_id)
    assert other.open_orders() == seen.view.open_orders()


def test_callbacks_cannot_write(session: list[Wire]) -> None:
    """An order cannot be changed, and the public view has no way to write."""
    seen = Seen()
    seen.send(session[0])
    with pytest.raises(FrozenInstanceError):
        seen.view.orders()[0].status = "FILLED"  # type: ignore[misc]
    seen.view.orders().clear()
    assert len(seen.view.orders()) == 1
    public = {name for name in vars(RunView) if not name.startswith("_")}
    assert public == {"cash", "positions", "position", "order", "orders", "open_orders", "snapshot"}
