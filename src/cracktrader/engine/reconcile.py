"""Reconciling: the books of the invariant checker against the state of a core.

Promises: every difference as a violation, in the order of docs/runtime.md, section 4, by subject within a row. Does not
change either side. Costs in proportion to the state.
"""

from __future__ import annotations

from collections.abc import Iterator

from cracktrader.engine.accounting import FLAT
from cracktrader.engine.books import BookedPosition, Books
from cracktrader.engine.numbers import money_text, quantity_text
from cracktrader.engine.state import CoreState
from cracktrader.engine.violations import ViolationWire, violation

_NOT_BOOKED = BookedPosition(0, 0, 0)


def differences(books: Books, state: CoreState) -> list[ViolationWire]:
    """What the state has otherwise than the books."""
    return [*_differences_of_orders(books, state), *_differences_of_money(books, state)]


def _differences_of_orders(books: Books, state: CoreState) -> Iterator[ViolationWire]:
    if state.last_seq_id != books.last_seq_id:
        yield violation("last_seq_id_mismatch", None, state.last_seq_id, books.last_seq_id)
    for order_id in sorted(state.orders.keys() ^ books.orders.keys()):
        presence = ("present", "absent") if order_id in state.orders else ("absent", "present")
        yield violation("order_missing", order_id, *presence)
    pairs = [(name, state.orders[name], books.orders[name]) for name in sorted(state.orders.keys() & books.orders)]
    for name, order, booked in pairs:
        if order.status != booked.status:
            yield violation("order_status_mismatch", name, order.status, booked.status)
    for name, order, booked in pairs:
        if order.quantity != booked.quantity:
            texts = quantity_text(order.quantity), quantity_text(booked.quantity)
            yield violation("order_quantity_mismatch", name, *texts)
    for name, order, booked in pairs:
        if order.cumulative != booked.cumulative:
            texts = quantity_text(order.cumulative), quantity_text(booked.cumulative)
            yield violation("order_cumulative_mismatch", name, *texts)


def _differences_of_money(books: Books, state: CoreState) -> Iterator[ViolationWire]:
    ledger = state.ledger
    if ledger.cash != books.cash:
        yield violation("cash_mismatch", None, money_text(ledger.cash), money_text(books.cash))
    pairs = [
        (key, ledger.positions.get(key, FLAT), books.positions.get(key, _NOT_BOOKED))
        for key in sorted(ledger.positions.keys() | books.positions)
    ]
    for key, (quantity, _, _), booked in pairs:
        if quantity != booked.quantity:
            yield violation("position_mismatch", key, quantity_text(quantity), quantity_text(booked.quantity))
    for key, (_, _, realised), booked in pairs:
        if realised != booked.realised:
            yield violation("realised_mismatch", key, money_text(realised), money_text(booked.realised))
    for key, (_, open_cost, realised), booked in pairs:
        unbalanced = realised - open_cost + booked.notional
        if unbalanced:
            yield violation("value_not_conserved", key, money_text(unbalanced), "0")
