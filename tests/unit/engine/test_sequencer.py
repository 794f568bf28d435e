"""The sequencer: its total order, its numbers, late events, and its snapshot.

Every test runs on the Python class and on its Rust twin.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.backends import Backend
from cracktrader.engine.domain import INTEGER_MAX
from cracktrader.engine.error import MalformedInputError, SequenceError
from cracktrader.engine.rust_bridge import build_sequencer
from cracktrader.engine.sequencer import Sequencer

pytestmark = pytest.mark.usefixtures("twin")
TWIN = "Sequencer"

Wire = dict[str, Any]
Make = Callable[..., Wire]

ORDERED = """
# time | type            | venue | instrument | producer : in the order in which they must come out
1 | bar             | V | I | 0
2 | risk_flag       | Z | Z | 9
2 | order_submitted | V | I | 9
2 | timer           | V | I | 9
2 | bar             | A | Z | 9
2 | bar             | V | I | 9
2 | bar             | V | J | 0
2 | bar             | V | J | 1
2 | bar             | V | i | 0
2 | bar             | v | I | 0
3 | risk_flag       | A | A | 0
"""
PAYLOADS: dict[str, Wire] = {
    "bar": {"open": 1, "high": 1, "low": 1, "close": 1, "volume": 1},
    "risk_flag": {"flag": "halt", "on": False},
    "order_submitted": {"order_id": "o1"},
    "timer": {"name": "t"},
}


@pytest.fixture
def rows(unsequenced: Make) -> list[tuple[Wire, int]]:
    """The table's events, each with its producer."""
    entries = []
    for line in ORDERED.strip().splitlines()[1:]:
        time, event_type, venue, instrument, producer = (cell.strip() for cell in line.split("|"))
        event = unsequenced(int(time), event_type, PAYLOADS[event_type], venue=venue, instrument=instrument)
        entries.append((event, int(producer)))
    return entries


def facts(event: Any) -> tuple[Any, ...]:
    """What the table says of an event, the producer aside."""
    return event["event_time"], event["event_type"], event["venue"], event["instrument"]


def test_total_order_whatever_the_arrival(rows: list[tuple[Wire, int]]) -> None:
    """Events come out in the table's order and are numbered from 1, in whichever order they arrive."""
    wanted = [facts(event) for event, _ in rows]
    for seed in range(20):
        arrival = list(rows)
        random.Random(seed).shuffle(arrival)
        sequencer = Sequencer()
        for event, producer in arrival:
            sequencer.push(event, producer)
        drained = sequencer.drain()
        assert [facts(event) for event in drained] == wanted
        assert [event["seq_id"] for event in drained] == list(range(1, 1 + len(rows)))
        assert sequencer.waiting() == 0


def test_arrival_breaks_the_last_tie(bar: Make) -> None:
    """Events that are alike in everything else come out as they arrived."""
    sequencer = Sequencer()
    assert [sequencer.push(bar(1, close)) for close in (3, 1, 2)] == [0, 1, 2]
    assert [event["payload"]["close"] for event in sequencer.drain()] == ["3", "1", "2"]


def test_events_leave_in_canonical_form(bar: Make, unsequenced: Make) -> None:
    """Numbers leave as canonical text and an absent optional field as null."""
    sequencer = Sequencer(first_seq_id=7)
    sequencer.push(bar(1, "1.50", ingest_time=9))
    sequencer.push(unsequenced(2, "order_submitted", {"order_id": "o1"}))
    first, second = sequencer.drain()
    assert first["payload"]["close"] == "1.5"
    assert (first["seq_id"], first["ingest_time"]) == (7, 9)
    assert second["payload"] == {"order_id": "o1", "reason": None}


def test_peek_until_and_limit(bar: Make) -> None:
    """`peek` shows what `drain(until, 1)` gives and changes nothing; both bounds hold."""
    sequencer = Sequencer()
    for time in (1, 2, 3):
        sequencer.push(bar(time))
    assert sequencer.peek(0) is None
    assert sequencer.drain(0) == []
    assert sequencer.drain(limit=0) == []
    peeked = sequencer.peek(2)
    assert peeked == sequencer.peek()
    assert sequencer.drain(2, 1) == [peeked]
    assert [event["event_time"] for event in sequencer.drain(2)] == [2]
    assert sequencer.waiting() == 1


