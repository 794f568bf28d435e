"""The life of an order: every report and request in every state that tells them apart, as one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.events import EVENT_SHAPES
from cracktrader.engine.lifecycle import REPORTS, REQUESTS, judge_fill
from cracktrader.engine.orders import Order

MakeOrder = Callable[..., Order]

STATES: dict[str, dict[str, Any]] = {
    "created": {},
    "created+c": {"cancel_pending": True},
    "submitted": {"phase": "submitted"},
    "working": {"phase": "working"},
    "partial": {"phase": "working", "cumulative": 4},
    "partial+c": {"phase": "working", "cumulative": 4, "cancel_pending": True},
    "partial+r": {"phase": "working", "cumulative": 4, "replace_pending": True},
    "full+c": {"phase": "working", "cumulative": 10, "cancel_pending": True},
    "full": {"phase": "working", "cumulative": 10},
    "cancelled": {"phase": "cancelled", "cumulative": 4},
    "rejected": {"phase": "rejected"},
    "expired": {"phase": "expired", "cumulative": 4},
}

# Codes by their initials, in the order of STATES; a dot is "ok".
LEGEND = {".": "ok", "it": "illegal_transition", "oc": "order_closed", "np": "nothing_pending"}
REPORT_TABLE = """
    order_submitted        .  .  it it it it it it it it it it
    order_accepted         it it .  it it it it it it it it it
    order_rejected         .  .  .  .  it it it it it it it it
    order_cancel_pending   .  .  .  .  .  .  .  .  oc oc oc oc
    order_cancelled        it it .  .  .  .  .  .  oc oc oc oc
    order_cancel_rejected  np .  np np np .  np .  np np np np
    order_replace_pending  np np np np np np .  np np np np np
    order_replaced         np np np np np np .  np np np np np
    order_replace_rejected np np np np np np .  np np np np np
    order_restated         it it it .  .  .  .  it it it it it
    order_expired          it it it .  .  .  .  it oc oc oc oc
    order_triggered        it it it .  .  .  .  it it it it it
