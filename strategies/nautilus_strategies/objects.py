"""From a step to the object of NautilusTrader that it stands for: an order, an event about an order, an instrument.

Both sides are described alike; the few arguments that only one of them has are the two lists below. Everything that a
step does not say is the same constant in every case: trader, strategy, account, event ids.
"""

from typing import Any

from cracktrader_fuzz.case.model import Step
from nautilus_strategies.construction import Call, Member

UUID = "2d89666b-1a1e-4a75-b193-4eb3b454c757"
VENUE = "SIM"

ORDER_CLASSES = {
    "limit": "LimitOrder",
    "market": "MarketOrder",
    "stop_market": "StopMarketOrder",
    "stop_limit": "StopLimitOrder",
    "limit_if_touched": "LimitIfTouchedOrder",
    "market_to_limit": "MarketToLimitOrder",
    "trailing_stop_market": "TrailingStopMarketOrder",
    "trailing_stop_limit": "TrailingStopLimitOrder",
}
PRICED = frozenset({"limit", "stop_limit", "limit_if_touched", "trailing_stop_limit"})
TRIGGERED = frozenset({"stop_market", "stop_limit", "limit_if_touched", "trailing_stop_market", "trailing_stop_limit"})
TRAILING = frozenset({"trailing_stop_market", "trailing_stop_limit"})
WITHOUT_POST_ONLY = frozenset({"market", "stop_market", "trailing_stop_market", "market_to_limit"})
WITHOUT_EXPIRY = frozenset({"market"})
WITHOUT_DISPLAY = frozenset({"market", "stop_market", "trailing_stop_market"})

EVENT_CLASSES = {
    "order_submitted": "OrderSubmitted",
    "order_accepted": "OrderAccepted",
    "order_rejected": "OrderRejected",
    "order_denied": "OrderDenied",
    "order_emulated": "OrderEmulated",
    "order_released": "OrderReleased",
    "order_triggered": "OrderTriggered",
    "order_pending_update": "OrderPendingUpdate",
    "order_updated": "OrderUpdated",
    "order_modify_rejected": "OrderModifyRejected",
    "order_pending_cancel": "OrderPendingCancel",
    "order_canceled": "OrderCanceled",
    "order_cancel_rejected": "OrderCancelRejected",
    "order_expired": "OrderExpired",
    "order_filled": "OrderFilled",
}
ABOUT_POSITIONS = "position_filled"
LOCAL = frozenset({"order_denied", "order_emulated", "order_released"})
WITH_REASON = frozenset({"order_denied", "order_rejected", "order_modify_rejected", "order_cancel_rejected"})
WITHOUT_VENUE_ID = LOCAL | {"order_submitted", "order_rejected"}


def order_of(step: Step, side: str) -> Call:
    """The order that an `order_initialized` step makes on a side, `cython` or `rust`."""
    kind = step["order_type"]
    named: dict[str, Any] = {
        **_who(step["instrument"], step["order_id"]),
        "order_side": Member("OrderSide", step["side"].upper()),
        "quantity": _quantity(step["quantity"]),
    }
    if kind in PRICED:
        named["price"] = _price(step["price"])
    if kind in TRIGGERED:
        named["trigger_price"] = _price(step["trigger_price"])
        named["trigger_type"] = Member("TriggerType", "DEFAULT")
    if kind in TRAILING:
        named["trailing_offset"] = Call("Decimal", ("1",))
        named["trailing_offset_type"] = Member("TrailingOffsetType", "PRICE")
    if kind == "trailing_stop_limit":
        named["limit_offset"] = Call("Decimal", ("1",))
    named["time_in_force"] = Member("TimeInForce", step["time_in_force"].upper())
    if kind not in WITHOUT_POST_ONLY:
        named["post_only"] = step["post_only"]
    elif kind == "market_to_limit" and side == "rust":
        named["post_only"] = False
    named["reduce_only"] = step["reduce_only"]
    named["quote_quantity"] = False
    if kind not in WITHOUT_EXPIRY and step["expire_time"] is not None:
        named["expire_time_ns" if side == "cython" else "expire_time"] = step["expire_time"]
    if kind not in WITHOUT_DISPLAY and step["display_qty"] is not None:
        named["display_qty"] = _quantity(step["display_qty"])
    named["init_id"] = Call("UUID4.from_str", (UUID,))
    named["ts_init"] = 0
    return Call(ORDER_CLASSES[kind], (), tuple(named.items()))


