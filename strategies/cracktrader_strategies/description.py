"""Descriptions of Cracktrader's steps and outcomes for timelines and reviews. Parses nothing and checks nothing.

A fuzzed step may lack any field: what cannot be described raises, and the caller shows the bare fields.
"""

from typing import Any

from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_strategies.grammar import CONTROL_TYPES, MARKET_TYPES

INTENT_KEYS = {"intent_type", "payload", "strategy_id"}
EVENT_KEYS = {
    *("seq_id", "event_time", "ingest_time", "source", "venue", "instrument", "event_type", "payload"),
    "idempotency_key",
}


def describe_step(step: Step) -> str:
    """`order_fill o1: 4 at 100, fee 0 quote  [v1:i1 #3 t5]`. Raises for a step of odd shape, which this would hide."""
    if set(step) not in (INTENT_KEYS, EVENT_KEYS):
        raise LookupError("a key too few or too many")
    payload = step["payload"]
    if "intent_type" in step:
        kind = _exact(step["intent_type"])
        return f"{kind}{_described(kind, payload)}  [{_exact(step['strategy_id'])}]"
    kind = _exact(step["event_type"])
    if step["source"] != _own_source(kind):
        raise LookupError("a source that is not the type's own")
    where = f"{_exact(step['venue'])}:{_exact(step['instrument'])} #{_count(step['seq_id'])} {_when(step)}"
    return f"{kind}{_described(kind, payload)}  [{where}]"


def describe_outcome(outcome: Outcome) -> str:
    """`ACCEPTED > PARTIALLY_FILLED, filled 4, open 6, cash -400, position 4`."""
    parts = []
    for transition in outcome.get("transitions", ()):
        before = transition["from"] or "new"
        parts.append(f"{before} > {transition['to']}")
        parts.append(f"filled {transition['cumulative']}, open {transition['leaves']}")
    parts += [
        f"{key.removesuffix('_delta')} {value}"
        for key, value in outcome.items()
        if key.endswith("_delta") and value != "0"
    ]
    return ", ".join(parts)


def _own_source(kind: str) -> str:
    if kind in MARKET_TYPES:
        return "market_data"
    return "control" if kind in CONTROL_TYPES else "timer" if kind == "timer" else "broker_report"


def _described(kind: str, payload: dict[str, Any]) -> str:
    """The payload: the order first, then its other fields."""
    rest = {key: value for key, value in payload.items() if value is not None}
    order = f" {_exact(rest.pop('order_id'))}" if "order_id" in rest else ""
    if kind == "place_order":
        head = f"{rest.pop('side')} {_number(rest.pop('quantity'))} {rest.pop('order_type')}"
        where = f"{_exact(rest.pop('venue'))}:{_exact(rest.pop('instrument'))}"
        return f"{order}: {_listed([f'{head} {where}', *_fields(rest)])}"
    if kind == "order_fill":
        booked = f"{_number(rest.pop('last_quantity'))} at {_number(rest.pop('last_price'))}"
        fee = f"fee {_number(rest.pop('fee'))} {_exact(rest.pop('fee_asset'))}"
        return f"{order}: {_listed([booked, fee, *_fields(rest)])}"
    fields = _listed(_fields(rest))
    return f"{order}: {fields}" if fields else order


def _fields(rest: dict[str, Any]) -> list[str]:
    return [f"{key.replace('_', ' ')} {_number(value)}" for key, value in rest.items()]


def _listed(parts: list[str]) -> str:
    return ", ".join(parts)


def _when(step: Step) -> str:
    """`t5`, `t5/6` where it was taken in at another time than it happened; then the key, if it has one."""
    happened, taken, key = step["event_time"], step["ingest_time"], step["idempotency_key"]
    time = f"t{_count(happened)}" + ("" if _count(taken) == _count(happened) else f"/{_count(taken)}")
    return time if key is None else f"{time} key {_exact(key)}"


def _exact(value: object) -> str:
    """A plain name as it is, anything else as Python writes it, so that the two cannot be confused."""
    if type(value) is str and value.isprintable() and value and " " not in value:
        return value
    return repr(value)


def _number(value: object) -> str:
    """A decimal text without its quotes, a flag; any other number with its type, as it came another way."""
    if type(value) in (int, float):
        return f"{type(value).__name__} {value!r}"
    return _exact(value)


def _count(value: object) -> str:
    return str(value) if type(value) is int else repr(value)
