"""The canary: the Cython side once more, wrong on purpose in what it says of a rejected cancel."""

from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_fuzz.target.target import Canary
from nautilus_strategies.seat import NautilusSeat

CANARY = Canary("canary-cancel-still-pending", "status, a rejected cancel", 4)

PENDING = "PENDING_CANCEL"


class PendingCancelCanary(NautilusSeat):
    """Says that a cancel is still pending after it was rejected."""

    def __init__(self) -> None:
        super().__init__("cython")

    def step(self, step: Step) -> Outcome:
        """The Cython side's answer, but for the rejection of a cancel that was pending."""
        was_pending = step.get("event") == "order_cancel_rejected" and self._status(step) == PENDING
        outcome = super().step(step)
        return {**outcome, "status": PENDING} if was_pending else outcome
