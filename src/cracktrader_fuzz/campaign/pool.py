"""Jobs on worker processes; no case is lost with the worker that ran it.

Each worker is a pool of one process, so that the locks of a worker that somebody killed hold up nobody else. When a
worker dies, or is ended for its limits, its journal says over which case: the rest of the job is taken up again, and
that case goes to a lane of its own, where the subjects are isolated. What stops that too is the end of the run.

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
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Protocol

import msgspec
from pebble import ProcessExpired, ProcessPool

from cracktrader_fuzz.campaign.job import Job, Report
from cracktrader_fuzz.campaign.journal import noted
from cracktrader_fuzz.campaign.worker import run_job, start_worker
from cracktrader_fuzz.errors import CorpusError, DocumentError
from cracktrader_fuzz.subjects.crash import death_code
from cracktrader_fuzz.subjects.limits import Limits, interrupts_held

JOBS_WAITING = 2  # the job under way and the next: the worker does not wait, and little is lost with it
CAREFUL_WAITING_MAX = 8  # above this no new jobs are begun: cases that end their process come faster than they are run
TRIES_MAX = 3  # a worker may be killed from outside once or twice; a third time it is the job
LOOK_SECONDS = 1.0  # at most between two looks, so that progress and the deadline do not wait for a job


class WorkerSlot:
    """One worker process at a time, and the jobs that it has: the one under way and the next."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pool: ProcessPool | None = None
        self.waiting: dict[Future[Report], Job] = {}

    def submit(self, job: Job) -> None:
        """Hand a job to the worker, and start one if there is none."""
        with interrupts_held():
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                memory = (self._limits.memory_mib,)
                self._pool = ProcessPool(max_workers=1, initializer=start_worker, initargs=memory, context=context)
            future = self._pool.schedule(run_job, args=(job,), timeout=self._limits.slice_seconds)
            self.waiting[future] = job

    def close(self) -> list[Job]:
        """End the worker at once: the jobs that it has not done. The next one is submitted to a new worker."""
        left, self.waiting = list(self.waiting.values()), {}
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None
        return left


class JobOwner(Protocol):
    """Whoever wants the jobs done."""

    def take(self, job: Job, report: Report) -> None:
        """A job was done."""

    def give_up(self, job: Job, why: str) -> None:
        """A job cannot be done."""

    def wants(self, job: Job) -> bool:
        """Whether a job is still worth doing."""


class WorkerPool:
    """The lanes of a run. Ctrl-C waits for the jobs under way, `grace_seconds` at most where it is given."""

    def __init__(self, workers: int, limits: Limits, owner: JobOwner, grace_seconds: float | None = None) -> None:
        self._lanes = [WorkerSlot(limits) for _ in range(workers)]
        self._careful_lane = WorkerSlot(limits)
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
        return sum(bool(lane.waiting) for lane in self._all())

    def run(self, jobs: Iterator[Job], show: Callable[[], None], deadline: float = math.inf) -> None:
        """Run the jobs and hand over their reports; Ctrl-C goes on up. What is not done by the deadline is dropped.

        The deadline is on the monotonic clock. Afterwards `open` holds the cases that were left to be run with care.
        """
        with TemporaryDirectory(prefix="cracktrader-fuzz-", ignore_cleanup_errors=True) as folder:
            try:
                while self._feed(jobs, Path(folder)) and (left := deadline - time.monotonic()) > 0:
                    done, _ = wait(self._waiting(), timeout=min(LOOK_SECONDS, left), return_when=FIRST_COMPLETED)
                    self._collect(done)
                    show()
            except KeyboardInterrupt:
                self._finish()
                raise
            finally:
                with interrupts_held():
                    left_over = [job for lane in self._all() for job in lane.close()]
                self.open = [job for job in [*left_over, *self._careful] if job.careful]

    def _all(self) -> list[WorkerSlot]:
        return [*self._lanes, self._careful_lane]

    def _feed(self, jobs: Iterator[Job], folder: Path) -> bool:
        """Keep every lane busy; whether there is anything to wait for."""
        for lane in self._lanes:
            while len(lane.waiting) < JOBS_WAITING and (job := self._next(jobs)) is not None:
                self._submit(lane, job, folder)
        while len(self._careful_lane.waiting) < JOBS_WAITING and (job := self._wanted(self._careful)) is not None:
            self._submit(self._careful_lane, job, folder)
        return any(lane.waiting for lane in self._all())

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
        return [future for lane in self._all() for future in lane.waiting]

    def _submit(self, lane: WorkerSlot, job: Job, folder: Path) -> None:
        self._submitted += 1
        lane.submit(msgspec.structs.replace(job, journal=str(folder / str(self._submitted))))

    def _collect(self, done: set[Future[Report]]) -> None:
        for lane in self._all():
            for future in [each for each in lane.waiting if each in done]:
                job = lane.waiting.pop(future, None)
                if job is not None:  # the lane was not closed meanwhile
                    self._result(lane, future, job)
                    Path(job.journal).unlink(missing_ok=True)

    def _finish(self) -> None:
        """Wait for every job that was handed out: the next one may be in the worker's pipe, past cancelling."""
        done, _ = wait(self._waiting(), timeout=self._grace_seconds)
        self._collect(done)

    def _result(self, lane: WorkerSlot, future: Future[Report], job: Job) -> None:
        try:
            report = future.result()
        except CancelledError:
            return  # it was interrupted before it began
        except DocumentError:
            raise
        except CorpusError as error:
            self._owner.give_up(job, str(error))
        except (ProcessExpired, BrokenProcessPool, TimeoutError) as loss:
            self._lost(lane, job, loss)
        except Exception as error:  # noqa: BLE001 - whatever a job raises ends the run with a name, not a traceback
            self._with_care(job, f"{type(error).__name__}: {error}")
        else:
            self._owner.take(job, report)
            self._careful.extend(job.alone(index, cause) for index, cause in report.careful.items())

    def _lost(self, lane: WorkerSlot, job: Job, loss: Exception) -> None:
        """The worker is gone. One that was killed from outside may have held a lock: then its pool goes as well."""
        self.lost += 1
        if not isinstance(loss, ProcessExpired):
            cause = "timeout" if isinstance(loss, TimeoutError) else "died:SIGKILL"
        else:
            cause = death_code(loss.exitcode)
        if cause in ("died:SIGKILL", "died:SIGTERM"):
            for waiting in lane.close():
                (self._careful if waiting.careful else self._again).append(waiting)
        self._with_care(job, cause)

    def _with_care(self, job: Job, cause: str) -> None:
        """Go on without the case that stopped the job, and run that case alone; a job that never began, again."""
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
def termination_as_interrupt() -> Iterator[None]:
    """Over a block of the main thread, SIGTERM is Ctrl-C: held back where that is, heard even where it is ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_: int, __: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(signal.SIGINT)
