"""What a process may use: time, by the kernel's own timers, and memory.

The timers end the process from outside its own code, with a signal, so that they also end a loop in an extension that
never returns to the interpreter; no other process has to watch. Where a system has no such timer (Windows) or no such
limit (memory on macOS), there is none, and the parent waits for the process with a limit of its own.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from pathlib import Path

import msgspec

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

MIB = 1024 * 1024  # the kernel counts in bytes, `Limits` in MiB
# The clock is for deadlocks, which use no processor. On a busy machine a process gets a fraction of the time on the
# clock, and must not be ended for that.
WALL_FACTOR = 10.0
STEP_SECONDS = 1.0  # a step takes microseconds (docs/performance.md), so that one that takes a second hangs
STEP_MEMORY_MIB = 512  # to allocate and fill so much takes less than STEP_SECONDS: the code is MemoryError, not timeout


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a process may use.

    Ten times their seconds on the clock also end a case and a step: a deadlock uses no processor. The memory of an
    isolated subject is little enough to be had within a step's time.
    """

    case_seconds: float = 10.0  # a case of the soak takes less than a tenth of a second; a slow machine is no hang
    """Of processor time, for a generated case."""
    slice_seconds: float = 300.0  # 20 cases that all take as long as they may, and half as much again
    """On the clock, for a worker's job."""
    step_seconds: float = STEP_SECONDS
    """Of processor time, for a call of an isolated subject."""
    memory_mib: int = 2048  # a judgement: many times what a sound worker uses, and what most machines have a core
    """What a worker may have beyond what it starts with."""
    step_memory_mib: int = STEP_MEMORY_MIB
    """What an isolated subject may have beyond what it starts with."""


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back for a moment. A process started meanwhile never sees one, not even before a line of it ran."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # starting it later would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def limit_memory(mib: int) -> None:
    """Let this process have so much more than it has now; an allocation beyond that is a MemoryError, or an abort."""
    if resource is not None:
        most = _memory_bytes() + mib * MIB
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def limit_cores() -> None:
    """Let this process leave no core file when it dies."""
    if resource is not None:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def limit_time(processor_seconds: float) -> None:
    """End this process after so much processor time from now, or ten times that on the clock. 0: no limit any more."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, processor_seconds)
        signal.setitimer(signal.ITIMER_REAL, WALL_FACTOR * processor_seconds)


@contextmanager
def time_limited(processor_seconds: float) -> Iterator[None]:
    """`limit_time` over a block; none for 0."""
    limit_time(processor_seconds)
    try:
        yield
    finally:
        limit_time(0)


def has_timers() -> bool:
    """Whether `limit_time` does anything here."""
    return hasattr(signal, "setitimer")


def _memory_bytes() -> int:
    """The address space that this process has; 0 where the system does not say so."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 0
    return pages * resource.getpagesize()
