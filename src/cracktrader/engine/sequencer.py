"""The sequencer: events of many producers into one total order.

Promises: what docs/runtime.md, section 3, says: the order by (event_time, source, venue, instrument, producer,
arrival), sequence numbers that count up by one as events leave, and late market data refused or accepted by policy.
Does not read a clock, and does not judge events beyond their shape. Costs O(log n) in what waits.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, get_args

from cracktrader.engine.domain import INTEGER_MAX
from cracktrader.engine.error import SequenceError, quoted
from cracktrader.engine.events import EventWire, UnsequencedWire, canonical_unsequenced, sequenced
from cracktrader.engine.exact import exact_dict, exact_list, fault, read_exactly, read_map
from cracktrader.engine.fields import wrong_keys
from cracktrader.engine.identifiers import parse_instrument_key
from cracktrader.engine.numbers import parse_integer

LatePolicy = Literal["error", "accept"]
LATE_POLICIES: tuple[LatePolicy, ...] = get_args(LatePolicy)

# What has happened to the account is known before anything new is decided.
PRIORITY_OF_SOURCE: dict[str, int] = {"control": 0, "broker_report": 1, "timer": 2, "market_data": 3}
STREAM_SOURCES = frozenset({"market_data", "timer"})
SCHEMA_VERSION = 1  # of the sequencer's snapshot; another one is refused

Entry = tuple[int, int, str, str, int, int, UnsequencedWire]
"""(event_time, priority, venue, instrument, producer, arrival, event): tuples compare as the total order says."""


class WaitingWire(TypedDict):
    """An event that waits."""

    producer: int
    arrival: int
    event: UnsequencedWire


class SequencerWire(TypedDict):
    """The whole state of a sequencer; times by producer and stream, and by stream."""

    schema_version: int
    next_seq_id: int
    next_arrival: int
    pushed: dict[str, int]
    released: dict[str, int]
    waiting: list[WaitingWire]


@dataclass(slots=True, eq=False)
class _State:
    next_seq_id: int
    next_arrival: int = 0
    pushed: dict[str, int] = field(default_factory=dict)
    released: dict[str, int] = field(default_factory=dict)
    heap: list[Entry] = field(default_factory=list)


class Sequencer:
    """The Python sequencer. `late` says what becomes of market data and timers that come behind their stream."""

    def __init__(self, first_seq_id: int = 1, late: LatePolicy = "error") -> None:
        self._first_seq_id = parse_integer(first_seq_id, "first_seq_id")
        if late not in LATE_POLICIES:
            raise ValueError(f"late must be one of {', '.join(LATE_POLICIES)}, not {quoted(late)}")
        self._refuses_late = late == "error"
        self._state = _State(self._first_seq_id)

    def push(self, event: UnsequencedWire | dict[str, Any], producer: int = 0) -> int:
        """Take in an unsequenced event and give its arrival number.

        MalformedInputError for a wrong shape; SequenceError `sequence_exhausted`, and `late_event` where late events
        are refused.
        """
        taken = canonical_unsequenced(event)
        parse_integer(producer, "producer")
        state = self._state
        _refuse_exhausted(state.next_arrival, 1)
        if taken["source"] in STREAM_SOURCES:
            self._note_push(taken, producer)
        arrival = state.next_arrival
        state.next_arrival += 1
        heapq.heappush(state.heap, _entry(taken, producer, arrival))
        return arrival

    def peek(self, until: int | None = None) -> EventWire | None:
        """The event that `drain(until, 1)` would give, or None; SequenceError `sequence_exhausted`."""
        if until is not None:
            parse_integer(until, "until")
        if not self._is_due(until):
            return None
        _refuse_exhausted(self._state.next_seq_id, 1)
        return sequenced(self._state.heap[0][-1], self._state.next_seq_id)

    def drain(self, until: int | None = None, limit: int | None = None) -> list[EventWire]:
        """Take out the waiting events up to a time (nanoseconds, included), at most `limit`, in the total order.

        SequenceError `sequence_exhausted`, and nothing is taken out, when the sequence numbers do not suffice.
        """
        if until is not None:
            parse_integer(until, "until")
        if limit is not None:
            parse_integer(limit, "limit")
        state = self._state
        taken: list[Entry] = []
        while (limit is None or len(taken) < limit) and self._is_due(until):
            taken.append(heapq.heappop(state.heap))
        try:
            _refuse_exhausted(state.next_seq_id, len(taken))
        except SequenceError:
            for entry in taken:
                heapq.heappush(state.heap, entry)
            raise
        return [self._release(entry[-1]) for entry in taken]

    def waiting(self) -> int:
        """How many events wait."""
        return len(self._state.heap)

    def snapshot(self) -> dict[str, Any]:
        """The whole state as a wire dict of its own."""
        return dict(_write_state(self._state))

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Replace the whole state by a snapshot's; MalformedInputError, and no change, for any fault."""
        self._state = read_exactly("a sequencer", snapshot, _read_state, _write_state)

    def reset(self) -> None:
        """Go back to the state as constructed."""
        self._state = _State(self._first_seq_id)

    def _is_due(self, until: int | None) -> bool:
        heap = self._state.heap
        return bool(heap) and (until is None or heap[0][0] <= until)

    def _note_push(self, event: UnsequencedWire, producer: int) -> None:
        state, stream, time = self._state, _stream(event), event["event_time"]
        pushed_key = f"{producer}:{stream}"
        highest = max(state.pushed.get(pushed_key, 0), state.released.get(stream, 0))
        if time < highest and self._refuses_late:
            raise SequenceError(
                f"{stream} of producer {producer} must not go back: {time} comes after {highest}; "
                'mend the feed, or use late="accept"',
                "late_event",
            )
        state.pushed[pushed_key] = max(state.pushed.get(pushed_key, 0), time)

    def _release(self, event: UnsequencedWire) -> EventWire:
        state = self._state
        if event["source"] in STREAM_SOURCES:
            stream = _stream(event)
            state.released[stream] = max(state.released.get(stream, 0), event["event_time"])
        seq_id = state.next_seq_id
        state.next_seq_id += 1
        return sequenced(event, seq_id)


