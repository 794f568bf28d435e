"""What happens in a worker process: it runs a job, keeps every finding as it finds it, and reports.

A divergence is written before it is shrunk, and again, smaller, after. A signature that this process has shrunk is
counted and not shrunk again. One that the corpus's ledger knows is counted and neither shrunk nor kept, and nothing is
shrunk into it.
"""

import gc
import signal
from functools import cache
from pathlib import Path

from cracktrader_fuzz.campaign.job import Job, Report, Sighting
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.documents import Provenance
from cracktrader_fuzz.corpus.ledger import Ledger, read_ledger
from cracktrader_fuzz.corpus.store import FindingStore, finding_of
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.search.traffic import replay_recording
from cracktrader_fuzz.settings import load_target, read_settings, seat
from cracktrader_fuzz.shrink.shrinker import Shrinker

_shrunk: dict[str, tuple[str, Sighting]] = {}


def start_worker() -> None:
    """Leave Ctrl-C to the parent, which asks workers to end; cases make no reference cycles, so no collector runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


def run_job(job: Job) -> Report:
    """Do the work."""
    lockstep = _lockstep(job.root, job.target, job.subjects)
    report = Report(job.front_end)
    for index in range(job.start, job.stop):
        if job.front_end == "traffic":
            _run_recordings(lockstep, job, index, report)
        else:
            _run_generated(lockstep, job, index, report)
    gc.collect()
    return report


def keep(
    lockstep: Lockstep, case: Case, divergence: Divergence, origin: str, store: FindingStore
) -> tuple[str, Sighting]:
    """Write the finding, shrink it into nothing that is known, write it again: its signature and what was kept."""
    provenance = Provenance(origin, [_build_text(lockstep, name) for name in divergence.subjects])
    store.keep(finding_of(case, divergence, None, provenance), divergence.signature.slug)
    shrunk = Shrinker(lockstep, read_ledger(store.folder.parent).excuses).shrink(case)
    small = finding_of(shrunk.case, shrunk.divergence, shrunk.certificate, provenance)
    if str(divergence.signature) != small.signature:
        store.drop(str(divergence.signature), small)
    path = store.keep(small, shrunk.divergence.signature.slug)
    return small.signature, Sighting(str(path), len(small.steps), small.certificate is not None, origin)


def _run_generated(lockstep: Lockstep, job: Job, index: int, report: Report) -> None:
    explored = explore(lockstep, job.seed, index)
    report.count(explored.verdict, explored.cells)
    if explored.verdict.divergence is not None:
        _sight(lockstep, explored.case, explored.verdict.divergence, f"soak {job.seed}/{index}", job, report)


def _run_recordings(lockstep: Lockstep, job: Job, index: int, report: Report) -> None:
    target, folder = lockstep.target, read_settings(Path(job.root)).recordings
    assert target.recordings is not None
    assert folder is not None
    for recording in target.recordings(folder, target.recording_files[index]):
        played = replay_recording(lockstep, recording)
        report.count(played.verdict, played.cells)
        report.remarks.append(played.remark)
        report.problems += played.problems
        if played.verdict.divergence is not None:
            steps = recording.steps[: played.verdict.divergence.index + 1]
            case = Case(target.name, recording.config, steps)
            _sight(lockstep, case, played.verdict.divergence, f"traffic {recording.name}", job, report)


def _sight(lockstep: Lockstep, case: Case, divergence: Divergence, origin: str, job: Job, report: Report) -> None:
    raw = str(divergence.signature)
    known = _ledger(job.findings).entry_of(raw)
    if known is not None:
        fixture = Path(job.findings).parent / known.fixture
        report.sight(raw, Sighting(str(fixture), len(case.steps), certified=False, origin=origin))
        return
    if raw not in _shrunk:
        _shrunk[raw] = keep(lockstep, case, divergence, origin, FindingStore(Path(job.findings)))
    signature, kept = _shrunk[raw]
    report.sight(signature, Sighting(kept.path, kept.steps, kept.certified, kept.origin))


def _build_text(lockstep: Lockstep, name: str) -> str:
    identity = lockstep.subjects[lockstep.names.index(name)].identity()
    return f"{name} {identity.version} {identity.sha256[:12]}"


@cache
def _ledger(findings: str) -> Ledger:
    """The ledger beside the folder of findings, as it was when this process first looked."""
    return read_ledger(Path(findings).parent)


@cache
def _lockstep(root: str, target_name: str, subjects: tuple[str, ...]) -> Lockstep:
    target = load_target(read_settings(Path(root)), target_name)
    return Lockstep(target, seat(target, subjects))
