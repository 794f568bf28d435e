"""Which case a worker is at, in a file of a few bytes: written before the case runs, so that it outlives the worker.

What the system has taken survives the death of the process, not of the machine. Two system calls a case.
"""

import os
from pathlib import Path
from typing import Self

WIDTH = 20  # as wide as the largest 64-bit number, so that a note covers the one before it


class Journal:
    """The journal of one job."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def note(self, index: int) -> None:
        """Case `index` is next."""
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, f"{index:>{WIDTH}}".encode("ascii"))


def noted(path: Path) -> int | None:
    """The case that was last begun; None when there was none."""
    try:
        text = path.read_text(encoding="ascii")
    except OSError:
        return None
    return int(text) if len(text) == WIDTH else None
