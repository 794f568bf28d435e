"""What callbacks see of a run: a read-only view of the state, and the step under way.

Promises: cash, positions and orders as they stand after everything that the step has done so far; nothing here changes
the core. Does not keep closed positions or marks: `snapshot()` has them. Costs a look-up; `positions` in proportion to
the positions, `snapshot()` to the state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cracktrader.engine.backends import CoreProtocol
from cracktrader.engine.domain import TERMINAL_STATUSES, UNIT_DECIMALS
from cracktrader.engine.events import EventWire
from cracktrader.engine.identifiers import instrument_key
from cracktrader.engine.intents import IntentWire
from cracktrader.engine.numbers import quantity_text, text_to_units
from cracktrader.engine.results import ResultWire
from cracktrader.engine.snapshot import SnapshotWire


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as it stands; quantities and prices as decimal text, an absent price None."""

    order_id: str
    venue: str
    instrument: str
    side: str
    order_type: str
    time_in_force: str
    quantity: str
    limit_price: str | None
    stop_price: str | None
    status: str
    cumulative: str
    leaves: str

    @property
    def is_open(self) -> bool:
        """Whether it may still fill in the ordinary way, or has something pending."""
        return self.status not in TERMINAL_STATUSES


_VIEWED = tuple(name for name in OrderView.__dataclass_fields__ if name != "order_id")
_TERMS = _VIEWED[:8]
_RESTATING = frozenset({"order_replaced", "order_restated"})

ViewState = tuple[dict[str, OrderView], dict[str, None]]
"""Orders by id, and the ids of the open ones, both in the order of placing."""


class RunView:
    """The state of a run, for reading."""

    def __init__(self, core: CoreProtocol) -> None:
        self._core = core
        self._orders: dict[str, OrderView] = {}
        self._open: dict[str, None] = {}

    @property
    def cash(self) -> float:
        """Cash in whole units."""
        return self._core.get_cash()

    @property
    def positions(self) -> dict[str, float]:
        """Quantity in whole units by `"venue:instrument"`."""
        return self._core.get_positions()

    def position(self, venue: str, instrument: str) -> float:
        """The quantity held in whole units, 0.0 when there never was a fill."""
        return self._core.get_positions().get(instrument_key(venue, instrument), 0.0)

    def order(self, order_id: str) -> OrderView | None:
        """The order of this id, or None when none was placed."""
        return self._orders.get(order_id)

    def orders(self) -> list[OrderView]:
        """All orders, in the order of placing."""
        return list(self._orders.values())

    def open_orders(self) -> list[OrderView]:
        """The live orders, in the order of placing."""
        return [self._orders[order_id] for order_id in self._open]

    def snapshot(self) -> SnapshotWire:
        """The whole state of the core."""
        return self._core.snapshot()


class RunViewKeeper(RunView):
    """The view with its writing side, which the runner keeps to itself."""

    def note_intent(self, intent: IntentWire, result: ResultWire) -> None:
        """Take in a canonical intent and the core's answer."""
        if result["outcome"] == "applied" and intent["intent_type"] == "place_order":
            terms: dict[str, Any] = {name: intent["payload"][name] for name in _TERMS}
            order_id = intent["payload"]["order_id"]
            self._put(OrderView(order_id, **terms, status="CREATED", cumulative="0", leaves=terms["quantity"]))
            return
        self._note_transitions(result)

    def note_event(self, event: EventWire, result: ResultWire) -> None:
        """Take in an event and the core's answer."""
        self._note_transitions(result)
        if result["outcome"] == "applied" and event["event_type"] in _RESTATING:
            self._note_terms(event["payload"])

    def read_snapshot(self, snapshot: SnapshotWire, placed: list[str] | None = None) -> None:
        """Take the orders over from a core's snapshot, as they were placed, or else in the snapshot's order."""
        self._orders, self._open = {}, {}
        for order_id in snapshot["orders"] if placed is None else placed:
            wire: dict[str, Any] = dict(snapshot["orders"][order_id])
            self._put(OrderView(order_id, **{name: wire[name] for name in _VIEWED}))

    def copy_state(self) -> ViewState:
        """A copy of the orders, for `put_back`."""
        return dict(self._orders), dict(self._open)

    def put_back(self, state: ViewState) -> None:
        """Take a copy's orders."""
        self._orders, self._open = dict(state[0]), dict(state[1])

    def _put(self, order: OrderView) -> None:
        self._orders[order.order_id] = order
        if order.is_open:
            self._open[order.order_id] = None
        else:
            self._open.pop(order.order_id, None)

    def _note_transitions(self, result: ResultWire) -> None:
        for transition in result["transitions"]:
            self._put(
                replace(
                    self._orders[transition["order_id"]],
                    status=transition["to"],
                    cumulative=transition["cumulative"],
                    leaves=transition["leaves"],
                )
            )

    def _note_terms(self, payload: dict[str, Any]) -> None:
        order = self._orders[payload["order_id"]]
        total = sum(text_to_units(text, UNIT_DECIMALS) or 0 for text in (order.cumulative, order.leaves))
        prices = {name: payload[name] for name in ("limit_price", "stop_price") if payload.get(name) is not None}
        self._put(replace(order, quantity=quantity_text(total), **prices))


@dataclass(frozen=True, slots=True)
class StepContext:
    """The step under way: its number from 0, its event and the core's answer as wire dicts, and the view."""

    step: int
    event: EventWire
    result: ResultWire
    view: RunView
