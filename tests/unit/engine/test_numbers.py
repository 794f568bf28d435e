"""Numbers: what is taken, what is refused and why, and how units are written."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cracktrader.engine import numbers
from cracktrader.engine.domain import INTEGER_MAX, MONEY_MAX, MONEY_SCALE, PRICE_MAX, QUANTITY_MAX, UNIT_SCALE
from cracktrader.engine.error import MalformedInputError


class _Int(int):
    pass


class _Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("value", "units"),
    [
        (3, 300_000_000),
        ("0", 0),
        ("-0", 0),
        ("007", 700_000_000),
        ("1.500000000000", 150_000_000),
        ("-1.5", -150_000_000),
        (0.1, 10_000_000),
        (-0.0, 0),
        (1e10, PRICE_MAX),
        ("-10000000000", -PRICE_MAX),
        ("0." + "0" * 62, 0),
    ],
)
def test_price_is_taken_exactly(value: object, units: int) -> None:
    """An int, a float or a text on the grid gives the units that it stands for."""
    assert numbers.parse_price(value, "price") == units


@pytest.mark.parametrize(
    "value",
    [
        "+1",
        ".5",
        "5.",
        "1e3",
        "1_000",
        " 1",
        "1 ",
        "1\n",
        "",
        "-",
        "--1",
        "1.2.3",
        "\u0661",
        "\uff11",
        "NaN",
        "0x1",
    ],
)
def test_text_that_is_no_decimal(value: str) -> None:
    """A text of another form is malformed_number, however Python itself would read it."""
    with pytest.raises(MalformedInputError) as caught:
        numbers.parse_price(value, "price")
    assert caught.value.code == "malformed_number"


@pytest.mark.parametrize(
    "value",
    [
        "0.000000001",
        0.1 + 0.2,
        1e-9,
        math.nan,
        math.inf,
        -math.inf,
        1.7e308,
        10**10 + 1,
        "10000000000.00000001",
        "0." + "0" * 63,
        pytest.param("9" * 10_000, id="huge text"),
        pytest.param(10**5000, id="huge int"),
    ],
)
def test_number_off_the_grid_or_out_of_bounds(value: object) -> None:
    """A value off the grid, out of bounds or too long to be read is malformed_number."""
    with pytest.raises(MalformedInputError) as caught:
        numbers.parse_price(value, "price")
    assert caught.value.code == "malformed_number"


@pytest.mark.parametrize("value", [True, False, None, _Int(1), _Text("1"), b"1", [1], {}, 1j])
def test_other_types_are_no_numbers(value: object) -> None:
    """Only an exact int, float or str can be a number."""
    with pytest.raises(MalformedInputError) as caught:
        numbers.parse_price(value, "price")
    assert caught.value.code == "malformed_type"


def test_caches_keep_types_apart() -> None:
    """A cached text says nothing about a value of another type that compares equal to its number."""
    assert numbers.parse_price("1", "price") == numbers.parse_price(1, "price") == UNIT_SCALE
    assert numbers.parse_price(1.0, "price") == UNIT_SCALE
    with pytest.raises(MalformedInputError):
        numbers.parse_price(True, "price")


@pytest.mark.parametrize(
    ("parse", "low", "high"),
    [
        (numbers.parse_quantity, "0.00000001", "10000000000"),
        (numbers.parse_cumulative, "0", "10000000000"),
        (numbers.parse_price, "-10000000000", "10000000000"),
        (numbers.parse_volume, "0", "90000000000"),
        (numbers.parse_position, "-90000000000", "90000000000"),
        (numbers.parse_base_fee, "-10000000000", "10000000000"),
        (numbers.parse_money, "-1000000000000000000000", "1000000000000000000000"),
    ],
)
def test_bounds_are_inclusive(parse: numbers.NumberParser, low: str, high: str) -> None:
    """Each quantity takes both ends of its range, and not one unit more."""
    to_text = numbers.money_text if parse is numbers.parse_money else numbers.quantity_text
    assert to_text(parse(low, "x")) == low
    assert to_text(parse(high, "x")) == high
    for outside in (to_text(parse(low, "x") - 1), to_text(parse(high, "x") + 1)):
        with pytest.raises(MalformedInputError, match=f"x must be .*{outside}"):
            parse(outside, "x")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (-1, "malformed_number"),
        (INTEGER_MAX + 1, "malformed_number"),
        (1.0, "malformed_type"),
        (True, "malformed_type"),
    ],
)
def test_integer_is_refused(value: object, code: str) -> None:
    """An integer field takes an exact int from 0 to 2^63-1."""
    assert numbers.parse_integer(INTEGER_MAX, "seq_id") == INTEGER_MAX
    with pytest.raises(MalformedInputError) as caught:
        numbers.parse_integer(value, "seq_id")
    assert caught.value.code == code


@given(st.integers(-PRICE_MAX, PRICE_MAX))
def test_price_text_round_trip(units: int) -> None:
    """Writing units and reading the text gives the units, and the text is canonical."""
    text = numbers.quantity_text(units)
    assert numbers.parse_price(text, "price") == units
    assert text == "0" or not text.removeprefix("-").startswith("00")
    assert "." not in text or not text.endswith(("0", "."))


@given(st.integers(-MONEY_MAX, MONEY_MAX))
def test_money_text_round_trip(units: int) -> None:
    """Money survives the wire at its full width."""
    assert numbers.parse_money(numbers.money_text(units), "cash") == units


@given(st.integers(1, QUANTITY_MAX), st.integers(0, 20))
def test_padding_changes_no_value(units: int, zeros: int) -> None:
    """Leading zeros, and zeros after the fraction, are the same number."""
    text = numbers.quantity_text(units)
    padded = "0" * zeros + text + ("0" * zeros if "." in text else "")
    assert numbers.parse_quantity(padded, "quantity") == units


@given(st.integers(-(2**53), 2**53))
def test_float_of_exact_units_is_on_the_grid(units: int) -> None:
    """The float nearest to a number of units small enough for a float is taken as those units."""
    assert numbers.parse_price(units / UNIT_SCALE, "price") == units


@given(st.floats())
def test_float_is_taken_as_the_page_says(value: float) -> None:
    """A whole float is taken exactly, any other on the grid of 8 decimals if that gives it back, within the bound."""
    expected: Any = None
    if math.isfinite(value) and abs(value) <= 1e21:
        rounded = round(value * 1e8)
        on_grid = rounded * 10**8 if rounded / 1e8 == value else None
        expected = int(value) * 10**16 if value.is_integer() else on_grid
    try:
        units: Any = numbers.parse_money(value, "cash")
    except MalformedInputError:
        units = None
    assert units == expected


@given(st.integers(-(10**40), 10**40), st.integers(1, 10**20))
def test_divide_half_even(numerator: int, denominator: int) -> None:
    """The rounded quotient is the nearest integer, and the even one of two that are equally near."""
    quotient = numbers.divide_half_even(numerator, denominator)
    distance = abs(numerator - quotient * denominator) * 2
    assert distance <= denominator
    assert distance < denominator or quotient % 2 == 0


@pytest.mark.parametrize(("numerator", "quotient"), [(1, 0), (3, 2), (5, 2), (-1, 0), (-3, -2), (-5, -2), (4, 2)])
def test_divide_half_even_at_ties(numerator: int, quotient: int) -> None:
    """Halves go to the even neighbour on both sides of zero."""
    assert numbers.divide_half_even(numerator, 2) == quotient


def test_money_is_written_to_its_last_digit() -> None:
    """One unit of money is sixteen decimals, with its sign."""
    assert numbers.money_text(-1) == "-0.0000000000000001"
    assert numbers.money_text(-MONEY_SCALE) == "-1"
    assert numbers.quantity_text(0) == "0"
