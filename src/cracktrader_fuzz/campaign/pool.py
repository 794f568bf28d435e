"""Jobs on worker processes; no case is lost with the worker that ran it.

When a worker dies, or is ended for its limits, its journal names the case: the rest of the job is taken up again, and
that case goes to a worker of its own, where the subjects are isolated. A case that stops that one too is given up.

Costs three idle threads a worker. A process that ends with status 0 in the middle of a job is noticed only when the
job's time is over.
"""

import contextlib
import math
import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import FrameType
from typing import Protocol

import msgspec
from pebble import ProcessExpired, ProcessPool

from cracktrader_fuzz.campaign.job import Job, Report
from cracktrader_fuzz.campaign.journal import journal_folder, noted
from cracktrader_fuzz.campaign.worker import run_job, start_worker
from cracktrader_fuzz.errors import BrokenError, CorpusError, DocumentError
from cracktrader_fuzz.subjects.crash import death_code
from cracktrader_fuzz.subjects.limits import Limits, interrupts_held

JOBS_WAITING = 2  # the one under way and the next, so that a worker never waits for the parent
# No new jobs while more careful ones wait: a subject that dies in every case would fill the queue faster than one
# worker can empty it. A few may wait, so that a single death holds nothing up.
CAREFUL_WAITING_MAX = 8
# A worker may be killed from outside, by a person or for want of memory; three times over one job is no accident.
TRIES_MAX = 3


