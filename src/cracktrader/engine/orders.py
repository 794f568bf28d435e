"""Orders: what the core keeps of one, and the status that follows from it.

Promises: the status and the leaves are derived, never stored, so they cannot disagree with the quantities.
Does not say which report is legal when: `lifecycle` does. Costs 0.1 to 0.2 us for a status.
"""

from __future__ import annotations

from dataclasses import dataclass

from cracktrader.engine.domain import LIVE_PHASES, TERMINAL_STATUSES, Phase, Status
from cracktrader.engine.numbers import quantity_text
from cracktrader.engine.results import TransitionWire

_STATUS_OF_PHASE: dict[Phase, Status] = {
    "created": "CREATED",
    "submitted": "SUBMITTED",
    "working": "ACCEPTED",
    "cancelled": "CANCELLED",
    "rejected": "REJECTED",
    "expired": "EXPIRED",
}

PRICES_OF_TYPE: dict[str, tuple[bool, bool]] = {
    "market": (False, False),
    "limit": (True, False),
    "stop": (False, True),
    "stop_limit": (True, True),
}
"""Whether an order type has a limit price, and whether it has a stop price."""


@dataclass(slots=True, eq=False)
class Order:
    """One order: its terms, then its state. Quantities and prices are in units of 1e-8, absent prices None.

    `instrument_key` is `"venue:instrument"`, kept so that a fill need not build it.
    """

    order_id: str
    venue: str
    instrument: str
    instrument_key: str
    side: str
    order_type: str
    time_in_force: str
    limit_price: int | None
    stop_price: int | None
    reduce_only: bool
    strategy_id: str
    quantity: int
    phase: Phase = "created"
    cumulative: int = 0
    triggered: bool = False
    cancel_pending: bool = False
    replace_pending: bool = False

    @property
    def leaves(self) -> int:
        """What can still fill in the ordinary way, in 1e-8; 0 once cancelled, rejected or expired."""
        return self.quantity - self.cumulative if self.phase in LIVE_PHASES else 0

    @property
    def status(self) -> Status:
        """The reported status: the first that applies, in the order of docs/engine.md, section 4."""
        phase = self.phase
        if phase not in LIVE_PHASES:
            return _STATUS_OF_PHASE[phase]
        if self.cancel_pending:
            return "CANCEL_PENDING"
        if self.replace_pending:
            return "REPLACE_PENDING"
        if self.cumulative == self.quantity:
            return "FILLED"
        if self.cumulative:
            return "PARTIALLY_FILLED"
        return _STATUS_OF_PHASE[phase]

    @property
    def is_live(self) -> bool:
        """Whether the status is not terminal."""
        return self.status not in TERMINAL_STATUSES

    def lacks(self, limit_price: int | None, stop_price: int | None) -> bool:
        """Whether a price is named here that this type of order does not have."""
        has_limit, has_stop = PRICES_OF_TYPE[self.order_type]
        return (limit_price is not None and not has_limit) or (stop_price is not None and not has_stop)

    def close(self, phase: Phase) -> None:
        """End in this phase, with nothing pending."""
        self.phase = phase
        self.clear_pending()

    def clear_pending(self) -> None:
        """Forget the requests that are open."""
        self.cancel_pending = False
        self.replace_pending = False

    def transition(self, status_before: Status | None) -> TransitionWire:
        """The wire form of the move from that status to the present one."""
        return {
            "order_id": self.order_id,
            "from": status_before,
            "to": self.status,
            "cumulative": quantity_text(self.cumulative),
            "leaves": quantity_text(self.leaves),
        }
