"""How many processors this process may use, which in a container is often fewer than the machine has."""

import math
import os
from pathlib import Path

ROOT = Path("/")
_NO_QUOTA = "max"  # in the place of the microseconds in `cpu.max` of cgroup v2; cgroup v1 writes -1


def usable_processors(root: Path = ROOT) -> int:
    """At least 1: the processors that this process is bound to, or fewer where a cgroup gives it less time than that.

    A quota is rounded up, as Go and Java do: a worker that waits now and then costs less than a processor that idles.
    `root` is the file system that is read, for tests.
    """
    quota = _quota(root)
    bound = _bound()
    return bound if quota is None else max(1, min(bound, math.ceil(quota)))


def _bound() -> int:
    """The processors that the system lets this process run on."""
    if hasattr(os, "process_cpu_count"):  # Python 3.13 or newer; heeds PYTHON_CPU_COUNT as well
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quota(root: Path) -> float | None:
    """The processors that the tightest cgroup pays for, None where there is no such limit or it cannot be read."""
    quotas = [found for folder in _folders(root) if (found := _quota_of(folder)) is not None]
    return min(quotas, default=None)


def _folders(root: Path) -> list[Path]:
    """The folders of this process's cgroups, each with those above it, whose limits hold for it too."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    found: dict[Path, None] = {}
    for line in lines:
        _, controllers, path = (*line.split(":", 2), "", "")[:3]
        if controllers and "cpu" not in controllers.split(","):
            continue
        # v2 has no controllers in its line; v1 mounts `cpu` under its own name. Within a container the path may be
        # one of the host's, which is not there: its parents up to the mounted root are.
        top = root / "sys/fs/cgroup" / ("cpu" if controllers else "")
        place = top / path.strip("/")
        found |= dict.fromkeys(each for each in (place, *place.parents) if each.is_relative_to(top))
    return list(found)


def _quota_of(folder: Path) -> float | None:
    """A cgroup's own quota in processors, of either version."""
    try:
        if (folder / "cpu.max").is_file():
            quota, period = (folder / "cpu.max").read_text(encoding="utf-8").split()
        else:
            quota = (folder / "cpu.cfs_quota_us").read_text(encoding="utf-8").strip()
            period = (folder / "cpu.cfs_period_us").read_text(encoding="utf-8").strip()
        if quota == _NO_QUOTA or int(quota) <= 0:
            return None
        return int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return None
