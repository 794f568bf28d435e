"""The state of a core: everything that a snapshot holds, in units.

Promises: plain data and the few questions that are asked of it, with an index over the live reduce-only
orders so that no question scans all orders. Does not judge a step: `core` does. Costs nothing until asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cracktrader.engine.accounting import Ledger
from cracktrader.engine.domain import RISK_FLAGS
from cracktrader.engine.orders import Order


@dataclass(slots=True, eq=False)
class CoreState:
    """Prices of `marks` are in units of 1e-8; `clock` and `idempotency_keys` are keyed as in the snapshot."""

    ledger: Ledger
    last_seq_id: int | None = None
    orders: dict[str, Order] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    clock: dict[str, int] = field(default_factory=dict)
    risk_flags: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(RISK_FLAGS, False))
    idempotency_keys: dict[str, str] = field(default_factory=dict)
    reducing_leaves: dict[tuple[str, str], int] = field(default_factory=dict)
    """Leaves of all reduce-only orders, by (instrument key, side); an order that is not live has none."""

    def add_order(self, order: Order) -> None:
        """Take in a new order."""
        self.orders[order.order_id] = order
        if order.reduce_only:
            self.note_leaves(order, 0)

    def note_leaves(self, order: Order, leaves_before: int) -> None:
        """Keep the index right after a step that may have changed the leaves of a reduce-only order."""
        key = (order.instrument_key, order.side)
        self.reducing_leaves[key] = self.reducing_leaves.get(key, 0) + order.leaves - leaves_before

    def may_reduce(self, instrument_key: str, side: str, quantity: int) -> bool:
        """Whether a new reduce-only order of this quantity (1e-8) would only ever reduce the position."""
        held = self.ledger.quantity_of(instrument_key)
        if not held or (held > 0) == (side == "buy"):
            return False
        return quantity + self.reducing_leaves.get((instrument_key, side), 0) <= abs(held)
