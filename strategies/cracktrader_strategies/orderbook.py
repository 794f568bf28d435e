"""The orders of a case, by the reference's outcomes: the status that a step meets, and what is left to fill.

Everything comes from earlier outcomes, never from inside a core, so that generated, recorded and stored cases are
labelled alike.
"""

from dataclasses import dataclass

from cracktrader_fuzz.case.model import Outcome, Step

NO_ORDER = "-"
UNKNOWN_ORDER = "UNKNOWN"
STATUSES = (
    "CREATED",
    "SUBMITTED",
    "ACCEPTED",
    "PARTIALLY_FILLED",
    "FILLED",
    "CANCEL_PENDING",
    "REPLACE_PENDING",
    "CANCELLED",
    "REJECTED",
    "EXPIRED",
)
TERMINAL = frozenset({"FILLED", "CANCELLED", "REJECTED", "EXPIRED"})


@dataclass(slots=True, eq=False)
class OrderView:
    """One order: its names, its last status, and its last leaves above zero."""

    order_id: str
    venue: str
    instrument: str
    order_type: str
    status: str
    leaves: str


class OrderBook:
    """Every order that the reference has taken, and those that are live, oldest first; the target's `Tracker`."""

    def __init__(self) -> None:
        self.orders: list[OrderView] = []
        self.live: list[OrderView] = []
        self._by_id: dict[str, OrderView] = {}

    def context(self, step: Step) -> str:
        """The order's status before the step; UNKNOWN for an order not seen, `-` for a step without one."""
        payload = step.get("payload")
        order_id = payload.get("order_id") if type(payload) is dict else None
        if type(order_id) is not str:
            return NO_ORDER
        order = self._by_id.get(order_id)
        return UNKNOWN_ORDER if order is None else order.status

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Follow a result's transitions."""
        for transition in outcome.get("transitions", ()):
            order = self._by_id.get(transition["order_id"])
            if order is None:
                order = self._placed(step["payload"])
            status = transition["to"]
            if status in TERMINAL and order.status not in TERMINAL:
                self.live.remove(order)
            order.status = status
            if transition["leaves"] != "0":
                order.leaves = transition["leaves"]

    def _placed(self, terms: Step) -> OrderView:
        order = OrderView(terms["order_id"], terms["venue"], terms["instrument"], terms["order_type"], "CREATED", "1")
        self._by_id[order.order_id] = order
        self.orders.append(order)
        self.live.append(order)
        return order
