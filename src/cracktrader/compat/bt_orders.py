"""Between backtrader's orders and the engine's: terms in, reports out.

Promises: what backtrader can ask for and the engine cannot do is a ValueError that names it, never something else done
instead. Sizes and prices are floats there, and are rounded to 8 decimals, the engine's grid. Costs nothing to speak of.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import backtrader as bt

from cracktrader.engine.domain import UNIT_DECIMALS

DECIMALS = UNIT_DECIMALS

_ORDER_TYPES = {
    bt.Order.Market: "market",
    bt.Order.Limit: "limit",
    bt.Order.Stop: "stop",
    bt.Order.StopLimit: "stop_limit",
}


def place_payload(order: Any, order_id: str, venue: str, instrument: str) -> dict[str, Any]:
    """The payload of `place_order` for an order of backtrader; ValueError for terms that the engine does not have."""
    order_type = _ORDER_TYPES.get(order.exectype)
    if order_type is None:
        names = ", ".join(order.ExecTypes[known] for known in _ORDER_TYPES)
        raise ValueError(f"exectype must be one of {names}, not {order.ExecTypes[order.exectype]}")
    limit_price = {"limit": order.price, "stop_limit": order.plimit}.get(order_type)
    return {
        "order_id": order_id,
        "venue": venue,
        "instrument": instrument,
        "side": "buy" if order.isbuy() else "sell",
        "order_type": order_type,
        "time_in_force": _time_in_force(order.p.valid),
        "quantity": on_grid(abs(order.size)),
        "limit_price": None if limit_price is None else on_grid(limit_price),
        "stop_price": on_grid(order.price) if order_type.startswith("stop") else None,
    }


def on_grid(value: float) -> float:
    """The nearest number of 8 decimals."""
    return round(float(value), DECIMALS)


def _time_in_force(valid: Any) -> str:
    if valid is None:
        return "gtc"
    if valid in (0, timedelta()):
        return "day"
    raise ValueError(f"valid must be None or bt.Order.DAY, not {valid!r}; cancel the order at that time instead")


def apply_fill(order: Any, position: Any, fill: dict[str, str], held: float, dt: float) -> None:
    """Book an `order_fill` into the order and its position object; `held` is the core's position after it."""
    size = float(fill["last_quantity"]) * (1 if order.isbuy() else -1)
    price = float(fill["last_price"])
    fee = float(fill["fee"]) * (price if fill["fee_asset"] == "base" else 1.0)
    price_before = position.price
    _, average, opened, closed = position.update(size, price)
    position.size = held
    part_closed = abs(closed / size)
    order.execute(
        dt,
        size,
        price,
        closed,
        abs(closed) * price_before,
        fee * part_closed,
        opened,
        abs(opened) * price,
        fee * (1 - part_closed),
        0.0,
        order.comminfo.profitandloss(-closed, price_before, price),
        held,
        average,
    )
    # Floats of the parts may not add up to the whole: what is left is the core's word.
    remaining = float(fill["leaves"])
    order.executed.remsize = remaining if order.isbuy() else -remaining
    if remaining:
        order.partial()
    else:
        order.completed()
