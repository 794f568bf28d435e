"""The log of a run, read: JSON Lines, one committed step a line.

Promises: what docs/runtime.md, section 6, says; damage is told by line, and every whole record before it is given. Does
not check that the answers in it are right: `replay` does; `replay_writer` writes. Costs the parsing of its lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from cracktrader.engine.backends import BACKENDS
from cracktrader.engine.books import match_digest
from cracktrader.engine.error import MalformedInputError, ReplayError, quoted
from cracktrader.engine.exact import fault, refuse_difference
from cracktrader.engine.fields import enum_parser, wrong_keys
from cracktrader.engine.normalizer import NORMALIZER_MODES
from cracktrader.engine.numbers import money_text, parse_integer, parse_money
from cracktrader.engine.record import ReplayRecord, read_record
from cracktrader.engine.snapshot import canonical_json

LOG_VERSION = 1
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


@dataclass(frozen=True, slots=True)
class ReplayLog:
    """A log that was read: `torn_line` is the number of a torn last line, when that was allowed."""

    header: LogHeader
    records: list[ReplayRecord]
    end: LogEnd | None
    torn_line: int | None

    @property
    def is_complete(self) -> bool:
        """Whether the run ended in order."""
        return self.end is not None

    @classmethod
    def read(cls, path: str | PathLike[str], *, allow_torn: bool = False) -> ReplayLog:
        """The whole log; ReplayError for damage, but for a torn last line when that is allowed."""
        reader = _Reader(path)
        records: list[ReplayRecord] = []
        torn_line: int | None = None
        try:
            records.extend(reader.records())
        except ReplayError as error:
            if error.code != "torn_line" or not allow_torn:
                raise
            torn_line = error.line
        return cls(reader.header, records, reader.end, torn_line)


def iter_log(path: str | PathLike[str]) -> Iterator[ReplayRecord]:
    """The records of a log, one at a time; ReplayError for damage, once every whole record before it was given."""
    yield from _Reader(path).records()


class _Reader:
    """Reads the header when it is made; `end` is known once `records` is exhausted."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self._lines = _lines(Path(path))
        self.header = _read_header(*next(self._lines, (1, b"")))
        self.end: LogEnd | None = None

    def records(self) -> Iterator[ReplayRecord]:
        count = 0
        for number, line in self._lines:
            document = _read_document(number, line)
            try:
                if self.end is not None:
                    raise fault("nothing may follow the end line")
                if document.get("kind") == "end":
                    self.end = _read_end(document, count)
                    continue
                record = _read_step(document, self.header.first_step + count)
            except MalformedInputError as error:
                raise ReplayError(f"line {number}: {error}", "malformed_line", number) from None
            count += 1
            yield record


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        yield from enumerate(file, start=1)


def _read_document(number: int, line: bytes) -> dict[str, Any]:
    """The object of a line; `torn_line` when it has no end, or is no JSON and the last."""
    if not line.endswith(b"\n"):
        raise ReplayError(
            f"line {number} is torn: it has no end; the log up to line {number - 1} is whole", "torn_line", number
        )
    try:
        document = json.loads(line)
        text = canonical_json(document)
    except (ValueError, RecursionError) as error:
        raise ReplayError(f"line {number} is not JSON: {error}", "malformed_line", number) from None
    if type(document) is not dict or text.encode("ascii") != line[:-1]:
        raise ReplayError(f"line {number} must be an object as canonical JSON", "malformed_line", number)
    return document


def _read_header(number: int, line: bytes) -> LogHeader:
    try:
        document = _read_document(number, line)
        if document.get("kind") != "header":
            raise fault(f"the first line must be a header, not {quoted(document.get('kind'))}")
        version = document.get("schema_version")
        if type(version) is int and version != LOG_VERSION:
            raise ReplayError(f"the log has version {version}; this reads {LOG_VERSION}", "schema_version", number)
        return _header_of(document)
    except MalformedInputError as error:
        raise ReplayError(f"line {number}: {error}", "malformed_header", number) from None
    except ReplayError as error:
        code = error.code if error.code == "schema_version" else "malformed_header"
        raise ReplayError(str(error), code, number) from None


def _header_of(document: dict[str, Any]) -> LogHeader:
    wanted = LogHeader("python", "backtest", "0", 0, "").to_dict()
    if document.keys() != wanted.keys():
        raise wrong_keys("the header", document, tuple(wanted))
    header = LogHeader(
        backend=_parse_backend(document["backend"], "backend"),
        mode=_parse_mode(document["mode"], "mode"),
        initial_cash=money_text(parse_money(document["initial_cash"], "initial_cash")),
        first_step=parse_integer(document["first_step"], "first_step"),
        digest=_read_digest(document["digest"]),
    )
    refuse_difference("the header", document, header.to_dict())
    return header


def _read_end(document: dict[str, Any], count: int) -> LogEnd:
    if document.keys() != {"kind", "steps", "digest"}:
        raise wrong_keys("the end line", document, ("kind", "steps", "digest"))
    end = LogEnd(parse_integer(document["steps"], "steps"), _read_digest(document["digest"]))
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


def _read_digest(value: object) -> str:
    if type(value) is not str or not match_digest(value):
        raise fault(f"digest must be 64 lower-case hexadecimal digits, not {quoted(value)}")
    return value
