"""What is compared after a step, in forms that both sides share.

Only the presentation is made alike, by this list and nothing else:
- `amount`: quantities and prices without zeros at the end; how many are shown is a precision, not an amount;
- `number`: floats as text; the Rust side gives an average price and a slippage as float or as text, by order type;
- `time`: a time that is not there is 0 in Cython and None in Rust;
- `number_if_any`: an average closing price or a slippage of 0.0 is none: Cython has no other value for that;
- `member`: an enum's member by its name; the Rust side's `to_dict` has names, Cython's attributes have integers;
- `trigger`: no emulation is NO_TRIGGER, or None after a release in Rust;
- trade ids: in the order of fills in Cython, of names in Rust, and neither is documented: sorted;
- commissions: a list of amounts of money in Cython, a dict by currency in Rust: a sorted list of texts.

What the Rust side does not show of an order type is not compared for that type: `BY_DICT` lists those that show all.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from cracktrader_fuzz.case.model import State

BY_DICT = frozenset({"market", "limit", "stop_limit"})
PROBE_QUANTITY, PROBE_PRICE = "2", "3"

ORDER_FIELDS = (
    *("status", "quantity", "filled_qty", "signed_decimal_qty", "event_count", "last_event", "avg_px", "slippage"),
    *("commissions", "price", "trigger_price", "display_qty", "venue_order_id", "account_id", "position_id"),
    *("last_trade_id", "liquidity_side", "is_open", "is_closed", "is_active_local", "is_emulated", "emulation_trigger"),
    *("reduces_long", "reduces_short", "is_reduce_only", "is_post_only", "time_in_force", "expire_time_ns", "ts_last"),
)
POSITION_FIELDS = (
    *("side", "entry", "signed_qty", "quantity", "peak_qty", "avg_px_open", "avg_px_close", "realized_pnl"),
    *("realized_return", "unrealized_pnl", "total_pnl", "notional_value", "commissions", "event_count", "trade_ids"),
    *("opening_order_id", "closing_order_id", "is_open", "is_closed", "is_opposite_to_buy"),
    *("ts_opened", "ts_last", "ts_closed", "duration_ns"),
)
FIELDS = tuple(dict.fromkeys((*ORDER_FIELDS, *POSITION_FIELDS)))


def amount(value: Any) -> str | None:
    """A quantity or a price as plain text, without zeros at the end."""
    return None if value is None else format(Decimal(str(value)).normalize() + 0, "f")


def number(value: Any) -> str | None:
    """A float, or the text of one."""
    return None if value is None else repr(float(value))


def number_if_any(value: Any) -> str | None:
    """A float that is not 0.0, or the text of one."""
    return number(value) if value is not None and float(value) else None


def plain(value: Any) -> Any:
    """As it is."""
    return value


def trigger(value: Any) -> Any:
    """A trigger type's name, if there is one."""
    return None if value == "NO_TRIGGER" else value


def name(value: Any) -> str | None:
    """An identifier's text."""
    return None if value is None else str(value)


_SHOWN: dict[str, Callable[[Any], Any]] = {
    "quantity": amount,
    "filled_qty": amount,
    "avg_px": number,
    "slippage": number_if_any,
    "price": amount,
    "trigger_price": amount,
    "display_qty": amount,
    "venue_order_id": plain,
    "account_id": plain,
    "position_id": plain,
    "last_trade_id": plain,
    "liquidity_side": plain,
    "emulation_trigger": trigger,
    "is_reduce_only": plain,
    "is_post_only": plain,
    "time_in_force": plain,
    "expire_time_ns": plain,
    "ts_last": plain,
}
_ATTRIBUTES = {
    "limit": ("is_open", "is_closed", "is_active_local", "is_emulated"),
    "stop_limit": ("is_open", "is_closed"),
}


