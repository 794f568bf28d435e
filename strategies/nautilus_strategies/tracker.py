"""What a step meets: the status of its order, or the side of its position, by the reference's outcomes."""

from cracktrader_fuzz.case.model import Outcome, Step
from nautilus_strategies.objects import ABOUT_POSITIONS
from nautilus_strategies.seat import NOTHING


class StatusTracker:
    """The target's `Tracker`."""

    def __init__(self) -> None:
        self._orders: dict[str, str] = {}
        self._positions: dict[str, str] = {}

    def context(self, step: Step) -> str:
        """The status before the step; `-` for an order or a position that is not there."""
        if step.get("event") == ABOUT_POSITIONS:
            return self._positions.get(str(step.get("position_id")), NOTHING)
        return self._orders.get(str(step.get("order_id")), NOTHING)

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Follow the reference's outcome; where it crashed, the status is what it was."""
        status = outcome.get("status", NOTHING)
        if status == NOTHING:
            return
        if step["event"] == ABOUT_POSITIONS:
            self._positions[step["position_id"]] = status
        else:
            self._orders[step["order_id"]] = status
