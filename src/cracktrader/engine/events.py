"""Events: what a venue, a feed, a clock or an operator tells the core.

Promises: `parse_event` checks the whole shape in the order of docs/engine.md, section 2, and touches no
state. Does not judge whether an event is legal now: `core` does. Costs 1 to 2 us an event to parse.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any, TypedDict

from cracktrader.engine.domain import ADJUSTMENT_REASONS, RISK_FLAGS, SOURCES, Source
from cracktrader.engine.error import refusal
from cracktrader.engine.fields import (
    FLAG,
    IDENTIFIER,
    MONEY,
    PRICE,
    QUANTITY,
    VOLUME,
    Field,
    FillShape,
    Payload,
    PayloadShape,
    ReportShape,
    Values,
    enum_kind,
    enum_parser,
    wrong_keys,
)
from cracktrader.engine.identifiers import parse_identifier, parse_venue
from cracktrader.engine.numbers import parse_integer
from cracktrader.engine.strict_json import read_object


class EventWire(TypedDict):
    """An event as a dict; times are integers whose unit is the caller's."""

    seq_id: int
    event_time: int
    ingest_time: int
    source: str
    venue: str
    instrument: str
    event_type: str
    payload: Payload
    idempotency_key: str | None


class UnsequencedWire(TypedDict):
    """An event without its `seq_id`: what a feed, a broker or the normaliser hands to the sequencer."""

    event_time: int
    ingest_time: int
    source: str
    venue: str
    instrument: str
    event_type: str
    payload: Payload
    idempotency_key: str | None


_ORDER = Field("order_id", IDENTIFIER)
_REPORT = ReportShape()

EVENT_SHAPES: dict[Source, dict[str, PayloadShape]] = {
    "market_data": {
        "trade": PayloadShape(Field("price", PRICE), Field("quantity", QUANTITY)),
        "bar": PayloadShape(
            Field("open", PRICE),
            Field("high", PRICE),
            Field("low", PRICE),
            Field("close", PRICE),
            Field("volume", VOLUME),
        ),
        "quote": PayloadShape(Field("bid", PRICE), Field("ask", PRICE)),
    },
    "broker_report": {
        "order_submitted": _REPORT,
        "order_accepted": _REPORT,
        "order_rejected": _REPORT,
        "order_triggered": _REPORT,
        "order_fill": FillShape(),
        "order_cancel_pending": _REPORT,
        "order_cancelled": _REPORT,
        "order_cancel_rejected": _REPORT,
        "order_replace_pending": _REPORT,
        "order_replaced": PayloadShape(
            _ORDER,
            Field("quantity", QUANTITY, optional=True),
            Field("limit_price", PRICE, optional=True),
            Field("stop_price", PRICE, optional=True),
        ),
        "order_replace_rejected": _REPORT,
        "order_restated": PayloadShape(_ORDER, Field("quantity", QUANTITY)),
        "order_expired": _REPORT,
    },
    "timer": {"timer": PayloadShape(Field("name", IDENTIFIER))},
    "control": {
        "cash_adjustment": PayloadShape(Field("amount", MONEY), Field("reason", enum_kind(ADJUSTMENT_REASONS))),
        "risk_flag": PayloadShape(Field("flag", enum_kind(RISK_FLAGS)), Field("on", FLAG)),
    },
}

SHAPE_OF_TYPE: dict[str, PayloadShape] = {
    name: shape for shapes in EVENT_SHAPES.values() for name, shape in shapes.items()
}
_SOURCES: dict[str, Source] = {name: source for source, shapes in EVENT_SHAPES.items() for name in shapes}
EVENT_TYPES: tuple[str, ...] = tuple(SHAPE_OF_TYPE)
EVENT_FIELDS: tuple[str, ...] = tuple(EventWire.__annotations__)
UNSEQUENCED_FIELDS: tuple[str, ...] = tuple(UnsequencedWire.__annotations__)

_pick_items = itemgetter(*EVENT_FIELDS)
_pick_attributes = attrgetter(*EVENT_FIELDS)
_UNSEQUENCED_KEYS = frozenset(UNSEQUENCED_FIELDS)
_parse_source = enum_parser(SOURCES)
_parse_event_type = enum_parser(EVENT_TYPES)

