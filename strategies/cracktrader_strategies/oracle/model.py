"""One order of NautilusTrader that follows one of ours.

It takes the events of venue and strategy (`apply`) and has a status and quantities of its own. Where the rules differ
(see `departures`) it takes none, and is `lost` until it is made anew from the state of our order (`follow`): by a
history that leads there, with the fills that were really booked, so that it knows their ids.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cracktrader_fuzz.case.model import State
from cracktrader_strategies.oracle.nautilus import nautilus
from cracktrader_strategies.oracle.reading import ZERO

STATUSES: Mapping[str, str] = {
    "INITIALIZED": "CREATED",
    "SUBMITTED": "SUBMITTED",
    "ACCEPTED": "ACCEPTED",
    "PARTIALLY_FILLED": "PARTIALLY_FILLED",
    "FILLED": "FILLED",
    "PENDING_CANCEL": "CANCEL_PENDING",
    "PENDING_UPDATE": "REPLACE_PENDING",
    "CANCELED": "CANCELLED",
    "REJECTED": "REJECTED",
    "EXPIRED": "EXPIRED",
}
REQUESTS = {"REPLACE_PENDING": "replace_order", "CANCEL_PENDING": "cancel_order"}
FLAGS = {"replace_pending": "replace_order", "cancel_pending": "cancel_order"}
ENDS = {"cancelled": "order_cancelled", "rejected": "order_rejected", "expired": "order_expired"}
CLOSED = frozenset({"CANCELLED", "REJECTED", "EXPIRED"})
FILLS = "fills"
NEW = "CREATED"


class Model:
    """The order. `lost` names the departure since which it does not follow, and is empty while it does.

    `status` is one of ours, `under` the last one that was not pending.
    """

    def __init__(self, order_id: str, side: str, quantity: Decimal) -> None:
        self.order_id = order_id
        self.side = side
        self.status, self.under = NEW, NEW
        self.lost = ""
        self.two_pending = False
        self.fills: list[Any] = []
        self._begin(quantity)

    @property
    def cumulative(self) -> Decimal:
        """What is filled."""
        filled: Decimal = self._order.filled_qty.as_decimal()
        return filled

    @property
    def quantity(self) -> Decimal:
        """The total."""
        total: Decimal = self._order.quantity.as_decimal()
        return total

    @property
    def leaves(self) -> Decimal:
        """What is left; 0 for a closed order, as in our cores."""
        left: Decimal = self._order.leaves_qty.as_decimal()
        return ZERO if self.status in CLOSED else left

    @property
    def view(self) -> tuple[str, Decimal, Decimal, Decimal]:
        """All that a step can change."""
        return self.status, self.quantity, self.cumulative, self.leaves

    def apply(self, event: Any) -> str:
        """Apply an event: empty, or the class of the exception with which it is refused, when all is as before."""
        is_fill = hasattr(event, "trade_id")
        try:
            self._order.apply(event)
        except Exception as error:  # noqa: BLE001 - its refusals have no base class of their own
            if is_fill:
                self._again()
            return type(error).__name__
        self._applied.append(event)
        if is_fill:
            self.fills.append(event)
        before = self.status
        self.status = STATUSES[self._order.status_string()]
        self.two_pending = before in REQUESTS and self.status in REQUESTS and before != self.status
        if self.status not in REQUESTS:
            self.under = self.status
        return ""

    def follow(self, order: State) -> None:
        """Get into the state of our order, given as in a snapshot; stay `lost` where no history leads there."""
        kinds = _history(order)
        if isinstance(kinds, str):
            self.lost = kinds
            return
        fills, self.fills = self.fills, []
        self._begin(Decimal(order["quantity"]))
        for kind in kinds:
            for event in fills if kind == FILLS else [nautilus().event(kind, self.order_id)]:
                self.apply(event)
        self.fills = fills
        self.two_pending = order["cancel_pending"] and order["replace_pending"]
        if (self.status, self.cumulative) == (order["status"], Decimal(order["cumulative"])):
            self.lost = ""

    def _begin(self, quantity: Decimal) -> None:
        self._begun = quantity
        self._order = nautilus().order(self.order_id, self.side, quantity)
        self._applied: list[Any] = []
        self.status, self.under = NEW, NEW

    def _again(self) -> None:
        """A fill may be refused when half of it is done: begin anew, and apply all events but that."""
        self._order = nautilus().order(self.order_id, self.side, self._begun)
        for event in self._applied:
            self._order.apply(event)


def _history(order: State) -> list[str] | str:
    """Kinds of steps that lead to a state, or the departure for which there are none."""
    phase, is_filled = order["phase"], order["cumulative"] == order["quantity"]
    pending = [kind for flag, kind in FLAGS.items() if order[flag]]
    if phase == "created":
        return "created-pending" if pending else []
    if is_filled and pending:
        return "filled-pending"
    if is_filled and phase != "working":
        return "late-fill"
    if phase == "submitted":
        return ["order_submitted", *pending]
    accepted = ["order_submitted", "order_accepted"]
    return [*accepted, FILLS, *pending, *([ENDS[phase]] if phase in ENDS else [])]
