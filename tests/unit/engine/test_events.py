"""Events: the order of the checks, the closed tables, and the object form."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.events import (
    EVENT_FIELDS,
    EVENT_SHAPES,
    EVENT_TYPES,
    EngineEvent,
    parse_event,
)
from cracktrader.engine.intents import EngineIntent

Wire = dict[str, Any]


def _code(event: object) -> str:
    with pytest.raises(MalformedInputError) as caught:
        parse_event(event)
    return caught.value.code


def test_tables_name_nineteen_types() -> None:
    """Three kinds of market data, thirteen reports, one timer, two controls."""
    assert [len(shapes) for shapes in EVENT_SHAPES.values()] == [3, 13, 1, 2]
    assert len(set(EVENT_TYPES)) == 19


@pytest.mark.parametrize("value", [None, [], "x", 1, EngineIntent("no_op", {}, "s")])
def test_other_types_are_no_events(value: object) -> None:
    """Only an EngineEvent or an exact dict is looked into."""
    assert _code(value) == "malformed_type"


@pytest.mark.parametrize("field", EVENT_FIELDS)
def test_all_nine_keys_are_required(event: Callable[..., Wire], field: str) -> None:
    """A missing key is malformed_field, also when another one takes its place."""
    wire = event(1, "timer", {"name": "t"})
    del wire[field]
    assert _code(wire) == "malformed_field"
    assert _code(wire | {"other": 1}) == "malformed_field"
    assert _code(wire | {5: 1}) == "malformed_field"


FAULTS: list[tuple[str, object, str]] = [
    ("seq_id", 1.0, "malformed_type"),
    ("event_time", -1, "malformed_number"),
    ("ingest_time", None, "malformed_type"),
    ("source", "market", "malformed_field"),
    ("venue", "a:b", "malformed_identifier"),
    ("instrument", 5, "malformed_type"),
    ("event_type", "order_filled", "malformed_field"),
    ("payload", [], "malformed_type"),
    ("idempotency_key", "", "malformed_identifier"),
]


def test_faults_are_found_in_the_order_of_the_fields(event: Callable[..., Wire]) -> None:
    """With every later field at fault as well, each field gives its own code."""
    assert tuple(field for field, _, _ in FAULTS) == EVENT_FIELDS
    wire = event(1, "timer", {"name": "t"})
    for field, value, code in reversed(FAULTS):
        wire[field] = value
        assert _code(wire) == code


def test_source_must_be_the_types_own(event: Callable[..., Wire]) -> None:
    """A type under a foreign source is malformed_field, told after the key and before the payload."""
    assert _code(event(1, "timer", {"name": "t"}, source="control")) == "malformed_field"
    assert _code(event(1, "timer", {"name": ""}, source="control", idempotency_key="")) == "malformed_identifier"
    assert _code(event(1, "timer", {"name": ""}, source="control")) == "malformed_field"
    assert _code(event(1, "timer", {"name": ""})) == "malformed_identifier"


def test_object_and_dict_are_the_same_event(event: Callable[..., Wire]) -> None:
    """An event survives the way through its object, which parses as the dict does."""
    wire = event(1, "trade", {"price": "1", "quantity": "2"}, idempotency_key="k")
    thing = EngineEvent.from_dict(wire)
    assert thing.to_dict() == wire
    assert list(thing.to_dict()) == list(EVENT_FIELDS)
    assert parse_event(thing) == parse_event(wire)


def test_object_is_frozen_and_shares_nothing(event: Callable[..., Wire]) -> None:
    """Neither the dict that came in nor the one that goes out is the object's own."""
    wire = event(1, "timer", {"name": "t"})
    thing = EngineEvent.from_dict(wire)
    wire["payload"]["name"] = "u"
    thing.to_dict()["payload"]["name"] = "v"
    assert thing.payload == {"name": "t"}
    with pytest.raises(dataclasses.FrozenInstanceError):
        thing.seq_id = 2  # type: ignore[misc]


def test_from_dict_gives_the_canonical_payload(event: Callable[..., Wire]) -> None:
    """Numbers become canonical text, fields come in order, and an absent one is null."""
    thing = EngineEvent.from_dict(event(1, "order_replaced", {"limit_price": 1.50, "order_id": "o"}))
    assert list(thing.payload.items()) == [
        ("order_id", "o"),
        ("quantity", None),
        ("limit_price", "1.5"),
        ("stop_price", None),
    ]


def test_object_built_by_hand_is_checked_by_the_parser() -> None:
    """The constructor takes anything; the parser does not."""
    assert _code(EngineEvent(1, 1, 1, "timer", "V", "I", "timer", {"name": 5})) == "malformed_type"
    assert _code(EngineEvent(True, 1, 1, "timer", "V", "I", "timer", {"name": "t"})) == "malformed_type"


def test_from_json_is_strict(event: Callable[..., Wire]) -> None:
    """JSON is read into the same event, and a key named twice is refused."""
    wire = event(1, "timer", {"name": "t"})
    text = json.dumps(wire)
    assert EngineEvent.from_json(text) == EngineEvent.from_dict(wire)
    with pytest.raises(MalformedInputError) as caught:
        EngineEvent.from_json(text.replace('"seq_id": 1', '"seq_id": 1, "seq_id": 1'))
    assert caught.value.code == "malformed_field"
    with pytest.raises(MalformedInputError) as caught:
        EngineEvent.from_dict(EngineEvent.from_dict(wire))
    assert caught.value.code == "malformed_type"
