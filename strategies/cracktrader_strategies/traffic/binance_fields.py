"""Fields and constants of Binance's order messages, and the `Report` they make.

Promises: each field is found under its long name or the venue's short one. Does not: keep state. Costs: a few
look-ups a field. Source of the short names: the venue's documentation of both user data streams.
"""

from dataclasses import dataclass
from typing import Any

from cracktrader_strategies.traffic.decimals import plain
from cracktrader_strategies.traffic.reports import Execution, Report

_EXECUTIONS: dict[str, Execution] = {
    "NEW": "new",
    "TRADE": "trade",
    "CANCELED": "cancelled",
    "EXPIRED": "expired",
    "REJECTED": "rejected",
    "AMENDMENT": "amended",
}
_STATUSES = {
    "NEW": "ACCEPTED",
    "PARTIALLY_FILLED": "PARTIALLY_FILLED",
    "FILLED": "FILLED",
    "CANCELED": "CANCELLED",
    "EXPIRED": "EXPIRED",
    "REJECTED": "REJECTED",
}
_ORDER_TYPES = {
    "LIMIT": "limit",
    "LIMIT_MAKER": "limit",
    "LIQUIDATION": "limit",
    "MARKET": "market",
    "STOP": "stop_limit",
    "STOP_LOSS_LIMIT": "stop_limit",
    "TAKE_PROFIT_LIMIT": "stop_limit",
    "STOP_LOSS": "stop",
    "STOP_MARKET": "stop",
    "TAKE_PROFIT_MARKET": "stop",
    "TRAILING_STOP_MARKET": "stop",
}
_TIMES_IN_FORCE = {"GTC": "gtc", "IOC": "ioc", "FOK": "fok"}


@dataclass(frozen=True, slots=True)
class Fields:
    """A message whose fields go by several names."""

    message: dict[str, Any]

    def value(self, *names: str) -> Any:
        """The first that is there and not null; a KeyError names them all when none is."""
        for name in names:
            found = self.message.get(name)
            if found is not None:
                return found
        raise KeyError(f"none of {', '.join(names)} is in the message with {', '.join(self.message)}")

    def text(self, *names: str, default: str | None = None) -> str:
        """As `value`, as text; `default` when there is none."""
        if default is not None and all(self.message.get(name) is None for name in names):
            return default
        return str(self.value(*names))


def order_report(line: int, venue: str, envelope: Fields, order: Fields) -> Report:
    """The report of one order message: `envelope` holds its times, `order` its fields (for spot the same)."""
    symbol = order.text("symbol", "s")
    limit_price = plain(order.text("originalPrice", "price", "p", default="0"))
    order_type, type_dirt = _order_type(order.text("orderType", "o"), limit_price)
    force = order.text("orderTimeInForce", "cancelType", "f", default="GTC")
    execution = _EXECUTIONS.get(order.text("executionType", "x"), "unknown")
    fee = order.text("commissionAmount", "commission", "n", default="")
    profit = order.text("realisedProfit", "rp", default="")
    dirt = [*type_dirt]
    if execution == "new" and force not in _TIMES_IN_FORCE:
        dirt.append("unknown_time_in_force")
    if execution == "trade" and fee == "":
        dirt.append("no_fee")
    has_stop = order_type in ("stop", "stop_limit")
    return Report(
        line=line,
        event_ms=int(envelope.text("transactionTime", "tradeTime", "T")),
        received_ms=int(envelope.text("eventTime", "E")),
        market=(venue, symbol),
        order_id=order.text("orderId", "i"),
        execution=execution,
        status=_STATUSES.get(order.text("orderStatus", "X")),
        side=order.text("orderSide", "side", "S").lower(),
        order_type=order_type,
        time_in_force=_TIMES_IN_FORCE.get(force, "gtc"),
        quantity=plain(order.text("originalQuantity", "quantity", "q")),
        limit_price=limit_price if order_type in ("limit", "stop_limit") else None,
        stop_price=plain(order.text("stopPrice", "sp", "P")) if has_stop else None,
        reduce_only=order.text("isReduceOnly", "R", default="False") == "True",
        cumulative=plain(order.text("orderFilledAccumulatedQuantity", "accumulatedQuantity", "z")),
        last_quantity=plain(order.text("lastFilledQuantity", "lastTradeQuantity", "l")),
        last_price=plain(order.text("lastFilledPrice", "lastTradePrice", "L")),
        fee=plain(fee or "0"),
        fee_asset=fee_asset(symbol, order.text("commissionAsset", "N", default="")),
        trade_id=order.text("tradeId", "t"),
        realised=plain(profit) if profit else None,
        dirt=tuple(dirt),
    )


def fee_asset(symbol: str, asset: str) -> str:
    """`quote` or `base` when it is the symbol's own, `quote` when none is named, else the asset itself."""
    if asset == "" or symbol.endswith(asset):
        return "quote"
    return "base" if symbol.startswith(asset) else asset


def _order_type(name: str, limit_price: str) -> tuple[str, tuple[str, ...]]:
    known = _ORDER_TYPES.get(name)
    if known is not None:
        return known, ()
    return ("market" if limit_price == "0" else "limit"), ("unknown_order_type",)
