"""Numbers: from the wire to integer units, and back to canonical decimal text.

Promises: a value is taken exactly or refused, never rounded; two texts are equal exactly when their units
are. Does not do the arithmetic of fills (`accounting` does); the one rounding helper stands here because
quotes need it as well. Costs: a text seen before is one cache look-up. The caches are bounded, and hold
exact, short strings and integers only, so `1`, `1.0` and `True` never meet in them and a huge text never
enters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial

from cracktrader.engine.domain import (
    BASE_FEE_MAX,
    DECIMAL_TEXT_LENGTH_MAX,
    INTEGER_MAX,
    MONEY_DECIMALS,
    MONEY_MAX,
    MONEY_SCALE,
    POSITION_MAX,
    PRICE_MAX,
    QUANTITY_MAX,
    UNIT_DECIMALS,
    UNIT_SCALE,
    VOLUME_MAX,
)
from cracktrader.engine.error import refusal

NumberParser = Callable[[object, str], int]

SCALES: dict[int, int] = {UNIT_DECIMALS: UNIT_SCALE, MONEY_DECIMALS: MONEY_SCALE}

_CACHE_SIZE = 32_768  # texts that come back within a case or a day; some megabytes at the most
_match_decimal = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?").fullmatch


def text_writer(decimals: int) -> Callable[[int], str]:
    """A writer for one grid: units -> canonical decimal text."""
    scale = SCALES[decimals]

    @lru_cache(_CACHE_SIZE)
    def write(units: int) -> str:
        whole, fraction = divmod(abs(units), scale)
        text = f"{whole}.{str(fraction).zfill(decimals).rstrip('0')}" if fraction else str(whole)
        return f"-{text}" if units < 0 else text

    return write


quantity_text = text_writer(UNIT_DECIMALS)
money_text = text_writer(MONEY_DECIMALS)


def text_to_units(text: str, decimals: int) -> int | None:
    """Units of a decimal text (at most 64 characters), or None when it is no decimal or lies off the grid."""
    match = _match_decimal(text)
    if match is None:
        return None
    sign, whole, fraction = match.groups("")
    fraction = fraction.rstrip("0")
    if len(fraction) > decimals:
        return None
    units = int(whole + fraction.ljust(decimals, "0"))
    return -units if sign else units


def float_to_units(value: float, decimals: int, units_max: int) -> int | None:
    """Units of a float that is whole, or that is `round(value * 1e8)` / 1e8, half to even; None for any other.

    Also None beyond the bound, for NaN and for the infinities, so that the product cannot overflow.
    """
    if not abs(value) <= units_max // SCALES[decimals]:
        return None
    if value.is_integer():
        return int(value) * SCALES[decimals]
    units = round(value * float(UNIT_SCALE))
    return units * (SCALES[decimals] // UNIT_SCALE) if units / float(UNIT_SCALE) == value else None


def number_parser(decimals: int, units_min: int, units_max: int) -> NumberParser:
    """A parser for one quantity: (value, field name) -> units, from an exact int, float or decimal text."""
    scale = SCALES[decimals]
    to_text = text_writer(decimals)
    wanted = f"a number with at most {decimals} decimals, from {to_text(units_min)} to {to_text(units_max)}"
    cached_text_to_units = lru_cache(_CACHE_SIZE)(partial(text_to_units, decimals=decimals))

    def parse(value: object, field: str) -> int:
        units: int | None
        if type(value) is str:
            units = cached_text_to_units(value) if len(value) <= DECIMAL_TEXT_LENGTH_MAX else None
        elif type(value) is int:
            units = value * scale
        elif type(value) is float:
            units = float_to_units(value, decimals, units_max)
        else:
            raise refusal("malformed_type", field, "an int, a float or a decimal string", value)
        if units is None or not units_min <= units <= units_max:
            raise refusal("malformed_number", field, wanted, value)
        return units

    return parse


parse_quantity = number_parser(UNIT_DECIMALS, 1, QUANTITY_MAX)
parse_cumulative = number_parser(UNIT_DECIMALS, 0, QUANTITY_MAX)
parse_price = number_parser(UNIT_DECIMALS, -PRICE_MAX, PRICE_MAX)
parse_volume = number_parser(UNIT_DECIMALS, 0, VOLUME_MAX)
parse_position = number_parser(UNIT_DECIMALS, -POSITION_MAX, POSITION_MAX)
parse_base_fee = number_parser(UNIT_DECIMALS, -BASE_FEE_MAX, BASE_FEE_MAX)
parse_money = number_parser(MONEY_DECIMALS, -MONEY_MAX, MONEY_MAX)


def parse_integer(value: object, field: str) -> int:
    """A sequence number or a time: an exact int from 0 to 2^63-1."""
    if type(value) is not int:
        raise refusal("malformed_type", field, "an int", value)
    if not 0 <= value <= INTEGER_MAX:
        raise refusal("malformed_number", field, f"from 0 to {INTEGER_MAX}", value)
    return value


def divide_half_even(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, ties to the even one; the denominator is positive."""
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    if twice > denominator or (twice == denominator and quotient % 2):
        quotient += 1
    return quotient
