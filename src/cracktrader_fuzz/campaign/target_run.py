"""One target's part of a campaign: who is compared, its canary, its arms, and the summary that grows."""

from collections import Counter
from collections.abc import Iterator

from cracktrader_fuzz.campaign.canary import catch
from cracktrader_fuzz.campaign.floors import judge
from cracktrader_fuzz.campaign.front_ends import FRONT_ENDS
from cracktrader_fuzz.campaign.job import Job, Report, Sighting
from cracktrader_fuzz.campaign.plan import Entry, Plan
from cracktrader_fuzz.campaign.schedule import Arm
from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.corpus.check import ledger_problems
from cracktrader_fuzz.corpus.ledger import KnownDivergences, read_ledger
from cracktrader_fuzz.corpus.store import FindingStore
from cracktrader_fuzz.errors import CorpusError
from cracktrader_fuzz.lockstep.run import LabelledCode, Lockstep
from cracktrader_fuzz.search.indexed import pairs_of
from cracktrader_fuzz.seating import load_target, seat_subjects
from cracktrader_fuzz.settings import Settings
from cracktrader_fuzz.target.target import Target

# Cases of a front end in which a part of the target raised, before it stops: as many as one slice has, so that one bug
# of a decoder is not listed a thousand times, and a rare one does not end the search.
FAILED_MAX = 20
NO_TURN = "had no turn: no case was run to its end, so nothing was compared"


