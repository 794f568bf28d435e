"""Fees of the simulated broker: a rate for makers, one for takers, and a flat part.

Promises: exact integers; the product is rounded once, half to even at 1e-8 of the fee's asset. Does not know tiers or
other currencies. Costs 1 us a fill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cracktrader.engine.domain import FEE_IN_BASE, FEE_IN_QUOTE, UNIT_DECIMALS, UNIT_SCALE
from cracktrader.engine.error import quoted
from cracktrader.engine.numbers import divide_half_even, number_parser, parse_price, quantity_text

Liquidity = Literal["maker", "taker"]
FEE_ASSETS = (FEE_IN_QUOTE, FEE_IN_BASE)

_parse_rate = number_parser(UNIT_DECIMALS, -UNIT_SCALE, UNIT_SCALE)


@dataclass(frozen=True, slots=True)
class FeeModel:
    """What a fill costs. Rates are numbers from -1 to 1 (negative: a rebate), flat is an amount a fill.

    In `quote` a fee is abs(quantity x price) x rate + flat, in `base` quantity x rate, and flat must be 0. A bad number
    is a MalformedInputError, another asset or a flat part in `base` a ValueError.
    """

    maker: float | str = "0"
    taker: float | str = "0"
    flat: float | str = "0"
    asset: Literal["quote", "base"] = "quote"

    def __post_init__(self) -> None:
        _parse_rate(self.maker, "maker")
        _parse_rate(self.taker, "taker")
        flat = parse_price(self.flat, "flat")
        if self.asset not in FEE_ASSETS:
            raise ValueError(f"asset must be one of {', '.join(FEE_ASSETS)}, not {quoted(self.asset)}")
        if flat and self.asset == FEE_IN_BASE:
            raise ValueError(f"flat must be 0 for fees in base, not {quoted(self.flat)}")

    def fee(self, quantity: int, price: int, liquidity: Liquidity) -> str:
        """The fee of a fill (quantity > 0 and price in 1e-8) as decimal text, in units of `asset`."""
        rate = _parse_rate(self.maker if liquidity == "maker" else self.taker, liquidity)
        if self.asset == FEE_IN_BASE:
            return quantity_text(divide_half_even(quantity * rate, UNIT_SCALE))
        amount = divide_half_even(abs(quantity * price) * rate, UNIT_SCALE * UNIT_SCALE)
        return quantity_text(amount + parse_price(self.flat, "flat"))


NO_FEES = FeeModel()
"""The model under which fills are free."""
