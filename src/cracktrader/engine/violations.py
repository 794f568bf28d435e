"""Violations: an invariant that does not hold, as data.

Promises: numbers as docs/engine.md, section 9, counts the invariants; the codes of docs/runtime.md, section 4, in its
order. Does not check anything: `invariants` does. Costs nothing until something is wrong.
"""

from __future__ import annotations

from typing import TypedDict


class ViolationWire(TypedDict):
    """One broken invariant: what was reported (`left`) against what the checker has (`right`), as text."""

    number: int
    code: str
    subject: str | None
    left: str
    right: str


OBSERVED_CODES: dict[str, int] = {
    "seq_id_mismatch": 1,
    "seq_id_not_rising": 1,
    "code_mismatch": 2,
    "order_id_mismatch": 2,
    "transition_count": 2,
    "transition_order": 2,
    "unknown_order": 2,
    "status_mismatch": 2,
    "illegal_transition": 2,
    "cumulative_falls": 3,
    "cumulative_mismatch": 3,
    "leaves_mismatch": 3,
    "cash_delta_mismatch": 4,
    "position_delta_mismatch": 4,
    "realised_delta_mismatch": 5,
    "refusal_with_effect": 6,
    "digest_changed": 6,
    "terminal_left": 7,
}
"""The number of each code that `observe` gives."""

VERIFIED_CODES: dict[str, int] = {
    "last_seq_id_mismatch": 1,
    "order_missing": 2,
    "order_status_mismatch": 2,
    "order_quantity_mismatch": 3,
    "order_cumulative_mismatch": 3,
    "cash_mismatch": 4,
    "position_mismatch": 4,
    "realised_mismatch": 5,
    "value_not_conserved": 5,
}
"""The number of each code that `verify` gives."""

NUMBER_OF_CODE: dict[str, int] = OBSERVED_CODES | VERIFIED_CODES
VIOLATION_FIELDS: tuple[str, ...] = tuple(ViolationWire.__annotations__)


def violation(code: str, subject: str | None, left: object, right: object) -> ViolationWire:
    """A violation of this code; None is told as `null`."""
    return {
        "number": NUMBER_OF_CODE[code],
        "code": code,
        "subject": subject,
        "left": "null" if left is None else str(left),
        "right": "null" if right is None else str(right),
    }
