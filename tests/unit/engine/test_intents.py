"""Intents: the order of the checks, the defaults, and the object form."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.events import EngineEvent
from cracktrader.engine.intents import INTENT_FIELDS, INTENT_TYPES, EngineIntent, parse_intent

Wire = dict[str, Any]


def _code(intent: object) -> str:
    with pytest.raises(MalformedInputError) as caught:
        parse_intent(intent)
    return caught.value.code


def test_table_names_five_types() -> None:
    """The intents are those of the page, in its order."""
    assert INTENT_TYPES == ("place_order", "cancel_order", "replace_order", "set_risk_flag", "no_op")


@pytest.mark.parametrize("value", [None, [], "x", 1, EngineEvent(1, 1, 1, "timer", "V", "I", "timer", {"name": "t"})])
def test_other_types_are_no_intents(value: object) -> None:
    """Only an EngineIntent or an exact dict is looked into."""
    assert _code(value) == "malformed_type"


@pytest.mark.parametrize("field", INTENT_FIELDS)
def test_all_three_keys_are_required(field: str) -> None:
    """A missing key is malformed_field, also when another one takes its place."""
    intent = {"intent_type": "no_op", "payload": {}, "strategy_id": "s"}
    del intent[field]
    assert _code(intent) == "malformed_field"
    assert _code(intent | {"other": 1}) == "malformed_field"


def test_faults_are_found_in_the_order_of_the_fields() -> None:
    """Type, payload, strategy, and only then what the payload holds."""
    assert _code({"intent_type": 5, "payload": [], "strategy_id": ""}) == "malformed_type"
    assert _code({"intent_type": "noop", "payload": [], "strategy_id": ""}) == "malformed_field"
    assert _code({"intent_type": "no_op", "payload": [], "strategy_id": ""}) == "malformed_type"
    assert _code({"intent_type": "no_op", "payload": {"x": 1}, "strategy_id": ""}) == "malformed_identifier"
    assert _code({"intent_type": "no_op", "payload": {"x": 1}, "strategy_id": "s"}) == "malformed_field"


def test_place_order_defaults(place: Callable[..., Wire]) -> None:
    """A time in force or a flag that is absent is `gtc` and false; absent prices are None."""
    _, strategy_id, values = parse_intent(place(limit_price=None, order_type="market"))
    assert strategy_id == "s"
    assert values == ("o1", "V", "I", "buy", "market", "gtc", 10**9, None, None, False)


def test_place_order_venue_holds_no_colon(place: Callable[..., Wire]) -> None:
    """The venue in a payload is checked like the venue of an event."""
    assert _code(place(venue="a:b")) == "malformed_identifier"
    assert parse_intent(place(instrument="a:b"))[2][2] == "a:b"


def test_object_and_dict_are_the_same_intent(place: Callable[..., Wire]) -> None:
    """An intent survives the way through its object and through JSON."""
    wire = place()
    thing = EngineIntent.from_dict(wire)
    assert EngineIntent.from_json(json.dumps(wire)) == thing
    assert parse_intent(thing) == parse_intent(wire) == parse_intent(dict(thing.to_dict()))
    assert list(thing.to_dict()) == list(INTENT_FIELDS)
    assert EngineIntent.from_dict(thing.to_dict()) == thing


def test_object_shares_nothing(place: Callable[..., Wire]) -> None:
    """Changing the dict that came in changes no intent."""
    wire = place()
    thing = EngineIntent.from_dict(wire)
    wire["payload"]["order_id"] = "o2"
    assert thing.payload["order_id"] == "o1"
    assert thing.payload["time_in_force"] == "gtc"
