"""What happens in a worker process: it runs a job, keeps every finding as it finds it, and reports.

Before each case it notes which one, for the case may be its last; a generated case has a limit on its time. A careful
job has its subjects isolated, so that what would take a worker along is a divergence, kept and shrunk like any other;
what can only be had that way is left to a careful job.

A divergence is written before it is shrunk, and again, smaller, after. A signature that this process has shrunk is
counted and not shrunk again. One that the corpus's ledger knows is counted and neither shrunk nor kept, and nothing is
shrunk into it.
"""

import gc
import signal
import time
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import msgspec

from cracktrader_fuzz.campaign.coverage_job import COVERAGE, search_for
from cracktrader_fuzz.campaign.job import Job, Report, Sighting
from cracktrader_fuzz.campaign.journal import Journal
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.documents import Provenance
from cracktrader_fuzz.corpus.ledger import Ledger, read_ledger
from cracktrader_fuzz.corpus.replay import fixture_problems, fixtures_of, stock_of
from cracktrader_fuzz.corpus.store import FindingStore, finding_of
from cracktrader_fuzz.lockstep.consult import consult
from cracktrader_fuzz.lockstep.run import Cells, Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.search.generated import GENERATED, Generator, pairs_of, subjects_of
from cracktrader_fuzz.search.traffic import replay_recording
from cracktrader_fuzz.settings import load_target, read_settings, seat, seat_isolated
from cracktrader_fuzz.shrink.shrinker import Shrinker
from cracktrader_fuzz.subjects.crash import needs_isolation
from cracktrader_fuzz.subjects.limits import Limits, limit_cores, limit_memory, time_limited
from cracktrader_fuzz.subjects.opinions import Tallied
from cracktrader_fuzz.subjects.protocol import Recording, Target

HARMLESS = ("timeout", "died:SIGKILL", "died:SIGTERM")
_shrunk: dict[str, tuple[str, Sighting]] = {}