def test_nothing_is_shared(bar: Make) -> None:
    """Changing what was handed in, or what was peeked at, changes no event."""
    sequencer = Sequencer()
    event = bar(1, 100)
    sequencer.push(event)
    event["payload"]["close"] = 5
    peeked = sequencer.peek()
    assert peeked is not None
    peeked["payload"]["close"] = "6"
    sequencer.snapshot()["waiting"][0]["event"]["payload"]["close"] = "7"
    assert sequencer.drain()[0]["payload"]["close"] == "100"


@pytest.mark.parametrize("drained", [False, True])
def test_late_market_data_is_refused(bar: Make, unsequenced: Make, drained: bool) -> None:
    """A producer's stream must not go back, waiting or gone; equal times pass, and nothing changes."""
    sequencer = Sequencer()
    sequencer.push(bar(5), 0)
    if drained:
        sequencer.drain()
    before = sequencer.snapshot()
    with pytest.raises(SequenceError) as caught:
        sequencer.push(bar(4), 0)
    assert caught.value.code == "late_event"
    assert sequencer.snapshot() == before
    sequencer.push(bar(5), 0)
    sequencer.push(bar(1, instrument="J"), 0)
    sequencer.push(unsequenced(1, "order_submitted", {"order_id": "o1"}), 0)


def test_late_is_by_producer_while_waiting_and_by_stream_once_out(bar: Make) -> None:
    """Another producer may be behind until the stream's event has left."""
    sequencer = Sequencer()
    sequencer.push(bar(5), 0)
    sequencer.push(bar(3), 1)
    assert [event["event_time"] for event in sequencer.drain()] == [3, 5]
    with pytest.raises(SequenceError):
        sequencer.push(bar(4), 2)


def test_late_may_be_accepted(bar: Make) -> None:
    """With late="accept" an event from the past is the next one, and the marks do not fall."""
    sequencer = Sequencer(late="accept")
    sequencer.push(bar(5))
    sequencer.drain()
    sequencer.push(bar(4))
    assert [event["event_time"] for event in sequencer.drain()] == [4]
    assert sequencer.snapshot()["pushed"] == {"0:market_data:V:I": 5}
    assert sequencer.snapshot()["released"] == {"market_data:V:I": 5}


def test_exhausted_numbers_take_nothing_out(bar: Make) -> None:
    """The last number is given; beyond it drain and peek raise and all events stay."""
    sequencer = Sequencer(first_seq_id=INTEGER_MAX)
    for time in (1, 2):
        sequencer.push(bar(time))
    with pytest.raises(SequenceError) as caught:
        sequencer.drain()
    assert caught.value.code == "sequence_exhausted"
    assert sequencer.waiting() == 2
    assert sequencer.drain(limit=1)[0]["seq_id"] == INTEGER_MAX
    with pytest.raises(SequenceError):
        sequencer.peek()
    assert sequencer.drain(0) == []
    other = Sequencer()
    other.restore(sequencer.snapshot())
    assert other.snapshot()["next_seq_id"] == INTEGER_MAX + 1


@pytest.mark.parametrize("backend", ["python", "rust"])
def test_exhausted_arrivals_take_nothing_in(bar: Make, backend: Backend) -> None:
    """The last arrival number is given; after it a push raises, late or not, until a reset."""
    sequencer = build_sequencer(backend)
    sequencer.restore(sequencer.snapshot() | {"next_arrival": INTEGER_MAX})
    assert sequencer.push(bar(5)) == INTEGER_MAX
    full = sequencer.snapshot()
    for time in (5, 4):
        with pytest.raises(SequenceError) as caught:
            sequencer.push(bar(time))
        assert caught.value.code == "sequence_exhausted"
        assert sequencer.snapshot() == full
    with pytest.raises(MalformedInputError):
        sequencer.restore(full | {"next_arrival": INTEGER_MAX + 2})
    sequencer.restore(full)
    assert [event["event_time"] for event in sequencer.drain()] == [5]
    sequencer.reset()
    assert sequencer.push(bar(4)) == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"seq_id": 1}, "malformed_field"),
        ({"event_time": 1.0}, "malformed_type"),
        ({"event_time": -1}, "malformed_number"),
        ({"venue": "a:b"}, "malformed_identifier"),
        ({"payload": {}}, "malformed_field"),
        ({"source": "timer"}, "malformed_field"),
    ],
)
def test_malformed_events(bar: Make, change: Wire, code: str) -> None:
    """An event is checked as the core checks it, but for its seq_id, and no arrival number is used up."""
    sequencer = Sequencer()
    with pytest.raises(MalformedInputError) as caught:
        sequencer.push(bar(1) | change)
    assert caught.value.code == code
    assert sequencer.push(bar(1)) == 0


