"""Results: what the core answers to a step.

Promises: the wire dicts that the core hands out are made here, their eight keys in the order of
docs/engine.md, a new dict each time; `TransitionResult` and `OrderTransition` are the typed view of them.
Does not decide anything. Costs 0.2 us a wire dict; the typed view is built only when somebody asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypedDict, get_args

from cracktrader.engine.domain import (
    BASE_FEE_MAX,
    DECIMAL_TEXT_LENGTH_MAX,
    MONEY_DECIMALS,
    MONEY_MAX,
    QUANTITY_MAX,
    STATUSES,
    UNIT_DECIMALS,
)
from cracktrader.engine.error import refusal
from cracktrader.engine.fields import enum_parser, exact_record
from cracktrader.engine.identifiers import parse_identifier
from cracktrader.engine.numbers import NumberParser, money_text, parse_integer, quantity_text, text_to_units

Outcome = Literal["applied", "duplicate", "rejected"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

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


_CACHE_SIZE = 32_768  # texts that come back within a case or a day; some megabytes at the most

_parse_outcome = enum_parser(OUTCOMES)
_parse_code = enum_parser(CODES)
_parse_status = enum_parser(STATUSES)


ParsedTransition = tuple[str, str | None, str, int, int]
"""(order_id, from, to, cumulative in 1e-8, leaves in 1e-8)"""

ParsedResult = tuple[str, str, int | None, str | None, tuple[ParsedTransition, ...], int, int, int]
"""(outcome, code, seq_id, order_id, transitions, deltas of cash in 1e-16, position in 1e-8, realised in 1e-16)"""

# A delta is a change between two values within their bounds, or a fill of the largest quantity with the largest fee.
_MONEY_DELTA_MAX = 2 * MONEY_MAX
_POSITION_DELTA_MAX = QUANTITY_MAX + BASE_FEE_MAX


@lru_cache(_CACHE_SIZE)
def _canonical_units(text: str, decimals: int) -> int | None:
    units = text_to_units(text, decimals)
    to_text = quantity_text if decimals == UNIT_DECIMALS else money_text
    return units if units is not None and to_text(units) == text else None


def _decimal_parser(decimals: int, units_min: int, units_max: int) -> NumberParser:
    def parse(value: object, field: str) -> int:
        if type(value) is not str:
            raise refusal("malformed_type", field, "a decimal string", value)
        units = _canonical_units(value, decimals) if len(value) <= DECIMAL_TEXT_LENGTH_MAX else None
        if units is None or not units_min <= units <= units_max:
            wanted = f"a canonical decimal string with at most {decimals} decimals, within its bound"
            raise refusal("malformed_number", field, wanted, value)
        return units

    return parse


_parse_reported = _decimal_parser(UNIT_DECIMALS, 0, QUANTITY_MAX)
_parse_position_delta = _decimal_parser(UNIT_DECIMALS, -_POSITION_DELTA_MAX, _POSITION_DELTA_MAX)
_parse_money_delta = _decimal_parser(MONEY_DECIMALS, -_MONEY_DELTA_MAX, _MONEY_DELTA_MAX)


def parse_transition(transition: object) -> ParsedTransition:
    """The parsed fields of a transition's wire dict; MalformedInputError for the first fault."""
    wire = exact_record(transition, "a transition", TRANSITION_FIELDS)
    return (
        parse_identifier(wire["order_id"], "order_id"),
        None if wire["from"] is None else _parse_status(wire["from"], "from"),
        _parse_status(wire["to"], "to"),
        _parse_reported(wire["cumulative"], "cumulative"),
        _parse_reported(wire["leaves"], "leaves"),
    )


def parse_result(result: object) -> ParsedResult:
    """The parsed fields of a result's wire dict; MalformedInputError for the first fault."""
    wire = exact_record(result, "a result", RESULT_FIELDS)
    transitions = wire["transitions"]
    if type(transitions) is not list:
        raise refusal("malformed_type", "transitions", "a list", transitions)
    return (
        _parse_outcome(wire["outcome"], "outcome"),
        _parse_code(wire["code"], "code"),
        None if wire["seq_id"] is None else parse_integer(wire["seq_id"], "seq_id"),
        None if wire["order_id"] is None else parse_identifier(wire["order_id"], "order_id"),
        tuple([parse_transition(transition) for transition in transitions]),
        _parse_money_delta(wire["cash_delta"], "cash_delta"),
        _parse_position_delta(wire["position_delta"], "position_delta"),
        _parse_money_delta(wire["realised_delta"], "realised_delta"),
    )


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
        order_id, from_status, to_status, cumulative, leaves = parse_transition(transition)
        return cls(order_id, from_status, to_status, quantity_text(cumulative), quantity_text(leaves))

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
        outcome, code, seq_id, order_id, transitions, cash, position, realised = parse_result(result)
        return cls(
            outcome=outcome,
            code=code,
            seq_id=seq_id,
            order_id=order_id,
            transitions=tuple(OrderTransition(*moved[:3], *map(quantity_text, moved[3:])) for moved in transitions),
            cash_delta=money_text(cash),
            position_delta=quantity_text(position),
            realised_delta=money_text(realised),
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
