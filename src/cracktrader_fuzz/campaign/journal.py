"""Which case a worker is at, in a file of a few bytes: written before the case runs, so that it outlives the worker.

Survives the death of the process, not of the machine, since nothing waits for the disk. Cost: two system calls a case.
The journals of a run have a temporary folder, which is locked while the run lives: what a killed run left is swept.
"""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

FOLDER_PREFIX = "cracktrader-fuzz-run-"
# A folder is made a moment before it is locked, and a worker outlives a killed run until its job is over, which may
# take as long as `--slice-seconds` (300): an hour spares both.
STALE_SECONDS = 3600.0
WIDTH = 20  # fixed, so that a note covers the last one whole; wide enough for any number of 64 bits


@contextlib.contextmanager
def journal_folder() -> Iterator[Path]:
    """A temporary folder for a run's journals, gone afterwards; those of killed runs are taken away first."""
    if fcntl is not None:  # without locks a folder does not tell whether its run lives
        _sweep(Path(tempfile.gettempdir()))
    with (
        tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX, ignore_cleanup_errors=True) as name,
        contextlib.ExitStack() as held,
    ):
        if fcntl is not None:
            handle = os.open(name, os.O_RDONLY)  # not inherited by workers, so the lock ends with this process
            held.callback(os.close, handle)
            with contextlib.suppress(OSError):  # a file system without locks: nothing on it is ever swept
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield Path(name)


def _sweep(temporary: Path) -> None:
    """Take away the folders of this user's runs that were killed."""
    for path in temporary.glob(f"{FOLDER_PREFIX}*"):
        with contextlib.suppress(OSError):  # another run may sweep at the same time; and a lock that is held is one
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                status = os.fstat(handle)
                if status.st_uid == os.geteuid() and time.time() - status.st_mtime > STALE_SECONDS:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(handle)


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
