"""Intents: what a strategy asks of the core.

Promises: `parse_intent` checks the whole shape in the order of docs/engine.md, section 2, and touches no
state. Does not judge whether an intent is allowed now: `core` does. Costs about 2.5 us for the longest,
`place_order`.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any, TypedDict

from cracktrader.engine.domain import ORDER_TYPES, RISK_FLAGS, SIDES, TIMES_IN_FORCE
from cracktrader.engine.error import refusal
from cracktrader.engine.fields import (
    FLAG,
    IDENTIFIER,
    PRICE,
    QUANTITY,
    VENUE,
    Field,
    Payload,
    PayloadShape,
    Values,
    enum_kind,
    enum_parser,
    wrong_keys,
)
from cracktrader.engine.identifiers import parse_identifier
from cracktrader.engine.strict_json import read_object


class IntentWire(TypedDict):
    """An intent as a dict."""

    intent_type: str
    payload: Payload
    strategy_id: str


_LIMIT_PRICE = Field("limit_price", PRICE, optional=True)
_STOP_PRICE = Field("stop_price", PRICE, optional=True)

INTENT_SHAPES: dict[str, PayloadShape] = {
    "place_order": PayloadShape(
        Field("order_id", IDENTIFIER),
        Field("venue", VENUE),
        Field("instrument", IDENTIFIER),
        Field("side", enum_kind(SIDES)),
        Field("order_type", enum_kind(ORDER_TYPES)),
        Field("time_in_force", enum_kind(TIMES_IN_FORCE), optional=True, default="gtc"),
        Field("quantity", QUANTITY),
        _LIMIT_PRICE,
        _STOP_PRICE,
        Field("reduce_only", FLAG, optional=True, default=False),
    ),
    "cancel_order": PayloadShape(Field("order_id", IDENTIFIER)),
    "replace_order": PayloadShape(
        Field("order_id", IDENTIFIER), Field("quantity", QUANTITY, optional=True), _LIMIT_PRICE, _STOP_PRICE
    ),
    "set_risk_flag": PayloadShape(Field("flag", enum_kind(RISK_FLAGS)), Field("on", FLAG)),
    "no_op": PayloadShape(),
}
INTENT_TYPES: tuple[str, ...] = tuple(INTENT_SHAPES)
INTENT_FIELDS: tuple[str, ...] = tuple(IntentWire.__annotations__)

_pick_items = itemgetter(*INTENT_FIELDS)
_pick_attributes = attrgetter(*INTENT_FIELDS)
_parse_intent_type = enum_parser(INTENT_TYPES)

ParsedIntent = tuple[str, str, Values]
"""(intent_type, strategy_id, payload values)"""


@dataclass(frozen=True, slots=True)
class EngineIntent:
    """An intent as an object. The constructor checks nothing; `from_dict` does, and so does the core."""

    intent_type: str
    payload: Payload
    strategy_id: str

    @classmethod
    def from_dict(cls, intent: object) -> EngineIntent:
        """The intent of a wire dict, its payload in canonical form; MalformedInputError for a wrong shape."""
        if type(intent) is not dict:
            raise refusal("malformed_type", "an intent", "a dict", intent)
        return cls(**canonical_intent(intent))

    @classmethod
    def from_json(cls, text: object) -> EngineIntent:
        """The intent of a JSON text, read strictly; MalformedInputError for anything else."""
        return cls.from_dict(read_object(text))

    def to_dict(self) -> IntentWire:
        """The wire dict, with a payload of its own."""
        return {
            "intent_type": self.intent_type,
            "payload": dict(self.payload),
            "strategy_id": self.strategy_id,
        }


def _raw_fields(intent: object) -> tuple[Any, ...]:
    if type(intent) is dict:
        if len(intent) == len(INTENT_FIELDS):
            try:
                items: tuple[Any, ...] = _pick_items(intent)
                return items
            except KeyError:
                pass
        raise wrong_keys("an intent", intent, INTENT_FIELDS)
    if isinstance(intent, EngineIntent):
        attributes: tuple[Any, ...] = _pick_attributes(intent)
        return attributes
    raise refusal("malformed_type", "an intent", "an EngineIntent or a dict", intent)


def parse_intent(intent: object) -> ParsedIntent:
    """The parsed fields of an `EngineIntent` or a wire dict; MalformedInputError for the first fault."""
    intent_type, payload, strategy_id = _raw_fields(intent)
    _parse_intent_type(intent_type, "intent_type")
    if type(payload) is not dict:
        raise refusal("malformed_type", "payload", "a dict", payload)
    parse_identifier(strategy_id, "strategy_id")
    return intent_type, strategy_id, INTENT_SHAPES[intent_type].parse(payload)


def canonical_intent(intent: object) -> IntentWire:
    """The intent as a wire dict whose payload is in canonical form; MalformedInputError for the first fault."""
    intent_type, strategy_id, values = parse_intent(intent)
    return {
        "intent_type": intent_type,
        "payload": INTENT_SHAPES[intent_type].to_wire(values),
        "strategy_id": strategy_id,
    }
