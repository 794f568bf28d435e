"""Steps of the target `nautilus` for tests, plain but for what a test names."""

from typing import Any

Step = dict[str, Any]

PRICES = {"price": "5", "trigger_price": "4"}
TERMS = {"time_in_force": "gtc", "expire_time": None, "display_qty": None, "post_only": False, "reduce_only": False}
FILL = {"trade_id": "t1", "side": "buy", "last_qty": "10", "last_px": "5", "commission": "0", "currency": "USD"}


def order(**terms: Any) -> Step:
    """An order o1 to buy 10."""
    plain = {"event": "order_initialized", "order_id": "o1", "instrument": "i1", "order_type": "limit", "side": "buy"}
    return {**plain, "quantity": "10", **PRICES, **TERMS, **terms}


def event(kind: str, **fields: Any) -> Step:
    """An event about o1."""
    plain = {"event": kind, "order_id": "o1", "addressed_to": None, "venue_order_id": "v1", "ts_event": 1}
    return {**plain, **fields}


def fill(**fields: Any) -> Step:
    """A fill of all of o1, for no position."""
    return event("order_filled", **{**FILL, "position_id": None, **fields})


def position_fill(**fields: Any) -> Step:
    """A fill of the position p1 alone."""
    return event("position_filled", **{**FILL, "position_id": "p1", "instrument": "i1", **fields})