# Where a field is found, for scripts; `{}` is the order or the position.
ORDER_EXPRESSIONS = {
    **{field: f"{{}}.to_dict()['{field}']" for field in _SHOWN},
    **{field: f"{{}}.{field}" for field in _ATTRIBUTES["limit"]},
    "status": "{}.status.name",
    "signed_decimal_qty": "{}.signed_decimal_qty()",
    "event_count": "len({}.events)",
    "last_event": "type({}.events[-1]).__name__",
    "commissions": "{}.commissions()",
    "reduces_long": f"{{}}.would_reduce_only(PositionSide.LONG, Quantity.from_str('{PROBE_QUANTITY}'))",
    "reduces_short": f"{{}}.would_reduce_only(PositionSide.SHORT, Quantity.from_str('{PROBE_QUANTITY}'))",
}
_METHODS = ("unrealized_pnl", "total_pnl", "notional_value")
POSITION_EXPRESSIONS = {
    **{field: f"{{}}.{field}" for field in POSITION_FIELDS},
    **{field: f"{{}}.{field}(Price.from_str('{PROBE_PRICE}'))" for field in _METHODS},
    "side": "{}.side.name",
    "entry": "{}.entry.name",
    "commissions": "{}.commissions()",
    "is_opposite_to_buy": "{}.is_opposite_side(OrderSide.BUY)",
}


class Views:
    """The views of one side; `names` are its classes."""

    def __init__(self, names: Mapping[str, Any], side: str) -> None:
        self._names = names
        self._is_rust = side == "rust"
        self._probe_quantity = names["Quantity"].from_str(PROBE_QUANTITY)
        self._probe_price = names["Price"].from_str(PROBE_PRICE)

    def order(self, order: Any, order_type: str, fields: frozenset[str]) -> State:
        """An order: of the wanted fields those that both sides show."""
        found = self._always(order)
        if order_type in BY_DICT:
            shown = order.to_dict()
            found |= {field: show(shown[field]) for field, show in _SHOWN.items() if field in shown}
            for field in _ATTRIBUTES.get(order_type, ()):
                found[field] = getattr(order, field)
            if order_type != "stop_limit":
                found["commissions"] = self._commissions(order.commissions())
        return {field: found[field] for field in ORDER_FIELDS if field in found and field in fields}

    def position(self, position: Any, fields: frozenset[str]) -> State:
        """A position: the wanted fields."""
        found = {
            "side": self.side(position),
            "entry": self._member("OrderSide", position.entry),
            "signed_qty": number(position.signed_qty),
            "quantity": amount(position.quantity),
            "peak_qty": amount(position.peak_qty),
            "avg_px_open": number(position.avg_px_open),
            "avg_px_close": number_if_any(position.avg_px_close),
            "realized_pnl": name(position.realized_pnl),
            "realized_return": number(position.realized_return),
            "unrealized_pnl": str(position.unrealized_pnl(self._probe_price)),
            "total_pnl": str(position.total_pnl(self._probe_price)),
            "notional_value": str(position.notional_value(self._probe_price)),
            "commissions": self._commissions(position.commissions()),
            "event_count": position.event_count,
            "trade_ids": sorted(map(str, position.trade_ids)),
            "opening_order_id": name(position.opening_order_id),
            "closing_order_id": name(position.closing_order_id),
            "is_open": position.is_open,
            "is_closed": position.is_closed,
            "is_opposite_to_buy": position.is_opposite_side(self._names["OrderSide"].BUY),
            "ts_opened": position.ts_opened,
            "ts_closed": position.ts_closed or None,
            "duration_ns": position.duration_ns,
        }
        return {field: found[field] for field in POSITION_FIELDS if field in found and field in fields}

    def status(self, order: Any) -> str:
        """An order's status."""
        return self._member("OrderStatus", order.status)

    def side(self, position: Any) -> str:
        """A position's side."""
        return self._member("PositionSide", position.side)

    def _always(self, order: Any) -> dict[str, Any]:
        """What every order type shows on both sides."""
        sides = self._names["PositionSide"]
        events = order.events
        return {
            "status": self.status(order),
            "signed_decimal_qty": amount(order.signed_decimal_qty()),
            "event_count": len(events),
            "last_event": type(events[-1]).__name__,
            "reduces_long": order.would_reduce_only(sides.LONG, self._probe_quantity),
            "reduces_short": order.would_reduce_only(sides.SHORT, self._probe_quantity),
        }

    def _member(self, enum: str, value: Any) -> str:
        return str(getattr(value, "name", None) or self._names[enum](value).name)

    def _commissions(self, commissions: Any) -> list[str]:
        return sorted(map(str, commissions.values() if isinstance(commissions, dict) else commissions))
