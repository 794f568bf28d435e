"""Cursors and ports: the merge by time, what is refused, and when it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cracktrader import (
    AsyncFeedCursor,
    AsyncFeedPort,
    CsvFeedCursor,
    FeedError,
    InMemoryFeedCursor,
    InMemoryFeedPort,
    MalformedInputError,
)

MakeCandles = Callable[..., list[tuple[Any, ...]]]
MINUTE_NS = 60_000_000_000
HEADER = "timestamp,open,high,low,close,volume"

TIMEFRAMES = [("1s", 1), ("90s", 90), ("1m", 60), ("4h", 14_400), ("1d", 86_400), ("1w", 604_800)]

BAD_CANDLES: list[tuple[str, Any, str]] = [
    ("no candle", None, "malformed_type"),
    ("a text", "0,1,1,1,1,1", "malformed_type"),
    ("five entries", [0, 1, 1, 1, 1], "malformed_field"),
    ("a dict with another name", {"time": 0}, "malformed_field"),
    ("no timestamp", [None, 1, 1, 1, 1, 1], "missing_timestamp"),
    ("a timestamp of another type", [0.0, 1, 1, 1, 1, 1], "malformed_type"),
    ("a negative timestamp", [-1, 1, 1, 1, 1, 1], "malformed_number"),
    ("a price off the grid", [0, "1.000000001", 2, 1, 1, 1], "malformed_number"),
    ("not a number", [0, float("nan"), 2, 1, 1, 1], "malformed_number"),
    ("a negative volume", [0, 1, 1, 1, 1, -1], "malformed_number"),
    ("an open below the low", [0, 1, 3, 2, 2, 1], "malformed_number"),
    ("an open above the high", [0, 4, 3, 2, 2, 1], "malformed_number"),
    ("a close below the low", [0, 2, 3, 2, 1, 1], "malformed_number"),
    ("a close above the high", [0, 2, 3, 2, 4, 1], "malformed_number"),
    ("a high below the low", [0, 2, 1, 3, 2, 1], "malformed_number"),
]

BAD_LINES: list[tuple[str, bytes, str]] = [
    ("an empty line in the middle", b"\n0,1,1,1,1,1\n", "malformed_field"),
    ("five fields", b"0,1,1,1,1\n", "malformed_field"),
    ("seven fields", b"0,1,1,1,1,1,1\n", "malformed_field"),
    ("quotes", b'"0",1,1,1,1,1\n', "malformed_number"),
    ("a sign", b"+0,1,1,1,1,1\n", "malformed_number"),
    ("seventeen digits", b"00000000000000000,1,1,1,1,1\n", "malformed_number"),
    ("other digits", "٣,1,1,1,1,1\n".encode(), "malformed_number"),
    ("a blank", b"0, 1,1,1,1,1\n", "malformed_number"),
    ("no UTF-8", b"0,1,1,1,1,\xff\n", "malformed_field"),
    ("a lone carriage return", b"0,1,1,1,1,1\r60000,1,1,1,1,1\n", "malformed_field"),
]


def drained(port: InMemoryFeedPort) -> list[list[tuple[str, int, int]]]:
    """(instrument, event time in minutes, producer) of every batch."""
    batches = iter(port.next_batch, None)
    return [[(e["instrument"], e["event_time"] // MINUTE_NS, producer) for e, producer in batch] for batch in batches]


def error_of(port: InMemoryFeedPort) -> FeedError:
    """The error that the port ends in."""
    with pytest.raises(FeedError) as caught:
        drained(port)
    return caught.value


def test_batches_are_merged_by_time(candles: MakeCandles) -> None:
    """Every candle of the lowest time, by cursor; a cursor that starts later comes in when it is its turn."""
    port = InMemoryFeedPort(
        [
            InMemoryFeedCursor("b", candles(3), timeframe="1m"),
            InMemoryFeedCursor("a", candles(2, start=1), timeframe="1m"),
        ]
    )
    assert drained(port) == [[("b", 1, 0)], [("b", 2, 0), ("a", 2, 1)], [("b", 3, 0), ("a", 3, 1)]]
    assert port.next_batch() is None


def test_equal_times_are_one_batch(candles: MakeCandles) -> None:
    """In the order of the cursor."""
    first, second = candles(2)
    port = InMemoryFeedPort([InMemoryFeedCursor("a", [first, (0, 7, 7, 7, 7, 7), second], timeframe="1m")])
    batches = list(iter(port.next_batch, None))
    assert [[event["payload"]["close"] for event, _ in batch] for batch in batches] == [["101", "7"], ["102"]]


def test_forms_of_a_candle_are_one_event(candles: MakeCandles) -> None:
    """A list, a tuple and a dict, with numbers or text."""
    names = HEADER.split(",")
    row = ["0", "1.5", "2", "1", "1.75", "3"]
    forms = [[0, *row[1:]], (0, 1.5, 2, 1, 1.75, 3), dict(zip(names, [0, *row[1:]], strict=True))]
    events = [InMemoryFeedPort([InMemoryFeedCursor("a", [form])]).next_batch() for form in forms]
    assert events[0] == events[1] == events[2]


@pytest.mark.parametrize(("timeframe", "seconds"), TIMEFRAMES)
def test_a_bar_is_known_when_it_closes(timeframe: str, seconds: int) -> None:
    """The event's time is the candle's plus its width."""
    port = InMemoryFeedPort([InMemoryFeedCursor("a", [(1000, 1, 1, 1, 1, 1)], timeframe=timeframe)])
    batch = port.next_batch() or []
    assert [event["event_time"] for event, _ in batch] == [(1 + seconds) * 1_000_000_000]


@pytest.mark.parametrize("timeframe", ["", "m", "0m", "1M", "01m", "1 m", "-1m", "1.5h", 60, "1m\n"])
def test_another_timeframe_is_refused(timeframe: Any) -> None:
    """The message quotes it."""
    with pytest.raises(ValueError, match="timeframe") as caught:
        InMemoryFeedCursor("a", [], timeframe=timeframe)
    assert repr(timeframe) in str(caught.value)


def test_the_iterable_is_read_one_candle_ahead(candles: MakeCandles) -> None:
    """A batch reads the candle after it, and no further."""
    read: list[int] = []

    def source() -> Iterator[tuple[Any, ...]]:
        for place, candle in enumerate(candles(5)):
            read.append(place)
            yield candle

    port = InMemoryFeedPort([InMemoryFeedCursor("a", source())])
    assert read == []
    port.next_batch()
    assert read == [0, 1]


@pytest.mark.parametrize(("name", "candle", "code"), BAD_CANDLES, ids=[name for name, _, _ in BAD_CANDLES])
def test_a_bad_candle(candles: MakeCandles, name: str, candle: Any, code: str) -> None:
    """It is told by its place and its code when its turn comes, and again when asked again."""
    port = InMemoryFeedPort([InMemoryFeedCursor("a", [*candles(1), candle])])
    assert len(port.next_batch() or []) == 1
    error = error_of(port)
    assert (error.data_name, error.index, error.line, error.code) == ("a", 1, None, code)
    assert isinstance(error.__cause__, MalformedInputError)
    assert str(error_of(port)) == str(error)


def test_time_that_goes_back(candles: MakeCandles) -> None:
    """The candles before it are given; the message has both times."""
    first, second, third = candles(3)
    port = InMemoryFeedPort([InMemoryFeedCursor("a", [first, third, second])])
    error = error_of(port)
    assert (error.code, error.index) == ("time_regression", 2)
    assert "120000000000 to 60000000000" in str(error)


def test_a_source_that_fails(candles: MakeCandles) -> None:
    """What it raised is the cause."""

    def source() -> Iterator[tuple[Any, ...]]:
        yield from candles(2)
        raise OSError("unplugged")

    error = error_of(InMemoryFeedPort([InMemoryFeedCursor("a", source())]))
    assert (error.code, error.index) == ("unreadable", 2)
    assert isinstance(error.__cause__, OSError)


def test_skip_drops_up_to_a_time(candles: MakeCandles) -> None:
    """Up to and including it."""
    port = InMemoryFeedPort([InMemoryFeedCursor("a", candles(4), timeframe="1m")])
    port.skip(2 * MINUTE_NS)
    assert drained(port) == [[("a", 3, 0)], [("a", 4, 0)]]


def test_a_port_wants_cursors_of_different_names() -> None:
    """None at all, or two of one name, is a ValueError that says which."""
    with pytest.raises(ValueError, match="at least one"):
        InMemoryFeedPort([])
    with pytest.raises(ValueError, match="'a'"):
        InMemoryFeedPort([InMemoryFeedCursor("a", []), InMemoryFeedCursor("a", [])])


def test_csv_gives_what_memory_gives(tmp_path: Path) -> None:
    """Prices as text, either line end, and an empty last line."""
    path = tmp_path / "a.csv"
    path.write_bytes(f"{HEADER}\r\n0,1.10,2,1,1.5,3\n60000,1,2,1,1,0.00000001\r\n\n".encode())
    rows = [(0, "1.10", "2", "1", "1.5", "3"), (60000, "1", "2", "1", "1", "0.00000001")]
    from_file = InMemoryFeedPort([CsvFeedCursor("a", path, venue="V", instrument="I", timeframe="1m")])
    from_memory = InMemoryFeedPort([InMemoryFeedCursor("a", rows, venue="V", instrument="I", timeframe="1m")])
    assert list(iter(from_file.next_batch, None)) == list(iter(from_memory.next_batch, None))


@pytest.mark.parametrize(("name", "line", "code"), BAD_LINES, ids=[name for name, _, _ in BAD_LINES])
def test_a_bad_line(tmp_path: Path, name: str, line: bytes, code: str) -> None:
    """It is told by its line in the file, from 1, and its candle, from 0."""
    path = tmp_path / "a.csv"
    path.write_bytes(f"{HEADER}\n0,1,1,1,1,1\n".encode() + line)
    error = error_of(InMemoryFeedPort([CsvFeedCursor("a", path)]))
    assert (error.index, error.line, error.code) == (1, 3, code)


@pytest.mark.parametrize("header", [b"", b"0,1,1,1,1,1\n", b"\xef\xbb\xbf" + HEADER.encode(), b"Timestamp\n"])
def test_another_first_line(tmp_path: Path, header: bytes) -> None:
    """The message says what it must be."""
    path = tmp_path / "a.csv"
    path.write_bytes(header)
    error = error_of(InMemoryFeedPort([CsvFeedCursor("a", path)]))
    assert (error.line, error.code) == (1, "malformed_field")
    assert HEADER in str(error)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is opened when it is read, and the cause is the system's error."""
    cursor = CsvFeedCursor("a", tmp_path / "none.csv")
    error = error_of(InMemoryFeedPort([cursor]))
    assert error.code == "unreadable"
    assert isinstance(error.__cause__, FileNotFoundError)


