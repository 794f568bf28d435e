"""The class of two numbers: exact ones by their field's scale, floats by units in the last place."""

from __future__ import annotations

import math

import pytest

from cracktrader_fuzz.lockstep.number_class import number_class
from cracktrader_fuzz.target.grammar import Grammar
from cracktrader_strategies.grammar import GRAMMAR


@pytest.mark.parametrize(
    ("left", "right", "scale", "name"),
    [
        ("5", "-5", None, "sign"),
        ("1.5", "150", None, "scale"),
        (3, 300, None, "scale"),
        (3, -3, 0, "sign"),
        (2**63, 0, None, "overflow"),
        (5, 5 - 2**64, None, "overflow"),
        ("92233720368.54775808", "-92233720368.54775808", 8, "sign"),
        ("92233720369.54775808", "1", 8, "overflow"),
        ("92233720369.54775808", "1", None, "amount"),
        ("0.00000001", "0", 8, "rounding"),
        ("0.00000002", "0", 8, "amount"),
        ("0.00000001", "0", 16, "amount"),
        ("0.0000000000000001", "0", 16, "rounding"),
        ("1.10", "1.11", 2, "rounding"),
        ("1.10", "1.11", None, "amount"),
        (7, 8, 0, "rounding"),
        (7, 8, None, "amount"),
        ("7", "9", 8, "amount"),
        (True, False, 0, ""),
        (1, 1.5, 0, ""),
        ("FILLED", "9", 8, ""),
        (None, "1", 8, ""),
    ],
)
def test_exact_numbers(left: object, right: object, scale: int | None, name: str) -> None:
    """Rounding and overflow are counted in units of the field's scale, where it has one."""
    assert number_class(left, right, scale) == name
    assert number_class(right, left, scale) == name


@pytest.mark.parametrize(
    ("left", "right", "name"),
    [
        (0.0, -0.0, "sign-of-zero"),
        (0.1 + 0.2, 0.3, "rounding"),
        (1.0, math.nextafter(1.0, 2.0), "rounding"),
        (1e300, math.nextafter(1e300, 0.0), "rounding"),
        (0.0, 5e-324, "rounding"),
        (2.5, -2.5, "sign"),
        (0.0123, 1.23, "scale"),
        (3.0, 3e-9, "scale"),
        (1 / 3, 0.3333333432674408, "precision"),
        (1.5, 2.5, "amount"),
        (1.5, -2.5, "amount"),
        (0.0, 0.001, "amount"),
        (1.0, 12.5, "magnitude"),
        (1.7e308, 3e-300, "magnitude"),
        (math.inf, 1.0, "not-finite"),
        (math.nan, 1.0, "not-finite"),
        (math.inf, -math.inf, "not-finite"),
    ],
)
def test_floats(left: float, right: float, name: str) -> None:
    """A scale says nothing of floats: a few units in the last place are rounding, wherever that place is."""
    assert number_class(left, right) == name
    assert number_class(right, left, 8) == name


@pytest.mark.parametrize(
    ("path", "scale"),
    [
        (("outcome", "transitions", 0, "leaves"), 8),
        (("outcome", "cash_delta"), 16),
        (("state", "positions", "v:i", "realised"), 16),
        (("state", "fees", "BNB"), 16),
        (("state", "fees", "cash"), 16),
        (("state", "marks", "v:i"), 8),
        (("state", "last_seq_id"), None),
        (("digest",), None),
        ((), None),
    ],
)
def test_scale_of_a_place(path: tuple[str | int, ...], scale: int | None) -> None:
    """The nearest key counts that is no identifier, whatever the identifier is called."""
    assert GRAMMAR.scale_at(path) == scale


def test_a_grammar_without_scales_has_none() -> None:
    """Nothing is known of a number that the grammar does not speak of."""
    assert Grammar(lambda step: "step", {}).scale_at(("state", "total")) is None
