"""What happens in a worker process: it runs a job, records every finding as it finds it, and reports.

A generated case has a limit on its time. A careful job has its subjects isolated, so that what would end the worker is
a divergence, kept and shrunk like any other; a case that can only be run that way is left to a careful job.

A signature that this process has shrunk is counted and not shrunk again. One that the corpus's ledger knows is counted
and neither shrunk nor kept, and nothing is shrunk into it. One that is judged and not mended yet is counted as well and
not kept; a case of its family is shrunk, and is one of it if it becomes one. Costs one `Worker` a process; fixtures,
ledger and parents are as they were when it first read them.
"""

import gc
import signal
import time
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import msgspec

from cracktrader_fuzz.campaign.job import Job, Report, Sighting
from cracktrader_fuzz.campaign.journal import Journal
from cracktrader_fuzz.campaign.searches import COVERAGE, Searches
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.documents import INTENDED
from cracktrader_fuzz.corpus.judgements import JudgedDifference, read_judgements
from cracktrader_fuzz.corpus.ledger import pair_of, read_ledger
from cracktrader_fuzz.corpus.record import RecordedFinding, record
from cracktrader_fuzz.corpus.rerun import FixtureRun, fixtures_of, parents_of, run_fixture
from cracktrader_fuzz.corpus.store import FindingStore
from cracktrader_fuzz.errors import TargetCodeError
from cracktrader_fuzz.lockstep.run import Cells, Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.search.indexed import GENERATED, Generator, pairs_of, subjects_of
from cracktrader_fuzz.search.traffic import run_recording
from cracktrader_fuzz.seating import load_target, seat_isolated, seat_subjects
from cracktrader_fuzz.settings import read_settings
from cracktrader_fuzz.shrink.shrinker import Shrinker
from cracktrader_fuzz.subjects.crash import needs_isolation
from cracktrader_fuzz.subjects.limits import Limits, limit_cores, limit_memory, time_limited
from cracktrader_fuzz.subjects.oracle import CountingOpinion
from cracktrader_fuzz.target.target import Recording, Target

# Ends that may have come from outside: a machine that was slow, a person, the kernel for want of memory.
HARMLESS = ("timeout", "died:SIGKILL", "died:SIGTERM")

RunCase = Callable[[int], None]


