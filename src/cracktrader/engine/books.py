"""The books: what the invariant checker keeps for itself.

Promises: sums of what events and intents said, in exact integers without bound, and the way to a wire dict and back.
Does not compare anything: `invariants` does. Costs in proportion to the orders, for a snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypedDict

from cracktrader.engine.domain import (
    DECIMAL_TEXT_LENGTH_MAX,
    MONEY_DECIMALS,
    SIDES,
    STATUSES,
    UNIT_DECIMALS,
)
from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.exact import exact_dict, exact_list, fault, read_map
from cracktrader.engine.fields import FLAG, FREE_TEXT, Field, Kind, PayloadShape, enum_kind, wrong_keys
from cracktrader.engine.identifiers import parse_digest, parse_identifier, parse_instrument_key
from cracktrader.engine.numbers import money_text, parse_integer, parse_money, quantity_text, text_to_units
from cracktrader.engine.violations import NUMBER_OF_CODE, VIOLATION_FIELDS, ViolationWire

SCHEMA_VERSION = 1  # of the checker's snapshot; another one is refused
VIOLATIONS_KEPT_MAX = 256  # docs/runtime.md, section 4: the first ones say what broke, the rest are counted


class BookedOrder(NamedTuple):
    """An order: its position's key, and quantities in 1e-8."""

    position: str
    side: str
    quantity: int
    cumulative: int
    status: str


class BookedPosition(NamedTuple):
    """A position: quantity in 1e-8, notional (sum of signed quantity x price) and realised profit in 1e-16."""

    quantity: int
    notional: int
    realised: int


class BooksWire(TypedDict):
    """The books as a wire dict; numbers as canonical decimal text."""

    schema_version: int
    initial_cash: str
    cash: str
    last_seq_id: int | None
    positions: dict[str, dict[str, str]]
    orders: dict[str, dict[str, str]]
    digest: str | None
    is_quiet: bool
    violations: list[ViolationWire]
    violation_count: int


@dataclass(slots=True, eq=False)
class Books:
    """Cash in 1e-16. `is_quiet` says that nothing was applied since the digest was given."""

    initial_cash: int
    cash: int
    last_seq_id: int | None = None
    positions: dict[str, BookedPosition] = field(default_factory=dict)
    orders: dict[str, BookedOrder] = field(default_factory=dict)
    digest: str | None = None
    is_quiet: bool = True
    violations: list[ViolationWire] = field(default_factory=list)
    violation_count: int = 0

    def collect(self, found: list[ViolationWire]) -> None:
        """Count these violations, and keep them while there is room."""
        self.violation_count += len(found)
        self.violations.extend(found[: VIOLATIONS_KEPT_MAX - len(self.violations)])


def write_books(books: Books) -> BooksWire:
    """The books as a wire dict that shares nothing with them."""
    return {
        "schema_version": SCHEMA_VERSION,
        "initial_cash": money_text(books.initial_cash),
        "cash": money_text(books.cash),
        "last_seq_id": books.last_seq_id,
        "positions": {
            key: {
                "quantity": quantity_text(position.quantity),
                "notional": money_text(position.notional),
                "realised": money_text(position.realised),
            }
            for key, position in sorted(books.positions.items())
        },
        "orders": {
            order_id: {
                "position": order.position,
                "side": order.side,
                "quantity": quantity_text(order.quantity),
                "cumulative": quantity_text(order.cumulative),
                "status": order.status,
            }
            for order_id, order in sorted(books.orders.items())
        },
        "digest": books.digest,
        "is_quiet": books.is_quiet,
        "violations": [copy_violation(each) for each in books.violations],
        "violation_count": books.violation_count,
    }


def copy_violation(each: ViolationWire) -> ViolationWire:
    """The same violation as a dict of its own."""
    return each.copy()


def _wide_parser(decimals: int) -> Kind:
    def parse(value: object, name: str) -> int:
        is_short = type(value) is str and len(value) <= DECIMAL_TEXT_LENGTH_MAX
        units = text_to_units(str(value), decimals) if is_short else None
        if units is None:
            raise fault(f"{name} must be a decimal string with at most {decimals} decimals")
        return units

    return Kind(parse, str, str)


_WIDE_QUANTITY = _wide_parser(UNIT_DECIMALS)
_WIDE_MONEY = _wide_parser(MONEY_DECIMALS)
_POSITION_SHAPE = PayloadShape(
    Field("quantity", _WIDE_QUANTITY), Field("notional", _WIDE_MONEY), Field("realised", _WIDE_MONEY)
)
_ORDER_SHAPE = PayloadShape(
    Field("position", Kind(parse_instrument_key, str, str)),
    Field("side", enum_kind(SIDES)),
    Field("quantity", _WIDE_QUANTITY),
    Field("cumulative", _WIDE_QUANTITY),
    Field("status", enum_kind(STATUSES)),
)
_SNAPSHOT_FIELDS = tuple(BooksWire.__annotations__)


def read_books(snapshot: dict[str, Any]) -> Books:
    """The books that a wire dict holds, for `exact.read_exactly`; MalformedInputError for a fault."""
    if snapshot.keys() != set(_SNAPSHOT_FIELDS):
        raise wrong_keys("a snapshot", snapshot, _SNAPSHOT_FIELDS)
    last_seq_id, digest = snapshot["last_seq_id"], snapshot["digest"]
    books = Books(
        initial_cash=parse_money(snapshot["initial_cash"], "initial_cash"),
        cash=_WIDE_MONEY.parse(snapshot["cash"], "cash"),
        last_seq_id=None if last_seq_id is None else parse_integer(last_seq_id, "last_seq_id"),
        positions=read_map(snapshot["positions"], "positions", parse_instrument_key, _read_position),
        orders=read_map(snapshot["orders"], "orders", parse_identifier, _read_order),
        digest=None if digest is None else parse_digest(digest, "digest"),
        is_quiet=FLAG.parse(snapshot["is_quiet"], "is_quiet"),
        violations=[_read_violation(each) for each in exact_list(snapshot["violations"], "violations")],
        violation_count=parse_integer(snapshot["violation_count"], "violation_count"),
    )
    if len(books.violations) != min(books.violation_count, VIOLATIONS_KEPT_MAX):
        raise fault(f"violation_count must be that of the violations, up to {VIOLATIONS_KEPT_MAX}")
    return books


def _read_position(value: object, name: str) -> BookedPosition:
    return BookedPosition(*_POSITION_SHAPE.parse(exact_dict(value, name)))


def _read_order(value: object, name: str) -> BookedOrder:
    return BookedOrder(*_ORDER_SHAPE.parse(exact_dict(value, name)))


def _read_violation(value: object) -> ViolationWire:
    wire = exact_dict(value, "a violation")
    if wire.keys() != set(VIOLATION_FIELDS):
        raise wrong_keys("a violation", wire, VIOLATION_FIELDS)
    code, subject = FREE_TEXT.parse(wire["code"], "code"), wire["subject"]
    if NUMBER_OF_CODE.get(code) != wire["number"]:
        raise fault("the number of a violation must be that of its code")
    return {
        "number": NUMBER_OF_CODE[code],
        "code": code,
        "subject": None if subject is None else _read_subject(subject),
        "left": FREE_TEXT.parse(wire["left"], "left"),
        "right": FREE_TEXT.parse(wire["right"], "right"),
    }


def _read_subject(value: object) -> str:
    try:
        return parse_identifier(value, "subject")
    except MalformedInputError:
        return parse_instrument_key(value, "subject")
