"""The simulated broker on its own: rollback, snapshots, and what it is made with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cracktrader import MalformedInputError, SimulatedBroker

Wire = dict[str, Any]

TERMS: Wire = {
    "order_id": "o1",
    "venue": "V",
    "instrument": "I",
    "side": "buy",
    "order_type": "stop_limit",
    "time_in_force": "day",
    "quantity": "5",
    "limit_price": "101",
    "stop_price": "100.5",
    "reduce_only": False,
}


class View:
    """What the broker asks of a run's view: the venue and the instrument of an order."""

    def order(self, order_id: str) -> Any:
        """Every order is on V:I, but for o9, which nobody knows."""
        return None if order_id == "o9" else SimpleNamespace(venue="V", instrument="I")


def event(event_type: str = "bar", time: int = 0, **payload: Any) -> Wire:
    """A market event on V:I."""
    bar = {"open": "100", "high": "102", "low": "99", "close": "101", "volume": "4"}
    return {"event_time": time, "venue": "V", "instrument": "I", "event_type": event_type, "payload": payload or bar}


def tell(broker: SimulatedBroker, market: Wire, *intents: Wire) -> list[Wire]:
    """Call the broker as a runner does."""
    context: Any = SimpleNamespace(event=market, view=View())
    accepted: Any = list(intents)
    return broker(context, accepted)


def intent(intent_type: str, **changes: Any) -> Wire:
    """A canonical intent."""
    defaults: Wire = {
        "place_order": TERMS,
        "cancel_order": {"order_id": "o1"},
        "replace_order": {"order_id": "o1", "quantity": None, "limit_price": None, "stop_price": None},
        "no_op": {},
    }
    return {"intent_type": intent_type, "payload": defaults[intent_type] | changes, "strategy_id": "s"}


def busy_broker() -> SimulatedBroker:
    """A broker with a triggered, partly filled order and one that waits."""
    broker = SimulatedBroker(participation="0.5")
    tell(
        broker,
        event(),
        intent("place_order"),
        intent("place_order", order_id="o2", stop_price="110", limit_price="111"),
    )
    tell(broker, event(time=1))
    return broker


def test_the_busy_broker_is_busy() -> None:
    """Two of five are filled, so that the tests below are about something."""
    book = busy_broker().snapshot()["books"]["V:I"]
    assert [(order["order_id"], order["cumulative"], order["is_triggered"]) for order in book["orders"]] == [
        ("o1", "2", True),
        ("o2", "0", False),
    ]


def test_the_same_calls_give_the_same_events() -> None:
    """Also from a broker that was restored."""
    other = SimulatedBroker(participation="0.5")
    other.restore(busy_broker().snapshot())
    assert tell(other, event(time=2)) == tell(busy_broker(), event(time=2))
    assert other.snapshot() != busy_broker().snapshot()


@pytest.mark.parametrize(
    "step",
    [
        (event(time=2),),
        (event(time=2), intent("cancel_order")),
        (event(time=2), intent("replace_order", quantity="9")),
        (event(time=2), intent("place_order", order_id="o3")),
        (event(time=2), intent("place_order", order_id="o3", instrument="J")),
        (event("quote", 2, bid="1", ask="2"), intent("cancel_order")),
    ],
)
def test_rollback_undoes_the_last_call(step: tuple[Wire, ...]) -> None:
    """Once; a second time changes nothing, and the call again gives the same."""
    broker = busy_broker()
    before = broker.snapshot()
    said = tell(broker, *step)
    after = broker.snapshot()
    broker.rollback()
    assert broker.snapshot() == before
    broker.rollback()
    assert broker.snapshot() == before
    assert tell(broker, *step) == said
    assert broker.snapshot() == after != before


def test_events_have_the_times_of_the_context() -> None:
    """Event and ingest time, and the keys of a fill are 34 characters."""
    events = tell(SimulatedBroker(), event(time=7), intent("place_order"))
    assert {(said["event_time"], said["ingest_time"]) for said in events} == {(7, 7)}
    broker = busy_broker()
    fills = [said for said in tell(broker, event(time=2)) if said["event_type"] == "order_fill"]
    assert [(len(fill["idempotency_key"]), fill["idempotency_key"][:2]) for fill in fills] == [(34, "x-")]


