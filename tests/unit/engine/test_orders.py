"""Orders: the derived status, the leaves, and the prices of a type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.domain import ORDER_TYPES, PHASES
from cracktrader.engine.orders import PRICES_OF_TYPE, Order

MakeOrder = Callable[..., Order]

STATUS_TABLE = """
    phase      cumulative cancel_pending replace_pending status           leaves
    created    0          -              -               CREATED          10
    created    0          yes            -               CANCEL_PENDING   10
    created    0          -              yes             REPLACE_PENDING  10
    submitted  0          -              -               SUBMITTED        10
    working    0          -              -               ACCEPTED         10
    working    4          -              -               PARTIALLY_FILLED 6
    working    10         -              -               FILLED           0
    working    10         yes            -               CANCEL_PENDING   0
    working    10         -              yes             REPLACE_PENDING  0
    working    4          yes            yes             CANCEL_PENDING   6
    cancelled  0          -              -               CANCELLED        0
    cancelled  10         -              -               CANCELLED        0
    expired    4          -              -               EXPIRED          0
    rejected   0          -              -               REJECTED         0
"""


@pytest.mark.parametrize("row", STATUS_TABLE.strip().splitlines()[1:])
def test_status_and_leaves_are_derived(order: MakeOrder, row: str) -> None:
    """Each row of the table gives its status and its leaves, the first rule that applies deciding."""
    phase, cumulative, cancel, replace, status, leaves = row.split()
    subject = order(
        phase=phase,
        cumulative=int(cumulative),
        cancel_pending=cancel == "yes",
        replace_pending=replace == "yes",
    )
    assert (subject.status, subject.leaves) == (status, int(leaves))
    assert subject.is_live == (status not in {"FILLED", "CANCELLED", "EXPIRED", "REJECTED"})


def test_every_phase_has_a_row() -> None:
    """The table above leaves no phase out."""
    assert {row.split()[0] for row in STATUS_TABLE.strip().splitlines()[1:]} == set(PHASES)


@pytest.mark.parametrize(
    ("order_type", "limit", "stop"),
    [("market", True, True), ("limit", False, True), ("stop", True, False), ("stop_limit", False, False)],
)
def test_lacks(order: MakeOrder, order_type: str, limit: bool, stop: bool) -> None:
    """A price is lacking when it is named and the type has none."""
    subject = order(order_type=order_type)
    assert [subject.lacks(1, None), subject.lacks(None, 1), subject.lacks(None, None)] == [limit, stop, False]


def test_every_type_has_prices() -> None:
    """The table of prices is over exactly the order types."""
    assert set(PRICES_OF_TYPE) == set(ORDER_TYPES)


def test_close_clears_what_is_pending(order: MakeOrder) -> None:
    """An order that ends has nothing pending."""
    subject = order(phase="working", cancel_pending=True, replace_pending=True)
    subject.close("cancelled")
    assert (subject.status, subject.cancel_pending, subject.replace_pending) == ("CANCELLED", False, False)


def test_transition_shows_the_present(order: MakeOrder) -> None:
    """A transition tells where the order came from and how it stands, in canonical text."""
    subject = order(phase="working", quantity=10**9, cumulative=25 * 10**7)
    expected: dict[str, Any] = {
        "order_id": "o1",
        "from": "ACCEPTED",
        "to": "PARTIALLY_FILLED",
        "cumulative": "2.5",
        "leaves": "7.5",
    }
    assert subject.transition("ACCEPTED") == expected
