"""Numbers as they stand in a step, by section 1 of `docs/engine.md`, and as they stand in an answer; exact."""

from decimal import Context, Decimal
from typing import Any

# Enough digits for the product of a quantity and a price at their bounds, and for sums of such, without any rounding.
EXACT = Context(prec=80)
ZERO = Decimal(0)  # made once, since most steps need it


def number(value: Any) -> Decimal:
    """An integer, a float on the grid of 8 decimals, or a decimal text. For values that a core has taken."""
    if isinstance(value, float) and not value.is_integer():
        return Decimal(round(value * 1e8)).scaleb(-8, EXACT)
    return Decimal(int(value) if isinstance(value, float) else value)


def text(value: Decimal) -> str:
    """The canonical text: no point without a fraction, no zeros behind it, no `-0`."""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain
