"""Log and replay: what is written is read back, damage is told by line, and a replay finds the first difference."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import MalformedInputError, ReplayError
from cracktrader.engine.invariants import InvariantChecker
from cracktrader.engine.record import RECORD_FIELDS, read_record
from cracktrader.engine.replay import (
    REPLAY_CODES,
    LogHeader,
    LogReader,
    ReplayLog,
    ReplayRunner,
    ReplayWriter,
)
from cracktrader.engine.runner import EngineRunner
from cracktrader.engine.snapshot import canonical_json

Wire = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path, bar_feed: Any, trading: Any) -> Path:
    """The log of a run of twelve steps."""
    target = tmp_path / "run.jsonl"
    core = DeterministicCore(1000)
    writer = ReplayWriter(target, LogHeader("python", "backtest", "1000", 0, core.state_digest()))
    EngineRunner(core, writer=writer, **trading).run(bar_feed([10, 20, 30]))
    return target


def lines(path: Path) -> list[bytes]:
    """The log's lines."""
    return path.read_bytes().splitlines(keepends=True)


def rewrite(path: Path, number: int, change: Callable[[Any], object]) -> None:
    """Change the document of a line, by its number from 1."""
    content = lines(path)
    document = json.loads(content[number - 1])
    change(document)
    content[number - 1] = f"{canonical_json(document)}\n".encode()
    path.write_bytes(b"".join(content))


def test_log_is_read_as_it_was_written(path: Path) -> None:
    """Header, records and end line come back, whole."""
    log = ReplayLog.read(path)
    assert (log.header.backend, log.header.mode, log.header.initial_cash) == ("python", "backtest", "1000")
    assert log.header.digest == DeterministicCore(1000).state_digest()
    assert [record["step"] for record in log.records] == list(range(12))
    assert log.is_complete
    assert log.torn_line is None
    assert list(LogReader(path)) == list(log) == log.records
    assert tuple(json.loads(lines(path)[1])["record"]) == tuple(sorted(RECORD_FIELDS))


def test_replay_gives_the_same_digests(path: Path) -> None:
    """A replay with a strict checker does every step again and ends with the run's digest."""
    log = ReplayLog.read(path)
    report = ReplayRunner(log, checker=InvariantChecker(1000)).run()
    assert log.end is not None
    assert (report.steps, report.digest) == (12, log.end.digest)