def event_of(step: Step, side: str, instrument: str, order_type: str) -> Call:
    """The event that any other step about an order of that instrument and type makes on a side."""
    kind = step["event"]
    named: dict[str, Any] = _who(instrument, step["addressed_to"] or step["order_id"])
    if kind not in LOCAL:
        named["account_id"] = Call("AccountId", (f"{VENUE}-1",))
    if kind not in WITHOUT_VENUE_ID:
        venue_order_id = step["venue_order_id"]
        named["venue_order_id"] = None if venue_order_id is None else Call("VenueOrderId", (venue_order_id,))
    if kind in WITH_REASON:
        named["reason"] = "as told"
    if kind == "order_released":
        named["released_price"] = _price("1")
    if kind == "order_updated":
        named["quantity"] = _quantity(step["new_quantity"])
        named["price"] = _optional_price(step["new_price"])
        named["trigger_price"] = _optional_price(step["new_trigger_price"])
    if kind == "order_filled":
        named |= _fill(step, order_type)
    named["event_id"] = Call("UUID4.from_str", (UUID,))
    if kind not in LOCAL or side == "rust":
        named["ts_event"] = 0 if kind in LOCAL else step["ts_event"]
    named["ts_init"] = 0
    if kind not in LOCAL and kind != "order_submitted":
        named["reconciliation"] = False
    return Call(EVENT_CLASSES[kind], (), tuple(named.items()))


def instrument_of(name: str) -> Call:
    """`i1` a currency pair; `i2` an inverse perpetual, which settles in its base currency."""
    named: dict[str, Any] = {
        "instrument_id": _instrument_id(name),
        "raw_symbol": Call("Symbol", (name,)),
        "base_currency": Call("Currency.from_str", ("BTC",)),
        "quote_currency": Call("Currency.from_str", ("USD",)),
        "price_precision": 2,
        "size_precision": 2,
        "price_increment": _price("0.01"),
        "size_increment": _quantity("0.01"),
        "ts_event": 0,
        "ts_init": 0,
    }
    if name == "i2":
        named |= {"settlement_currency": Call("Currency.from_str", ("BTC",)), "is_inverse": True}
        return Call("CryptoPerpetual", (), tuple(named.items()))
    return Call("CurrencyPair", (), tuple(named.items()))


def _who(instrument: str, order_id: str) -> dict[str, Any]:
    return {
        "trader_id": Call("TraderId", ("T-1",)),
        "strategy_id": Call("StrategyId", ("S-1",)),
        "instrument_id": _instrument_id(instrument),
        "client_order_id": Call("ClientOrderId", (order_id,)),
    }


def _fill(step: Step, order_type: str) -> dict[str, Any]:
    position_id = step["position_id"]
    commission = Call("Money.from_str", (f"{step['commission']} {step['currency']}",))
    return {
        "trade_id": Call("TradeId", (step["trade_id"],)),
        "position_id": None if position_id is None else Call("PositionId", (position_id,)),
        "order_side": Member("OrderSide", step["side"].upper()),
        "order_type": Member("OrderType", order_type.upper()),
        "last_qty": _quantity(step["last_qty"]),
        "last_px": _price(step["last_px"]),
        "currency": Call("Currency.from_str", ("USD",)),
        "commission": commission,
        "liquidity_side": Member("LiquiditySide", "TAKER"),
    }


def _instrument_id(name: str) -> Call:
    return Call("InstrumentId.from_str", (f"{name}.{VENUE}",))


def _quantity(text: str) -> Call:
    return Call("Quantity.from_str", (text,))


def _price(text: str) -> Call:
    return Call("Price.from_str", (text,))


def _optional_price(text: str | None) -> Call | None:
    return None if text is None else _price(text)