def start_worker(memory_mib: int) -> None:
    """Leave Ctrl-C to the parent, which asks workers to end; cases make no reference cycles, so no collector runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    limit_cores()
    limit_memory(memory_mib)


def run_job(job: Job) -> Report:
    """Do the work."""
    if job.front_end == COVERAGE:
        return _run_search(job)
    lockstep = _lockstep(job.root, job.target, job.subjects, job.limits if job.careful else None)
    report, began = Report(job.front_end), time.monotonic()
    count, run = _front_end(lockstep, job, report)
    with Journal(Path(job.journal)) as journal:
        for index in range(job.start, min(job.stop, count)):
            journal.note(index)
            before = len(report.sightings), len(report.problems)
            run(index)
            if job.careful and before == (len(report.sightings), len(report.problems)):
                _nothing_shown(job, index, report)
    gc.collect()
    report.seconds = time.monotonic() - began
    return report


def keep(
    lockstep: Lockstep, case: Case, divergence: Divergence, origin: str, store: FindingStore, *, shrinks: bool = True
) -> tuple[str, Sighting]:
    """Write the finding, shrink it into nothing that is known, write it again: its signature and what was kept."""
    provenance = Provenance(origin, [_build_text(lockstep, name) for name in divergence.subjects])
    raw = finding_of(case, divergence, None, provenance)
    path = store.keep(raw, divergence.signature.slug)
    if not shrinks:
        return raw.signature, Sighting(str(path), len(raw.steps), certified=False, origin=origin)
    excused = read_ledger(store.folder.parent).excused_from(raw.signature)
    shrunk = Shrinker(lockstep, excused).shrink(case)
    said = consult(lockstep.target, shrunk.case, shrunk.divergence)
    small = finding_of(shrunk.case, shrunk.divergence, shrunk.certificate, provenance, said)
    path = store.keep(small, shrunk.divergence.signature.slug)
    if str(divergence.signature) != small.signature:
        store.drop(str(divergence.signature), small)
    return small.signature, Sighting(str(path), len(small.steps), small.certificate is not None, origin)


def _front_end(lockstep: Lockstep, job: Job, report: Report) -> tuple[int, Callable[[int], None]]:
    """How many cases there are, and what runs one of them."""
    if job.front_end in GENERATED:
        return job.stop, partial(_run_generated, lockstep.target, job, report)
    if job.front_end == "corpus":
        paths = _fixtures(job.findings, lockstep.target.name)
        return len(paths), lambda index: _run_fixture(lockstep, job, report, paths[index])
    target, folder = lockstep.target, read_settings(Path(job.root)).recordings
    assert target.recordings is not None
    assert folder is not None
    recordings = target.recordings(folder, target.recording_files[job.source])
    return len(recordings), lambda index: _run_recording(lockstep, job, report, index, recordings[index])


def _run_generated(target: Target, job: Job, report: Report, index: int) -> None:
    subjects, isolation = subjects_of(target, job.front_end, index, job.subjects), job.limits if job.careful else None
    lockstep = _lockstep(job.root, job.target, subjects, isolation)
    turns = len(pairs_of(target, job.front_end, job.subjects))
    generator = _generator(lockstep, job.front_end, turns, Path(job.findings).parent)
    with time_limited(0 if job.careful else job.limits.case_seconds):
        explored = generator.explore(job.seed, index)
    divergence = explored.verdict.divergence
    if _left_to_care(lockstep, job, index, divergence, report):
        return
    report.count(explored.verdict, explored.cells)
    _ask_opinions(lockstep, report)
    if divergence is not None:
        _sight(lockstep, explored.case, divergence, generator.name(job.seed, index), job, report)


def _run_search(job: Job) -> Report:
    """A turn of the search: what diverged there is run here, and what it died of by itself, isolated."""
    report, began = Report(job.front_end), time.monotonic()
    found, died = search_for(job).turn(job, report)
    for each in found:
        isolation = job.limits if needs_isolation(each.signature) else None
        lockstep = _lockstep(job.root, job.target, job.subjects, isolation)
        divergence = lockstep.replay(each.case).divergence
        if divergence is None:
            report.problems.append(f"{job.name(job.start)}: only a build for coverage shows {each.signature}")
        else:
            _sight(lockstep, each.case, divergence, job.name(job.start), job, report, each.seen)
    if died is not None:
        care = msgspec.structs.replace(job, careful=died.cause)
        isolated = _lockstep(job.root, job.target, job.subjects, job.limits)
        cells: Cells = Counter()
        verdict = isolated.replay(died.case, cells=cells)
        report.count(verdict, cells)
        if verdict.divergence is None:
            _nothing_shown(care, job.start, report)
        else:
            _sight(isolated, died.case, verdict.divergence, job.name(job.start), job, report)
    gc.collect()
    report.seconds = time.monotonic() - began
    return report


def _run_fixture(lockstep: Lockstep, job: Job, report: Report, path: Path) -> None:
    with time_limited(0 if job.careful else job.limits.case_seconds):
        problems, verdict, cells = fixture_problems(lockstep, path)
    report.count(verdict, cells)
    report.problems += problems


def _run_recording(lockstep: Lockstep, job: Job, report: Report, index: int, recording: Recording) -> None:
    played = replay_recording(lockstep, recording)
    divergence = played.verdict.divergence
    if _left_to_care(lockstep, job, index, divergence, report):
        return
    report.count(played.verdict, played.cells)
    _ask_opinions(lockstep, report)
    report.remarks.append(played.remark)
    report.problems += played.problems
    if divergence is not None:
        case = Case(lockstep.target.name, recording.config, recording.steps[: divergence.index + 1])
        _sight(lockstep, case, divergence, f"traffic {recording.name}", job, report)


def _ask_opinions(lockstep: Lockstep, report: Report) -> None:
    """Have the opinions say how much of the case that has just ended they judged."""
    for name, subject in zip(lockstep.names, lockstep.subjects, strict=True):
        if isinstance(subject, Tallied):
            report.tally(name, subject.tally())


def _left_to_care(lockstep: Lockstep, job: Job, index: int, divergence: Divergence | None, report: Report) -> bool:
    is_isolated = job.careful or lockstep.target.isolated
    if is_isolated or divergence is None or not needs_isolation(str(divergence.signature)):
        return False
    report.careful[index] = divergence.signature.difference.rpartition("~")[2]
    return True


def _nothing_shown(job: Job, index: int, report: Report) -> None:
    """By itself and isolated, the case agrees. That is fine if somebody else ended the worker, or it was just slow."""
    told = f"{job.name(index)}: {job.careful} in a worker, and by itself, isolated, the case agrees"
    if job.careful.startswith(HARMLESS):
        report.remarks.append(told)
    else:
        report.problems.append(f"{told}: a subject keeps something from one case to the next")


def _sight(
    lockstep: Lockstep, case: Case, divergence: Divergence, origin: str, job: Job, report: Report, seen: int = 1
) -> None:
    raw = str(divergence.signature)
    known = _ledger(job.findings).entry_of(raw)
    if known is not None:
        fixture = Path(job.findings).parent / known.fixture
        report.sight(raw, Sighting(str(fixture), len(case.steps), certified=False, origin=origin, seen=seen))
        return
    if raw not in _shrunk:
        store = FindingStore(Path(job.findings))
        _shrunk[raw] = keep(lockstep, case, divergence, origin, store, shrinks=job.tries == 0)
    signature, kept = _shrunk[raw]
    report.sight(signature, Sighting(kept.path, kept.steps, kept.certified, kept.origin, seen))


def _build_text(lockstep: Lockstep, name: str) -> str:
    identity = lockstep.subjects[lockstep.names.index(name)].identity()
    return f"{name} {identity.version} {identity.sha256[:12]}"


@cache
def _fixtures(findings: str, target: str) -> list[Path]:
    """The target's fixtures beside the folder of findings, as they were when this process first looked."""
    return fixtures_of(Path(findings).parent, target)


@cache
def _generator(lockstep: Lockstep, front_end: str, turns: int, corpus: Path) -> Generator:
    """The front end on these subjects, with the corpus as it was when this process first looked."""
    return Generator(lockstep, front_end, turns, partial(stock_of, corpus, lockstep.target.name))


@cache
def _ledger(findings: str) -> Ledger:
    """The ledger beside the folder of findings, as it was when this process first looked."""
    return read_ledger(Path(findings).parent)


@cache
def _lockstep(root: str, target_name: str, subjects: tuple[str, ...], isolation: Limits | None) -> Lockstep:
    settings = read_settings(Path(root))
    target = load_target(settings, target_name)
    if isolation is None:
        return Lockstep(target, seat(target, subjects))
    return Lockstep(target, seat_isolated(settings, target_name, subjects, isolation))
