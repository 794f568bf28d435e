"""A run in miniature: bars, intents at given bars, the simulated broker, and what came of them.

`play` runs it on one backend and keeps every record; the bars are minutes of venue `V`, instrument `I`, from time 0 on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cracktrader import CracktraderEngine, InMemoryFeedCursor, InMemoryFeedPort, RunSummary, SimulatedBroker

Row = tuple[Any, Any, Any, Any, Any]
Wire = dict[str, Any]

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Played:
    """The summary of a run and its records."""

    summary: RunSummary
    records: list[Wire]

    def statuses(self, order_id: str = "o1") -> list[str]:
        """The status after each transition of the order, repetitions left out."""
        moves = [
            move["to"] for record in self.records for move in record["transitions"] if move["order_id"] == order_id
        ]
        return [status for place, status in enumerate(moves) if place == 0 or moves[place - 1] != status]

    def fills(self, order_id: str = "o1") -> list[tuple[str, str, str]]:
        """(quantity, price, fee) of each fill of the order that was booked."""
        payloads = [
            record["event"]["payload"]
            for record in self.records
            if record["event"]["event_type"] == "order_fill" and record["result"]["outcome"] == "applied"
        ]
        return [
            (fill["last_quantity"], fill["last_price"], fill["fee"])
            for fill in payloads
            if fill["order_id"] == order_id
        ]

    def refusals(self) -> list[str]:
        """The codes of refused intents."""
        return [
            answer["code"]
            for record in self.records
            for answer in record["intent_results"]
            if answer["outcome"] == "rejected"
        ]

    def reasons(self, event_type: str) -> list[str | None]:
        """The reasons of the events of a type."""
        events = [record["event"] for record in self.records if record["event"]["event_type"] == event_type]
        return [event["payload"]["reason"] for event in events]


def place(
    order_id: str = "o1", side: str = "buy", order_type: str = "market", quantity: Any = "1", **terms: Any
) -> Wire:
    """A `place_order` intent on V:I."""
    payload = {
        "order_id": order_id,
        "venue": "V",
        "instrument": "I",
        "side": side,
        "order_type": order_type,
        "quantity": quantity,
    }
    return {"intent_type": "place_order", "payload": payload | terms, "strategy_id": "s"}


def cancel(order_id: str = "o1") -> Wire:
    """A `cancel_order` intent."""
    return {"intent_type": "cancel_order", "payload": {"order_id": order_id}, "strategy_id": "s"}


def replace(order_id: str = "o1", **terms: Any) -> Wire:
    """A `replace_order` intent."""
    return {"intent_type": "replace_order", "payload": {"order_id": order_id} | terms, "strategy_id": "s"}


def flat(price: Any, volume: Any = 100) -> Row:
    """A bar of one price."""
    return price, price, price, price, volume


def candles(rows: list[Row]) -> list[tuple[Any, ...]]:
    """The rows as candles, a minute each."""
    return [(place * MINUTE_MS, *row) for place, row in enumerate(rows)]


def port(rows: list[Row]) -> InMemoryFeedPort:
    """A feed port over the rows."""
    return InMemoryFeedPort([InMemoryFeedCursor("I", candles(rows), venue="V", timeframe="1m")])


def script(intents: dict[int, list[Wire]]) -> Any:
    """A strategy that asks for these intents at these bars, counted from 0."""
    seen = -1

    def strategy(context: Any) -> list[Wire]:
        nonlocal seen
        if context.event["event_type"] != "bar":
            return []
        seen += 1
        return intents.get(seen, [])

    return strategy


def play(backend: Any, rows: list[Row], intents: dict[int, list[Wire]], cash: Any = 10_000, **broker: Any) -> Played:
    """Run the bars and the intents on this backend; `broker` are the simulated broker's options."""
    records: list[Wire] = []
    summary = CracktraderEngine(engine_backend=backend).run_native(
        feed_port=port(rows),
        strategy_callback=script(intents),
        broker_callback=SimulatedBroker(**broker),
        initial_cash=cash,
        observers=[lambda record, view: records.append(record)],
        digest_every=1,
    )
    return Played(summary, records)
