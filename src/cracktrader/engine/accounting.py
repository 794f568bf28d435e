"""Money: cash, positions and fees, and the booking of a fill.

Promises: exact integers; the one rounding is the cost released by a partial reduction, half to even at 1e-16.
A fill is computed first, checked against the bounds at its end, and only then committed, so an `out_of_range`
leaves no trace. Does not know orders. Costs about 1 us a fill.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cracktrader.engine.domain import FEE_IN_BASE, FEE_IN_QUOTE, MONEY_MAX, POSITION_MAX
from cracktrader.engine.numbers import divide_half_even

# Plain tuples: a fill makes three of them, and a named tuple costs four times as much to make.
Position = tuple[int, int, int]
"""(quantity in 1e-8, signed cost of what is open in 1e-16, realised profit in 1e-16)"""

Deltas = tuple[int, int, int]
"""What a fill moved: (cash in 1e-16, position in 1e-8, realised profit in 1e-16)"""

FLAT: Position = (0, 0, 0)  # nothing held, no cost, and no profit realised yet


def trade(position: Position, quantity: int, price: int) -> Position:
    """The position after a trade of a signed quantity (1e-8) at a price (1e-8)."""
    held, open_cost, realised = position
    if not held or (held > 0) == (quantity > 0):
        return held + quantity, open_cost + quantity * price, realised
    if abs(quantity) < abs(held):
        released = divide_half_even(open_cost * abs(quantity), abs(held))
        return held + quantity, open_cost - released, realised - quantity * price - released
    # The closing part, -held, releases the whole cost; what is left opens anew at this price.
    opening = held + quantity
    return opening, opening * price, realised + held * price - open_cost


def pay_base_fee(position: Position, fee: int) -> Position:
    """The position after a fee in the base asset (1e-8): less of it, at no price."""
    held, open_cost, realised = position
    remaining = held - fee
    reaches_zero = (held > 0 >= remaining) or (held < 0 <= remaining)
    if reaches_zero:
        return remaining, 0, realised - open_cost
    return remaining, open_cost, realised


@dataclass(slots=True, eq=False)
class Ledger:
    """Cash (1e-16), positions by `"venue:instrument"`, and fee totals (1e-16) by asset.

    Fees in the base or the quote asset are in the position or in cash, and have no total.
    """

    cash: int
    positions: dict[str, Position] = field(default_factory=dict)
    fees: dict[str, int] = field(default_factory=dict)

    def quantity_of(self, instrument_key: str) -> int:
        """The signed quantity held (1e-8), 0 when there never was a fill."""
        return self.positions.get(instrument_key, FLAT)[0]

    def adjust_cash(self, amount: int) -> bool:
        """Add a signed amount (1e-16) to cash; False, and no change, when cash would leave its bound."""
        cash = self.cash + amount
        if abs(cash) > MONEY_MAX:
            return False
        self.cash = cash
        return True

    def book_fill(self, instrument_key: str, quantity: int, price: int, fee: int, fee_asset: str) -> Deltas | None:
        """Book a fill: signed quantity in 1e-8, price in 1e-8, fee in 1e-8 when in `base`, else in 1e-16.

        None, and no change, when a total would leave its bound at the end of the step.
        """
        before = self.positions.get(instrument_key, FLAT)
        after = trade(before, quantity, price)
        cash_delta = -quantity * price
        fee_total = 0
        if fee_asset == FEE_IN_QUOTE:
            cash_delta -= fee
        elif fee_asset == FEE_IN_BASE:
            after = pay_base_fee(after, fee)
        else:
            fee_total = self.fees.get(fee_asset, 0) + fee
        held, open_cost, realised = after
        cash = self.cash + cash_delta
        is_out_of_range = (
            abs(held) > POSITION_MAX
            or abs(cash) > MONEY_MAX
            or abs(open_cost) > MONEY_MAX
            or abs(realised) > MONEY_MAX
            or abs(fee_total) > MONEY_MAX
        )
        if is_out_of_range:
            return None
        self.cash = cash
        self.positions[instrument_key] = after
        if fee_total:
            self.fees[fee_asset] = fee_total
        else:
            self.fees.pop(fee_asset, None)  # a total of exactly zero is not listed
        return cash_delta, held - before[0], realised - before[2]
