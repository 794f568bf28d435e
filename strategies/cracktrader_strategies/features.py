"""What a step has done to an order and its position, coarsely: what a search should see in every combination.

Three features: the order's status after the step, the sign of the position in its instrument, and the pending requests.
All of them follow from the reference's outcomes.
"""

from decimal import Decimal

from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_strategies.grammar import step_kind

CANCEL, REPLACE = "c", "r"
_REQUESTED = {"cancel_order": CANCEL, "order_cancel_pending": CANCEL, "replace_order": REPLACE}
_ANSWERED = {"order_cancel_rejected": CANCEL, "order_replaced": REPLACE, "order_replace_rejected": REPLACE}
_CLOSED = frozenset({"order_cancelled", "order_expired", "order_rejected"})


class OrderFeatures:
    """The observer of one case."""

    def __init__(self) -> None:
        self._symbols: dict[str, str] = {}
        self._positions: dict[str, Decimal] = {}
        self._pending: dict[str, frozenset[str]] = {}

    def after(self, step: Step, outcome: Outcome) -> str:
        """`status sign pending`, the last that is known; `-` for a step without an order."""
        order_id = outcome.get("order_id")
        if type(order_id) is not str:
            return "-"
        if outcome["outcome"] == "applied":
            self._follow(step, order_id, outcome["position_delta"])
        position = self._positions.get(self._symbols.get(order_id, ""), Decimal(0))
        sign = (position > 0) - (position < 0)
        transitions = outcome.get("transitions")
        status = transitions[0]["to"] if transitions else ""
        return f"{status} {sign} {''.join(sorted(self._pending.get(order_id, ())))}"

    def _follow(self, step: Step, order_id: str, position_delta: str) -> None:
        kind, pending = step_kind(step), self._pending.get(order_id, frozenset())
        if kind == "place_order":
            self._symbols[order_id] = f"{step['payload']['venue']}:{step['payload']['instrument']}"
        elif kind in _CLOSED:
            self._pending[order_id] = frozenset()
        elif kind in _REQUESTED:
            self._pending[order_id] = pending | {_REQUESTED[kind]}
        elif kind in _ANSWERED:
            self._pending[order_id] = pending - {_ANSWERED[kind]}
        if position_delta != "0":
            symbol = self._symbols.get(order_id, "")
            self._positions[symbol] = self._positions.get(symbol, Decimal(0)) + Decimal(position_delta)
