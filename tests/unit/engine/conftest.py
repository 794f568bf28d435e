"""Builders that the engine's unit tests share: wire dicts, orders, and a core with a working order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.events import EVENT_SHAPES
from cracktrader.engine.orders import Order

Wire = dict[str, Any]


def _event(seq_id: int, event_type: str, payload: Wire, **changes: Any) -> Wire:
    source = next(source for source, shapes in EVENT_SHAPES.items() if event_type in shapes)
    event: Wire = {
        "seq_id": seq_id,
        "event_time": seq_id,
        "ingest_time": seq_id,
        "source": source,
        "venue": "V",
        "instrument": "I",
        "event_type": event_type,
        "payload": payload,
        "idempotency_key": None,
    }
    return event | changes


def _place(order_id: str = "o1", **changes: Any) -> Wire:
    payload: Wire = {
        "order_id": order_id,
        "venue": "V",
        "instrument": "I",
        "side": "buy",
        "order_type": "limit",
        "quantity": "10",
        "limit_price": "100",
    }
    return {"intent_type": "place_order", "payload": payload | changes, "strategy_id": "s"}


def _fill(seq_id: int, quantity: str, price: str, order_id: str = "o1", **changes: Any) -> Wire:
    payload = {
        "order_id": order_id,
        "last_quantity": quantity,
        "last_price": price,
        "fee": 0,
        "fee_asset": "quote",
    }
    key = changes.pop("idempotency_key", None)
    return _event(seq_id, "order_fill", payload | changes, idempotency_key=key)


def _working_core(**terms: Any) -> DeterministicCore:
    core = DeterministicCore(1000)
    core.process_intent(_place(**terms))
    core.apply_event(_event(1, "order_submitted", {"order_id": "o1"}))
    core.apply_event(_event(2, "order_accepted", {"order_id": "o1"}))
    return core


def _order(**changes: Any) -> Order:
    terms: dict[str, Any] = {
        "order_id": "o1",
        "venue": "V",
        "instrument": "I",
        "instrument_key": "V:I",
        "side": "buy",
        "order_type": "limit",
        "time_in_force": "gtc",
        "limit_price": 100,
        "stop_price": None,
        "reduce_only": False,
        "strategy_id": "s",
        "quantity": 10,
    }
    return Order(**(terms | changes))


@pytest.fixture
def event() -> Callable[..., Wire]:
    """(seq_id, event_type, payload, **changes) -> an event from the source that its type asks for."""
    return _event


@pytest.fixture
def place() -> Callable[..., Wire]:
    """(order_id, **payload changes) -> an intent to buy 10 at 100."""
    return _place


@pytest.fixture
def fill() -> Callable[..., Wire]:
    """(seq_id, quantity, price, order_id, **payload changes) -> a fill without a fee."""
    return _fill


@pytest.fixture
def working_core() -> Callable[..., DeterministicCore]:
    """(**terms) -> a core with cash 1000, sequence 2, and the working order o1."""
    return _working_core


@pytest.fixture
def order() -> Callable[..., Order]:
    """(**changes) -> a created limit order of 10 units."""
    return _order
