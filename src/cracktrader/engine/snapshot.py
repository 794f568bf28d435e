"""Snapshots: the state of a core as a wire dict, its canonical JSON, and its digest.

Promises: every map in bytewise order of its keys (all keys are ASCII, so text order is byte order), and
nothing shared with the core. Does not keep anything between calls; the way back is `restore`. Costs in
proportion to the state, about 2 us an order.
"""

from __future__ import annotations

import hashlib
import json
from typing import TypedDict

from cracktrader.engine.accounting import Position
from cracktrader.engine.numbers import money_text, quantity_text
from cracktrader.engine.orders import Order
from cracktrader.engine.state import CoreState

SCHEMA_VERSION = 1  # of the core's snapshot; another one is refused


class PositionWire(TypedDict):
    """A position as decimal text."""

    quantity: str
    open_cost: str
    realised: str


class OrderWire(TypedDict):
    """An order: quantities and prices as decimal text, `status` in upper case."""

    venue: str
    instrument: str
    side: str
    order_type: str
    time_in_force: str
    limit_price: str | None
    stop_price: str | None
    reduce_only: bool
    strategy_id: str
    phase: str
    status: str
    quantity: str
    cumulative: str
    leaves: str
    triggered: bool
    cancel_pending: bool
    replace_pending: bool


class SnapshotWire(TypedDict):
    """The whole state of a core; orders by id, positions and marks by `"venue:instrument"`."""

    schema_version: int
    cash: str
    last_seq_id: int | None
    positions: dict[str, PositionWire]
    orders: dict[str, OrderWire]
    fees: dict[str, str]
    marks: dict[str, str]
    clock: dict[str, int]
    risk_flags: dict[str, bool]
    idempotency_keys: dict[str, str]


def write_snapshot(state: CoreState) -> SnapshotWire:
    """The state as a wire dict that shares nothing with it."""
    ledger = state.ledger
    return {
        "schema_version": SCHEMA_VERSION,
        "cash": money_text(ledger.cash),
        "last_seq_id": state.last_seq_id,
        "positions": {key: _write_position(position) for key, position in sorted(ledger.positions.items())},
        "orders": {order_id: _write_order(state.orders[order_id]) for order_id in sorted(state.orders)},
        "fees": {asset: money_text(total) for asset, total in sorted(ledger.fees.items())},
        "marks": {key: quantity_text(price) for key, price in sorted(state.marks.items())},
        "clock": dict(sorted(state.clock.items())),
        "risk_flags": dict(sorted(state.risk_flags.items())),
        "idempotency_keys": dict(sorted(state.idempotency_keys.items())),
    }


def _write_position(position: Position) -> PositionWire:
    quantity, open_cost, realised = position
    return {
        "quantity": quantity_text(quantity),
        "open_cost": money_text(open_cost),
        "realised": money_text(realised),
    }


def _write_order(order: Order) -> OrderWire:
    limit_price, stop_price = order.limit_price, order.stop_price
    return {
        "venue": order.venue,
        "instrument": order.instrument,
        "side": order.side,
        "order_type": order.order_type,
        "time_in_force": order.time_in_force,
        "limit_price": None if limit_price is None else quantity_text(limit_price),
        "stop_price": None if stop_price is None else quantity_text(stop_price),
        "reduce_only": order.reduce_only,
        "strategy_id": order.strategy_id,
        "phase": order.phase,
        "status": order.status,
        "quantity": quantity_text(order.quantity),
        "cumulative": quantity_text(order.cumulative),
        "leaves": quantity_text(order.leaves),
        "triggered": order.triggered,
        "cancel_pending": order.cancel_pending,
        "replace_pending": order.replace_pending,
    }


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def canonical_json(document: object) -> str:
    """JSON with keys sorted bytewise, no white space, ASCII."""
    return _CANONICAL.encode(document)


def digest(snapshot: SnapshotWire) -> str:
    """64 hexadecimal digits of SHA-256 over the canonical JSON."""
    return hashlib.sha256(canonical_json(snapshot).encode()).hexdigest()