"""
VALUES: dict[str, tuple[Any, ...]] = {"order_replaced": ("o1", 20, None, None), "order_restated": ("o1", 4)}


def _rows() -> list[tuple[str, str, str]]:
    rows = [line.split() for line in REPORT_TABLE.strip().splitlines()]
    return [(row[0], state, LEGEND[code]) for row in rows for state, code in zip(STATES, row[1:], strict=True)]


def _facts(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in Order.__slots__}


@pytest.mark.parametrize(("report", "state", "code"), _rows())
def test_report(order: MakeOrder, report: str, state: str, code: str) -> None:
    """Each report is taken or refused as the table says, and a refusal changes nothing."""
    subject = order(**STATES[state], order_type="stop", stop_price=1, limit_price=None)
    before = _facts(subject)
    assert REPORTS[report](subject, VALUES.get(report, ("o1", None))) == code
    assert code == "ok" or _facts(subject) == before


def test_table_is_complete() -> None:
    """Every broker report but the fill has its row and its function."""
    reports = set(EVENT_SHAPES["broker_report"]) - {"order_fill"}
    assert reports == set(REPORTS) == {line.split()[0] for line in REPORT_TABLE.strip().splitlines()}


@pytest.mark.parametrize(
    ("report", "state", "status"),
    [
        ("order_submitted", "created", "SUBMITTED"),
        ("order_accepted", "submitted", "ACCEPTED"),
        ("order_rejected", "created+c", "REJECTED"),
        ("order_cancel_pending", "partial", "CANCEL_PENDING"),
        ("order_cancelled", "partial+c", "CANCELLED"),
        ("order_cancelled", "full+c", "FILLED"),
        ("order_cancel_rejected", "full+c", "FILLED"),
        ("order_cancel_rejected", "partial+c", "PARTIALLY_FILLED"),
        ("order_replace_pending", "partial+r", "REPLACE_PENDING"),
        ("order_replaced", "partial+r", "PARTIALLY_FILLED"),
        ("order_replace_rejected", "partial+r", "PARTIALLY_FILLED"),
        ("order_restated", "partial", "FILLED"),
        ("order_expired", "partial+c", "EXPIRED"),
    ],
)
def test_report_leads_to(order: MakeOrder, report: str, state: str, status: str) -> None:
    """What is taken leads to the status that the page derives."""
    subject = order(**STATES[state])
    assert REPORTS[report](subject, VALUES.get(report, ("o1", None))) == "ok"
    assert subject.status == status


def test_trigger_needs_a_stop_that_has_not_triggered(order: MakeOrder) -> None:
    """A stop triggers once, and a limit order never."""
    stop = order(phase="working", order_type="stop", stop_price=1, limit_price=None)
    assert [REPORTS["order_triggered"](stop, ("o1", None)) for _ in range(2)] == ["ok", "illegal_transition"]
    assert stop.triggered
    assert REPORTS["order_triggered"](order(phase="working"), ("o1", None)) == "illegal_transition"


def test_replaced_takes_the_named_terms(order: MakeOrder) -> None:
    """A total below what is done means done; what is not named stays."""
    subject = order(phase="working", cumulative=4, replace_pending=True)
    assert REPORTS["order_replaced"](subject, ("o1", 3, None, None)) == "ok"
    assert (subject.quantity, subject.limit_price, subject.status) == (4, 100, "FILLED")


def test_replaced_refuses_a_price_that_the_type_lacks(order: MakeOrder) -> None:
    """Nothing pending is told before a wrong price."""
    subject = order(phase="working")
    assert REPORTS["order_replaced"](subject, ("o1", None, None, 5)) == "nothing_pending"
    subject.replace_pending = True
    assert REPORTS["order_replaced"](subject, ("o1", 20, None, 5)) == "price_mismatch"
    assert (subject.quantity, subject.replace_pending) == (10, True)


def test_restated_cannot_go_below_what_is_done(order: MakeOrder) -> None:
    """A new total may equal the cumulative quantity and not fall below it."""
    assert REPORTS["order_restated"](order(phase="working", cumulative=4), ("o1", 3)) == "illegal_transition"


@pytest.mark.parametrize(
    ("state", "quantity", "code"),
    [
        ("created", 99, "fill_before_acceptance"),
        ("submitted", 1, "fill_before_acceptance"),
        ("rejected", 99, "fill_on_rejected"),
        ("partial", 7, "overfill"),
        ("partial", 6, "ok"),
        ("partial+r", 6, "ok"),
        ("full", 1, "overfill"),
        ("cancelled", 6, "ok"),
        ("cancelled", 7, "overfill"),
        ("expired", 6, "ok"),
    ],
)
def test_judge_fill(order: MakeOrder, state: str, quantity: int, code: str) -> None:
    """A late fill is booked up to the quantity; one before acceptance or after rejection never."""
    assert judge_fill(order(**STATES[state]), quantity) == code


@pytest.mark.parametrize(
    ("state", "cancel", "replace"),
    [
        ("created", "ok", "ok"),
        ("created+c", "cancel_already_pending", "cancel_already_pending"),
        ("partial+r", "ok", "replace_already_pending"),
        ("full", "order_closed", "order_closed"),
        ("full+c", "cancel_already_pending", "cancel_already_pending"),
        ("rejected", "order_closed", "order_closed"),
    ],
)
def test_requests(order: MakeOrder, state: str, cancel: str, replace: str) -> None:
    """Requests are refused on closed orders and while the same or a stronger one is open."""
    assert REQUESTS["cancel_order"](order(**STATES[state]), ("o1",)) == cancel
    assert REQUESTS["replace_order"](order(**STATES[state]), ("o1", 20, None, None)) == replace


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (("o1", None, None, 5), "price_mismatch"),
        (("o1", None, None, None), "nothing_to_change"),
        (("o1", 10, 100, None), "nothing_to_change"),
        (("o1", 10, 101, None), "ok"),
        (("o1", 11, None, None), "ok"),
    ],
)
def test_replace_request_must_change_something(order: MakeOrder, values: tuple[Any, ...], code: str) -> None:
    """Naming the present terms is no change, and the wanted terms are not kept."""
    subject = order()
    assert REQUESTS["replace_order"](subject, values) == code
    assert (subject.quantity, subject.limit_price, subject.replace_pending) == (10, 100, code == "ok")
