"""Trades of Bitstamp's raw log, and which order's fill belongs to which.

Promises: a trade is given to at most one fill of each side, of exactly its size, the nearest in time of
receipt (the earlier one of two as near). Does not: join a fill from several trades. Costs: one bisection a
fill.
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cracktrader_strategies.traffic.decimals import plain, rounded_units, text

# A judgement. A fill and its trade come on two channels, and a slow line may set them apart by seconds; with much more,
# another trade of the same size would be taken for the fill's own.
MATCH_WINDOW_MS = 5_000


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade: price and quantity in units of 1e-8; `rounded` when the venue printed digits beyond them."""

    line: int
    received_ms: int
    trade_id: str
    price: int
    quantity: int
    rounded: bool

    @classmethod
    def parse(cls, line: int, received_ms: int, data: dict[str, Any]) -> "Trade":
        """From the log's JSON, its floats kept as text."""
        price, quantity = rounded_units(str(data["price"])), rounded_units(str(data["amount"]))
        rounded = (text(price), text(quantity)) != (plain(str(data["price"])), plain(str(data["amount"])))
        return cls(line, received_ms, str(data["id"]), price, quantity, rounded)


class TradeMatcher:
    """Hands out trades to fills."""

    def __init__(self, trades: Sequence[Trade]) -> None:
        self._trades = trades
        self._free: dict[tuple[str, int], list[tuple[int, int]]] = {}
        self._taken: set[int] = set()
        for index, trade in enumerate(trades):
            for side in ("buy", "sell"):
                insort(self._free.setdefault((side, trade.quantity), []), (trade.received_ms, index))

    def take(self, quantity: int, side: str, received_ms: int) -> Trade | None:
        """The trade of a fill of `quantity` units on `side`, heard of at `received_ms`, or None."""
        free = self._free.get((side, quantity), [])
        nearest = min(free, key=lambda trade: abs(trade[0] - received_ms), default=None)
        if nearest is None or abs(nearest[0] - received_ms) > MATCH_WINDOW_MS:
            return None
        free.remove(nearest)
        self._taken.add(nearest[1])
        return self._trades[nearest[1]]

    def unmatched(self) -> Iterator[Trade]:
        """The trades that no fill took, in order."""
        return (trade for index, trade in enumerate(self._trades) if index not in self._taken)
