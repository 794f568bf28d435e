"""The state: what a reduce-only order may still reduce, and the index that answers it."""

from __future__ import annotations

from collections.abc import Callable

from cracktrader.engine.accounting import Ledger
from cracktrader.engine.orders import Order
from cracktrader.engine.state import CoreState

MakeOrder = Callable[..., Order]


def _state(held: int) -> CoreState:
    return CoreState(Ledger(0, {"V:I": (held, 0, 0)}))


def test_reducing_needs_an_opposite_position() -> None:
    """Flat, the same side, an unknown instrument or more than the position is no reduction."""
    assert not _state(0).may_reduce("V:I", "sell", 1)
    assert not _state(10).may_reduce("V:I", "buy", 1)
    assert not _state(10).may_reduce("V:J", "sell", 1)
    assert not _state(10).may_reduce("V:I", "sell", 11)
    assert _state(10).may_reduce("V:I", "sell", 10)
    assert _state(-10).may_reduce("V:I", "buy", 10)


def test_leaves_of_other_reduce_only_orders_count(order: MakeOrder) -> None:
    """What waits on the same side reserves its part; ordinary orders do not."""
    state = _state(-10)
    state.add_order(order(order_id="a", reduce_only=True, quantity=6))
    state.add_order(order(order_id="b", reduce_only=False, quantity=6))
    assert state.may_reduce("V:I", "buy", 4)
    assert not state.may_reduce("V:I", "buy", 5)


def test_index_follows_the_leaves(order: MakeOrder) -> None:
    """What fills or ends gives its part back."""
    state = _state(-10)
    waiting = order(reduce_only=True, quantity=6, phase="working")
    state.add_order(waiting)
    waiting.cumulative = 2
    state.note_leaves(waiting, 6)
    assert state.reducing_leaves == {("V:I", "buy"): 4}
    waiting.close("cancelled")
    state.note_leaves(waiting, 4)
    assert state.reducing_leaves == {("V:I", "buy"): 0}


def test_states_share_no_map() -> None:
    """Two states have nothing in common, their flags included."""
    first, second = _state(0), _state(0)
    first.risk_flags["halt"] = True
    first.marks["V:I"] = 1
    assert second.risk_flags == {"halt": False, "reduce_only": False}
    assert second.marks == {}
