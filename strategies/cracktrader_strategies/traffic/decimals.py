"""Exact decimal text for recorded numbers.

Promises: what a venue wrote is handed on with the very same value, in plain digits, or a ValueError says why
not; the only rounding is `rounded_units`, for venues that print a binary float, and its callers count it.
Does not: use floats. Costs: one `Decimal` a number.
"""

from decimal import Decimal, InvalidOperation

SCALE = 10**8  # units of 1e-8: the grid of quantities and prices (section 1 of `docs/engine.md`)
MAX_UNITS = 10**10 * SCALE
"""Bound of quantities and prices in units of 1e-8."""


def units(value: str) -> int:
    """`"1.5"` -> 150000000: whole units of 1e-8. ValueError when the text is no number or off that grid."""
    scaled = _parse(value) * SCALE
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value!r} does not lie on the grid of 8 decimals: use rounded_units to accept it")
    return int(scaled)


def rounded_units(value: str) -> int:
    """As `units`, rounded half to even: `"1.7885566900000001"` -> 178855669."""
    return int((_parse(value) * SCALE).to_integral_value())


def text(amount: int) -> str:
    """150000000 -> `"1.5"`: the canonical text of whole units of 1e-8."""
    return plain_value(Decimal(amount).scaleb(-8))


def plain(value: str) -> str:
    """`"1.8e-05"` -> `"0.000018"`: the same value in plain digits. ValueError when no number."""
    return plain_value(_parse(value))


def plain_value(value: Decimal) -> str:
    """The canonical text of a finite Decimal; zero is `"0"`."""
    digits = format(value, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits in ("-0", "") else digits


def _parse(value: str) -> Decimal:
    try:
        parsed = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a decimal number") from None
    if not parsed.is_finite():
        raise ValueError(f"{value!r} is not a finite number")
    return parsed