def test_a_trade_is_a_bar_of_one_price() -> None:
    """It counts as a bar, and its quantity is the volume."""
    broker = SimulatedBroker(participation=1)
    market = intent("place_order", order_type="market", limit_price=None, stop_price=None)
    tell(broker, event(), market)
    fills = tell(broker, event("trade", 1, price="99.5", quantity="3"))
    assert [fill["payload"]["last_price"] for fill in fills] == ["99.5"]
    assert [fill["payload"]["last_quantity"] for fill in fills] == ["3"]


def test_a_quote_matches_nothing_and_is_no_bar() -> None:
    """Nor does the bar of another instrument."""
    broker = SimulatedBroker()
    tell(broker, event(), intent("place_order", order_type="market", limit_price=None, stop_price=None))
    before = broker.snapshot()["books"]["V:I"]
    assert tell(broker, event("quote", 1, bid="1", ask="2")) == []
    assert tell(broker, {**event(time=1), "instrument": "J"}) == []
    assert broker.snapshot()["books"]["V:I"] == before


def test_what_is_no_order_is_nothing_to_a_broker() -> None:
    """A no_op, and a request about an order that nobody knows."""
    assert tell(SimulatedBroker(), event(), intent("no_op"), intent("cancel_order", order_id="o9")) == []


@pytest.mark.parametrize("latency", [0, -1, 1.0, True, "1", None])
def test_a_latency_that_is_none(latency: Any) -> None:
    """The message quotes it."""
    with pytest.raises(ValueError, match="latency_bars") as caught:
        SimulatedBroker(latency_bars=latency)
    assert repr(latency) in str(caught.value)


@pytest.mark.parametrize("participation", [0, "1.1", -0.5, "0.000000001", True, float("nan")])
def test_a_participation_that_is_none(participation: Any) -> None:
    """Above 0, at most 1, on the grid."""
    with pytest.raises(MalformedInputError, match="participation"):
        SimulatedBroker(participation=participation)


def _without(wire: Wire, *path: Any) -> Wire:
    inner: Any = wire
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return wire


def _with(wire: Wire, value: Any, *path: Any) -> Wire:
    inner: Any = wire
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return wire


ORDER = ("books", "V:I", "orders", 0)

BAD_SNAPSHOTS: list[tuple[str, Any]] = [
    ("another version", lambda wire: _with(wire, 2, "schema_version")),
    ("a version of another type", lambda wire: _with(wire, True, "schema_version")),
    ("no books", lambda wire: _without(wire, "books")),
    ("another key", lambda wire: _with(wire, 1, "cash")),
    ("books of another type", lambda wire: _with(wire, [], "books")),
    ("a key without a colon", lambda wire: _with(wire, {"bars_seen": 0, "orders": []}, "books", "VI")),
    ("a book of another type", lambda wire: _with(wire, [], "books", "V:I")),
    ("a negative count", lambda wire: _with(wire, -1, "books", "V:I", "bars_seen")),
    ("orders of another type", lambda wire: _with(wire, {}, "books", "V:I", "orders")),
    ("an order without a field", lambda wire: _without(wire, *ORDER, "side")),
    ("an order twice", lambda wire: _with(wire, wire["books"]["V:I"]["orders"][0], "books", "V:I", "orders", 1)),
    ("a number that is not canonical", lambda wire: _with(wire, "5.0", *ORDER, "quantity")),
    ("a number of another type", lambda wire: _with(wire, 5, *ORDER, "quantity")),
    ("a filled order", lambda wire: _with(wire, "5", *ORDER, "cumulative")),
    ("a price that the type does not have", lambda wire: _with(wire, "limit", *ORDER, "order_type")),
    ("no price where the type has one", lambda wire: _with(wire, None, *ORDER, "limit_price")),
    ("a flag of another type", lambda wire: _with(wire, 0, *ORDER, "is_triggered")),
]


@pytest.mark.parametrize(("name", "spoil"), BAD_SNAPSHOTS, ids=[name for name, _ in BAD_SNAPSHOTS])
def test_a_snapshot_that_no_broker_wrote(name: str, spoil: Any) -> None:
    """`malformed_field`, and the broker is as before."""
    broker = busy_broker()
    with pytest.raises(MalformedInputError) as caught:
        broker.restore(spoil(busy_broker().snapshot()))
    assert caught.value.code == "malformed_field"
    assert broker.snapshot() == busy_broker().snapshot()


@pytest.mark.parametrize("snapshot", [None, [], "{}"])
def test_what_is_no_snapshot(snapshot: Any) -> None:
    """`malformed_type`."""
    with pytest.raises(MalformedInputError) as caught:
        SimulatedBroker().restore(snapshot)
    assert caught.value.code == "malformed_type"