def test_cut_anywhere_in_the_last_line(path: Path) -> None:
    """A log that ends in the middle of a line is told by that line, and the part before it replays."""
    content = lines(path)[:-1]
    whole = b"".join(content[:-1])
    for cut in (1, len(content[-1]) // 2, len(content[-1]) - 1):
        path.write_bytes(whole + content[-1][:cut])
        with pytest.raises(ReplayError) as caught:
            ReplayLog.read(path)
        assert (caught.value.code, caught.value.line, caught.value.step) == ("torn_line", len(content), 11)
        assert f"line {len(content)}, step 11, is torn" in str(caught.value)
        log = ReplayLog.read(path, allow_torn=True)
        assert (len(log.records), log.torn_line, log.is_complete) == (11, len(content), False)
        assert ReplayRunner(log).run().steps == 11


def test_reader_gives_all_that_is_whole_before_it_raises(path: Path) -> None:
    """Every record before the damage is given, and a replay of the reader comes as far before it raises the same."""
    path.write_bytes(b"".join(lines(path)[:5]) + b'{"kind"')
    records = iter(LogReader(path))
    assert [next(records)["step"] for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(ReplayError):
        next(records)
    seen = Recorded()
    with pytest.raises(ReplayError) as caught:
        ReplayRunner(LogReader(path), checker=seen).run()
    assert (caught.value.code, caught.value.line) == ("torn_line", 6)
    assert seen.events == 4
    assert ReplayRunner(LogReader(path, allow_torn=True)).run().steps == 4


class Recorded(InvariantChecker):
    """A checker that counts the events that it is shown."""

    events = 0

    def observe(self, step: Any, result: Any, digest: str | None = None) -> Any:
        """Count it, and check it."""
        self.events += "event_type" in step
        return super().observe(step, result, digest)


def test_reader_can_be_read_again(path: Path) -> None:
    """Each iteration begins at the first record, and knows of the end line only when it came to it."""
    reader = LogReader(path)
    assert reader.end is None
    assert list(reader) == list(reader)
    assert reader.end == ReplayLog.read(path).end
    next(iter(reader))
    assert reader.end is None


def test_replay_of_a_reader_holds_one_record(path: Path) -> None:
    """The file of a replayed log is read record by record: each is let go before the next but one is read."""
    alive: WeakSet[Weak] = WeakSet()
    held = []

    class Watched(LogReader):
        """A reader whose records can be counted as long as somebody has them."""

        def __iter__(self) -> Any:
            for record in super().__iter__():
                weak = Weak(record)
                alive.add(weak)
                held.append(len(alive))
                yield weak
                del weak

    assert ReplayRunner(Watched(path)).run().steps == 12
    assert max(held) <= 2


class Weak(dict[str, Any]):
    """A dict that can be watched."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def test_reopened_log_goes_on(path: Path) -> None:
    """A torn line, an end line and later records are cut off, and the file ends as if it had never been cut."""
    whole = path.read_bytes()
    log = ReplayLog.read(path)
    assert log.end is not None
    for damage, step, rest in ((b"", None, []), (b'{"ki', None, []), (b"", 9, log.records[9:])):
        path.write_bytes(whole + damage if not damage else b"".join(lines(path)[:-1]) + damage)
        writer = ReplayWriter.reopen(path, step)
        for record in rest:
            writer.write(record)
        writer.end(log.end.digest)
        writer.close()
        assert path.read_bytes() == whole
    with pytest.raises(ValueError, match="from 0 to 12"):
        ReplayWriter.reopen(path, 13)


def test_writer_never_writes_over_a_file(path: Path) -> None:
    """A log that is there is not lost."""
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        ReplayWriter(path, ReplayLog.read(path).header)
    assert path.read_bytes() == before


def test_half_a_write_is_cut_back(path: Path, tmp_path: Path) -> None:
    """When the disk takes only part of a line, the part is taken back and the error says how much went in."""
    log = ReplayLog.read(path)
    target = tmp_path / "other"
    writer = ReplayWriter(target, log.header)
    writer.write(log.records[0])
    before = target.read_bytes()

    class Full:
        """The file, as on a disk that is full after ten bytes."""

        def __init__(self, file: Any) -> None:
            self.truncate, self.seek, self.close, self._file = file.truncate, file.seek, file.close, file

        def write(self, line: bytes) -> int:
            """Ten bytes of it."""
            return int(self._file.write(line[:10]))

    writer._file = Full(writer._file)  # type: ignore[assignment]
    with pytest.raises(OSError, match="only 10 of"):
        writer.write(log.records[1])
    assert target.read_bytes() == before
    writer.close()


HEADER_FAULTS: list[tuple[Callable[[Any], object], str]] = [
    (lambda header: header.update(schema_version=2), "schema_version"),
    (lambda header: header.update(schema_version="1"), "malformed_header"),
    (lambda header: header.update(kind="step"), "malformed_header"),
    (lambda header: header.update(backend="java"), "malformed_header"),
    (lambda header: header.update(initial_cash="1.0"), "malformed_header"),
    (lambda header: header.update(digest="x"), "malformed_header"),
    (lambda header: header.pop("mode"), "malformed_header"),
]


@pytest.mark.parametrize(("change", "code"), HEADER_FAULTS)
def test_header_faults(path: Path, change: Callable[[Any], object], code: str) -> None:
    """A header that is none, or of another version, is told, at line 1."""
    rewrite(path, 1, change)
    with pytest.raises(ReplayError) as caught:
        ReplayLog.read(path)
    assert (caught.value.code, caught.value.line) == (code, 1)


@pytest.mark.parametrize("content", [b"", b"\n", b"[]\n", b"{}", b"\xff\n"])
def test_files_that_are_no_logs(path: Path, content: bytes) -> None:
    """So is a file without a header."""
    path.write_bytes(content)
    with pytest.raises(ReplayError) as caught:
        ReplayLog.read(path)
    assert caught.value.code == "malformed_header"


LINE_FAULTS: list[Callable[[Any], object]] = [
    lambda line: line.update(kind="other"),
    lambda line: line.update(more=1),
    lambda line: line["record"].update(step=7),
    lambda line: line["record"].update(digest="x"),
    lambda line: line["record"].update(transitions=[]),
    lambda line: line["record"].update(intents=[]),
    lambda line: line["record"].pop("event"),
    lambda line: line["record"]["event"].update(seq_id="1"),
    lambda line: line["record"]["event"]["payload"].update(close="1.0"),
    lambda line: line["record"]["result"].update(outcome="maybe"),
]


@pytest.mark.parametrize("change", LINE_FAULTS)
def test_line_faults(path: Path, change: Callable[[Any], object]) -> None:
    """A line that a run would not have written is told by its number, torn lines allowed or not."""
    rewrite(path, 2, change)
    with pytest.raises(ReplayError) as caught:
        ReplayLog.read(path, allow_torn=True)
    assert (caught.value.code, caught.value.line, caught.value.step) == ("malformed_line", 2, 0)
    assert str(caught.value).startswith("line 2, step 0: ")


@pytest.mark.parametrize("line", [b"x\n", b'{"kind": "end"}\n', b"[1]\n", b'{"a":NaN}\n', b"[" * 100_000 + b"\n"])
def test_lines_that_are_no_documents(path: Path, line: bytes) -> None:
    """No JSON, not canonical, no object, no number, too deep."""
    path.write_bytes(b"".join(lines(path)[:3]) + line)
    with pytest.raises(ReplayError) as caught:
        ReplayLog.read(path)
    assert (caught.value.code, caught.value.line) == ("malformed_line", 4)


def test_end_line_counts_and_is_last(path: Path) -> None:
    """An end line with another count, and anything behind it, are told."""
    content = lines(path)
    for damaged in ([content[0], content[-1]], [*content, content[-1]]):
        path.write_bytes(b"".join(damaged))
        with pytest.raises(ReplayError) as caught:
            ReplayLog.read(path)
        assert caught.value.code == "malformed_line"


DIVERGENCES: list[tuple[int, Callable[[Any], object], int | None, str]] = [
    (2, lambda line: line["record"]["result"].update(cash_delta="1"), 0, "result.cash_delta"),
    (2, lambda line: line["record"]["intent_results"][0].update(code="overfill"), 0, "intent_results[0].code"),
    (5, lambda line: line["record"].update(digest="0" * 64), 3, "digest"),
    (5, lambda line: line["record"]["event"]["payload"].update(fee="1"), 3, "result.cash_delta"),
    (1, lambda line: line.update(digest="0" * 64), None, "header.digest"),
    (14, lambda line: line.update(digest="0" * 64), None, "end.digest"),
]


@pytest.mark.parametrize(("number", "change", "step", "field"), DIVERGENCES)
def test_divergence_names_step_and_field(
    path: Path, number: int, change: Callable[[Any], object], step: int | None, field: str
) -> None:
    """A log whose answers are not those of the core is told by the first step and field that differ."""
    rewrite(path, number, change)
    with pytest.raises(ReplayError) as caught:
        ReplayRunner(ReplayLog.read(path)).run()
    assert (caught.value.code, caught.value.step, caught.value.field) == ("divergence", step, field)
    assert caught.value.expected != caught.value.actual


def test_replay_from_a_checkpoint(path: Path, bar_feed: Any, trading: Any) -> None:
    """A replay starts at a checkpoint within the log; a log that began at one needs it."""
    log = ReplayLog.read(path)
    runner = EngineRunner(DeterministicCore(1000), checker=InvariantChecker(1000), **trading)
    runner.ingest(bar_feed([10]).next_batch())
    for _ in range(3):
        runner.step()
    checkpoint = runner.checkpoint()
    report = ReplayRunner(log, checkpoint=checkpoint, checker=InvariantChecker(5)).run()
    assert log.end is not None
    assert (report.steps, report.digest) == (9, log.end.digest)
    header = LogHeader("python", "backtest", "1000", 3, checkpoint.digest)
    rest = ReplayLog(header, log.records[3:], log.end, None)
    assert ReplayRunner(rest, checkpoint=checkpoint).run() == report
    for part, start in (
        (rest, None),
        (ReplayLog(header, [], None, None), EngineRunner(DeterministicCore()).checkpoint()),
    ):
        with pytest.raises(ReplayError) as caught:
            ReplayRunner(part, checkpoint=start).run()
        assert caught.value.code == "checkpoint_mismatch"


def test_records_are_read_back_exactly(path: Path) -> None:
    """A record equals what is read from it, and an intent without an answer is refused."""
    record = ReplayLog.read(path).records[0]
    assert read_record(deepcopy(record)) == record
    with pytest.raises(MalformedInputError):
        read_record(record | {"intent_results": [], "transitions": []})


def test_codes_are_closed() -> None:
    """These tests see every code."""
    assert set(REPLAY_CODES) == {
        "torn_line",
        "malformed_line",
        "malformed_header",
        "schema_version",
        "checkpoint_mismatch",
        "divergence",
    }
