"""Which case a worker is at, in a file of a few bytes: written before the case runs, so that it outlives the worker.

Survives the death of the process, not of the machine, since nothing waits for the disk. Cost: two system calls a case.
"""

import os
from pathlib import Path
from typing import Self

WIDTH = 20  # fixed, so that a note covers the last one whole; wide enough for any number of 64 bits


class Journal:
    """The journal of one job."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def note(self, index: int) -> None:
        """Write down that case `index` is next."""
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, f"{index:>{WIDTH}}".encode("ascii"))


def noted(path: Path) -> int | None:
    """The case that was begun last; None when none was."""
    try:
        text = path.read_text(encoding="ascii")
    except OSError:
        return None
    return int(text) if len(text) == WIDTH else None  # empty where the worker ended before its first case
