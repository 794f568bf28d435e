"""A disk that is full after a number of files, for every process that imports this; the count lies in a file."""

from __future__ import annotations

import errno
import os
from pathlib import Path

COUNT = os.environ.get("FULL_DISK_COUNT")
FILES_MAX = int(os.environ.get("FULL_DISK_AFTER", "0"))
_fsync = os.fsync


def fsync(handle: int) -> None:
    """As the system does it, until the disk is full."""
    count = Path(COUNT or "")
    with count.open("ab") as stream:
        stream.write(b".")
    if count.stat().st_size > FILES_MAX:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    _fsync(handle)


if COUNT:
    os.fsync = fsync