def test_malformed_arguments(bar: Make) -> None:
    """Producers, bounds and constructor words have their types; an object that carries a seq_id is no such event."""
    sequencer = Sequencer()
    calls: list[Callable[[], object]] = [
        lambda: sequencer.push(bar(1), True),
        lambda: sequencer.push([]),  # type: ignore[arg-type]
        lambda: sequencer.peek(1.0),  # type: ignore[arg-type]
        lambda: sequencer.drain("1"),  # type: ignore[arg-type]
        lambda: sequencer.drain(None, 1.5),  # type: ignore[arg-type]
        lambda: Sequencer(first_seq_id="1"),  # type: ignore[arg-type]
    ]
    for call in calls:
        with pytest.raises(MalformedInputError) as caught:
            call()
        assert caught.value.code == "malformed_type"
    with pytest.raises(ValueError, match="error, accept"):
        Sequencer(late="never")  # type: ignore[arg-type]
    assert sequencer.waiting() == 0


def test_snapshot_and_restore_at_every_point(rows: list[tuple[Wire, int]]) -> None:
    """A sequencer that goes on from a snapshot gives the same events as one that never stopped."""
    for split in range(len(rows) + 1):
        whole, before, after = Sequencer(), Sequencer(), Sequencer()
        for sequencer, entries in ((whole, rows[:split]), (before, rows[:split])):
            for event, producer in entries:
                sequencer.push(event, producer)
        first = whole.drain(limit=split // 2)
        assert before.drain(limit=split // 2) == first
        after.restore(before.snapshot())
        for event, producer in rows[split:]:
            whole.push(event, producer)
            after.push(event, producer)
        assert after.snapshot() == whole.snapshot()
        assert after.drain() == whole.drain()


def test_reset(bar: Make) -> None:
    """Reset goes back to the constructor's first number, also after a restore."""
    sequencer, other = Sequencer(5), Sequencer(9)
    other.push(bar(1))
    sequencer.restore(other.snapshot())
    sequencer.reset()
    assert sequencer.snapshot() == Sequencer(5).snapshot()


def spoiled_snapshots(snapshot: Wire) -> list[Wire]:
    """Copies of a snapshot with one thing wrong each."""
    waiting = snapshot["waiting"]
    twin = [{**entry, "arrival": 0} for entry in waiting]
    loud = [{**waiting[0], "event": {**waiting[0]["event"], "payload": {"bid": 1, "ask": 1}}}, *waiting[1:]]
    return [
        snapshot | {"schema_version": 2},
        snapshot | {"next_seq_id": 1.0},
        snapshot | {"next_arrival": 1},
        snapshot | {"pushed": {}},
        snapshot | {"pushed": {**snapshot["pushed"], "01:timer:V:I": 1}},
        snapshot | {"released": {"control:V:I": 1}},
        snapshot | {"waiting": waiting[::-1]},
        snapshot | {"waiting": twin},
        snapshot | {"waiting": loud},
        snapshot | {"waiting": tuple(waiting)},
        snapshot | {"more": 1},
        {key: value for key, value in snapshot.items() if key != "waiting"},
    ]


def test_restore_takes_only_what_a_sequencer_hands_out(bar: Make) -> None:
    """Every spoiled snapshot is `malformed_field`, anything but a dict `malformed_type`, and nothing changes."""
    sequencer = Sequencer()
    for time in (1, 2):
        sequencer.push(bar(time))
    before = sequencer.snapshot()
    for spoiled in spoiled_snapshots(before):
        with pytest.raises(MalformedInputError) as caught:
            sequencer.restore(spoiled)
        assert caught.value.code == "malformed_field", spoiled
    with pytest.raises(MalformedInputError) as caught:
        sequencer.restore([])  # type: ignore[arg-type]
    assert caught.value.code == "malformed_type"
    assert sequencer.snapshot() == before


def test_priorities_cover_all_pairs(unsequenced: Make) -> None:
    """At one time control comes before reports, these before timers, and these before market data."""
    kinds = ["risk_flag", "order_submitted", "timer", "bar"]
    for first, second in itertools.combinations(kinds, 2):
        sequencer = Sequencer()
        for kind in (second, first):
            sequencer.push(unsequenced(1, kind, PAYLOADS[kind]))
        assert [event["event_type"] for event in sequencer.drain()] == [first, second]
