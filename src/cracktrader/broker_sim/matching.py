"""Matching: what one bar does to one resting order.

Promises: integers in units of 1e-8, a function of its arguments alone, docs/runtime.md, section 9, row by row. A
sell is matched as a buy in the mirror: every price with its sign turned, high for low. Does not know volume, time in
force or fees: `simulated` does. Costs under a microsecond.
"""

from __future__ import annotations

from typing import NamedTuple

from cracktrader.broker_sim.fees import Liquidity
from cracktrader.broker_sim.resting import RestingOrder


class Bar(NamedTuple):
    """Prices and volume in units of 1e-8; a trade is a bar of one price."""

    open: int
    high: int
    low: int
    close: int
    volume: int

    def mirrored(self) -> Bar:
        """The bar as the other side sees it."""
        return Bar(-self.open, -self.low, -self.high, -self.close, self.volume)


class Match(NamedTuple):
    """Whether the bar triggers the order, and the price (1e-8) at which it can fill, None when it cannot."""

    triggers: bool
    price: int | None
    liquidity: Liquidity = "taker"


def match(order: RestingOrder, bar: Bar) -> Match:
    """What the bar does to the order, were there volume without end."""
    if order.side == "buy":
        return _match_buy(order, bar, order.limit_price, order.stop_price)
    limit_price = None if order.limit_price is None else -order.limit_price
    stop_price = None if order.stop_price is None else -order.stop_price
    mirrored = _match_buy(order, bar.mirrored(), limit_price, stop_price)
    return mirrored if mirrored.price is None else mirrored._replace(price=-mirrored.price)


def _match_buy(order: RestingOrder, bar: Bar, limit_price: int | None, stop_price: int | None) -> Match:
    if stop_price is not None and not order.is_triggered:
        return _match_stop(bar, limit_price, stop_price)
    if limit_price is None:
        return Match(False, bar.open)
    return _match_limit(bar, limit_price)


def _match_limit(bar: Bar, limit_price: int) -> Match:
    if bar.open <= limit_price:
        return Match(False, bar.open)
    if bar.low <= limit_price:
        return Match(False, limit_price, "maker")
    return Match(False, None)


def _match_stop(bar: Bar, limit_price: int | None, stop_price: int) -> Match:
    if bar.open >= stop_price:
        at_open = bar.open if limit_price is None else _match_limit(bar, limit_price).price
        return Match(True, at_open)
    if bar.high < stop_price:
        return Match(False, None)
    if limit_price is None or stop_price <= limit_price:
        return Match(True, stop_price)
    # Within the bar only the close is known to come after the trigger: only it proves that the limit was reached.
    return Match(True, limit_price if bar.close <= limit_price else None)
