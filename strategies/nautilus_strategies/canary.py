"""The canary: the Cython side once more, wrong on purpose in its status after a rejected cancel."""

from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_fuzz.target.target import Canary
from nautilus_strategies.seat import NautilusSeat

CANARY = Canary("canary-cancel-still-pending", "status, a rejected cancel", 4)

PENDING = "PENDING_CANCEL"


class PendingCancelCanary(NautilusSeat):
    """The Cython side, which reports a cancel as still pending after it was rejected."""

    def __init__(self) -> None:
        super().__init__("cython")

    def step(self, step: Step) -> Outcome:
        """The Cython side's outcome, except for the rejection of a cancel that was pending."""
        was_pending = step.get("event") == "order_cancel_rejected" and self._status(step) == PENDING
        outcome = super().step(step)
        return {**outcome, "status": PENDING} if was_pending else outcome
