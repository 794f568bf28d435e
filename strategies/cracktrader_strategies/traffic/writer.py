"""The one place where readers make steps.

Promises: `seq_id` rises by one an event from 1; the dirt noted while an input row is read is marked at every
step of that row; a repeated row repeats its events with their keys and content. Does not: know any venue's
format. Costs: one small dictionary a step.
"""

from collections import Counter
from dataclasses import dataclass

from cracktrader_strategies.traffic.recording import (
    PositionStatement,
    RealisedStatement,
    Recording,
    VenueStatement,
    Wire,
)

NANOSECONDS_PER_MS = 1_000_000  # venues count in milliseconds, the engine in nanoseconds
STRATEGY_ID = "recorded"

Market = tuple[str, str]
"""(venue, instrument)"""


@dataclass(frozen=True, slots=True)
class Span:
    """The steps of one input row, and its dirt: what `StepWriter.repeat` writes again."""

    first: int
    end: int
    dirt: tuple[str, ...]


class StepWriter:
    """Collects the steps, statements and dirt of one recording."""

    def __init__(self, name: str, source: str, initial_cash: str = "1000000") -> None:
        self._name, self._source, self._initial_cash = name, source, initial_cash
        self._steps: list[Wire] = []
        self._statements: list[VenueStatement] = []
        self._positions: list[PositionStatement] = []
        self._realised: list[RealisedStatement] = []
        self._dirt: Counter[str] = Counter()
        self._dirt_at: dict[int, tuple[str, ...]] = {}
        self._row_dirt: list[str] = []
        self._row_first = 0
        self._seq_id = 0
        self._source_line = 0
        self._event_time = 0
        self._ingest_time = 0

    def begin(self, source_line: int, event_ms: int, received_ms: int) -> None:
        """Start an input row: times are milliseconds since 1970 at the venue and at the receiver."""
        self._row_dirt = []
        self._row_first = len(self._steps)
        self._source_line = source_line
        self._event_time = event_ms * NANOSECONDS_PER_MS
        self._ingest_time = received_ms * NANOSECONDS_PER_MS

    def end(self) -> Span:
        """Finish the row: mark its steps with its dirt."""
        kinds = tuple(self._row_dirt)
        span = Span(self._row_first, len(self._steps), kinds)
        if kinds:
            self._dirt_at.update(dict.fromkeys(range(span.first, span.end), kinds))
        return span

    def dirt(self, kind: str) -> None:
        """Count one kind of dirt, at the present row."""
        self._dirt[kind] += 1
        self._row_dirt.append(kind)

    def intent(self, intent_type: str, **payload: object) -> None:
        """Write an intent."""
        self._steps.append({"intent_type": intent_type, "payload": payload, "strategy_id": STRATEGY_ID})

    def event(self, source: str, market: Market, event_type: str, key: str | None, **payload: object) -> None:
        """Write an event of the present row."""
        self._seq_id += 1
        self._steps.append(
            {
                "seq_id": self._seq_id,
                "event_time": self._event_time,
                "ingest_time": self._ingest_time,
                "source": source,
                "venue": market[0],
                "instrument": market[1],
                "event_type": event_type,
                "payload": payload,
                "idempotency_key": key,
            }
        )

    def report(self, market: Market, event_type: str, key: str, order_id: str, **fields: object) -> None:
        """Write a broker report on an order."""
        self.event("broker_report", market, event_type, key, order_id=order_id, **fields)

    def open_order(self, market: Market, key: str, order_id: str, **terms: object) -> None:
        """Write the intent that places an order, and the report of its submission under `key`."""
        venue, instrument = market
        self.intent("place_order", order_id=order_id, venue=venue, instrument=instrument, **terms)
        self.report(market, "order_submitted", f"{key}:s", order_id)

    def repeat(self, span: Span) -> None:
        """Write a row's events again, as the present row: the same content under new sequence numbers."""
        for kind in ("repeated_row", *span.dirt):
            self.dirt(kind)
        for step in self._steps[span.first : span.end]:
            if "event_type" in step:
                self._seq_id += 1
                again = {
                    "seq_id": self._seq_id,
                    "ingest_time": self._ingest_time,
                    "payload": dict(step["payload"]),
                }
                self._steps.append(step | again)

    def state_order(self, order_id: str, cumulative: str | None, status: str | None) -> None:
        """Note the venue's statement about an order after the last step."""
        last = len(self._steps) - 1
        self._statements.append(VenueStatement(last, order_id, cumulative, status, self._source_line))

    def state_position(self, market: Market, quantity: str, source_line: int) -> None:
        """Note the venue's statement of a position after the last step; it stands in another line of the input."""
        last = len(self._steps) - 1
        self._positions.append(PositionStatement(last, f"{market[0]}:{market[1]}", quantity, source_line))

    def state_realised(self, market: Market, realised: str) -> None:
        """Note the venue's statement of the profit that the last step realised."""
        last = len(self._steps) - 1
        position = f"{market[0]}:{market[1]}"
        self._realised.append(RealisedStatement(last, position, realised, self._source_line))

    def recording(self) -> Recording:
        """All of it."""
        return Recording(
            self._name,
            self._source,
            self._initial_cash,
            self._steps,
            self._statements,
            self._positions,
            self._realised,
            dict(sorted(self._dirt.items())),
            self._dirt_at,
        )
