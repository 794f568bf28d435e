"""Which of our steps about an order NautilusTrader's order takes, and where its rules differ from ours.

Only what that order knows itself decides: its own status, and the one before something was pending.
"""

from decimal import Decimal
from typing import Any

from cracktrader_fuzz.case.model import Step
from cracktrader_strategies.grammar import REPORT_TYPES
from cracktrader_strategies.oracle.model import CLOSED, Model
from cracktrader_strategies.oracle.nautilus import nautilus
from cracktrader_strategies.oracle.reading import ZERO, number

MONEY_MAX = Decimal(17_014_118_346_046)  # the bound of NautilusTrader's own `Money`
ABOUT_ORDERS = frozenset({*REPORT_TYPES, "cancel_order", "replace_order"})
BEFORE_WORKING = frozenset({"CREATED", "SUBMITTED"})
REQUESTS = frozenset({"cancel_order", "replace_order", "order_cancel_pending"})
WITH_TOTAL = frozenset({"order_replaced", "order_restated"})
ANSWERS = frozenset({"order_cancel_rejected", "order_replace_rejected", "order_replaced"})
PENDING = frozenset({"CANCEL_PENDING", "REPLACE_PENDING"})


def departure_of(kind: str, model: Model, payload: Step) -> str:
    """The departure that leaves a whole step unjudged; empty where NautilusTrader's rules are ours."""
    if kind == "order_triggered":
        return "trigger"
    if model.two_pending:
        return "two-pending"
    if kind in WITH_TOTAL:
        return _of_update(kind, model, payload)
    if model.status == "CREATED":
        return _of_created(kind)
    if kind == "order_fill":
        return _of_fill(model, payload)
    if kind == "order_replace_pending" and model.status != "REPLACE_PENDING":
        return "acknowledged-replace"
    return _of_pending(kind, model) if model.status in PENDING else ""


def event_of(kind: str, model: Model, payload: Step) -> Any:
    """NautilusTrader's event for a step that is not a fill."""
    if kind in WITH_TOTAL:
        return nautilus().update(model.order_id, total_of(model, payload))
    return nautilus().event(kind, model.order_id)


def total_of(model: Model, payload: Step) -> Decimal:
    """The new total; the old one where none is named."""
    named = payload.get("quantity")
    return model.quantity if named is None else number(named)


def partly(kind: str, status: str) -> str:
    """The departure that leaves the status of a fill unjudged; `status` is the order's before it."""
    if kind != "order_fill":
        return ""
    return "pending-kept" if status in PENDING else "late-fill" if status == "CANCELLED" else ""


def fill_of(model: Model, payload: Step, trade_id: str) -> Any:
    """NautilusTrader's event for a fill; without its fee where that is past the range of money."""
    fee, asset = number(payload["fee"]), payload["fee_asset"]
    kept = fee if abs(fee) <= MONEY_MAX else ZERO
    money = nautilus().money(kept, asset if asset in ("quote", "base") else "other")
    numbers = (number(payload["last_quantity"]), number(payload["last_price"]), money)
    return nautilus().fill(model.order_id, trade_id, model.side, *numbers)


def _of_created(kind: str) -> str:
    if kind in REQUESTS:
        return "created-pending"
    return "external-order" if kind in ("order_accepted", "order_cancelled", "order_expired") else ""


def _of_fill(model: Model, payload: Step) -> str:
    if abs(number(payload["fee"])) > MONEY_MAX:
        return "money-range"
    if model.under in BEFORE_WORKING:
        return "early-fill"
    return "late-fill-expired" if model.status == "EXPIRED" else ""


def _of_update(kind: str, model: Model, payload: Step) -> str:
    if kind == "order_replaced" and model.status != "REPLACE_PENDING":
        return "unasked-update"
    if kind == "order_restated" and (model.status in CLOSED or model.under in BEFORE_WORKING or not model.leaves):
        return "unasked-update"
    if kind == "order_restated" and model.status == "REPLACE_PENDING":
        return "pending-kept-whole"
    if model.under in BEFORE_WORKING:
        return "pending-phase"
    return "total-below-filled" if total_of(model, payload) <= model.cumulative else ""


def _of_pending(kind: str, model: Model) -> str:
    """Where something is pending, and the step is neither a fill nor an update."""
    if kind == "order_accepted":
        return "pending-kept-whole"
    if kind == "order_rejected" and model.cumulative:
        return "pending-phase"
    if model.under in BEFORE_WORKING and (kind in ANSWERS or kind == "order_expired"):
        return "pending-phase"
    return ""
