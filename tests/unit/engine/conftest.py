"""Builders that the engine's unit tests share: wire dicts, orders, and a core with a working order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.events import EVENT_SHAPES
from cracktrader.engine.invariants import InvariantChecker
from cracktrader.engine.orders import Order
from cracktrader.engine.replay import LogHeader, ReplayWriter
from cracktrader.engine.runner import EngineRunner
from cracktrader.engine.rust_bridge import load_extension
from cracktrader.engine.sequencer import Sequencer
from cracktrader.engine.view import StepContext

Wire = dict[str, Any]


def _event(seq_id: int, event_type: str, payload: Wire, **changes: Any) -> Wire:
    source = next(source for source, shapes in EVENT_SHAPES.items() if event_type in shapes)
    event: Wire = {
        "seq_id": seq_id,
        "event_time": seq_id,
        "ingest_time": seq_id,
        "source": source,
        "venue": "V",
        "instrument": "I",
        "event_type": event_type,
        "payload": payload,
        "idempotency_key": None,
    }
    return event | changes


def _place(order_id: str = "o1", **changes: Any) -> Wire:
    payload: Wire = {
        "order_id": order_id,
        "venue": "V",
        "instrument": "I",
        "side": "buy",
        "order_type": "limit",
        "quantity": "10",
        "limit_price": "100",
    }
    return {"intent_type": "place_order", "payload": payload | changes, "strategy_id": "s"}


def _fill(seq_id: int, quantity: str, price: str, order_id: str = "o1", **changes: Any) -> Wire:
    payload = {
        "order_id": order_id,
        "last_quantity": quantity,
        "last_price": price,
        "fee": 0,
        "fee_asset": "quote",
    }
    key = changes.pop("idempotency_key", None)
    return _event(seq_id, "order_fill", payload | changes, idempotency_key=key)


def _working_core(**terms: Any) -> DeterministicCore:
    core = DeterministicCore(1000)
    core.process_intent(_place(**terms))
    core.apply_event(_event(1, "order_submitted", {"order_id": "o1"}))
    core.apply_event(_event(2, "order_accepted", {"order_id": "o1"}))
    return core


def _order(**changes: Any) -> Order:
    terms: dict[str, Any] = {
        "order_id": "o1",
        "venue": "V",
        "instrument": "I",
        "instrument_key": "V:I",
        "side": "buy",
        "order_type": "limit",
        "time_in_force": "gtc",
        "limit_price": 100,
        "stop_price": None,
        "reduce_only": False,
        "strategy_id": "s",
        "quantity": 10,
    }
    return Order(**(terms | changes))


@pytest.fixture
def event() -> Callable[..., Wire]:
    """(seq_id, event_type, payload, **changes) -> an event from the source that its type asks for."""
    return _event


@pytest.fixture
def place() -> Callable[..., Wire]:
    """(order_id, **payload changes) -> an intent to buy 10 at 100."""
    return _place


@pytest.fixture
def fill() -> Callable[..., Wire]:
    """(seq_id, quantity, price, order_id, **payload changes) -> a fill without a fee."""
    return _fill


@pytest.fixture
def working_core() -> Callable[..., DeterministicCore]:
    """(**terms) -> a core with cash 1000, sequence 2, and the working order o1."""
    return _working_core


@pytest.fixture
def order() -> Callable[..., Order]:
    """(**changes) -> a created limit order of 10 units."""
    return _order


def _unsequenced(event_time: int, event_type: str, payload: Wire, **changes: Any) -> Wire:
    wire = _event(0, event_type, payload, **({"event_time": event_time, "ingest_time": event_time} | changes))
    del wire["seq_id"]
    return wire


def _bar(event_time: int, close: int | str = 100, **changes: Any) -> Wire:
    payload = {"open": close, "high": close, "low": close, "close": close, "volume": 1}
    return _unsequenced(event_time, "bar", payload, **changes)


@pytest.fixture
def unsequenced() -> Callable[..., Wire]:
    """(event_time, event_type, payload, **changes) -> an event without its seq_id."""
    return _unsequenced


@pytest.fixture
def bar() -> Callable[..., Wire]:
    """(event_time, close, **changes) -> an unsequenced bar of one price."""
    return _bar


class BarFeed:
    """Bars at these times, one a batch, as a feed port."""

    def __init__(self, times: Sequence[int]) -> None:
        self.times = list(times)

    def next_batch(self) -> list[tuple[Wire, int]] | None:
        """The next bar."""
        return [(_bar(self.times.pop(0)), 0)] if self.times else None

    def skip(self, until: int) -> None:
        """Drop what a run before has seen."""
        self.times = [time for time in self.times if time > until]


@pytest.fixture
def bar_feed() -> type[BarFeed]:
    """`bar_feed(times)` gives a feed port of bars."""
    return BarFeed


class FillingBroker:
    """Fills every order in full at 100, at once."""

    def __call__(self, context: StepContext, accepted: list[Any]) -> list[Wire]:
        """The three reports of each placed order, at the event's time."""
        time = context.event["event_time"]
        reports: list[Wire] = []
        for intent in accepted:
            order = {"order_id": intent["payload"]["order_id"]}
            done = order | {"last_quantity": intent["payload"]["quantity"], "last_price": 100}
            reports += [
                _unsequenced(time, "order_submitted", order),
                _unsequenced(time, "order_accepted", order),
                _unsequenced(time, "order_fill", done | {"fee": "0.5", "fee_asset": "quote"}),
            ]
        return reports


def buy_each_bar(context: StepContext) -> list[Wire]:
    """An order for each bar, named by its step."""
    return [_place(f"o{context.step}")] if context.event["event_type"] == "bar" else []


@pytest.fixture
def trading() -> dict[str, Any]:
    """The callbacks of a run that buys at each bar and is filled."""
    return {"strategy": buy_each_bar, "broker": FillingBroker()}


@pytest.fixture(params=["python", "rust"])
def twin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs the tests of a module that names a `TWIN` on that class, and then on its Rust twin in its place."""
    name = request.module.TWIN
    if request.param == "rust":
        monkeypatch.setattr(request.module, name, getattr(load_extension(), f"Rust{name}"))


class Fixed:
    """A runner over new parts, with the parts at hand."""

    def __init__(self, path: Path | None = None, **callbacks: Any) -> None:
        self.core = DeterministicCore(1000)
        self.checker = InvariantChecker(1000)
        self.sequencer = Sequencer()
        header = LogHeader("python", "backtest", "1000", 0, self.core.state_digest())
        self.writer = None if path is None else ReplayWriter(path, header)
        self.runner = EngineRunner(
            self.core, sequencer=self.sequencer, checker=self.checker, writer=self.writer, **callbacks
        )

    def state(self) -> tuple[Any, ...]:
        """Everything that a failed step must leave alone."""
        return (
            self.core.snapshot(),
            self.checker.snapshot(),
            self.sequencer.snapshot(),
            self.runner.view.orders(),
            self.runner.steps,
        )


@pytest.fixture
def fixed_of() -> type[Fixed]:
    """A runner over new parts."""
    return Fixed