class WorkerSlot:
    """One worker process at a time, and the jobs that it has: the one under way and the next."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pool: ProcessPool | None = None
        self.waiting: dict[Future[Report], Job] = {}

    def submit(self, job: Job) -> None:
        """Hand a job to the worker, and start one if there is none. Raises BrokenError where the system has none."""
        with interrupts_held(), _named_refusal():
            if self._pool is None:
                # A pool of one process each: a worker that is killed while it holds the lock of a shared queue would
                # hold up all others. Not forked: the parent has threads by now, whose locks a child would inherit held.
                context = multiprocessing.get_context("spawn")
                memory = (self._limits.memory_mib,)
                self._pool = ProcessPool(max_workers=1, initializer=start_worker, initargs=memory, context=context)
            future = self._pool.schedule(run_job, args=(job,), timeout=self._limits.slice_seconds)
            self.waiting[future] = job

    def close(self) -> list[Job]:
        """End the worker at once. Returns the jobs that it has not done; the next one is given to a new worker."""
        left, self.waiting = list(self.waiting.values()), {}
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None
        return left


class JobOwner(Protocol):
    """The user of a pool: it receives the reports."""

    def take(self, job: Job, report: Report) -> None:
        """Receive the report of a job that was done."""

    def give_up(self, job: Job, reason: str) -> None:
        """Receive the reason why a job cannot be done."""

    def wants(self, job: Job) -> bool:
        """Whether a job is still worth doing."""


class WorkerPool:
    """The workers of a run. Ctrl-C waits for the jobs under way, `grace_seconds` at most where it is given."""

    def __init__(self, workers: int, limits: Limits, owner: JobOwner, grace_seconds: float | None = None) -> None:
        self._slots = [WorkerSlot(limits) for _ in range(workers)]
        self._careful_slot = WorkerSlot(limits)
        self._again: deque[Job] = deque()
        self._careful: deque[Job] = deque()
        self._owner = owner
        self._grace_seconds = grace_seconds
        self._submitted = 0
        self.lost = 0
        self.open: list[Job] = []

    @property
    def busy(self) -> int:
        """How many workers have something to do."""
        return sum(bool(slot.waiting) for slot in self._all())

    def run(self, jobs: Iterator[Job], show: Callable[[], None], deadline: float = math.inf) -> None:
        """Run the jobs and hand over their reports; Ctrl-C is passed on. What is not done by the deadline is dropped.

        The deadline is on the monotonic clock. Afterwards `open` holds the careful jobs that there was no time for.
        """
        with journal_folder() as folder:
            try:
                while self._feed(jobs, folder) and (left := deadline - time.monotonic()) > 0:
                    # At most a second, so that progress is shown even where no job ends.
                    done, _ = wait(self._waiting(), timeout=min(1.0, left), return_when=FIRST_COMPLETED)
                    self._collect(done)
                    show()
            except KeyboardInterrupt:
                self._finish()
                raise
            finally:
                with interrupts_held():
                    left_over = [job for slot in self._all() for job in slot.close()]
                self.open = [job for job in [*left_over, *self._careful] if job.careful]

    def _all(self) -> list[WorkerSlot]:
        return [*self._slots, self._careful_slot]

    def _feed(self, jobs: Iterator[Job], folder: Path) -> bool:
        """Keep every worker busy. Returns whether there is anything to wait for."""
        for slot in self._slots:
            while len(slot.waiting) < JOBS_WAITING and (job := self._next(jobs)) is not None:
                self._submit(slot, job, folder)
        while len(self._careful_slot.waiting) < JOBS_WAITING and (job := self._wanted(self._careful)) is not None:
            self._submit(self._careful_slot, job, folder)
        return any(slot.waiting for slot in self._all())

    def _next(self, jobs: Iterator[Job]) -> Job | None:
        if len(self._careful) > CAREFUL_WAITING_MAX:
            return None
        return self._wanted(self._again) or next(jobs, None)

    def _wanted(self, queue: deque[Job]) -> Job | None:
        while queue:
            job = queue.popleft()
            if self._owner.wants(job):
                return job
        return None

    def _waiting(self) -> list[Future[Report]]:
        return [future for slot in self._all() for future in slot.waiting]

    def _submit(self, slot: WorkerSlot, job: Job, folder: Path) -> None:
        self._submitted += 1
        slot.submit(msgspec.structs.replace(job, journal=str(folder / str(self._submitted))))

    def _collect(self, done: set[Future[Report]]) -> None:
        for slot in self._all():
            for future in [each for each in slot.waiting if each in done]:
                job = slot.waiting.pop(future, None)
                if job is not None:  # else the loss of a job just before has closed the slot
                    self._take_result(slot, future, job)
                    Path(job.journal).unlink(missing_ok=True)

    def _finish(self) -> None:
        """Wait for every job that was handed out."""
        # For the waiting ones too: the next job may be in the worker's pipe already, where it cannot be cancelled.
        done, _ = wait(self._waiting(), timeout=self._grace_seconds)
        self._collect(done)

    def _take_result(self, slot: WorkerSlot, future: Future[Report], job: Job) -> None:
        try:
            report = future.result()
        except CancelledError:
            return  # it was interrupted before it began
        except DocumentError:
            raise
        except CorpusError as error:
            self._owner.give_up(job, str(error))
        except (ProcessExpired, BrokenProcessPool, TimeoutError) as loss:
            self._go_on_after_loss(slot, job, loss)
        except Exception as error:  # noqa: BLE001 - whatever a job raises ends the run with a name, not a traceback
            self._retry_with_care(job, f"{type(error).__name__}: {error}")
        else:
            self._owner.take(job, report)
            self._careful.extend(job.alone(index, cause) for index, cause in report.careful.items())

    def _go_on_after_loss(self, slot: WorkerSlot, job: Job, loss: Exception) -> None:
        """Go on after a worker has died, or was ended for its limits."""
        self.lost += 1
        if not isinstance(loss, ProcessExpired):
            cause = "timeout" if isinstance(loss, TimeoutError) else "died:SIGKILL"
        else:
            cause = death_code(loss.exitcode)
        # A worker that was killed from outside may have held a lock of its pool: the pool goes as well.
        if cause in ("died:SIGKILL", "died:SIGTERM"):
            for waiting in slot.close():
                (self._careful if waiting.careful else self._again).append(waiting)
        self._retry_with_care(job, cause)

    def _retry_with_care(self, job: Job, cause: str) -> None:
        """Go on without the case that stopped the job, and run that case alone. A job that never began is run again."""
        index = noted(Path(job.journal))
        if index is not None and not job.careful:
            self._again.extend(job.without(index))
            self._careful.append(job.alone(index, cause))
        elif job.tries + 1 < TRIES_MAX and cause.startswith(("died:", "timeout")):
            queue = self._careful if job.careful else self._again
            queue.append(msgspec.structs.replace(job, tries=job.tries + 1))
        else:
            self._owner.give_up(job, f"{job.name(job.start if index is None else index)}: {cause}")


@contextlib.contextmanager
def _named_refusal() -> Iterator[None]:
    """Say what was refused where a worker cannot be started: the system's own error names no file."""
    try:
        yield
    except OSError as error:
        needs = "it needs memory, open files and, on Linux, a writable /dev/shm"
        raise BrokenError(f"no worker process can be started: {error.strerror or error}: {needs}") from error


@contextlib.contextmanager
def termination_as_interrupt() -> Iterator[None]:
    """For the length of a block of the main thread, SIGTERM is Ctrl-C: held back where Ctrl-C is held back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_: int, __: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs with SIGINT ignored
    signal.raise_signal(signal.SIGINT)
