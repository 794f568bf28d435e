"""How two numbers differ, in one word: for a signature, so that a lost sign and a lost digit are two bugs.

Integers and decimals written as text are exact, and rounding is a matter of their field's scale, which the target's
grammar names. Floats have no scale: there it is a matter of units in the last place of the larger.
"""

import math
import re
from fractions import Fraction

DECIMAL = re.compile(r"-?[0-9]{1,80}(\.[0-9]{1,80})?")
WORD = 2**63  # what a signed 64-bit integer wraps around at, and half of what an unsigned one does
ROUNDING_ULPS_MAX = 4  # a handful of operations, each off by half a unit; a formula of another shape is further off
SINGLE_PRECISION = 2.0**-23  # the distance of 1 from the next number in 32 bits: a value that went through them
MAGNITUDE_MIN = 10  # an order of magnitude apart: another quantity, and not another amount of it


def number_class(left: object, right: object, scale: int | None = None) -> str:
    """The class of two unequal numbers; "" when they are not two floats, or two integers or decimal texts.

    sign-of-zero    0.0 and -0.0
    sign            the same amount with the other sign
    scale           a power of ten apart
    overflow        a whole number of 64-bit ranges apart, counted in units of `scale`
    rounding        at most one unit of `scale` apart; floats: a few units in the last place
    amount          further apart
    precision       floats: as far apart as single precision leaves them
    magnitude       floats: at least ten times the other
    not-finite      floats: one of them is infinite or no number
    """
    if type(left) is float and type(right) is float:
        return _float_class(left, right)
    one, other = _exact(left), _exact(right)
    return "" if one is None or other is None else _exact_class(one, other, scale)


def _exact_class(one: Fraction, other: Fraction, scale: int | None) -> str:
    apart = abs(one - other)
    if one == -other:
        return "sign"
    if one and other and _is_power_of_ten(abs(one / other)):
        return "scale"
    if (apart * 10 ** (scale or 0) / WORD).denominator == 1:
        return "overflow"
    return "rounding" if scale is not None and apart * 10**scale <= 1 else "amount"


def _float_class(one: float, other: float) -> str:
    if not (math.isfinite(one) and math.isfinite(other)):
        return "not-finite"
    if one == other:
        return "sign-of-zero"
    if one == -other:
        return "sign"
    small, large = sorted((abs(one), abs(other)))
    apart = abs(one - other)
    if apart <= ROUNDING_ULPS_MAX * math.ulp(large):
        return "rounding"
    if one * other > 0 and _is_near_power_of_ten(large, small):
        return "scale"
    if apart <= SINGLE_PRECISION * large:
        return "precision"
    return "magnitude" if small and large / small >= MAGNITUDE_MIN else "amount"


def _exact(value: object) -> Fraction | None:
    if type(value) is int:
        return Fraction(value)
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return Fraction(value)
    return None


def _is_power_of_ten(ratio: Fraction) -> bool:
    if ratio < 1:
        ratio = 1 / ratio
    while ratio > 1 and ratio.denominator == 1:
        ratio /= 10
    return ratio == 1


def _is_near_power_of_ten(large: float, small: float) -> bool:
    power = round(math.log10(large) - math.log10(small))  # of each: their ratio may be past what a float can hold
    return power > 0 and abs(Fraction(large) - Fraction(small) * 10**power) <= ROUNDING_ULPS_MAX * math.ulp(large)