class Worker:
    """What a worker process keeps from one job to the next."""

    def __init__(self) -> None:
        self._lockstep = cache(_make_lockstep)
        self._generator = cache(_make_generator)
        self._fixtures = cache(fixtures_of)
        self._ledger = cache(read_ledger)
        self._judgements = cache(read_judgements)
        self._recorded: dict[str, RecordedFinding] = {}
        self._shrunk: dict[str, str] = {}
        self._searches = Searches()

    def run(self, job: Job) -> Report:
        """Do a job. Raises CorpusError where a finding cannot be kept, and DocumentError for a fixture that is none."""
        report, began = Report(job.front_end), time.monotonic()
        if job.front_end == COVERAGE:
            self._run_search(job, report)
        else:
            self._run_cases(job, report)
        gc.collect()  # here and only here, as `start_worker` has turned the collector off
        report.seconds = time.monotonic() - began
        return report

    def _run_cases(self, job: Job, report: Report) -> None:
        count, run_case = self._cases(job, report)
        with Journal(Path(job.journal)) as journal:
            for index in range(job.start, min(job.stop, count)):
                journal.note(index)  # before it runs: the case may be the worker's last
                before = report.shown
                run_case(index)
                if job.careful and before == report.shown:
                    _note_agreement(job, index, report)

    def _cases(self, job: Job, report: Report) -> tuple[int, RunCase]:
        """How many cases there are, and the function that runs one of them."""
        if job.front_end in GENERATED:
            target = load_target(read_settings(Path(job.root)), job.target)  # here, as it reads a file, and not by case
            return job.stop, partial(self._run_generated, target, job, report)
        lockstep = self._lockstep_for(job)
        if job.front_end == "corpus":
            paths = self._fixtures(_corpus(job), lockstep.target.name)
            return len(paths), lambda index: self._run_fixture(lockstep, job, report, paths[index])
        readable, folder = lockstep.target.recordings, read_settings(Path(job.root)).recordings
        assert readable is not None
        assert folder is not None
        recordings = readable.read(folder, readable.files[job.source])
        return len(recordings), lambda index: self._run_recording(lockstep, job, report, index, recordings[index])

    def _run_generated(self, target: Target, job: Job, report: Report, index: int) -> None:
        subjects = subjects_of(target, job.front_end, index, job.subjects)
        lockstep = self._lockstep(job.root, job.target, subjects, job.limits if job.careful else None)
        turns = len(pairs_of(target, job.front_end, job.subjects))
        generator = self._generator(lockstep, job.front_end, turns, _corpus(job))
        with time_limited(0 if job.careful else job.limits.case_seconds):  # isolated subjects have limits of their own
            try:
                exploration = generator.explore(job.seed, index)
            except TargetCodeError as error:
                report.failed.append(f"{generator.name(job.seed, index)}: {error}")
                return
        divergence = exploration.verdict.divergence
        if _is_left_to_care(lockstep, job, index, divergence, report):
            return
        report.count(exploration.verdict, exploration.cells)
        _count_opinions(lockstep, report)
        if divergence is not None:
            self._sight(lockstep, exploration.case, divergence, generator.name(job.seed, index), job, report)

    def _run_fixture(self, lockstep: Lockstep, job: Job, report: Report, path: Path) -> None:
        with time_limited(0 if job.careful else job.limits.case_seconds):
            try:
                run = run_fixture(lockstep, path)
            except TargetCodeError as error:
                report.failed.append(f"{path}: {error}")
                return
        report.count(run.verdict, run.cells)
        judged = self._cause_of(lockstep, run, job)
        if judged is None:
            report.problems += run.problems
        else:
            report.judge(judged, fixtures=[str(path)])
            report.problems += run.problems_besides(judged.wrong)

    def _cause_of(self, lockstep: Lockstep, run: FixtureRun, job: Job) -> JudgedDifference | None:
        """The judged difference for which a fixture fails in lockstep; None where it fails for another, or holds."""
        divergence = run.verdict.divergence
        if divergence is None or run.fixture.verdict == INTENDED:
            return None
        raw = str(divergence.signature)
        judged = self._standing(job, lockstep.target.name, raw)
        near = self._judgements(_corpus(job), lockstep.target.name).has_family_of(raw)
        # A worker that was lost over this job may have been lost while it shrank: this time it does not.
        if judged is not None or not near or job.tries:
            return judged
        if raw not in self._shrunk:
            excused = self._ledger(_corpus(job)).excused_from(raw)
            self._shrunk[raw] = str(Shrinker(lockstep, excused).shrink(run.fixture.case).divergence.signature)
        return self._standing(job, lockstep.target.name, self._shrunk[raw])

    def _run_recording(self, lockstep: Lockstep, job: Job, report: Report, index: int, recording: Recording) -> None:
        try:
            result = run_recording(lockstep, recording)
        except TargetCodeError as error:
            report.failed.append(f"traffic {recording.name}: {error}")
            return
        divergence = result.verdict.divergence
        if _is_left_to_care(lockstep, job, index, divergence, report):
            return
        report.count(result.verdict, result.cells)
        _count_opinions(lockstep, report)
        report.remarks.append(result.remark)
        report.problems += result.problems
        if divergence is not None:
            case = Case(lockstep.target.name, recording.config, recording.steps[: divergence.index + 1])
            self._sight(lockstep, case, divergence, f"traffic {recording.name}", job, report)

    def _run_search(self, job: Job, report: Report) -> None:
        """Give the search a turn: what diverged is run again here, and what ended the search is run isolated."""
        try:
            found, death = self._searches.of(job).turn(job, report)
        except TargetCodeError as error:
            report.failed.append(f"{job.name(job.start)}: {error}")
            return
        for hit in found:
            isolation = job.limits if needs_isolation(hit.signature) else None
            lockstep = self._lockstep(job.root, job.target, job.subjects, isolation)
            divergence = lockstep.run_case(hit.case).divergence
            if divergence is None:
                report.problems.append(f"{job.name(job.start)}: only a build for coverage shows {hit.signature}")
            else:
                self._sight(lockstep, hit.case, divergence, job.name(job.start), job, report, hit.seen)
        if death is not None:
            careful = msgspec.structs.replace(job, careful=death.cause)
            isolated = self._lockstep_for(careful)
            cells: Cells = Counter()
            verdict = isolated.run_case(death.case, cells=cells)
            report.count(verdict, cells)
            if verdict.divergence is None:
                _note_agreement(careful, job.start, report)
            else:
                self._sight(isolated, death.case, verdict.divergence, job.name(job.start), job, report)

    def _sight(
        self,
        lockstep: Lockstep,
        case: Case,
        divergence: Divergence,
        origin: str,
        job: Job,
        report: Report,
        seen: int = 1,
    ) -> None:
        """Count a divergence, and record it the first time that this process meets its signature."""
        raw = str(divergence.signature)
        known = self._ledger(_corpus(job)).entry_of(raw)
        if known is not None:
            fixture = _corpus(job) / known.fixture
            report.sight(raw, Sighting(str(fixture), len(case.steps), certified=False, origin=origin, seen=seen))
            return
        judged = self._standing(job, lockstep.target.name, raw)
        if judged is None:
            kept = self._kept(lockstep, case, divergence, origin, job)
            judged = self._standing(job, lockstep.target.name, kept.signature)
            if judged is None:
                report.sight(kept.signature, Sighting(kept.path, kept.steps, kept.certified, kept.origin, seen))
                return
        report.judge(judged, seen)

    def _kept(self, lockstep: Lockstep, case: Case, divergence: Divergence, origin: str, job: Job) -> RecordedFinding:
        """What the first case of a signature became; it is not kept where it shrinks to what is judged."""
        raw = str(divergence.signature)
        if raw not in self._recorded:
            self._recorded[raw] = record(
                lockstep,
                case,
                divergence,
                origin,
                FindingStore(Path(job.findings)),
                # A worker that was lost over this job may have been lost while it shrank: this time it does not.
                shrinks=job.tries == 0,
                is_judged=lambda signature: self._standing(job, lockstep.target.name, signature) is not None,
            )
        return self._recorded[raw]

    def _standing(self, job: Job, target: str, signature: str) -> JudgedDifference | None:
        """The judgement on a signature, if its fixture still shows it."""
        judgements = self._judgements(_corpus(job), target)
        if not judgements.of(signature):
            return None
        # The pair alone, as it was judged: a third subject may differ earlier.
        isolation = job.limits if job.careful or needs_isolation(signature) else None
        return judgements.standing(signature, self._lockstep(job.root, job.target, pair_of(signature), isolation))

    def _lockstep_for(self, job: Job) -> Lockstep:
        return self._lockstep(job.root, job.target, job.subjects, job.limits if job.careful else None)


