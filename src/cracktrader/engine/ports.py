"""The ports of a run: feeds, strategies, brokers and observers, and how the runner asks them.

Promises: what a callback gives is checked as a whole, and put into canonical form, before any of it takes effect; what
a callback is given is its own. Does not catch what a callback raises. Costs a copy of the step under way a call.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

from cracktrader.engine.error import refusal
from cracktrader.engine.events import EventWire, UnsequencedWire, canonical_unsequenced
from cracktrader.engine.intents import EngineIntent, IntentWire, canonical_intent
from cracktrader.engine.record import ReplayRecord
from cracktrader.engine.results import ResultWire
from cracktrader.engine.view import RunView, StepContext

AnyUnsequenced = UnsequencedWire | dict[str, Any]
Batch = list[tuple[AnyUnsequenced, int]]
"""Unsequenced events, each with the number of its producer."""

Strategy = Callable[[StepContext], Iterable[EngineIntent | IntentWire | dict[str, Any]] | None]
Broker = Callable[[StepContext, list[IntentWire]], Iterable[AnyUnsequenced] | None]
Observer = Callable[[ReplayRecord, RunView], object]

BROKER_SOURCES = ("broker_report", "control")


class FeedPort(Protocol):
    """Where the events of a run come from."""

    def next_batch(self) -> Batch | None:
        """The next events; an empty list when there are none yet, None when there will be none."""

    def skip(self, until: int) -> None:
        """Drop everything up to this time (nanoseconds, included)."""


class AsyncFeedPort(Protocol):
    """The same, awaited."""

    def next_batch(self) -> Awaitable[Batch | None]:
        """The next events; an empty list when there are none yet, None when there will be none."""

    def skip(self, until: int) -> None:
        """Drop everything up to this time (nanoseconds, included)."""


def context_of(step: int, event: EventWire, result: ResultWire, view: RunView) -> StepContext:
    """The step under way as a callback gets it: in dicts of its own."""
    return StepContext(step, _copy_event(event), _copy_result(result), view)


def ask_strategy(strategy: Strategy | None, context: StepContext) -> list[IntentWire]:
    """The strategy's intents in canonical form; MalformedInputError for anything that is no intent."""
    if strategy is None:
        return []
    return [canonical_intent(intent) for intent in _each("a strategy", "intents", strategy(context))]


def ask_broker(broker: Broker | None, context: StepContext, accepted: list[IntentWire]) -> list[UnsequencedWire]:
    """The broker's events in canonical form; MalformedInputError for anything but its reports and control events."""
    if broker is None:
        return []
    given = broker(context, [_copy_intent(intent) for intent in accepted])
    events = [canonical_unsequenced(event) for event in _each("a broker", "unsequenced events", given)]
    for event in events:
        if event["source"] not in BROKER_SOURCES:
            wanted = f"one of {', '.join(BROKER_SOURCES)}"
            raise refusal("malformed_field", "the source of a broker's event", wanted, event["source"])
    return events


def _each(owner: str, things: str, given: Any) -> Iterable[Any]:
    if given is None:
        return ()
    if isinstance(given, (dict, str)) or not isinstance(given, Iterable):
        raise refusal("malformed_type", f"what {owner} gives", f"a list of {things}, or None", given)
    return given


def _copy_event(event: EventWire) -> EventWire:
    copy = event.copy()
    copy["payload"] = dict(event["payload"])
    return copy


def _copy_intent(intent: IntentWire) -> IntentWire:
    copy = intent.copy()
    copy["payload"] = dict(intent["payload"])
    return copy


def _copy_result(result: ResultWire) -> ResultWire:
    copy = result.copy()
    copy["transitions"] = [transition.copy() for transition in result["transitions"]]
    return copy
