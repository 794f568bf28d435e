"""Ports: what callbacks give is checked as a whole, and what they are given is theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.events import canonical_event
from cracktrader.engine.intents import EngineIntent, canonical_intent
from cracktrader.engine.ports import ask_broker, ask_strategy, context_of
from cracktrader.engine.view import RunViewKeeper, StepContext

Wire = dict[str, Any]
Make = Callable[..., Wire]


@pytest.fixture
def context(event: Make) -> StepContext:
    """The step of a bar."""
    core = DeterministicCore()
    bar = canonical_event(event(1, "bar", {"open": 1, "high": 1, "low": 1, "close": 1, "volume": 1}))
    return context_of(0, bar, core.apply_event(bar), RunViewKeeper(core))


def test_intents_may_come_in_any_form(context: StepContext, place: Make) -> None:
    """Objects, wire dicts, lists, tuples, generators and None are all taken, and come out canonical."""
    wanted = [canonical_intent(place())]
    for given in (
        [place()],
        (place(quantity="10.0"),),
        (intent for intent in [EngineIntent.from_dict(place())]),
        {"k": place()}.values(),
    ):
        assert ask_strategy(lambda _, given=given: given, context) == wanted
    assert ask_strategy(lambda _: None, context) == []
    assert ask_strategy(None, context) == []


@pytest.mark.parametrize("given", [5, "text", {"intent_type": "no_op"}, True, [None], [[]], ["no_op"]])
def test_what_is_no_list_of_intents(context: StepContext, given: Any) -> None:
    """Anything else is `malformed_type`, whichever way round it is wrong."""
    with pytest.raises(MalformedInputError) as caught:
        ask_strategy(lambda _: given, context)
    assert caught.value.code == "malformed_type"


def test_broker_events_are_reports_or_control(context: StepContext, unsequenced: Make, bar: Make) -> None:
    """Reports and control events pass in canonical form; market data and timers are not a broker's to give."""
    report = unsequenced(1, "order_submitted", {"order_id": "o1"})
    deposit = unsequenced(1, "cash_adjustment", {"amount": 1.0, "reason": "funding"})
    events = ask_broker(lambda *_: iter([report, deposit]), context, [])
    assert [event["payload"] for event in events] == [
        {"order_id": "o1", "reason": None},
        {"amount": "1", "reason": "funding"},
    ]
    for foreign in (bar(1), unsequenced(1, "timer", {"name": "t"})):
        with pytest.raises(MalformedInputError, match="broker_report, control") as caught:
            ask_broker(lambda *_, foreign=foreign: [report, foreign], context, [])
        assert caught.value.code == "malformed_field"
    assert ask_broker(None, context, []) == []


def test_accepted_intents_are_copies(context: StepContext, place: Make) -> None:
    """A broker that changes what it got changes nothing else."""
    accepted = [canonical_intent(place())]

    def meddle(_: Any, given: Any) -> None:
        given[0]["payload"].clear()
        given.clear()

    ask_broker(meddle, context, accepted)
    assert accepted == [canonical_intent(place())]
