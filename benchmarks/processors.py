"""What processes have used of the processor, whatever else the machine was doing. Linux only."""

import contextlib
import os
from pathlib import Path


def processor_seconds(*, process: int | None = None, session: int | None = None) -> float:
    """Of one process, or of all of a session; with what the children had used that were waited for."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text(encoding="ascii").rpartition(")")[2].split()
            is_meant = int(path.parent.name) == process or int(fields[3]) == session
            ticks += sum(map(int, fields[11:15])) if is_meant else 0
    return ticks / os.sysconf("SC_CLK_TCK")
