"""Results: what the core answers to a step.

Promises: the wire dicts that the core hands out are made here, their eight keys in the order of
docs/engine.md, a new dict each time; `TransitionResult` and `OrderTransition` are the typed view of them.
Does not decide anything. Costs 0.2 us a wire dict; the typed view is built only when somebody asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from cracktrader.engine.domain import (
    DECIMAL_TEXT_LENGTH_MAX,
    MONEY_DECIMALS,
    STATUSES,
    UNIT_DECIMALS,
)
from cracktrader.engine.error import refusal
from cracktrader.engine.fields import enum_parser, wrong_keys
from cracktrader.engine.identifiers import parse_identifier
from cracktrader.engine.numbers import money_text, parse_integer, quantity_text, text_to_units

Outcome = Literal["applied", "duplicate", "rejected"]
OUTCOMES: tuple[Outcome, ...] = ("applied", "duplicate", "rejected")

CODES: tuple[str, ...] = (
    "ok",
    "duplicate_event",
    "idempotency_conflict",
    "sequence_regression",
    "time_regression",
    "unknown_order",
    "instrument_mismatch",
    "duplicate_order_id",
    "price_mismatch",
    "trading_halted",
    "reduce_only_violation",
    "order_closed",
    "cancel_already_pending",
    "replace_already_pending",
    "nothing_to_change",
    "nothing_pending",
    "illegal_transition",
    "fill_before_acceptance",
    "fill_on_rejected",
    "overfill",
    "out_of_range",
)
MALFORMED_CODES: tuple[str, ...] = (
    "malformed_type",
    "malformed_field",
    "malformed_number",
    "malformed_identifier",
)

TransitionWire = TypedDict(
    "TransitionWire",
    {"order_id": str, "from": str | None, "to": str, "cumulative": str, "leaves": str},
)
"""How one order moved: statuses (`from` null when the order is new), and quantities as decimal text."""


class ResultWire(TypedDict):
    """The answer to one step, as a dict; the deltas are decimal text, `"0"` where nothing moved."""

    outcome: str
    code: str
    seq_id: int | None
    order_id: str | None
    transitions: list[TransitionWire]
    cash_delta: str
    position_delta: str
    realised_delta: str


RESULT_FIELDS: tuple[str, ...] = tuple(ResultWire.__annotations__)
TRANSITION_FIELDS: tuple[str, ...] = tuple(TransitionWire.__annotations__)


def unchanged(outcome: Outcome, code: str, seq_id: int | None, order_id: str | None) -> ResultWire:
    """The answer to a step that moved nothing: a duplicate or a refusal."""
    return {
        "outcome": outcome,
        "code": code,
        "seq_id": seq_id,
        "order_id": order_id,
        "transitions": [],
        "cash_delta": "0",
        "position_delta": "0",
        "realised_delta": "0",
    }


def applied(
    seq_id: int | None,
    transition: TransitionWire | None = None,
    cash_delta: str = "0",
    position_delta: str = "0",
    realised_delta: str = "0",
) -> ResultWire:
    """The answer to a step that was applied; the transition is that of the order it names, if any."""
    return {
        "outcome": "applied",
        "code": "ok",
        "seq_id": seq_id,
        "order_id": None if transition is None else transition["order_id"],
        "transitions": [] if transition is None else [transition],
        "cash_delta": cash_delta,
        "position_delta": position_delta,
        "realised_delta": realised_delta,
    }


_parse_outcome = enum_parser(OUTCOMES)
_parse_code = enum_parser(CODES)
_parse_status = enum_parser(STATUSES)


_TEXT_OF_GRID = {UNIT_DECIMALS: quantity_text, MONEY_DECIMALS: money_text}


def _decimal_text(value: object, field: str, decimals: int) -> str:
    if type(value) is not str:
        raise refusal("malformed_type", field, "a decimal string", value)
    units = text_to_units(value, decimals) if len(value) <= DECIMAL_TEXT_LENGTH_MAX else None
    if units is None or _TEXT_OF_GRID[decimals](units) != value:
        raise refusal("malformed_number", field, f"a canonical decimal string with at most {decimals} decimals", value)
    return value


def _exact_dict(value: object, owner: str, names: tuple[str, ...]) -> dict[str, Any]:
    if type(value) is not dict:
        raise refusal("malformed_type", owner, "a dict", value)
    if value.keys() != set(names):
        raise wrong_keys(owner, value, names)
    return value


@dataclass(frozen=True, slots=True)
class OrderTransition:
    """How one order moved in a step; the quantities are decimal text, as they stand after it."""

    order_id: str
    from_status: str | None
    to_status: str
    cumulative: str
    leaves: str

    @classmethod
    def from_dict(cls, transition: object) -> OrderTransition:
        """The typed view of a wire dict; MalformedInputError for a wrong shape."""
        wire = _exact_dict(transition, "a transition", TRANSITION_FIELDS)
        return cls(
            order_id=parse_identifier(wire["order_id"], "order_id"),
            from_status=None if wire["from"] is None else _parse_status(wire["from"], "from"),
            to_status=_parse_status(wire["to"], "to"),
            cumulative=_decimal_text(wire["cumulative"], "cumulative", UNIT_DECIMALS),
            leaves=_decimal_text(wire["leaves"], "leaves", UNIT_DECIMALS),
        )

    def to_dict(self) -> TransitionWire:
        """The wire dict."""
        return {
            "order_id": self.order_id,
            "from": self.from_status,
            "to": self.to_status,
            "cumulative": self.cumulative,
            "leaves": self.leaves,
        }


@dataclass(frozen=True, slots=True)
class TransitionResult:
    """The answer to one step; the deltas are decimal text."""

    outcome: str
    code: str
    seq_id: int | None
    order_id: str | None
    transitions: tuple[OrderTransition, ...]
    cash_delta: str
    position_delta: str
    realised_delta: str

    @classmethod
    def from_dict(cls, result: object) -> TransitionResult:
        """The typed view of a wire dict; MalformedInputError for a wrong shape."""
        wire = _exact_dict(result, "a result", RESULT_FIELDS)
        transitions = wire["transitions"]
        if type(transitions) is not list:
            raise refusal("malformed_type", "transitions", "a list", transitions)
        return cls(
            outcome=_parse_outcome(wire["outcome"], "outcome"),
            code=_parse_code(wire["code"], "code"),
            seq_id=None if wire["seq_id"] is None else parse_integer(wire["seq_id"], "seq_id"),
            order_id=None if wire["order_id"] is None else parse_identifier(wire["order_id"], "order_id"),
            transitions=tuple(OrderTransition.from_dict(transition) for transition in transitions),
            cash_delta=_decimal_text(wire["cash_delta"], "cash_delta", MONEY_DECIMALS),
            position_delta=_decimal_text(wire["position_delta"], "position_delta", UNIT_DECIMALS),
            realised_delta=_decimal_text(wire["realised_delta"], "realised_delta", MONEY_DECIMALS),
        )

    def to_dict(self) -> ResultWire:
        """The wire dict, its keys in the page's order."""
        return {
            "outcome": self.outcome,
            "code": self.code,
            "seq_id": self.seq_id,
            "order_id": self.order_id,
            "transitions": [transition.to_dict() for transition in self.transitions],
            "cash_delta": self.cash_delta,
            "position_delta": self.position_delta,
            "realised_delta": self.realised_delta,
        }
