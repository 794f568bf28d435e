"""Resting orders and the book of one instrument, as values.

Promises: frozen, so the state before a call is kept by keeping the old book; what is written by `to_dict` is read
back by `from_dict`, and anything else is refused. Does not match. Costs one small object a change.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from cracktrader.engine.domain import LIMIT_TYPES, ORDER_TYPES, SIDES, STOP_TYPES, TIMES_IN_FORCE
from cracktrader.engine.error import MalformedInputError, quoted, refusal
from cracktrader.engine.fields import FLAG, enum_parser, exact_record
from cracktrader.engine.identifiers import parse_identifier
from cracktrader.engine.numbers import (
    parse_cumulative,
    parse_integer,
    parse_price,
    parse_quantity,
    quantity_text,
)

_parse_side = enum_parser(SIDES)
_parse_order_type = enum_parser(ORDER_TYPES)
_parse_time_in_force = enum_parser(TIMES_IN_FORCE)


@dataclass(frozen=True, slots=True)
class RestingOrder:
    """An order that the broker holds; quantities and prices in 1e-8, an absent price None.

    `accepted_at` is the instrument's bar count when it was accepted, `accepted_day` the UTC day.
    """

    order_id: str
    side: str
    order_type: str
    time_in_force: str
    quantity: int
    cumulative: int
    limit_price: int | None
    stop_price: int | None
    accepted_at: int
    accepted_day: int
    is_triggered: bool = False

    @property
    def leaves(self) -> int:
        """What is still to fill, in 1e-8."""
        return self.quantity - self.cumulative

    def with_terms(self, quantity: int | None, limit_price: int | None, stop_price: int | None) -> RestingOrder:
        """The order with the terms that are named; the quantity is the new total, and not below what was filled."""
        return replace(
            self,
            quantity=self.quantity if quantity is None else max(quantity, self.cumulative),
            limit_price=self.limit_price if limit_price is None else limit_price,
            stop_price=self.stop_price if stop_price is None else stop_price,
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-compatible, numbers as decimal text."""
        return asdict(self) | {
            "quantity": quantity_text(self.quantity),
            "cumulative": quantity_text(self.cumulative),
            "limit_price": None if self.limit_price is None else quantity_text(self.limit_price),
            "stop_price": None if self.stop_price is None else quantity_text(self.stop_price),
        }

    @classmethod
    def from_dict(cls, wire: object) -> RestingOrder:
        """The order that `to_dict` wrote; MalformedInputError for anything else."""
        raw = exact_record(wire, "a resting order", _ORDER_FIELDS)
        order = cls(
            order_id=parse_identifier(raw["order_id"], "order_id"),
            side=_parse_side(raw["side"], "side"),
            order_type=_parse_order_type(raw["order_type"], "order_type"),
            time_in_force=_parse_time_in_force(raw["time_in_force"], "time_in_force"),
            quantity=parse_quantity(raw["quantity"], "quantity"),
            cumulative=parse_cumulative(raw["cumulative"], "cumulative"),
            limit_price=_parse_price_of(raw, "limit_price", LIMIT_TYPES),
            stop_price=_parse_price_of(raw, "stop_price", STOP_TYPES),
            accepted_at=parse_integer(raw["accepted_at"], "accepted_at"),
            accepted_day=parse_integer(raw["accepted_day"], "accepted_day"),
            is_triggered=FLAG.parse(raw["is_triggered"], "is_triggered"),
        )
        if order.to_dict() != raw or order.leaves <= 0 or (order.is_triggered and order.order_type not in STOP_TYPES):
            raise MalformedInputError(
                f"a resting order must be as the broker wrote it: {quoted(order.order_id)}", "malformed_field"
            )
        return order


@dataclass(frozen=True, slots=True)
class Book:
    """One instrument: how many bars were seen, and the open orders in order of acceptance."""

    bars_seen: int = 0
    orders: tuple[RestingOrder, ...] = ()

    def find(self, order_id: str) -> RestingOrder | None:
        """The open order of this id."""
        return next((order for order in self.orders if order.order_id == order_id), None)

    def with_order(self, changed: RestingOrder) -> Book:
        """The book with this order in its place, or at the end when it is new; without it when nothing is left."""
        kept = tuple(changed if order.order_id == changed.order_id else order for order in self.orders)
        if self.find(changed.order_id) is None:
            kept = (*kept, changed)
        return replace(self, orders=tuple(order for order in kept if order.leaves))

    def without(self, order_id: str) -> Book:
        """The book without this order."""
        return replace(self, orders=tuple(order for order in self.orders if order.order_id != order_id))

    def to_dict(self) -> dict[str, Any]:
        """JSON-compatible."""
        return {"bars_seen": self.bars_seen, "orders": [order.to_dict() for order in self.orders]}

    @classmethod
    def from_dict(cls, wire: object) -> Book:
        """The book that `to_dict` wrote; MalformedInputError for anything else."""
        raw = exact_record(wire, "a book", ("bars_seen", "orders"))
        if type(raw["orders"]) is not list:
            raise refusal("malformed_field", "orders", "a list", raw["orders"])
        orders = tuple(RestingOrder.from_dict(order) for order in raw["orders"])
        if len({order.order_id for order in orders}) < len(orders):
            raise MalformedInputError("the orders of a book must differ in their ids", "malformed_field")
        return cls(parse_integer(raw["bars_seen"], "bars_seen"), orders)


_ORDER_FIELDS = tuple(field.name for field in fields(RestingOrder))


def _parse_price_of(raw: dict[str, Any], name: str, types: frozenset[str]) -> int | None:
    value = raw[name]
    if (value is not None) != (raw["order_type"] in types):
        raise refusal("malformed_field", name, f"as an order of type {raw['order_type']} has it", value)
    return None if value is None else parse_price(value, name)
