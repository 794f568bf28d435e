"""Reports: the events that the simulated broker speaks.

Promises: unsequenced events in canonical form, at the time of the event that caused them; a fill's key is a function
of its order and of what was filled so far, so the same fill has the same key in every run. Costs 2 us a fill.
"""

from __future__ import annotations

import hashlib
from typing import Any

from cracktrader.engine.identifiers import instrument_key
from cracktrader.engine.numbers import quantity_text


class Reports:
    """Writes the reports on one instrument, at one time (ns), to the end of a list."""

    def __init__(self, events: list[dict[str, Any]], time: int, venue: str, instrument: str) -> None:
        self.time = time
        self.key = instrument_key(venue, instrument)
        self._events = events
        self._venue = venue
        self._instrument = instrument

    def tell(self, event_type: str, order_id: str, reason: str | None = None) -> None:
        """A report that holds an order and perhaps a reason."""
        self._add(event_type, {"order_id": order_id, "reason": reason})

    def replaced(self, terms: dict[str, Any]) -> None:
        """The terms of a `replace_order`, as they were asked for."""
        self._add("order_replaced", dict(terms))

    def fill(self, order_id: str, cumulative: int, quantity: int, price: int, fee: str, fee_asset: str) -> None:
        """A fill of a quantity at a price (1e-8) that brings the order to `cumulative` (1e-8)."""
        content = f"{self._venue} {self._instrument} {order_id} {cumulative}"
        payload = {
            "order_id": order_id,
            "last_quantity": quantity_text(quantity),
            "last_price": quantity_text(price),
            "fee": fee,
            "fee_asset": fee_asset,
        }
        self._add("order_fill", payload, "x-" + hashlib.sha256(content.encode()).hexdigest()[:32])

    def _add(self, event_type: str, payload: dict[str, Any], idempotency_key: str | None = None) -> None:
        event = {
            "event_time": self.time,
            "ingest_time": self.time,
            "source": "broker_report",
            "venue": self._venue,
            "instrument": self._instrument,
            "event_type": event_type,
            "payload": payload,
            "idempotency_key": idempotency_key,
        }
        self._events.append(event)