class TargetRun:
    """A target's part. Raises what `load_target` and `seat_subjects` do, and CorpusError if no finding can be kept."""

    def __init__(self, settings: Settings, entry: Entry, plan: Plan) -> None:
        self.settings, self.entry, self.plan = settings.of_target(entry.target), entry, plan
        self.target: Target = load_target(settings, entry.target)
        self.lockstep = Lockstep(self.target, seat_subjects(self.target, entry.subjects))
        self.findings = FindingStore(self.settings.corpus / "findings")
        self.findings.require_writable()
        self.found_before = sorted(self._kept_signatures())
        builds = [subject.identity() for subject in self.lockstep.subjects]
        known = read_ledger(self.settings.corpus)
        ledger = KnownDivergences(
            [each for pair in self._compared() for each in known.concerning(self.target.name, pair)]
        )
        problems = ledger_problems(ledger, self.settings.corpus, plan.today)
        self.summary = Summary(self.target.name, plan.seed, builds, ledger=ledger, ledger_problems=problems)
        self.tallied: dict[str, int] = {}
        self._cells: set[LabelledCode] = set()
        self._seen: set[str] = set()
        self._failed: Counter[str] = Counter()

    def _compared(self) -> list[tuple[str, ...]]:
        """Every tuple of subjects that is compared: the run's, and the pairs that front ends have of their own."""
        named = [pairs_of(self.target, name, self.entry.subjects) for name in self.plan.front_ends]
        return list(dict.fromkeys([self.entry.subjects, *(pair for pairs in named for pair in pairs)]))

    def arms(self) -> Iterator[Arm]:
        """An arm for each source of each front end of the plan; what is missing is noted."""
        for name in self.plan.front_ends:
            front_end = FRONT_ENDS[name]
            offer = front_end.offer(self.settings, self.target)
            self.summary.notes += offer.notes
            if offer.sources:
                self.report(name)
            for source, cases in offer.sources:
                most = cases if self.plan.cases is None or not front_end.is_endless else self.plan.cases
                yield Arm(
                    *(self.entry.target, name, source, most, front_end.slice_cases),
                    front_end.is_endless,
                    weight=self.entry.weight * self.plan.shares.get(name, 1.0),
                )

    def catch_canary(self) -> None:
        """Let the first canary loose. The search goes on where it is missed: the reference may be what is wrong."""
        if not self.target.canaries:
            self.summary.notes.append(f"the target {self.target.name} has no canary")
            return
        self.summary.canary = catch(self.target, self.target.canaries[0], self.plan.seed)

    def job(self, arm: Arm, start: int, stop: int) -> Job:
        """Cases of an arm, for a worker."""
        return Job(
            root=str(self.settings.root),
            target=self.entry.target,
            subjects=self.entry.subjects,
            front_end=arm.front_end,
            seed=self.plan.seed,
            start=start,
            stop=stop,
            findings=str(self.findings.folder),
            limits=self.plan.limits,
            source=arm.source,
        )

    def take(self, job: Job, report: Report) -> bool:
        """Add the report of a job. Returns whether it showed anything new: a cell, a signature or an edge."""
        news = bool(report.edges) or not (report.cells.keys() <= self._cells and report.sightings.keys() <= self._seen)
        self._take_failures(report)
        if job.front_end == "corpus":
            problems = [*self.summary.fixture_problems, *report.problems]
            self.summary.fixture_problems = sorted(problems, key=lambda line: line.partition(": ")[0])
            report.problems = []
        self._add(report)
        return news

    def _take_failures(self, report: Report) -> None:
        """Make problems of the cases that a part of the target failed on, up to a number."""
        name = report.front_end
        before = self._failed[name]
        report.problems += report.failed[: max(0, FAILED_MAX - before)]
        self._failed[name] += len(report.failed)
        if before < FAILED_MAX <= self._failed[name]:
            report.problems.append(f"{name} stops for {self.target.name}: its own code failed in {FAILED_MAX} cases")

    def has_stopped(self, front_end: str) -> bool:
        """Whether a front end is not worth going on with, since the target's own code fails."""
        return self._failed[front_end] >= FAILED_MAX

    def go_on(
        self, reports: list[Report], fixture_problems: list[str], found_before: list[str], tallied: dict[str, int]
    ) -> None:
        """Go on from what an earlier process did of this run."""
        self.found_before, self.tallied, self.summary.fixture_problems = found_before, tallied, fixture_problems
        for report in reports:
            self._add(report)

    def _add(self, report: Report) -> None:
        self._cells |= report.cells.keys()
        self._seen |= report.sightings.keys()
        self.report(report.front_end).add(report)

    def report(self, front_end: str) -> Report:
        """The sum of what a front end did so far."""
        for report in self.summary.reports:
            if report.front_end == front_end:
                return report
        self.summary.reports.append(Report(front_end))
        return self.summary.reports[-1]

    def end(self, seconds: float, *, interrupted: bool) -> None:
        """Finish the summary when nothing more will be reported: findings, floors, and what was not exercised."""
        summary = self.summary
        summary.seconds, summary.interrupted = seconds, interrupted
        self._adopt()
        self._name_smallest()
        self._tally()
        if summary.had_no_turn:
            summary.notes.append(NO_TURN)
        elif not summary.broken and not interrupted and summary.whole.applied == 0:
            # With a finding or a problem that is its doing; else nothing was compared, and agreement means nothing.
            message = "not one step was applied"
            (summary.notes if summary.new or summary.whole.problems else summary.broken).append(message)
        judge(summary, self.target)
        summary.notes += summary.unexercised()

    def _kept_signatures(self) -> dict[str, str]:
        """The signatures among the findings that are of these subjects and this seed, each with its front end."""
        pairs = [pair for pairs in self.target.relations.pairs.values() for pair in pairs]
        subjects = {*self.lockstep.names, *(name for pair in pairs for name in pair)}
        origins = {
            f"{name} {self.plan.seed}/" if FRONT_ENDS[name].is_endless else f"{name} ": name for name in FRONT_ENDS
        }
        return {
            finding.signature: name
            for _, finding in self.findings.findings()
            for origin, name in origins.items()
            if finding.target == self.target.name
            and subjects.issuperset(finding.subjects)
            and finding.provenance.found_by.startswith(origin)
        }

    def _adopt(self) -> None:
        """Add the findings of workers that were ended before they could report them; their count stays 0."""
        for signature, front_end in self._kept_signatures().items():
            if signature not in self._seen and signature not in self.found_before:
                self.report(front_end).sight(signature, Sighting("", 0, certified=False, origin=front_end, seen=0))

    def _name_smallest(self) -> None:
        """Name the smallest kept case of each signature: another worker may have kept a smaller one."""
        for report in self.summary.reports:
            for signature, sighting in report.sightings.items():
                kept = self.findings.kept(signature)
                if kept is not None:
                    path, finding = kept
                    sighting.path, sighting.steps = str(path), len(finding.steps)
                    sighting.certified, sighting.origin = finding.certificate is not None, finding.provenance.found_by
                    sighting.opinions = finding.opinions

    def _tally(self) -> None:
        """Write into the findings how often they were seen, which no single worker knows."""
        try:
            for signature, sighting in self.summary.new.items():
                self.findings.tally(signature, sighting.seen - self.tallied.get(signature, 0))
                self.tallied[signature] = sighting.seen
        except CorpusError as error:
            self.summary.notes.append(f"how often findings were seen is not kept: {error}")