ParsedEvent = tuple[str | None, int, int, str, str, str, str, Values]
"""(idempotency_key, seq_id, event_time, source, venue, instrument, event_type, payload values)"""


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """An event as an object. The constructor checks nothing; `from_dict` does, and so does the core."""

    seq_id: int
    event_time: int
    ingest_time: int
    source: str
    venue: str
    instrument: str
    event_type: str
    payload: Payload
    idempotency_key: str | None = None

    @classmethod
    def from_dict(cls, event: object) -> EngineEvent:
        """The event of a wire dict, its payload in canonical form; MalformedInputError for a wrong shape."""
        if type(event) is not dict:
            raise refusal("malformed_type", "an event", "a dict", event)
        return cls(**canonical_event(event))

    @classmethod
    def from_json(cls, text: object) -> EngineEvent:
        """The event of a JSON text, read strictly; MalformedInputError for anything else."""
        return cls.from_dict(read_object(text))

    def to_dict(self) -> EventWire:
        """The wire dict, with a payload of its own."""
        return {
            "seq_id": self.seq_id,
            "event_time": self.event_time,
            "ingest_time": self.ingest_time,
            "source": self.source,
            "venue": self.venue,
            "instrument": self.instrument,
            "event_type": self.event_type,
            "payload": dict(self.payload),
            "idempotency_key": self.idempotency_key,
        }


def _raw_fields(event: object) -> tuple[Any, ...]:
    if type(event) is dict:
        if len(event) == len(EVENT_FIELDS):
            try:
                items: tuple[Any, ...] = _pick_items(event)
                return items
            except KeyError:
                pass
        raise wrong_keys("an event", event, EVENT_FIELDS)
    if isinstance(event, EngineEvent):
        attributes: tuple[Any, ...] = _pick_attributes(event)
        return attributes
    raise refusal("malformed_type", "an event", "an EngineEvent or a dict", event)


def parse_event(event: object) -> ParsedEvent:
    """The parsed fields of an `EngineEvent` or a wire dict; MalformedInputError for the first fault."""
    seq_id, event_time, ingest_time, source, venue, instrument, event_type, payload, key = _raw_fields(event)
    parse_integer(seq_id, "seq_id")
    parse_integer(event_time, "event_time")
    parse_integer(ingest_time, "ingest_time")
    _parse_source(source, "source")
    parse_venue(venue, "venue")
    parse_identifier(instrument, "instrument")
    _parse_event_type(event_type, "event_type")
    if type(payload) is not dict:
        raise refusal("malformed_type", "payload", "a dict", payload)
    if key is not None:
        parse_identifier(key, "idempotency_key")
    if _SOURCES[event_type] != source:
        raise refusal("malformed_field", f"the source of {event_type}", _SOURCES[event_type], source)
    values = SHAPE_OF_TYPE[event_type].parse(payload)
    return key, seq_id, event_time, source, venue, instrument, event_type, values


def canonical_event(event: object) -> EventWire:
    """The event as a wire dict whose payload is in canonical form; MalformedInputError for the first fault."""
    key, seq_id, event_time, source, venue, instrument, event_type, values = parse_event(event)
    ingest_time: int = event["ingest_time"] if type(event) is dict else event.ingest_time  # type: ignore[attr-defined]
    return {
        "seq_id": seq_id,
        "event_time": event_time,
        "ingest_time": ingest_time,
        "source": source,
        "venue": venue,
        "instrument": instrument,
        "event_type": event_type,
        "payload": SHAPE_OF_TYPE[event_type].to_wire(values),
        "idempotency_key": key,
    }


def canonical_unsequenced(event: object) -> UnsequencedWire:
    """The unsequenced event in canonical form; MalformedInputError for the first fault, as for any event."""
    if type(event) is not dict:
        raise refusal("malformed_type", "an unsequenced event", "a dict", event)
    if event.keys() != _UNSEQUENCED_KEYS:
        raise wrong_keys("an unsequenced event", event, UNSEQUENCED_FIELDS)
    return unsequenced(canonical_event({"seq_id": 0, **event}))


def unsequenced(event: EventWire) -> UnsequencedWire:
    """The event without its `seq_id`; the payload is shared with the argument."""
    return {
        "event_time": event["event_time"],
        "ingest_time": event["ingest_time"],
        "source": event["source"],
        "venue": event["venue"],
        "instrument": event["instrument"],
        "event_type": event["event_type"],
        "payload": event["payload"],
        "idempotency_key": event["idempotency_key"],
    }


def sequenced(event: UnsequencedWire, seq_id: int) -> EventWire:
    """The event with its `seq_id`, and a payload of its own."""
    return {
        "seq_id": seq_id,
        "event_time": event["event_time"],
        "ingest_time": event["ingest_time"],
        "source": event["source"],
        "venue": event["venue"],
        "instrument": event["instrument"],
        "event_type": event["event_type"],
        "payload": dict(event["payload"]),
        "idempotency_key": event["idempotency_key"],
    }
