"""NautilusTrader's objects for the oracle: events about an order, the order, a position. Exact numbers, one instrument.

An order is a market order whatever its type is for us: prices decide nothing that is compared. Quantities have 8
decimals, money 16, made from text, so that no float is involved. Raises SubjectMissingError where the package is not
installed. Making an event costs 1 to 13 us, an order 17 us.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from nautilus_strategies.objects import UUID
from nautilus_strategies.sides import cython_names

SIMPLE_EVENTS: Mapping[str, str] = {
    "order_rejected": "OrderRejected",
    "order_cancel_pending": "OrderPendingCancel",
    "cancel_order": "OrderPendingCancel",
    "order_cancelled": "OrderCanceled",
    "order_cancel_rejected": "OrderCancelRejected",
    "order_replace_pending": "OrderPendingUpdate",
    "replace_order": "OrderPendingUpdate",
    "order_replace_rejected": "OrderModifyRejected",
    "order_expired": "OrderExpired",
}
WITH_REASON = frozenset({"OrderRejected", "OrderCancelRejected", "OrderModifyRejected"})


class Nautilus:
    """The names of the package, and what is the same in every case. Made once a process: `nautilus()`."""

    def __init__(self) -> None:
        self.names = names = cython_names()
        self._uuid = names["UUID4"].from_str(UUID)
        instrument_id = names["InstrumentId"].from_str("BASE/QUOTE.V")
        self._who = (names["TraderId"]("T-1"), names["StrategyId"]("S-1"), instrument_id)
        self._venue_order_id = names["VenueOrderId"]("V")
        self._account = names["AccountId"]("V-1")
        self._position = names["PositionId"]("P-1")
        self._market = names["OrderType"].MARKET
        self._taker = names["LiquiditySide"].TAKER
        self._sides = {"buy": names["OrderSide"].BUY, "sell": names["OrderSide"].SELL}
        self.currencies = {asset: self._currency(asset) for asset in ("quote", "base", "other")}
        self._instrument = self._currency_pair()

    def order(self, order_id: str, side: str, quantity: Decimal) -> Any:
        """A new order."""
        names = self.names
        client_order_id = names["ClientOrderId"](order_id)
        return names["MarketOrder"](
            *self._who, client_order_id, self._sides[side], self.quantity(quantity), self._uuid, 0
        )

    def event(self, kind: str, order_id: str) -> Any:
        """The event of a step that carries nothing but its order."""
        names = self.names
        client_order_id = names["ClientOrderId"](order_id)
        if kind == "order_submitted":
            return names["OrderSubmitted"](*self._who, client_order_id, self._account, self._uuid, 0, 0)
        if kind == "order_accepted":
            made = names["OrderAccepted"]
            return made(*self._who, client_order_id, self._venue_order_id, self._account, self._uuid, 0, 0)
        name = SIMPLE_EVENTS[kind]
        reason = ("-",) if name in WITH_REASON else ()
        if name == "OrderRejected":
            return names[name](*self._who, client_order_id, self._account, *reason, self._uuid, 0, 0)
        about = (*self._who, client_order_id, self._venue_order_id, self._account)
        return names[name](*about, *reason, self._uuid, 0, 0)

    def update(self, order_id: str, quantity: Decimal) -> Any:
        """A new total."""
        names = self.names
        about = (*self._who, names["ClientOrderId"](order_id), self._venue_order_id, self._account)
        return names["OrderUpdated"](*about, self.quantity(quantity), None, None, self._uuid, 0, 0)

    def fill(self, order_id: str, trade_id: str, side: str, quantity: Decimal, price: Decimal, fee: Any) -> Any:
        """A fill; the fee is an object of `money`."""
        names = self.names
        about = (*self._who, names["ClientOrderId"](order_id), self._venue_order_id, self._account)
        traded = (names["TradeId"](trade_id), self._position, self._sides[side], self._market)
        numbers = (self.quantity(quantity), names["Price"].from_str(f"{price:.8f}"), self.currencies["quote"], fee)
        return names["OrderFilled"](*about, *traded, *numbers, self._taker, self._uuid, 0, 0)

    def position(self, fill: Any) -> Any:
        """A position that a fill opens."""
        return self.names["Position"](self._instrument, fill)

    def quantity(self, quantity: Decimal) -> Any:
        """An amount of the base asset."""
        return self.names["Quantity"].from_str(f"{quantity:.8f}")

    def money(self, amount: Decimal, asset: str) -> Any:
        """An amount of `quote`, `base` or `other`. Raises ValueError past the range."""
        return self.names["Money"].from_str(f"{amount:.16f} {self.currencies[asset].code}")

    def _currency(self, asset: str) -> Any:
        names = self.names
        currency = names["Currency"](f"CT-{asset.upper()}", 16, 0, asset, names["CurrencyType"].CRYPTO)
        names["Currency"].register(currency)
        return currency

    def _currency_pair(self) -> Any:
        names = self.names
        return names["CurrencyPair"](
            instrument_id=self._who[2],
            raw_symbol=names["Symbol"]("BASE/QUOTE"),
            base_currency=self.currencies["base"],
            quote_currency=self.currencies["quote"],
            price_precision=8,
            size_precision=8,
            price_increment=names["Price"].from_str("0.00000001"),
            size_increment=names["Quantity"].from_str("0.00000001"),
            ts_event=0,
            ts_init=0,
        )


@cache
def nautilus() -> Nautilus:
    """The one of this process."""
    return Nautilus()
