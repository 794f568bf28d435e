"""The money side of the opinion: what a fill does to cash and position, by NautilusTrader's own objects.

Cash: the product of the `Quantity` and `Price` that its fill holds, and the `Money` of its commission, exact. Position:
`Position.apply`, less the commissions in the base asset, which it leaves out; it counts in floats, so that past
`POSITION_MAX` it is not judged. Cash that no fill moves is taken over from the core that the opinion follows.
"""

from decimal import Decimal
from typing import Any

from cracktrader_strategies.oracle.nautilus import nautilus
from cracktrader_strategies.oracle.reading import EXACT, ZERO

# With 8 decimals 10**15 units, a ninth of the 2**53 up to which floats are exact: the rest is for the errors of adding.
POSITION_MAX = Decimal(10_000_000)


class Account:
    """Cash, and the positions by `venue:instrument`, of which some are no longer judged."""

    def __init__(self, cash: Decimal) -> None:
        self.cash = cash
        self._positions: dict[str, Any] = {}
        self._base_fees: dict[str, Decimal] = {}
        self._lost: set[str] = set()

    def move(self, amount: Decimal) -> None:
        """Add to cash, for a fill or anything else."""
        self.cash = EXACT.add(self.cash, amount)

    def book(self, key: str, fill: Any) -> str:
        """Have the position take a fill: empty, or the class of the exception with which it refuses one that it has.

        A position whose profit is past the range of money is not judged from then on.
        """
        self._base_fees[key] = EXACT.add(self._base_fees.get(key, ZERO), _fee(fill, "base"))
        if key in self._lost:
            return ""
        try:
            if key in self._positions:
                self._positions[key].apply(fill)
            else:
                self._positions[key] = nautilus().position(fill)
        except KeyError:
            return KeyError.__name__
        except ValueError:
            self._lost.add(key)
            return ""
        if max(abs(self._signed(key)), fill.last_qty.as_decimal()) > POSITION_MAX:
            self._lost.add(key)
        return ""

    def position(self, key: str) -> Decimal | None:
        """The quantity, None where it is not judged."""
        if key in self._lost or key not in self._positions:
            return None
        return EXACT.subtract(self._signed(key), self._base_fees[key])

    def _signed(self, key: str) -> Decimal:
        signed: Decimal = self._positions[key].signed_decimal_qty()
        return signed


def cash_of(fill: Any) -> Decimal:
    """What a fill does to cash."""
    gross = EXACT.multiply(fill.last_qty.as_decimal(), fill.last_px.as_decimal())
    signed = EXACT.minus(gross) if fill.is_buy else gross
    return EXACT.subtract(signed, _fee(fill, "quote"))


def moved_by(fill: Any) -> Decimal:
    """What a fill does to the position."""
    quantity = fill.last_qty.as_decimal()
    return EXACT.subtract(quantity if fill.is_buy else -quantity, _fee(fill, "base"))


def _fee(fill: Any, asset: str) -> Decimal:
    fee = fill.commission
    amount: Decimal = fee.as_decimal()
    return amount if fee.currency == nautilus().currencies[asset] else ZERO
