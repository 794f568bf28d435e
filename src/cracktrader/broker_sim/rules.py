"""The rules of the simulated venue: what a bar does to a whole book.

Promises: expiry first, then matching, in order of acceptance; the bar's volume is shared in that order; integers
throughout. Keeps no state: books are values. Costs O(open orders) a bar.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cracktrader.broker_sim.fees import FeeModel
from cracktrader.broker_sim.matching import Bar, match
from cracktrader.broker_sim.reports import Reports
from cracktrader.broker_sim.resting import Book, RestingOrder
from cracktrader.engine.domain import STOP_TYPES, UNIT_SCALE

DAY_NS = 86_400_000_000_000  # the nanoseconds of a day in UTC, which has no leap seconds here

_END_AT_ONCE = {"ioc": "immediate or cancel", "fok": "fill or kill"}


@dataclass(frozen=True, slots=True)
class VenueRules:
    """Fees, the latency in bars, and the part of a bar's volume (1e-8) that may fill; None: all that is asked for."""

    fees: FeeModel
    latency_bars: int
    participation: int | None

    def after_bar(self, book: Book, bar: Bar, reports: Reports) -> Book:
        """The book after a bar, with what happened told to the reports."""
        bars_seen, day = book.bars_seen + 1, reports.time // DAY_NS
        remaining = None if self.participation is None else bar.volume * self.participation // UNIT_SCALE
        open_orders = []
        for order in book.orders:
            if order.time_in_force == "day" and order.accepted_day < day:
                reports.tell("order_expired", order.order_id)
            elif bars_seen < order.accepted_at + self.latency_bars:
                open_orders.append(order)
            else:
                after = self._match(order, bar, remaining, reports)
                if remaining is not None:
                    remaining -= after.cumulative - order.cumulative
                if after.leaves and not _ends_at_once(after, reports):
                    open_orders.append(after)
        return Book(bars_seen, tuple(open_orders))

    def _match(self, order: RestingOrder, bar: Bar, remaining: int | None, reports: Reports) -> RestingOrder:
        triggers, price, liquidity = match(order, bar)
        if triggers:
            reports.tell("order_triggered", order.order_id)
            order = replace(order, is_triggered=True)
        quantity = order.leaves if remaining is None else min(order.leaves, remaining)
        is_killed = order.time_in_force == "fok" and quantity < order.leaves
        if price is None or not quantity or is_killed:
            return order
        order = replace(order, cumulative=order.cumulative + quantity)
        fee = self.fees.fee(quantity, price, liquidity)
        reports.fill(order.order_id, order.cumulative, quantity, price, fee, self.fees.asset)
        return order


def _ends_at_once(order: RestingOrder, reports: Reports) -> bool:
    """Whether the time in force ends the order on the first bar that it could be matched against; if so, told."""
    waits_for_trigger = order.order_type in STOP_TYPES and not order.is_triggered
    reason = _END_AT_ONCE.get(order.time_in_force)
    if reason is None or waits_for_trigger:
        return False
    reports.tell("order_cancelled", order.order_id, reason)
    return True