def _make_lockstep(root: str, target_name: str, subjects: tuple[str, ...], isolation: Limits | None) -> Lockstep:
    settings = read_settings(Path(root))
    target = load_target(settings, target_name)
    if isolation is None:
        return Lockstep(target, seat_subjects(target, subjects))
    return Lockstep(target, seat_isolated(settings, target_name, subjects, isolation))


def _make_generator(lockstep: Lockstep, front_end: str, turns: int, corpus: Path) -> Generator:
    return Generator(lockstep, front_end, turns, partial(parents_of, corpus, lockstep.target.name))


def _corpus(job: Job) -> Path:
    """The corpus that the job's folder of findings is part of."""
    return Path(job.findings).parent


def _count_opinions(lockstep: Lockstep, report: Report) -> None:
    """Count how much of the case that has just ended the oracles judged."""
    for name, subject in zip(lockstep.names, lockstep.subjects, strict=True):
        if isinstance(subject, CountingOpinion):
            report.tally(name, subject.tally())


def _is_left_to_care(lockstep: Lockstep, job: Job, index: int, divergence: Divergence | None, report: Report) -> bool:
    is_isolated = job.careful or lockstep.target.isolation.always
    if is_isolated or divergence is None or not needs_isolation(str(divergence.signature)):
        return False
    report.careful[index] = divergence.signature.difference.rpartition("~")[2]
    return True


def _note_agreement(job: Job, index: int, report: Report) -> None:
    """Report that a case that stopped a worker shows nothing when it is run by itself, isolated."""
    message = f"{job.name(index)}: {job.careful} in a worker, and by itself, isolated, the case agrees"
    if job.careful.startswith(HARMLESS):
        report.remarks.append(message)
    else:
        report.problems.append(f"{message}: a subject keeps something from one case to the next")


# The pool hands a process functions and plain data only: this is where the functions find what the process keeps.
_worker = Worker()


def start_worker(memory_mib: int) -> None:
    """Prepare a worker process: its limits, and neither Ctrl-C nor the garbage collector."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends workers in order
    gc.disable()  # cases make no reference cycles, and the collector would look for some all the time
    limit_cores()
    limit_memory(memory_mib)


def run_job(job: Job) -> Report:
    """Do a job in this process. Raises what `Worker.run` does."""
    return _worker.run(job)
