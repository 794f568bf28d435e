"""The record of a step: all that is needed to do it again, and what came out.

Promises: the eight keys of docs/runtime.md, section 5, in its order; a record that is read back is canonical or it is
refused. Does not judge whether the answers are right: `replay` does. Costs about as much as parsing what it holds.
"""

from __future__ import annotations

from typing import TypedDict

from cracktrader.engine.events import EventWire, UnsequencedWire, canonical_event, canonical_unsequenced
from cracktrader.engine.exact import exact_dict, exact_list, fault, refuse_difference
from cracktrader.engine.fields import wrong_keys
from cracktrader.engine.identifiers import parse_digest
from cracktrader.engine.intents import IntentWire, canonical_intent
from cracktrader.engine.numbers import parse_integer
from cracktrader.engine.results import ResultWire, TransitionResult, TransitionWire


class ReplayRecord(TypedDict):
    """A committed step as a wire dict. `digest` is null where none was taken."""

    step: int
    event: EventWire
    result: ResultWire
    intents: list[IntentWire]
    intent_results: list[ResultWire]
    broker_events: list[UnsequencedWire]
    transitions: list[TransitionWire]
    digest: str | None


RECORD_FIELDS: tuple[str, ...] = tuple(ReplayRecord.__annotations__)


def all_transitions(result: ResultWire, intent_results: list[ResultWire]) -> list[TransitionWire]:
    """The transitions of a step, in the order in which they happened."""
    return [transition.copy() for each in (result, *intent_results) for transition in each["transitions"]]


def read_record(document: object) -> ReplayRecord:
    """The record that a JSON document holds; MalformedInputError unless it is exactly what a run would write."""
    given = exact_dict(document, "a record")
    if given.keys() != set(RECORD_FIELDS):
        raise wrong_keys("a record", given, RECORD_FIELDS)
    result = TransitionResult.from_dict(given["result"]).to_dict()
    intent_results = [
        TransitionResult.from_dict(each).to_dict() for each in exact_list(given["intent_results"], "intent_results")
    ]
    record: ReplayRecord = {
        "step": parse_integer(given["step"], "step"),
        "event": canonical_event(given["event"]),
        "result": result,
        "intents": [canonical_intent(each) for each in exact_list(given["intents"], "intents")],
        "intent_results": intent_results,
        "broker_events": [canonical_unsequenced(each) for each in exact_list(given["broker_events"], "broker_events")],
        "transitions": all_transitions(result, intent_results),
        "digest": None if given["digest"] is None else parse_digest(given["digest"], "digest"),
    }
    if len(record["intents"]) != len(intent_results):
        raise fault("a record must have one result for each intent")
    refuse_difference("the record", given, record)
    return record
