"""Candles out of a CSV file, as text, so that prices stay exact.

Promises: UTF-8; the first line is exactly the six names; lines end in `\\n` or `\\r\\n`; six fields a line, without
quotes; one empty last line is ignored; everything else is an error with its line. Does not hold the file in memory,
and opens it only when the first candle is asked for. Costs one split a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from cracktrader.engine.error import MalformedInputError, refusal
from cracktrader.feeds.candles import CANDLE_FIELDS, Candle
from cracktrader.feeds.cursors import Cursor

HEADER = ",".join(CANDLE_FIELDS)
_match_timestamp = re.compile(r"[0-9]{1,16}").fullmatch


class CsvFeedCursor(Cursor):
    """Candles out of a file; for the options see `InMemoryFeedCursor`."""

    def __init__(
        self,
        data_name: str,
        path: str | PathLike[str],
        *,
        venue: str = "sim",
        instrument: str | None = None,
        timeframe: str | None = None,
    ) -> None:
        super().__init__(data_name, venue, instrument, timeframe)
        self.path = Path(path)

    def __iter__(self) -> Iterator[Candle]:
        with self.path.open("rb") as file:
            self.line = 1
            _check_header(file.readline())
            for self.line, raw in enumerate(file, start=2):
                text = _line_text(raw)
                if not text and not file.read(1):
                    return
                yield _candle(text)


def _check_header(raw: bytes) -> None:
    header = _line_text(raw)
    if header != HEADER:
        raise refusal("malformed_field", "the first line", HEADER, header)


def _line_text(raw: bytes) -> str:
    try:
        return raw.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise MalformedInputError(f"a line must be UTF-8: {error}", "malformed_field") from None


def _candle(text: str) -> list[Any]:
    fields = text.split(",")
    if len(fields) != len(CANDLE_FIELDS):
        raise refusal("malformed_field", "a line", f"six fields joined by commas ({HEADER})", text)
    if _match_timestamp(fields[0]) is None:
        raise refusal("malformed_number", "timestamp", "1 to 16 digits of milliseconds", fields[0])
    return [int(fields[0]), *fields[1:]]
