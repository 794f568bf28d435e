"""The log of a run, read: JSON Lines, one committed step a line.

Promises: what docs/runtime.md, section 6, says; damage is told by line, and every whole record before it is given. Does
not check that the answers in it are right: `replay` does; `replay_writer` writes. Costs the parsing of its lines;
`LogReader` holds one of them at a time, `ReplayLog` all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from cracktrader.engine.backends import BACKENDS
from cracktrader.engine.error import MalformedInputError, ReplayError, quoted
from cracktrader.engine.exact import fault, refuse_difference
from cracktrader.engine.fields import enum_parser, wrong_keys
from cracktrader.engine.identifiers import parse_digest
from cracktrader.engine.normalizer import NORMALIZER_MODES
from cracktrader.engine.numbers import money_text, parse_integer, parse_money
from cracktrader.engine.record import ReplayRecord, read_record
from cracktrader.engine.snapshot import canonical_json

LOG_VERSION = 1  # of the file's format; another one is refused
REPLAY_CODES: tuple[str, ...] = (
    "torn_line",
    "malformed_line",
    "malformed_header",
    "schema_version",
    "checkpoint_mismatch",
    "divergence",
)

_parse_backend = enum_parser(BACKENDS)
_parse_mode = enum_parser(NORMALIZER_MODES)


@dataclass(frozen=True, slots=True)
class LogHeader:
    """The first line: what the run started from. `initial_cash` is decimal text, `digest` that of the first state."""

    backend: str
    mode: str
    initial_cash: str
    first_step: int
    digest: str

    def to_dict(self) -> dict[str, Any]:
        """The line as a wire dict."""
        return {
            "kind": "header",
            "schema_version": LOG_VERSION,
            "backend": self.backend,
            "mode": self.mode,
            "initial_cash": self.initial_cash,
            "first_step": self.first_step,
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class LogEnd:
    """The last line of a run that ended in order: the records of the file, and the digest of the last state."""

    steps: int
    digest: str

    def to_dict(self) -> dict[str, Any]:
        """The line as a wire dict."""
        return {"kind": "end", "steps": self.steps, "digest": self.digest}


class LogReader:
    """A log, read line by line: every iteration goes through the file once more and holds one record at a time.

    The header is read when the reader is made; ReplayError for damage, once every whole record before it was given.
    `end` and `torn_line` (the number of a torn last line, when that is allowed) are known after an iteration.
    """

    def __init__(self, path: str | PathLike[str], *, allow_torn: bool = False) -> None:
        self._path = Path(path)
        self._allow_torn = allow_torn
        with self._path.open("rb") as file:
            self.header = _read_header(file.readline())
        self.end: LogEnd | None = None
        self.torn_line: int | None = None

    def __iter__(self) -> Iterator[ReplayRecord]:
        self.end = self.torn_line = None
        with self._path.open("rb") as file:
            file.readline()
            yield from self._records(enumerate(file, start=2))

    def _records(self, lines: Iterator[tuple[int, bytes]]) -> Iterator[ReplayRecord]:
        step = self.header.first_step
        for number, line in lines:
            if not line.endswith(b"\n"):
                self._end_torn(number, step)
                return
            try:
                document = _parse_line(line)
                if self.end is not None:
                    raise fault("nothing may follow the end line")
                if document.get("kind") == "end":
                    self.end = _read_end(document, step - self.header.first_step)
                    continue
                record = _read_step(document, step)
            except MalformedInputError as error:
                raise ReplayError(f"line {number}, step {step}: {error}", "malformed_line", number, step) from None
            step += 1
            yield record

    def _end_torn(self, number: int, step: int) -> None:
        if not self._allow_torn:
            raise ReplayError(
                f"line {number}, step {step}, is torn: it has no end; the log up to line {number - 1} is whole",
                "torn_line",
                number,
                step,
            )
        self.torn_line = number


@dataclass(frozen=True, slots=True)
class ReplayLog:
    """A log that was read whole: `torn_line` is the number of a torn last line, when that was allowed."""

    header: LogHeader
    records: list[ReplayRecord]
    end: LogEnd | None
    torn_line: int | None

    def __iter__(self) -> Iterator[ReplayRecord]:
        return iter(self.records)

    @property
    def is_complete(self) -> bool:
        """Whether the run ended in order."""
        return self.end is not None

    @classmethod
    def read(cls, path: str | PathLike[str], *, allow_torn: bool = False) -> ReplayLog:
        """The whole log; ReplayError for damage, but for a torn last line when that is allowed."""
        reader = LogReader(path, allow_torn=allow_torn)
        records = list(reader)
        return cls(reader.header, records, reader.end, reader.torn_line)


def _parse_line(line: bytes) -> dict[str, Any]:
    """The object of a line, which must be as it is written."""
    try:
        document = json.loads(line)
        text = canonical_json(document)
    except (ValueError, RecursionError) as error:
        raise fault(f"not JSON: {error}") from None
    if type(document) is not dict or f"{text}\n".encode("ascii") != line:
        raise fault("must be an object as canonical JSON")
    return document


def _read_header(line: bytes) -> LogHeader:
    try:
        document = _parse_line(line)
        if document.get("kind") != "header":
            raise fault(f"the first line must be a header, not {quoted(document.get('kind'))}")
        version = document.get("schema_version")
        if type(version) is int and version != LOG_VERSION:
            raise ReplayError(f"the log has version {version}; this reads {LOG_VERSION}", "schema_version", 1)
        return _header_of(document)
    except MalformedInputError as error:
        raise ReplayError(f"line 1: {error}", "malformed_header", 1) from None


def _header_of(document: dict[str, Any]) -> LogHeader:
    wanted = LogHeader("python", "backtest", "0", 0, "").to_dict()
    if document.keys() != wanted.keys():
        raise wrong_keys("the header", document, tuple(wanted))
    header = LogHeader(
        backend=_parse_backend(document["backend"], "backend"),
        mode=_parse_mode(document["mode"], "mode"),
        initial_cash=money_text(parse_money(document["initial_cash"], "initial_cash")),
        first_step=parse_integer(document["first_step"], "first_step"),
        digest=parse_digest(document["digest"], "digest"),
    )
    refuse_difference("the header", document, header.to_dict())
    return header


def _read_end(document: dict[str, Any], count: int) -> LogEnd:
    if document.keys() != {"kind", "steps", "digest"}:
        raise wrong_keys("the end line", document, ("kind", "steps", "digest"))
    end = LogEnd(parse_integer(document["steps"], "steps"), parse_digest(document["digest"], "digest"))
    if end.steps != count:
        raise fault(f"the end line counts {end.steps} steps, where the log has {count}")
    return end


def _read_step(document: dict[str, Any], step: int) -> ReplayRecord:
    if document.keys() != {"kind", "record"} or document["kind"] != "step":
        raise wrong_keys("a step's line", document, ("kind", "record"))
    record = read_record(document["record"])
    if record["step"] != step:
        raise fault(f"step {step} must come here, not {record['step']}")
    return record
