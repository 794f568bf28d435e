"""The life of one order in a run, from the intent to its end, on both cores with the simulated broker."""

from __future__ import annotations

from typing import Any

import pytest
from playback import cancel, flat, place, play, replace

ACCEPTED = ["CREATED", "SUBMITTED", "ACCEPTED"]


def test_cash_moves_when_an_order_fills_and_not_before(backend: Any) -> None:
    """Placing, submitting and accepting leave cash and position alone."""
    played = play(backend, [flat(100), flat(100)], {0: [place()]}, 1000)
    moved = [
        record["event"]["event_type"]
        for record in played.records
        if any(answer["cash_delta"] != "0" for answer in (record["result"], *record["intent_results"]))
    ]
    assert moved == ["order_fill"]
    assert played.statuses() == [*ACCEPTED, "FILLED"]


def test_part_fills_come_in_order(backend: Any) -> None:
    """Accepted, then partially filled, then filled, by the volume of the bars."""
    rows = [flat(100), flat(101, 4), flat(102, 4), flat(103, 4)]
    played = play(backend, rows, {0: [place(quantity="5")]}, participation="0.5")
    assert played.fills() == [("2", "101", "0"), ("2", "102", "0"), ("1", "103", "0")]
    assert played.statuses() == [*ACCEPTED, "PARTIALLY_FILLED", "FILLED"]


def test_a_resting_order_is_cancelled(backend: Any) -> None:
    """The request sets it pending at once, the broker's word ends it."""
    order = place(order_type="limit", limit_price="90")
    played = play(backend, [flat(100)] * 3, {0: [order], 1: [cancel()]})
    assert played.statuses() == [*ACCEPTED, "CANCEL_PENDING", "CANCELLED"]
    assert played.fills() == []


def test_a_cancel_that_crosses_the_fill_comes_too_late(backend: Any) -> None:
    """The bar that fills the order is the one on which its cancel is asked for: the fill stands."""
    played = play(backend, [flat(100)] * 3, {0: [place()], 1: [cancel()]})
    assert played.statuses() == [*ACCEPTED, "CANCEL_PENDING", "FILLED"]
    assert played.reasons("order_cancel_rejected") == ["too late to cancel"]
    assert played.summary.positions == {"V:I": "1"}


def test_a_replace_takes_effect_from_the_next_bar(backend: Any) -> None:
    """The new limit is what the next bar is matched against."""
    order = place(order_type="limit", limit_price="90", quantity="1")
    played = play(backend, [flat(100)] * 3, {0: [order], 1: [replace(limit_price="100", quantity="2")]})
    assert played.statuses() == [*ACCEPTED, "REPLACE_PENDING", "ACCEPTED", "FILLED"]
    assert played.fills() == [("2", "100", "0")]


def test_a_replace_that_crosses_the_fill_comes_too_late(backend: Any) -> None:
    """The order stays filled with its old quantity."""
    played = play(backend, [flat(100)] * 3, {0: [place()], 1: [replace(quantity="2")]})
    assert played.statuses() == [*ACCEPTED, "REPLACE_PENDING", "FILLED"]
    assert played.reasons("order_replace_rejected") == ["too late to replace"]


def test_a_replace_to_what_was_filled_ends_the_order(backend: Any) -> None:
    """Half of it is done, and no more is wanted: FILLED, and no later bar fills it."""
    rows = [flat(100), flat(100, 1), flat(100, 0), flat(100, 100)]
    played = play(backend, rows, {0: [place(quantity="2")], 2: [replace(quantity="1")]}, participation=1)
    assert played.statuses() == [*ACCEPTED, "PARTIALLY_FILLED", "REPLACE_PENDING", "FILLED"]
    assert played.fills() == [("1", "100", "0")]


@pytest.mark.parametrize("latency", [1, 2, 3])
def test_latency_is_counted_in_bars(backend: Any, latency: int) -> None:
    """An order of bar 0 is first matched `latency` bars later."""
    rows = [flat(100 + place_) for place_ in range(5)]
    played = play(backend, rows, {0: [place()]}, latency_bars=latency)
    assert played.fills() == [("1", str(100 + latency), "0")]


def test_a_day_order_expires_on_the_next_day(backend: Any) -> None:
    """At the first bar that ends on another UTC day, before it is matched."""
    rows = [flat(100)] * 1439 + [flat(50)]
    order = place(order_type="limit", limit_price="60", time_in_force="day")
    played = play(backend, rows, {0: [order]})
    assert played.statuses() == [*ACCEPTED, "EXPIRED"]
    assert played.fills() == []


def test_immediate_or_cancel_takes_what_there_is(backend: Any) -> None:
    """Three of five, and the rest is cancelled."""
    order = place(quantity="5", time_in_force="ioc")
    played = play(backend, [flat(100), flat(100, 3), flat(100, 9)], {0: [order]}, participation=1)
    assert played.fills() == [("3", "100", "0")]
    assert played.statuses() == [*ACCEPTED, "PARTIALLY_FILLED", "CANCELLED"]
    assert played.reasons("order_cancelled") == ["immediate or cancel"]


def test_fill_or_kill_takes_all_or_nothing(backend: Any) -> None:
    """Three of five is nothing; five of five is all."""
    order = place(quantity="5", time_in_force="fok")
    killed = play(backend, [flat(100), flat(100, 3)], {0: [order]}, participation=1)
    filled = play(backend, [flat(100), flat(100, 5)], {0: [order]}, participation=1)
    assert killed.statuses() == [*ACCEPTED, "CANCELLED"]
    assert killed.reasons("order_cancelled") == ["fill or kill"]
    assert filled.statuses() == [*ACCEPTED, "FILLED"]


@pytest.mark.parametrize(
    ("intents", "code"),
    [
        ([place(order_type="limit")], "price_mismatch"),
        ([place(), place()], "duplicate_order_id"),
        ([cancel("o9")], "unknown_order"),
        ([place(reduce_only=True)], "reduce_only_violation"),
    ],
)
def test_a_refused_intent_never_reaches_the_broker(backend: Any, intents: list[Any], code: str) -> None:
    """The core says no with its code, and the broker hears of the others alone."""
    played = play(backend, [flat(100)], {0: intents})
    assert played.refusals() == [code]
    assert len(played.records[0]["broker_events"]) == 2 * (len(intents) - 1)
