"""The legal set: which status an input may lead to from which.

Promises: the pairs of docs/runtime.md, section 4, and no others. It is written out instead of derived from
`lifecycle`, so that a fault there cannot hide here. Does not know quantities. Costs nothing: constants only.
"""

from __future__ import annotations

from collections.abc import Iterable

Pair = tuple[str | None, str]


def _each_to(sources: Iterable[str], target: str) -> set[Pair]:
    return {(source, target) for source in sources}


def _stays(*statuses: str) -> set[Pair]:
    return {(status, status) for status in statuses}


_PENDING = ("CANCEL_PENDING", "REPLACE_PENDING")
_UNDERLYING = ("CREATED", "SUBMITTED", "ACCEPTED", "PARTIALLY_FILLED", "FILLED")
_REPLACE_ANSWERED: set[Pair] = {("REPLACE_PENDING", status) for status in _UNDERLYING} | _stays("CANCEL_PENDING")

_PAIRS: dict[str, set[Pair]] = {
    "place_order": {(None, "CREATED")},
    "cancel_order": _each_to((*_UNDERLYING[:4], "REPLACE_PENDING"), "CANCEL_PENDING"),
    "replace_order": _each_to(_UNDERLYING[:4], "REPLACE_PENDING"),
    "order_submitted": {("CREATED", "SUBMITTED")} | _stays(*_PENDING),
    "order_accepted": {("SUBMITTED", "ACCEPTED")} | _stays(*_PENDING),
    "order_rejected": _each_to((*_UNDERLYING[:3], *_PENDING), "REJECTED"),
    "order_triggered": _stays("ACCEPTED", "PARTIALLY_FILLED", *_PENDING),
    "order_fill": {
        ("ACCEPTED", "PARTIALLY_FILLED"),
        ("ACCEPTED", "FILLED"),
        ("PARTIALLY_FILLED", "FILLED"),
    }
    | _stays("PARTIALLY_FILLED", *_PENDING, "CANCELLED", "EXPIRED"),
    "order_cancel_pending": _each_to((*_UNDERLYING[:4], *_PENDING), "CANCEL_PENDING"),
    "order_cancelled": _each_to(("SUBMITTED", "ACCEPTED", "PARTIALLY_FILLED", *_PENDING), "CANCELLED")
    | _each_to(_PENDING, "FILLED"),
    "order_cancel_rejected": {("CANCEL_PENDING", status) for status in (*_UNDERLYING, "REPLACE_PENDING")},
    "order_replace_pending": _stays(*_PENDING),
    "order_replaced": _REPLACE_ANSWERED,
    "order_replace_rejected": _REPLACE_ANSWERED,
    "order_restated": _stays("ACCEPTED", "PARTIALLY_FILLED", *_PENDING) | {("PARTIALLY_FILLED", "FILLED")},
    "order_expired": _each_to(("ACCEPTED", "PARTIALLY_FILLED", *_PENDING), "EXPIRED"),
}

LEGAL_SET: dict[str, frozenset[Pair]] = {input_type: frozenset(pairs) for input_type, pairs in _PAIRS.items()}
"""(from, to) by event or intent type; `from` is None for a new order."""
