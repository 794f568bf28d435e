"""A budgeted run: canary, fixtures, recordings, then generated cases on every worker until the budget is spent.

All but the canary is done by a crew of worker processes, so that nothing that a subject does ends the run. A run is
repeatable: the cases depend on the seed alone, the budget only says how many of them are reached.
"""

import datetime
import time
from collections.abc import Callable, Iterator

import msgspec

from cracktrader_fuzz.campaign.canary import catch
from cracktrader_fuzz.campaign.crew import Crew
from cracktrader_fuzz.campaign.job import EVERYTHING, Job, Report
from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.corpus.check import ledger_problems
from cracktrader_fuzz.corpus.ledger import Ledger, read_ledger
from cracktrader_fuzz.corpus.replay import fixture_paths
from cracktrader_fuzz.corpus.store import CorpusError, FindingStore
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.settings import Settings, load_target, seat
from cracktrader_fuzz.subjects.limits import Limits
from cracktrader_fuzz.subjects.protocol import Target

SLICE_CASES = 20
FRONT_ENDS = ("corpus", "traffic", "soak")


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
    limits: Limits


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
            if not self.summary.broken:
                crew = Crew(self.plan.workers, self.plan.limits, self._take, self.summary.broken)
                crew.run(self._jobs(), lambda: self.show(self.summary))
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

    def _take(self, job: Job, report: Report) -> None:
        """Add what a job did."""
        if job.front_end == "corpus":
            self.summary.fixtures += report.cases
            problems = [*self.summary.fixture_problems, *report.problems]
            self.summary.fixture_problems = sorted(problems, key=lambda line: line.partition(": ")[0])
            report.problems = []
        self._report(job.front_end).add(report)

    def _jobs(self) -> Iterator[Job]:
        if "corpus" in self.plan.front_ends:
            yield from self._slices("corpus", self._fixtures())
        for source in self._recordings() if "traffic" in self.plan.front_ends else ():
            yield self._job("traffic", 0, EVERYTHING, source)
        if "soak" in self.plan.front_ends:
            for job in self._slices("soak", EVERYTHING if self.plan.cases is None else self.plan.cases):
                if self.plan.cases is None and time.monotonic() >= self._deadline:
                    return
                yield job

    def _slices(self, front_end: str, count: int) -> Iterator[Job]:
        for start in range(0, count, SLICE_CASES):
            yield self._job(front_end, start, min(start + SLICE_CASES, count))

    def _fixtures(self) -> int:
        """How many fixtures there are; if none, that is noted."""
        self._report("corpus")
        count = len(fixture_paths(self.settings.corpus))
        if not count:
            self.summary.notes.append(f"no fixtures under {self.settings.corpus}: none were run")
        return count

    def _recordings(self) -> list[int]:
        """The places of the recorded files that are there; those that are not are noted."""
        folder, there = self.settings.recordings, []
        for index, name in enumerate(self.target.recording_files):
            if folder is not None and (folder / name).is_file():
                there.append(index)
            else:
                self.summary.notes.append(f"no recorded traffic {name} at {folder}: left out")
        return there

    def _job(self, front_end: str, start: int, stop: int, source: int = 0) -> Job:
        plan, root, findings = self.plan, str(self.settings.root), str(self.findings.folder)
        cases = (front_end, plan.seed, start, stop)
        return Job(root, plan.target, plan.subjects, *cases, findings, plan.limits, source)

    def _report(self, front_end: str) -> Report:
        for report in self.summary.reports:
            if report.front_end == front_end:
                return report
        self.summary.reports.append(Report(front_end))
        return self.summary.reports[-1]
