"""A budgeted run: canary, fixtures, recordings, then generated cases on every worker until the budget is spent.

Workers are processes on the standard `concurrent.futures` protocol. A run is repeatable: the cases depend on the seed
alone, the budget only says how many of them are reached.
"""

import datetime
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

import msgspec

from cracktrader_fuzz.campaign.canary import catch
from cracktrader_fuzz.campaign.job import Job, Report
from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.campaign.worker import run_job, start_worker
from cracktrader_fuzz.corpus.check import ledger_problems
from cracktrader_fuzz.corpus.ledger import Ledger, read_ledger
from cracktrader_fuzz.corpus.replay import fixture_paths, fixture_problems
from cracktrader_fuzz.corpus.store import CorpusError, FindingStore
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.settings import Settings, load_target, seat
from cracktrader_fuzz.subjects.protocol import Target

SLICE_CASES = 20
FRONT_ENDS = ("corpus", "traffic", "soak")


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back for a moment. A process started meanwhile never sees one, not even before `start_worker`."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Plan(msgspec.Struct, frozen=True):
    """What to run. The budget is `seconds`, or `cases` of the soak where given. By `today` known divergences expire."""

    target: str
    subjects: tuple[str, ...]
    seed: int
    seconds: float
    cases: int | None
    workers: int
    front_ends: tuple[str, ...]
    today: datetime.date


class Campaign:
    """One run of a plan. `show` is called with the summary as it grows."""

    def __init__(self, settings: Settings, plan: Plan, show: Callable[[Summary], None]) -> None:
        self.settings = settings
        self.plan = plan
        self.show = show
        self.target: Target = load_target(settings, plan.target)
        self.lockstep = Lockstep(self.target, seat(self.target, plan.subjects))
        self.findings = FindingStore(settings.corpus / "findings")
        self.findings.require_writable()
        builds = [subject.identity() for subject in self.lockstep.subjects]
        ledger = Ledger(read_ledger(settings.corpus).concerning(self.target.name, self.lockstep.names))
        problems = ledger_problems(ledger, settings.corpus, plan.today)
        self.summary = Summary(self.target.name, plan.seed, builds, ledger=ledger, ledger_problems=problems)
        self._deadline = time.monotonic() + plan.seconds

    def run(self) -> Summary:
        """Everything; Ctrl-C ends it early with what there is."""
        try:
            self._catch_canary()
            if "corpus" in self.plan.front_ends:
                self._run_fixtures()
            if not self.summary.broken:
                self._run_jobs()
        except KeyboardInterrupt:
            self.summary.interrupted = True
        self._name_smallest()
        self._tally()
        self.summary.seconds = time.monotonic() - self.summary.started
        if not self.summary.broken and not self.summary.interrupted and self.summary.whole.applied == 0:
            self.summary.broken.append("not one step was applied")
        self.summary.notes += self.summary.unexercised()
        return self.summary

    def _catch_canary(self) -> None:
        if not self.target.canaries:
            self.summary.notes.append(f"the target {self.target.name} has no canary")
            return
        caught = catch(self.target, self.target.canaries[0], self.plan.seed)
        self.summary.canary = caught
        if caught.problem:
            self.summary.broken.append(f"the canary {caught.name} was missed: {caught.problem}")
        self.show(self.summary)

    def _run_fixtures(self) -> None:
        report = self._report("corpus")
        for path in fixture_paths(self.settings.corpus):
            problems, verdict, cells = fixture_problems(self.lockstep, path)
            report.count(verdict, cells)
            self.summary.fixtures += 1
            self.summary.fixture_problems += problems
        if not self.summary.fixtures:
            self.summary.notes.append(f"no fixtures under {self.settings.corpus}: none were run")
        self.show(self.summary)

    def _run_jobs(self) -> None:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.plan.workers, mp_context=context, initializer=start_worker) as pool:
            waiting: dict[Future[Report], Job] = {}
            jobs = self._jobs()
            try:
                self._feed(pool, jobs, waiting)
                while waiting:
                    done, _ = wait(waiting, timeout=1.0, return_when=FIRST_COMPLETED)
                    for future in done:
                        job = waiting.pop(future)
                        self._take(future, job)
                    self._feed(pool, jobs, waiting)
                    self.show(self.summary)
            except KeyboardInterrupt:
                self.summary.interrupted = True
                pool.shutdown(wait=False, cancel_futures=True)
                for future, job in waiting.items():
                    self._take(future, job)

    def _name_smallest(self) -> None:
        """Another worker may have kept a smaller case than the one that a job reported."""
        for report in self.summary.reports:
            for signature, sighting in report.sightings.items():
                kept = self.findings.kept(signature)
                if kept is not None:
                    path, finding = kept
                    sighting.path, sighting.steps = str(path), len(finding.steps)
                    sighting.certified, sighting.origin = finding.certificate is not None, finding.provenance.found_by

    def _tally(self) -> None:
        """Tell the findings how often they were seen: the one thing that a worker does not know."""
        try:
            for signature, sighting in self.summary.new.items():
                self.findings.tally(signature, sighting.seen)
        except CorpusError as error:
            self.summary.notes.append(f"how often findings were seen is not kept: {error}")

    def _feed(self, pool: ProcessPoolExecutor, jobs: Iterator[Job], waiting: dict[Future[Report], Job]) -> None:
        while len(waiting) < 2 * self.plan.workers and not self.summary.broken:
            job = next(jobs, None)
            if job is None:
                return
            with _interrupts_held():
                waiting[pool.submit(run_job, job)] = job

    def _take(self, future: Future[Report], job: Job) -> None:
        try:
            self._report(job.front_end).add(future.result())
        except CancelledError:
            return  # it was interrupted before it began
        except BrokenProcessPool:
            cases = f"{job.front_end} {job.seed}/{job.start} to {job.seed}/{job.stop - 1}"
            self.summary.broken.append(f"a worker process died while {cases} were under way")
        except Exception as error:  # noqa: BLE001 - whatever a job raises ends the run with a name, not a traceback
            self.summary.broken.append(f"{job.front_end} {job.seed}/{job.start}: {type(error).__name__}: {error}")

    def _jobs(self) -> Iterator[Job]:
        for index in self._recordings() if "traffic" in self.plan.front_ends else ():
            yield self._job("traffic", index, index + 1)
        start = 0
        while "soak" in self.plan.front_ends and self._budget_left(start):
            stop = start + SLICE_CASES
            yield self._job("soak", start, stop if self.plan.cases is None else min(stop, self.plan.cases))
            start = stop

    def _budget_left(self, start: int) -> bool:
        if self.plan.cases is not None:
            return start < self.plan.cases
        return time.monotonic() < self._deadline

    def _recordings(self) -> list[int]:
        """The places of the recorded files that are there; those that are not are noted."""
        folder, there = self.settings.recordings, []
        for index, name in enumerate(self.target.recording_files):
            if folder is not None and (folder / name).is_file():
                there.append(index)
            else:
                self.summary.notes.append(f"no recorded traffic {name} at {folder}: left out")
        return there

    def _job(self, front_end: str, start: int, stop: int) -> Job:
        plan, findings = self.plan, str(self.findings.folder)
        return Job(str(self.settings.root), plan.target, plan.subjects, front_end, plan.seed, start, stop, findings)

    def _report(self, front_end: str) -> Report:
        for report in self.summary.reports:
            if report.front_end == front_end:
                return report
        self.summary.reports.append(Report(front_end))
        return self.summary.reports[-1]
