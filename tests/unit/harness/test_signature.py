"""A signature names the bug: identifiers are out of it, the class of a number is in it."""

from __future__ import annotations

import pytest

from cracktrader_fuzz.lockstep.compare import Difference
from cracktrader_fuzz.lockstep.signature import Signature, difference_text, path_text

SIGNATURE = Signature("t", "order_fill", "FILLED", "state.orders.*.leaves", "value:sign", "a~b")


def test_text_family_and_slug() -> None:
    """One text form; a family without context; a slug that is fit for a file name."""
    assert str(SIGNATURE) == "t/order_fill/FILLED/state.orders.*.leaves/value:sign/a~b"
    assert str(SIGNATURE.family) == "t/order_fill/*/state.orders.*.leaves/value:sign/a~b"
    assert SIGNATURE.slug == "order-fill-filled-state-orders-leaves-value-sign-a-b"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("state", "orders", "o17", "leaves"), "state.orders.*.leaves"),
        (("state", "orders"), "state.orders"),
        (("outcome", "transitions", 3, "to"), "outcome.transitions[].to"),
        (("digest",), "digest"),
        ((), ""),
    ],
)
def test_path_leaves_identifiers_and_places_out(path: tuple[str | int, ...], text: str) -> None:
    """What differs from case to case for one bug is not in the path."""
    assert path_text(Difference(path, "value", 1, 2), frozenset({"orders"})) == text


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (Difference(("outcome", "code"), "value", "ok", "overfill"), "ok~overfill"),
        (Difference(("state", "cash"), "type", "1", 1.0), "type"),
        (Difference(("state", "cash"), "value", "1", "2"), "value:amount"),
        (Difference(("state", "phase"), "value", "created", "working"), "value"),
    ],
)
def test_difference_text(difference: Difference, text: str) -> None:
    """Both codes, or the kind, or the kind with the class of the numbers."""
    assert difference_text(difference) == text
