"""The simulated broker: what a venue would report, from bars alone.

Promises: it speaks events only and touches no core; the same calls give the same events; `rollback` undoes the last
call. Does not check margin or funds, and knows no order that the core did not accept. Costs O(open orders of the
instrument) a bar.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cracktrader.broker_sim.fees import NO_FEES, FeeModel
from cracktrader.broker_sim.matching import Bar
from cracktrader.broker_sim.reports import Reports
from cracktrader.broker_sim.resting import Book, RestingOrder
from cracktrader.broker_sim.rules import DAY_NS, VenueRules
from cracktrader.engine.domain import UNIT_DECIMALS, UNIT_SCALE
from cracktrader.engine.error import MalformedInputError, quoted, refusal
from cracktrader.engine.events import EventWire
from cracktrader.engine.fields import exact_record
from cracktrader.engine.identifiers import parse_instrument_key
from cracktrader.engine.intents import IntentWire
from cracktrader.engine.numbers import number_parser, parse_price, parse_quantity, parse_volume
from cracktrader.engine.view import StepContext

SCHEMA_VERSION = 1  # of the broker's snapshot in a checkpoint; another one is refused

_parse_participation = number_parser(UNIT_DECIMALS, 1, UNIT_SCALE)


class SimulatedBroker:
    """The runner's broker for backtest and paper; docs/runtime.md, section 9, is its contract.

    `latency_bars` (int >= 1) is after how many bars of its instrument an order is
    first matched. `participation` is the part of a bar's volume that all orders together may fill, 0 < x <= 1 with 8
    decimals, None for no limit. ValueError for a wrong latency, MalformedInputError for a wrong participation.
    """

    def __init__(
        self, *, fees: FeeModel = NO_FEES, latency_bars: int = 1, participation: float | str | None = None
    ) -> None:
        if type(latency_bars) is not int or latency_bars < 1:
            raise ValueError(f"latency_bars must be an int of at least 1, not {quoted(latency_bars)}")
        share = None if participation is None else _parse_participation(participation, "participation")
        self._rules = VenueRules(fees, latency_bars, share)
        self._books: dict[str, Book] = {}
        self._books_before: dict[str, Book | None] = {}

    def __call__(self, context: StepContext, accepted: Iterable[IntentWire]) -> list[dict[str, Any]]:
        """The reports on a step: on its bar, then on the intents (canonical wire dicts) that the core accepted."""
        self._books_before = {}
        events: list[dict[str, Any]] = []
        event = context.event
        time = event["event_time"]
        bar = _bar(event)
        if bar is not None:
            reports = Reports(events, time, event["venue"], event["instrument"])
            self._keep(reports.key, self._rules.after_bar(self._book(reports.key), bar, reports))
        for intent in accepted:
            handle = _HANDLERS.get(intent["intent_type"])
            order = None if handle is None else context.view.order(intent["payload"]["order_id"])
            if handle is not None and order is not None:
                handle(self, intent["payload"], Reports(events, time, order.venue, order.instrument))
        return events

    def rollback(self) -> None:
        """Go back to the state before the last call; a second time in a row changes nothing."""
        for key, book in self._books_before.items():
            if book is None:
                del self._books[key]
            else:
                self._books[key] = book
        self._books_before = {}

    def snapshot(self) -> dict[str, Any]:
        """The whole state, JSON-compatible, in bytewise order of `"venue:instrument"`."""
        books = {key: book.to_dict() for key, book in sorted(self._books.items())}
        return {"schema_version": SCHEMA_VERSION, "books": books}

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Replace the whole state by a snapshot's; MalformedInputError, and no change, for any fault."""
        if type(snapshot) is not dict:
            raise refusal("malformed_type", "a snapshot", "a dict", snapshot)
        try:
            books = _read_books(snapshot)
        except MalformedInputError as error:
            raise MalformedInputError(error.message, "malformed_field") from None
        self._books, self._books_before = books, {}

    def _book(self, key: str) -> Book:
        return self._books.get(key, Book())

    def _keep(self, key: str, book: Book) -> None:
        self._books_before.setdefault(key, self._books.get(key))
        self._books[key] = book

    def _accept(self, terms: dict[str, Any], reports: Reports) -> None:
        book = self._book(reports.key)
        order = RestingOrder(
            order_id=terms["order_id"],
            side=terms["side"],
            order_type=terms["order_type"],
            time_in_force=terms["time_in_force"],
            quantity=parse_quantity(terms["quantity"], "quantity"),
            cumulative=0,
            limit_price=_optional_price(terms, "limit_price"),
            stop_price=_optional_price(terms, "stop_price"),
            accepted_at=book.bars_seen,
            accepted_day=reports.time // DAY_NS,
        )
        self._keep(reports.key, book.with_order(order))
        reports.tell("order_submitted", order.order_id)
        reports.tell("order_accepted", order.order_id)

    def _cancel(self, request: dict[str, Any], reports: Reports) -> None:
        order_id = request["order_id"]
        book = self._book(reports.key)
        if book.find(order_id) is None:
            reports.tell("order_cancel_rejected", order_id, "too late to cancel")
            return
        self._keep(reports.key, book.without(order_id))
        reports.tell("order_cancelled", order_id)

    def _replace(self, request: dict[str, Any], reports: Reports) -> None:
        order_id = request["order_id"]
        book = self._book(reports.key)
        order = book.find(order_id)
        if order is None:
            reports.tell("order_replace_rejected", order_id, "too late to replace")
            return
        quantity = None if request["quantity"] is None else parse_quantity(request["quantity"], "quantity")
        limit_price, stop_price = _optional_price(request, "limit_price"), _optional_price(request, "stop_price")
        self._keep(reports.key, book.with_order(order.with_terms(quantity, limit_price, stop_price)))
        reports.replaced(request)


_HANDLERS = {
    "place_order": SimulatedBroker._accept,
    "cancel_order": SimulatedBroker._cancel,
    "replace_order": SimulatedBroker._replace,
}


def _read_books(snapshot: dict[str, Any]) -> dict[str, Book]:
    raw = exact_record(snapshot, "a snapshot", ("schema_version", "books"))
    if type(raw["schema_version"]) is not int or raw["schema_version"] != SCHEMA_VERSION:
        raise refusal("malformed_field", "schema_version", str(SCHEMA_VERSION), raw["schema_version"])
    if type(raw["books"]) is not dict:
        raise refusal("malformed_field", "books", "a dict", raw["books"])
    return {parse_instrument_key(key, "a book"): Book.from_dict(book) for key, book in raw["books"].items()}


def _optional_price(terms: dict[str, Any], name: str) -> int | None:
    return None if terms[name] is None else parse_price(terms[name], name)


def _bar(event: EventWire) -> Bar | None:
    """The bar that an event shows, None when it shows none."""
    payload = event["payload"]
    if event["event_type"] == "bar":
        open_, high, low, close = (parse_price(payload[name], name) for name in ("open", "high", "low", "close"))
        return Bar(open_, high, low, close, parse_volume(payload["volume"], "volume"))
    if event["event_type"] == "trade":
        price = parse_price(payload["price"], "price")
        return Bar(price, price, price, price, parse_quantity(payload["quantity"], "quantity"))
    return None
