"""The life of an order: what each report of the venue and each request of the strategy does to it.

Promises: a function here either changes the order and answers `"ok"`, or changes nothing and answers the code
of the refusal. Does not touch cash, positions or other orders: fills are judged here and booked by
`accounting`. Costs some 0.1 us a step.
"""

from __future__ import annotations

from collections.abc import Callable

from cracktrader.engine.domain import STOP_TYPES
from cracktrader.engine.fields import Values
from cracktrader.engine.orders import Order

Change = Callable[[Order, Values], str]


def _submitted(order: Order, _: Values) -> str:
    if order.phase != "created":
        return "illegal_transition"
    order.phase = "submitted"
    return "ok"


def _accepted(order: Order, _: Values) -> str:
    if order.phase != "submitted":
        return "illegal_transition"
    order.phase = "working"
    return "ok"


def _rejected(order: Order, _: Values) -> str:
    if not order.is_live or order.cumulative:
        return "illegal_transition"
    order.close("rejected")
    return "ok"


def _triggered(order: Order, _: Values) -> str:
    if order.phase != "working" or order.order_type not in STOP_TYPES or order.triggered or not order.leaves:
        return "illegal_transition"
    order.triggered = True
    return "ok"


def _cancel_pending(order: Order, _: Values) -> str:
    if not order.is_live:
        return "order_closed"
    order.cancel_pending = True
    return "ok"


def _cancelled(order: Order, _: Values) -> str:
    if not order.is_live:
        return "order_closed"
    if order.phase == "created":
        return "illegal_transition"
    if order.leaves:
        order.close("cancelled")
    else:
        order.clear_pending()  # it filled before the cancel could act, so it ends as FILLED
    return "ok"


def _cancel_rejected(order: Order, _: Values) -> str:
    if not order.cancel_pending:
        return "nothing_pending"
    order.cancel_pending = False
    return "ok"


def _replace_pending(order: Order, _: Values) -> str:
    return "ok" if order.replace_pending else "nothing_pending"


def _replaced(order: Order, values: Values) -> str:
    _, quantity, limit_price, stop_price = values
    if not order.replace_pending:
        return "nothing_pending"
    if order.lacks(limit_price, stop_price):
        return "price_mismatch"
    if quantity is not None:
        # A total below what is done already means "stop executing".
        order.quantity = max(quantity, order.cumulative)
    if limit_price is not None:
        order.limit_price = limit_price
    if stop_price is not None:
        order.stop_price = stop_price
    order.replace_pending = False
    return "ok"


def _replace_rejected(order: Order, _: Values) -> str:
    if not order.replace_pending:
        return "nothing_pending"
    order.replace_pending = False
    return "ok"


def _restated(order: Order, values: Values) -> str:
    _, quantity = values
    if order.phase != "working" or not order.leaves or quantity < order.cumulative:
        return "illegal_transition"
    order.quantity = quantity
    return "ok"


def _expired(order: Order, _: Values) -> str:
    if not order.is_live:
        return "order_closed"
    if order.phase != "working" or not order.leaves:
        return "illegal_transition"
    order.close("expired")
    return "ok"


REPORTS: dict[str, Change] = {
    "order_submitted": _submitted,
    "order_accepted": _accepted,
    "order_rejected": _rejected,
    "order_triggered": _triggered,
    "order_cancel_pending": _cancel_pending,
    "order_cancelled": _cancelled,
    "order_cancel_rejected": _cancel_rejected,
    "order_replace_pending": _replace_pending,
    "order_replaced": _replaced,
    "order_replace_rejected": _replace_rejected,
    "order_restated": _restated,
    "order_expired": _expired,
}
"""What each report but `order_fill` does, by event type; the values are those of its payload."""


def judge_fill(order: Order, quantity: int) -> str:
    """`"ok"` when a fill of this quantity (units of 1e-8) may be booked, else the code of the refusal."""
    if order.phase in ("created", "submitted"):
        return "fill_before_acceptance"
    if order.phase == "rejected":
        return "fill_on_rejected"
    if order.cumulative + quantity > order.quantity:
        return "overfill"
    return "ok"  # on a cancelled or expired order too: the report was late, the trade is real


def _request_cancel(order: Order, _: Values) -> str:
    if not order.is_live:
        return "order_closed"
    if order.cancel_pending:
        return "cancel_already_pending"
    order.cancel_pending = True
    return "ok"


def _request_replace(order: Order, values: Values) -> str:
    _, quantity, limit_price, stop_price = values
    if not order.is_live:
        return "order_closed"
    if order.cancel_pending:
        return "cancel_already_pending"
    if order.replace_pending:
        return "replace_already_pending"
    if order.lacks(limit_price, stop_price):
        return "price_mismatch"
    wanted = ((quantity, order.quantity), (limit_price, order.limit_price), (stop_price, order.stop_price))
    if all(new is None or new == present for new, present in wanted):
        return "nothing_to_change"
    order.replace_pending = True
    return "ok"


REQUESTS: dict[str, Change] = {"cancel_order": _request_cancel, "replace_order": _request_replace}
"""What each request about an existing order does, by intent type; the values are those of its payload."""
