"""Strategies as a user writes them: derive from `Strategy`, and say what happens on a bar.

Promises: `next` is called for each bar, `notify_order` for each transition of one's own orders, before any later event
is applied; all getters show the state after that transition. What is asked for with `buy`, `sell`, `cancel` and
`replace` reaches the core at the end of the call, as intents; a strategy moves nothing itself. Costs one call a bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(eq=False, slots=True)
class StrategyOrder:
    """An order as its strategy knows it. Before its first transition the status is None.

    Quantities are decimal text, `quantity` as it was asked for at first; `refusal` is the code with which the core
    refused the last intent about the order, or None.
    """

    order_id: str
    feed: Any
    side: str
    order_type: str
    quantity: str
    status: str | None = None
    cumulative: str = "0"
    leaves: str = "0"
    refusal: str | None = None


class Desk(Protocol):
    """Where a strategy's wishes go: the host of the run."""

    def place(self, strategy: Strategy, feed: Any, terms: dict[str, Any]) -> StrategyOrder:
        """Queue a `place_order`."""

    def change(self, strategy: Strategy, intent_type: str, payload: dict[str, Any]) -> None:
        """Queue a `cancel_order` or a `replace_order`."""


class Strategy:
    """The base of all strategies. `feeds`, `feed` (of the bar at hand), `broker` and `name` are set by the run."""

    name: str
    feeds: list[Any]
    feed: Any
    broker: Any
    desk: Desk

    def start(self) -> None:
        """Called once, before the first event."""

    def next(self) -> None:
        """Called for each bar, which is `self.feed.bar`."""

    def notify_order(self, order: StrategyOrder) -> None:
        """Called for each transition of an order of this strategy, with the order as it stands after it."""

    def notify_refusal(self, order: StrategyOrder) -> None:
        """Called when the core refused an intent about the order; the code is `order.refusal`."""

    def stop(self) -> None:
        """Called once, after the last event."""

    def buy(self, quantity: float | str, **terms: Any) -> StrategyOrder:
        """Ask to buy. Terms: `limit_price`, `stop_price`, `time_in_force`, `reduce_only`, and `feed` (default: the
        bar's). The order type follows from the prices: neither is `market`, both are `stop_limit`.
        """
        return self._order("buy", quantity, terms)

    def sell(self, quantity: float | str, **terms: Any) -> StrategyOrder:
        """Ask to sell; terms as for `buy`."""
        return self._order("sell", quantity, terms)

    def cancel(self, order: StrategyOrder) -> None:
        """Ask to cancel an order."""
        self.desk.change(self, "cancel_order", {"order_id": order.order_id})

    def replace(
        self,
        order: StrategyOrder,
        *,
        quantity: float | str | None = None,
        limit_price: float | str | None = None,
        stop_price: float | str | None = None,
    ) -> None:
        """Ask for other terms; the quantity is the new total."""
        terms = {"quantity": quantity, "limit_price": limit_price, "stop_price": stop_price}
        self.desk.change(self, "replace_order", {"order_id": order.order_id, **terms})

    def _order(self, side: str, quantity: float | str, terms: dict[str, Any]) -> StrategyOrder:
        feed = terms.pop("feed", None) or self.feed
        return self.desk.place(self, feed, {"side": side, "quantity": quantity, **terms})
