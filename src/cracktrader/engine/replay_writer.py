"""The log of a run, written: JSON Lines, one committed step a line.

Promises: a line is written whole and flushed, or cut off again; an existing file is never written over. Does not fsync:
a power cut may cost the last lines, and tears at most one. Costs one canonical JSON text a step.
"""

from __future__ import annotations

from contextlib import suppress
from os import PathLike
from pathlib import Path

from cracktrader.engine.record import ReplayRecord
from cracktrader.engine.replay_log import LogEnd, LogHeader, LogReader
from cracktrader.engine.snapshot import canonical_json


class ReplayWriter:
    """Writes a new log at `path`, its header first; FileExistsError when there is a file already."""

    def __init__(self, path: str | PathLike[str], header: LogHeader) -> None:
        self.path = Path(path)
        self._file = self.path.open("xb", buffering=0)
        self._size = 0
        self._steps = 0
        self._write_line(header.to_dict())

    @classmethod
    def reopen(cls, path: str | PathLike[str], step: int | None = None) -> ReplayWriter:
        """A writer that goes on after the last whole record, or with this step, as a resumed run does.

        What follows is cut off: a torn line, an end line, and records from `step` on. ReplayError when the log is
        damaged otherwise, ValueError when it does not reach that step.
        """
        reader = LogReader(path, allow_torn=True)
        first = reader.header.first_step
        last = first + sum(1 for _ in reader)
        if step is not None and not first <= step <= last:
            raise ValueError(f"step must be from {first} to {last}, where the log can go on, not {step}")
        writer = cls.__new__(cls)
        writer.path = Path(path)
        writer._steps = (last if step is None else step) - first
        with writer.path.open("rb") as file:
            writer._size = sum(len(file.readline()) for _ in range(1 + writer._steps))
        writer._file = writer.path.open("r+b", buffering=0)
        writer._cut_back()
        return writer

    def write(self, record: ReplayRecord) -> None:
        """Append a record. On an OSError the file is cut back to the line before, where it allows that."""
        self._write_line({"kind": "step", "record": record})
        self._steps += 1

    def end(self, digest: str) -> None:
        """Append the end line, with the digest of the last state."""
        self._write_line(LogEnd(self._steps, digest).to_dict())

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._file.close()

    def _write_line(self, document: object) -> None:
        line = f"{canonical_json(document)}\n".encode("ascii")
        try:
            written = self._file.write(line)
            if written != len(line):
                raise OSError(f"only {written} of {len(line)} bytes of a line fit into {self.path}")
        except OSError:
            with suppress(OSError):  # the first error is the one to tell; the reader finds the torn line
                self._cut_back()
            raise
        self._size += len(line)

    def _cut_back(self) -> None:
        self._file.truncate(self._size)
        self._file.seek(self._size)
