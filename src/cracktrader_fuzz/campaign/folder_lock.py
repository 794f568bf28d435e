"""A folder that one process at a time may write, held by a lock that the system drops when the process ends.

The lock is on the folder itself, so nothing is left behind, not by kill -9 either. Where the system cannot lock a
folder (Windows, some network file systems), two nights can write at once and would overwrite each other's files.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from cracktrader_fuzz.errors import CorpusError

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Over a block the folder is ours; made where it is not there, and taken away again if the block fails at once.

    Raises CorpusError if another process has the folder, OSError if it cannot be made.
    """
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as held:
            if fcntl is not None:
                handle = os.open(folder, os.O_RDONLY)
                held.callback(os.close, handle)
                _lock(handle, folder)
            yield
    except BaseException:
        with contextlib.suppress(OSError):  # one that holds a file by now stays, with those above it
            for each in made:
                each.rmdir()
        raise


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        message = "another night is still writing here: wait for it to end, or name another folder with --output"
        raise CorpusError(f"{folder}: {message}") from error
    except OSError:
        return  # a file system that has no such locks: better a night without one than no night
