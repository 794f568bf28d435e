"""Jobs on worker processes; no case is lost with the worker that ran it.

Each worker is a pool of one process, so that the locks of a worker that somebody killed hold up nobody else. When a
worker dies, or is ended for its limits, its journal says over which case: the rest of the job is taken up again, and
that case goes to a lane of its own, where the subjects are isolated. What stops that too is the end of the run.

Costs three idle threads a worker. A process that ends with status 0 in the middle of a job is noticed only when the
job's time is over.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from pebble import ProcessExpired, ProcessPool

from cracktrader_fuzz.campaign.job import Job, Report
from cracktrader_fuzz.campaign.journal import noted
from cracktrader_fuzz.campaign.worker import run_job, start_worker
from cracktrader_fuzz.case.codec import DocumentError
from cracktrader_fuzz.corpus.store import CorpusError
from cracktrader_fuzz.subjects.crash import death_code
from cracktrader_fuzz.subjects.limits import Limits, interrupts_held

JOBS_WAITING = 2
CAREFUL_WAITING_MAX = 8
TRIES_MAX = 3


class Lane:
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


class Crew:
    """The lanes of a run. Why it cannot go on, if it cannot, is added to `broken`."""

    def __init__(self, workers: int, limits: Limits, take: Callable[[Job, Report], None], broken: list[str]) -> None:
        self._lanes = [Lane(limits) for _ in range(workers)]
        self._careful_lane = Lane(limits)
        self._again: deque[Job] = deque()
        self._careful: deque[Job] = deque()
        self._take = take
        self._broken = broken
        self._submitted = 0

    def run(self, jobs: Iterator[Job], show: Callable[[], None]) -> None:
        """Run the jobs and hand over their reports. Ctrl-C waits for the jobs under way, then goes on up."""
        with TemporaryDirectory(prefix="cracktrader-fuzz-", ignore_cleanup_errors=True) as folder:
            try:
                while self._feed(jobs, Path(folder)):
                    waiting = [future for lane in self._all() for future in lane.waiting]
                    done, _ = wait(waiting, timeout=1.0, return_when=FIRST_COMPLETED)
                    self._collect(done)
                    show()
            except KeyboardInterrupt:
                self._finish()
                raise
            finally:
                with interrupts_held():
                    for lane in self._all():
                        lane.close()

    def _all(self) -> list[Lane]:
        return [*self._lanes, self._careful_lane]

    def _feed(self, jobs: Iterator[Job], folder: Path) -> bool:
        """Keep every lane busy; whether there is anything to wait for."""
        for lane in self._lanes:
            while len(lane.waiting) < JOBS_WAITING and (job := self._next(jobs)) is not None:
                self._submit(lane, job, folder)
        while self._careful and len(self._careful_lane.waiting) < JOBS_WAITING and not self._broken:
            self._submit(self._careful_lane, self._careful.popleft(), folder)
        return any(lane.waiting for lane in self._all())

    def _next(self, jobs: Iterator[Job]) -> Job | None:
        if self._broken or len(self._careful) > CAREFUL_WAITING_MAX:
            return None
        return self._again.popleft() if self._again else next(jobs, None)

    def _submit(self, lane: Lane, job: Job, folder: Path) -> None:
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
        for lane in self._all():
            for future, job in list(lane.waiting.items()):
                self._result(lane, future, job)

    def _result(self, lane: Lane, future: Future[Report], job: Job) -> None:
        try:
            report = future.result()
        except CancelledError:
            return  # it was interrupted before it began
        except DocumentError:
            raise
        except CorpusError as error:
            self._broken.append(str(error))
        except (ProcessExpired, BrokenProcessPool, TimeoutError) as loss:
            self._lost(lane, job, loss)
        except Exception as error:  # noqa: BLE001 - whatever a job raises ends the run with a name, not a traceback
            self._with_care(job, f"{type(error).__name__}: {error}")
        else:
            self._take(job, report)
            self._careful.extend(job.alone(index, cause) for index, cause in report.careful.items())

    def _lost(self, lane: Lane, job: Job, loss: Exception) -> None:
        """The worker is gone. One that was killed from outside may have held a lock: then its pool goes as well."""
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
            self._broken.append(f"{job.name(job.start if index is None else index)}: {cause}")
