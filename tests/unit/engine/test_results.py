"""Results: the keys and their order, the closed sets, and the typed view."""

from __future__ import annotations

from typing import Any

import pytest

from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.results import (
    CODES,
    MALFORMED_CODES,
    RESULT_FIELDS,
    TRANSITION_FIELDS,
    OrderTransition,
    TransitionResult,
    TransitionWire,
    applied,
    unchanged,
)

KEYS = [
    "outcome",
    "code",
    "seq_id",
    "order_id",
    "transitions",
    "cash_delta",
    "position_delta",
    "realised_delta",
]
TRANSITION: TransitionWire = {
    "order_id": "o",
    "from": None,
    "to": "CREATED",
    "cumulative": "0",
    "leaves": "1.5",
}


def test_codes_are_the_pages() -> None:
    """Twenty-one codes of results and four of malformed input, with no word in both."""
    assert len(set(CODES)) == len(CODES) == 21
    assert len(set(MALFORMED_CODES)) == len(MALFORMED_CODES) == 4
    assert not set(CODES) & set(MALFORMED_CODES)


def test_both_answers_hold_the_keys_in_order() -> None:
    """A step that was applied and one that was not answer with the same eight keys."""
    assert list(RESULT_FIELDS) == KEYS
    assert list(applied(1)) == list(unchanged("rejected", "overfill", 1, "o")) == KEYS


def test_applied_takes_the_order_from_the_transition() -> None:
    """The order id of the answer is that of the order which moved, else null."""
    assert applied(1, TRANSITION)["order_id"] == "o"
    assert applied(1, TRANSITION)["transitions"] == [TRANSITION]
    assert applied(1)["order_id"] is None
    assert applied(1)["transitions"] == []


@pytest.mark.parametrize(
    "wire",
    [applied(1, TRANSITION, "-1", "0.5", "0.0000000000000001"), unchanged("duplicate", "ok", None, None)],
)
def test_typed_view_round_trip(wire: dict[str, Any]) -> None:
    """The typed view gives back the wire dict that it was made from."""
    view = TransitionResult.from_dict(wire)
    assert view.to_dict() == wire
    assert list(view.to_dict()) == KEYS
    assert TransitionResult.from_dict(view.to_dict()) == view


def test_typed_view_names_from_and_to() -> None:
    """The reserved word `from` is `from_status` on the object."""
    view = OrderTransition.from_dict(TRANSITION)
    assert (view.from_status, view.to_status) == (None, "CREATED")
    assert list(view.to_dict()) == list(TRANSITION_FIELDS) == list(TRANSITION)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"outcome": "done"}, "malformed_field"),
        ({"code": "okay"}, "malformed_field"),
        ({"seq_id": True}, "malformed_type"),
        ({"order_id": ""}, "malformed_identifier"),
        ({"transitions": ()}, "malformed_type"),
        ({"transitions": [None]}, "malformed_type"),
        ({"transitions": [dict(TRANSITION, to="DONE")]}, "malformed_field"),
        ({"cash_delta": 0}, "malformed_type"),
        ({"cash_delta": "0.0"}, "malformed_number"),
        ({"position_delta": "0.000000001"}, "malformed_number"),
        ({"realised_delta": "-0"}, "malformed_number"),
        ({"extra": 1}, "malformed_field"),
    ],
)
def test_typed_view_refuses(change: dict[str, Any], code: str) -> None:
    """The typed view takes nothing that a core would not hand out."""
    with pytest.raises(MalformedInputError) as caught:
        TransitionResult.from_dict(applied(1) | change)
    assert caught.value.code == code
