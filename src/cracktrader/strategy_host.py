"""The host: strategies of a user on one side, the runner's callbacks on the other.

Promises: a bar goes to each strategy in the order in which they were added, a transition to the strategy whose order it
is; what they ask for becomes intents in the order of asking. An order that a strategy asked for in a call that failed
is forgotten. Does not move anything. Costs a few microseconds a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cracktrader.account import Account
from cracktrader.candle_feed import FeedBar
from cracktrader.engine.events import EventWire
from cracktrader.engine.identifiers import instrument_key, parse_identifier
from cracktrader.engine.numbers import parse_quantity, quantity_text
from cracktrader.engine.record import ReplayRecord
from cracktrader.engine.results import ResultWire
from cracktrader.engine.view import RunView, StepContext
from cracktrader.strategy import Strategy, StrategyOrder

_ORDER_TYPES = {(False, False): "market", (True, False): "limit", (False, True): "stop", (True, True): "stop_limit"}


class StrategyHost:
    """Called by the runner as its strategy; `after_step` is to be one of its observers."""

    def __init__(self, strategies: Sequence[Strategy], feeds: Sequence[Any], broker: Any) -> None:
        self._strategies = strategies
        self._feeds = {instrument_key(feed.exchange, feed.symbol): feed for feed in feeds}
        self._account: Account = broker.account
        self._owners: dict[str, tuple[Strategy, StrategyOrder]] = {}
        self._counts: dict[str, int] = {}
        self._intents: list[dict[str, Any]] = []
        self._is_over = False
        for place, strategy in enumerate(strategies):
            strategy.name = _distinct_name(strategies[:place], strategy)
            strategy.feeds, strategy.feed = list(feeds), feeds[0]
            strategy.broker, strategy.desk = broker, self

    def start(self) -> None:
        """Begin the run: no bar, the starting values, then each strategy's `start`."""
        self._account.begin()
        for feed in self._feeds.values():
            feed.bar = None
        for strategy in self._strategies:
            strategy.start()

    def stop(self) -> None:
        """End the run with each strategy's `stop`; nothing can be asked for any more."""
        self._is_over = True
        for strategy in self._strategies:
            strategy.stop()

    def __call__(self, context: StepContext) -> list[dict[str, Any]]:
        """Tell the strategies of an event, and collect their intents."""
        self._account.show(context.view)
        try:
            if context.event["event_type"] == "bar":
                self._tell_bar(context.event)
            else:
                self._tell_transitions(context.result)
        except BaseException:
            self._intents.clear()
            raise
        intents, self._intents = self._intents, []
        return intents

    def after_step(self, record: ReplayRecord, view: RunView) -> None:
        """Tell the strategies what became of their intents, once the step is committed."""
        if not record["intents"]:
            return
        self._account.show(view)
        for intent, result in zip(record["intents"], record["intent_results"], strict=True):
            owner = self._owners.get(intent["payload"].get("order_id", ""))
            if result["outcome"] == "applied":
                self._tell_transitions(result)
            elif owner is not None:
                strategy, order = owner
                order.refusal = result["code"]
                strategy.notify_refusal(order)

    def place(self, strategy: Strategy, feed: Any, terms: dict[str, Any]) -> StrategyOrder:
        """Queue a `place_order` of this strategy."""
        number = self._counts.get(strategy.name, 0) + 1
        has_limit, has_stop = terms.get("limit_price") is not None, terms.get("stop_price") is not None
        payload = {
            **terms,
            "order_id": f"{strategy.name}-{number}",
            "venue": feed.exchange,
            "instrument": feed.symbol,
            "order_type": _ORDER_TYPES[has_limit, has_stop],
            "quantity": quantity_text(parse_quantity(terms["quantity"], "quantity")),
        }
        self._queue(strategy, "place_order", payload)
        self._counts[strategy.name] = number
        order = StrategyOrder(payload["order_id"], feed, payload["side"], payload["order_type"], payload["quantity"])
        self._owners[order.order_id] = strategy, order
        return order

    def change(self, strategy: Strategy, intent_type: str, payload: dict[str, Any]) -> None:
        """Queue a `cancel_order` or a `replace_order` of this strategy."""
        self._queue(strategy, intent_type, payload)

    def _queue(self, strategy: Strategy, intent_type: str, payload: dict[str, Any]) -> None:
        if self._is_over:
            raise RuntimeError(f"{strategy.name} asks for {intent_type} after the last event; ask in next()")
        self._intents.append({"intent_type": intent_type, "payload": payload, "strategy_id": strategy.name})

    def _tell_bar(self, event: EventWire) -> None:
        payload = event["payload"]
        venue, instrument = event["venue"], event["instrument"]
        bar = FeedBar(event["event_time"], *(float(payload[name]) for name in FeedBar._fields[1:]))
        self._account.mark(venue, instrument, bar.close)
        feed = self._feeds[instrument_key(venue, instrument)]
        feed.bar = bar
        for strategy in self._strategies:
            strategy.feed = feed
            strategy.next()

    def _tell_transitions(self, result: ResultWire) -> None:
        for transition in result["transitions"]:
            owner = self._owners.get(transition["order_id"])
            if owner is not None:
                strategy, order = owner
                order.status = transition["to"]
                order.cumulative = transition["cumulative"]
                order.leaves = transition["leaves"]
                strategy.notify_order(order)


def _distinct_name(earlier: Sequence[Strategy], strategy: Strategy) -> str:
    """The class's name, with a number from the second strategy of that name on."""
    name = parse_identifier(type(strategy).__name__, "the name of a strategy's class")
    same = sum(type(other).__name__ == name for other in earlier)
    return f"{name}.{same + 1}" if same else name
