"""What a process may use: time, by the kernel's own timers, and memory.

The timers end the process from outside its own code, with a signal, so that they also end a loop in an extension that
never comes back to the interpreter; they need nobody to look after them. Where a system has no such timer (Windows) or
no such limit (memory on macOS), there is none, and whoever started the process waits for it with a limit of their own.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

MIB = 1024 * 1024
WALL_FACTOR = 10.0
TIMER_SIGNALS = frozenset({"SIGPROF", "SIGALRM"})


class Limits(msgspec.Struct, frozen=True):
    """`case_seconds`: of processor time, for a generated case. `slice_seconds`: on the clock, for a worker's whole job.

    `step_seconds`: of processor time, for one call of an isolated subject. `memory_mib`: what a process may have beyond
    what it starts with. Ten times their seconds on the clock also end a case and a step: a deadlock uses no processor.
    """

    case_seconds: float = 10.0
    slice_seconds: float = 300.0
    step_seconds: float = 1.0
    memory_mib: int = 2048


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back for a moment. A process started meanwhile never sees one, not even before a line of it ran."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def limit_memory(mib: int) -> None:
    """Let this process have so much more than it has now; what it cannot have is a MemoryError, or an abort."""
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
    """End this process after so much processor time from now, or ten times that on the clock. 0 takes the limit away."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, processor_seconds)
        signal.setitimer(signal.ITIMER_REAL, WALL_FACTOR * processor_seconds)


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
