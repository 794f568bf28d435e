"""Restore: the state of a core back from its snapshot.

Promises: a snapshot is taken only if it is exactly what a core would hand out: the state that is read from
it, written again, must equal it in types and values. Faults of the content are all `malformed_field`. Does
not check that some history leads to the state. Costs in proportion to the snapshot, about 12 us an order.
"""

from __future__ import annotations

import re
from typing import Any

from cracktrader.engine.accounting import Ledger, Position
from cracktrader.engine.domain import (
    FEE_IN_BASE,
    FEE_IN_QUOTE,
    LIVE_PHASES,
    ORDER_TYPES,
    PHASES,
    RISK_FLAGS,
    SIDES,
    STATUSES,
    STOP_TYPES,
    TIMES_IN_FORCE,
)
from cracktrader.engine.error import quoted, refusal
from cracktrader.engine.exact import exact_dict, fault, read_exactly, read_map
from cracktrader.engine.fields import (
    CUMULATIVE,
    FLAG,
    IDENTIFIER,
    MONEY,
    POSITION,
    PRICE,
    QUANTITY,
    VENUE,
    Field,
    PayloadShape,
    enum_kind,
    pick,
    wrong_keys,
)
from cracktrader.engine.identifiers import instrument_key, parse_identifier, parse_instrument_key
from cracktrader.engine.numbers import parse_integer, parse_money, parse_price
from cracktrader.engine.orders import PRICES_OF_TYPE, Order
from cracktrader.engine.snapshot import SnapshotWire, write_snapshot
from cracktrader.engine.state import CoreState

SNAPSHOT_FIELDS: tuple[str, ...] = tuple(SnapshotWire.__annotations__)
CLOCK_SOURCES = ("market_data", "timer")

_match_fingerprint = re.compile(r"[0-9a-f]{32}").fullmatch
_pick_fields = pick(SNAPSHOT_FIELDS)

# Status and leaves are derived: read for their type only, and compared when the state is written again.
_ORDER_SHAPE = PayloadShape(
    Field("venue", VENUE),
    Field("instrument", IDENTIFIER),
    Field("side", enum_kind(SIDES)),
    Field("order_type", enum_kind(ORDER_TYPES)),
    Field("time_in_force", enum_kind(TIMES_IN_FORCE)),
    Field("limit_price", PRICE, optional=True),
    Field("stop_price", PRICE, optional=True),
    Field("reduce_only", FLAG),
    Field("strategy_id", IDENTIFIER),
    Field("phase", enum_kind(PHASES)),
    Field("status", enum_kind(STATUSES)),
    Field("quantity", QUANTITY),
    Field("cumulative", CUMULATIVE),
    Field("leaves", CUMULATIVE),
    Field("triggered", FLAG),
    Field("cancel_pending", FLAG),
    Field("replace_pending", FLAG),
)
_POSITION_SHAPE = PayloadShape(Field("quantity", POSITION), Field("open_cost", MONEY), Field("realised", MONEY))
_RISK_FLAGS_SHAPE = PayloadShape(*(Field(flag, FLAG) for flag in RISK_FLAGS))


def read_snapshot(snapshot: object) -> CoreState:
    """The state that a snapshot holds, sharing nothing with it.

    MalformedInputError: `malformed_type` for anything but a dict, `malformed_field` for every other fault.
    """
    return read_exactly("a core", snapshot, _read_state, write_snapshot)


def _read_state(snapshot: dict[str, Any]) -> CoreState:
    if snapshot.keys() != set(SNAPSHOT_FIELDS):
        raise wrong_keys("a snapshot", snapshot, SNAPSHOT_FIELDS)
    _, cash, last_seq_id, positions, orders, fees, marks, clock, risk_flags, keys = _pick_fields(snapshot)
    ledger = Ledger(
        cash=parse_money(cash, "cash"),
        positions=read_map(positions, "positions", parse_instrument_key, _read_position),
        fees=read_map(fees, "fees", _parse_fee_asset, _parse_fee_total),
    )
    state = CoreState(
        ledger,
        last_seq_id=None if last_seq_id is None else parse_integer(last_seq_id, "last_seq_id"),
        marks=read_map(marks, "marks", parse_instrument_key, parse_price),
        clock=read_map(clock, "clock", _parse_clock_key, parse_integer),
        risk_flags=_read_risk_flags(risk_flags),
        idempotency_keys=read_map(keys, "idempotency_keys", parse_identifier, _parse_fingerprint),
    )
    for order in read_map(orders, "orders", parse_identifier, _read_order).values():
        state.add_order(order)
    return state


def _read_position(value: object, field: str) -> Position:
    quantity, open_cost, realised = _POSITION_SHAPE.parse(exact_dict(value, field))
    if not quantity and open_cost:
        raise refusal("malformed_field", f"the open_cost of {field}", "0 while the position is flat", open_cost)
    return quantity, open_cost, realised


def _read_risk_flags(value: object) -> dict[str, bool]:
    flags = _RISK_FLAGS_SHAPE.parse(exact_dict(value, "risk_flags"))
    return dict(zip(RISK_FLAGS, flags, strict=True))


def _parse_fee_asset(value: object, field: str) -> str:
    if value in (FEE_IN_QUOTE, FEE_IN_BASE):
        raise fault(f"{field} must not be {quoted(value)}, which is booked to cash or to the position")
    return parse_identifier(value, field)


def _parse_fee_total(value: object, field: str) -> int:
    total = parse_money(value, field)
    if not total:
        raise fault(f"the fee total of {field} must be left out when it is zero")
    return total


def _parse_clock_key(value: object, field: str) -> str:
    if type(value) is not str:
        raise refusal("malformed_field", field, "a string", value)
    source, _, key = value.partition(":")
    if source not in CLOCK_SOURCES:
        raise refusal("malformed_field", field, f"led by one of {', '.join(CLOCK_SOURCES)}", value)
    parse_instrument_key(key, field)
    return value


def _parse_fingerprint(value: object, field: str) -> str:
    if type(value) is not str or not _match_fingerprint(value):
        raise refusal("malformed_field", f"the fingerprint of {field}", "32 lower-case hexadecimal digits", value)
    return value


def _read_order(value: object, field: str) -> Order:
    wire = dict(zip(_ORDER_SHAPE.names, _ORDER_SHAPE.parse(exact_dict(value, field)), strict=True))
    del wire["status"], wire["leaves"]
    key = instrument_key(wire["venue"], wire["instrument"])
    order = Order(order_id=field, instrument_key=key, **wire)
    impossible = _order_fault(order)
    if impossible is not None:
        raise fault(f"order {field} must {impossible}")
    return order


def _order_fault(order: Order) -> str | None:
    """What is impossible about an order, as the end of "the order must ..."; None when nothing is."""
    if order.cumulative > order.quantity:
        return f"have cumulative at most its quantity, not {order.cumulative} of {order.quantity} units"
    if order.cumulative and order.phase in ("created", "submitted", "rejected"):
        return f"have cumulative 0 while {order.phase}, not {order.cumulative} units"
    if (order.cancel_pending or order.replace_pending) and order.phase not in LIVE_PHASES:
        return f"have nothing pending once {order.phase}"
    if order.triggered and (order.order_type not in STOP_TYPES or order.phase in ("created", "submitted")):
        return f"not be triggered as a {order.order_type} order that is {order.phase}"
    if (order.limit_price is not None, order.stop_price is not None) != PRICES_OF_TYPE[order.order_type]:
        return f"have the prices of a {order.order_type} order"
    return None