def _refuse_exhausted(first: int, count: int) -> None:
    """Raise unless there are so many numbers from the first on."""
    if first + count > INTEGER_MAX + 1:
        raise SequenceError(f"no number above {INTEGER_MAX} is left; restart from a new core", "sequence_exhausted")


def _entry(event: UnsequencedWire, producer: int, arrival: int) -> Entry:
    priority = PRIORITY_OF_SOURCE[event["source"]]
    return event["event_time"], priority, event["venue"], event["instrument"], producer, arrival, event


def _stream(event: UnsequencedWire) -> str:
    return f"{event['source']}:{event['venue']}:{event['instrument']}"


def _write_state(state: _State) -> SequencerWire:
    return {
        "schema_version": SCHEMA_VERSION,
        "next_seq_id": state.next_seq_id,
        "next_arrival": state.next_arrival,
        "pushed": dict(sorted(state.pushed.items())),
        "released": dict(sorted(state.released.items())),
        "waiting": [
            {"producer": producer, "arrival": arrival, "event": {**event, "payload": dict(event["payload"])}}
            for _, _, _, _, producer, arrival, event in sorted(state.heap, key=lambda entry: entry[:6])
        ],
    }


_SNAPSHOT_FIELDS = tuple(SequencerWire.__annotations__)
_WAITING_FIELDS = tuple(WaitingWire.__annotations__)


def _read_state(snapshot: dict[str, Any]) -> _State:
    if snapshot.keys() != set(_SNAPSHOT_FIELDS):
        raise wrong_keys("a snapshot", snapshot, _SNAPSHOT_FIELDS)
    state = _State(
        next_seq_id=_read_next(snapshot["next_seq_id"], "next_seq_id"),
        next_arrival=_read_next(snapshot["next_arrival"], "next_arrival"),
        pushed=read_map(snapshot["pushed"], "pushed", _parse_pushed_key, parse_integer),
        released=read_map(snapshot["released"], "released", _parse_stream, parse_integer),
        heap=[_read_waiting(entry) for entry in exact_list(snapshot["waiting"], "waiting")],
    )
    arrivals = {entry[5] for entry in state.heap}
    if len(arrivals) < len(state.heap) or any(arrival >= state.next_arrival for arrival in arrivals):
        raise fault("arrivals must be distinct and below next_arrival")
    for entry in state.heap:
        _refuse_unnoted(state, entry)
    return state  # in the order of the snapshot, which, being the total order, is a heap


def _read_next(value: object, field: str) -> int:
    """An integer, or one more than the largest: then all numbers are used up."""
    return INTEGER_MAX + 1 if type(value) is int and value == INTEGER_MAX + 1 else parse_integer(value, field)


def _read_waiting(value: object) -> Entry:
    entry = exact_dict(value, "a waiting event")
    if entry.keys() != set(_WAITING_FIELDS):
        raise wrong_keys("a waiting event", entry, _WAITING_FIELDS)
    producer = parse_integer(entry["producer"], "producer")
    return _entry(canonical_unsequenced(entry["event"]), producer, parse_integer(entry["arrival"], "arrival"))


def _refuse_unnoted(state: _State, entry: Entry) -> None:
    event, producer = entry[-1], entry[4]
    if event["source"] in STREAM_SOURCES:
        key = f"{producer}:{_stream(event)}"
        if state.pushed.get(key, -1) < event["event_time"]:
            raise fault(f"pushed must hold {key} at {event['event_time']} or later")


def _parse_stream(value: object, field: str) -> str:
    if type(value) is not str:
        raise fault(f"{field} must be a string, not {quoted(value)}")
    source, _, key = value.partition(":")
    if source not in STREAM_SOURCES:
        raise fault(f"{field} must be led by one of {', '.join(sorted(STREAM_SOURCES))}, not {quoted(value)}")
    parse_instrument_key(key, field)
    return value


def _parse_pushed_key(value: object, field: str) -> str:
    if type(value) is not str:
        raise fault(f"{field} must be a string, not {quoted(value)}")
    producer, _, stream = value.partition(":")
    _parse_stream(stream, field)
    is_canonical = len(producer) <= len(str(INTEGER_MAX)) and producer.isascii() and producer.isdigit()
    if not is_canonical or str(int(producer)) != producer or int(producer) > INTEGER_MAX:
        raise fault(f"{field} must begin with a producer in plain digits, not {quoted(value)}")
    return value