async def _arriving(rows: list[Any], delays: int) -> AsyncIterator[Any]:
    for row in rows:
        for _ in range(delays):
            await asyncio.sleep(0)
        yield row


@pytest.mark.parametrize("delays", [(0, 3), (3, 0), (1, 1)])
def test_arrival_at_an_async_edge_does_not_matter(candles: MakeCandles, delays: tuple[int, int]) -> None:
    """Whoever is slow, the batches are those of the sync port."""

    async def batches() -> list[Any]:
        rows = (candles(5), candles(3, start=1))
        names = ("a", "b")
        cursors = [
            AsyncFeedCursor(*pair, timeframe="1m") for pair in zip(names, map(_arriving, rows, delays), strict=True)
        ]
        port = AsyncFeedPort(cursors)
        found = []
        while (batch := await port.next_batch()) is not None:
            found.append(batch)
        return found

    sync = InMemoryFeedPort(
        [
            InMemoryFeedCursor("a", candles(5), timeframe="1m"),
            InMemoryFeedCursor("b", candles(3, start=1), timeframe="1m"),
        ]
    )
    assert asyncio.run(batches()) == list(iter(sync.next_batch, None))


def test_an_async_source_that_fails(candles: MakeCandles) -> None:
    """As a sync one: what came before is given, then the error."""

    async def source() -> AsyncIterator[Any]:
        yield candles(1)[0]
        raise OSError("unplugged")

    async def first_and_error() -> tuple[int, FeedError]:
        port = AsyncFeedPort([AsyncFeedCursor("a", source())])
        count = len(await port.next_batch() or [])
        with pytest.raises(FeedError) as caught:
            await port.next_batch()
        return count, caught.value

    count, error = asyncio.run(first_and_error())
    assert (count, error.code, error.index) == (1, "unreadable", 1)
