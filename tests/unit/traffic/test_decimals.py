"""Recorded numbers become exact decimal text."""

import pytest

from cracktrader_strategies.traffic.decimals import plain, rounded_units, text, units


@pytest.mark.parametrize(
    ("written", "plain_text"),
    [
        ("1.8e-05", "0.000018"),
        ("1.00000000", "1"),
        ("1E+3", "1000"),
        ("0", "0"),
        ("-0.0", "0"),
        ("-2.50", "-2.5"),
        ("100", "100"),
        ("0.08119999", "0.08119999"),
    ],
)
def test_plain_keeps_the_value(written: str, plain_text: str) -> None:
    """Exponents and trailing zeros go, digits stay."""
    assert plain(written) == plain_text


def test_units_and_text_are_inverse() -> None:
    """Whole units of 1e-8 and their canonical text stand for the same number."""
    for written in ("0", "0.00000001", "236.47", "13.2", "10000000000"):
        assert text(units(written)) == written


def test_units_refuses_what_is_off_the_grid() -> None:
    """A ninth decimal is not dropped in silence."""
    with pytest.raises(ValueError, match=r"'0\.000000001' does not lie on the grid"):
        units("0.000000001")


def test_rounded_units_takes_a_printed_float() -> None:
    """The nearest unit is what the venue meant."""
    assert rounded_units("1.7885566900000001") == 178855669
    assert rounded_units("9.9999999999999995e-07") == 100
    assert rounded_units("236.28999999999999") == 23629000000


@pytest.mark.parametrize("written", ["NaN", "Infinity", "abc", ""])
def test_no_number_is_an_error_that_quotes_it(written: str) -> None:
    """What is no finite number is named in the message."""
    with pytest.raises(ValueError, match=repr(written)):
        plain(written)
