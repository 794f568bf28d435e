"""What a run of one target found, for a program: the document of `run --json`, and of each target in a night's."""

import msgspec

from cracktrader_fuzz.campaign.canary import CanaryResult
from cracktrader_fuzz.campaign.job import CodeReach, JudgedSighting, Report, Sighting, codes
from cracktrader_fuzz.campaign.summary import BaseComparison, SpaceReached, Summary
from cracktrader_fuzz.corpus.judgements import JudgedDifference
from cracktrader_fuzz.corpus.ledger import KnownDivergence
from cracktrader_fuzz.document import Document, head
from cracktrader_fuzz.target.protocol import BuildIdentity

SECONDS_DIGITS = 3  # milliseconds: less is noise of the machine
RATE_DIGITS = 1  # front ends that run isolated subjects do a few cases a second, where a whole number says too little


class FixtureCounts(msgspec.Struct, frozen=True):
    """The fixtures of a run."""

    run: int
    """How many were run."""
    problems: list[str]
    """A line for each that did not come out as expected."""


class FrontEndReport(msgspec.Struct, frozen=True):
    """What one front end did."""

    cases: int
    """How many cases it ran."""
    steps: int
    """How many steps the reference took in them."""
    applied: int
    """How many of the steps the reference applied."""
    edges: int
    """How many edges of code it was the first to see; 0 where coverage is not measured."""
    followed: CodeReach
    """What the search that is guided by coverage saw of the code."""
    codes: dict[str, int]
    """How often the reference answered with each code."""
    remarks: list[str]
    """Lines for a reader."""
    problems: list[str]
    """A line for each thing that is wrong, besides findings and fixtures."""


class StepCounts(msgspec.Struct, frozen=True):
    """The counts of a run, all front ends together."""

    cases: int
    """How many cases were run."""
    steps: int
    """How many steps the reference took."""
    applied: int
    """How many of the steps the reference applied."""


class CellName(msgspec.Struct, frozen=True):
    """A cell: a kind of step, what it met, and what was answered."""

    kind: str
    """The kind of step."""
    context: str
    """What it met, in the target's words; `-` where there is nothing to meet."""
    code: str
    """The code of the answer; `*` where the target does not declare which codes there are."""


class CellCount(CellName, frozen=True):
    """A cell that was reached."""

    steps: int
    """How many steps reached it."""


class SeenDivergence(KnownDivergence, frozen=True):
    """A known divergence that was seen, as the ledger has it."""

    seen: int
    """How many cases of this run showed it."""


class SeenJudgement(JudgedDifference, frozen=True):
    """A judged difference that was seen and is not mended yet."""

    seen: int
    """How many cases of this run showed it, fixtures among them."""
    fixtures: list[str]
    """The fixtures that fail for it."""


class RunDocument(Document, kw_only=True, tag=head("run", 1)):
    """What a run of one target found, and what it could not do."""

    target: str
    """The target's name."""
    seed: int
    """The seed of all cases: with it the same cases come again."""
    seconds: float
    """How long it took, on the clock."""
    interrupted: bool
    """Whether Ctrl-C or SIGTERM ended it early."""
    exit_code: int
    """What `run` ends with for it: 0, 1, 3, 4 or 130."""
    builds: list[BuildIdentity]
    """Which builds were compared, the reference first."""
    canary: CanaryResult | None
    """How the canary fared; null where the target has none, or the run ended before it."""
    fixtures: FixtureCounts
    """The fixtures that were run."""
    front_ends: dict[str, FrontEndReport]
    """What each front end did, by its name."""
    total: StepCounts
    """All front ends together."""
    reached: list[CellCount]
    """The cells that were reached, in order."""
    space: SpaceReached | None
    """How much of the target's space was reached; null where the target declares none."""
    never_reached: list[CellName]
    """The cells of the space that nothing reached; kinds and contexts where the target declares no space."""
    floors_not_reached: list[str]
    """A line for each floor under the soak that was not reached."""
    cases_per_second: dict[str, float]
    """How many cases a worker ran in a second, by front end."""
    steps_per_second: dict[str, int]
    """How many steps a worker ran in a second, by front end."""
    findings: dict[str, Sighting]
    """The new differences, by signature."""
    at_base: dict[str, Sighting]
    """The differences that the revision of `--base` has too, by signature."""
    base: BaseComparison | None
    """What the revision of `--base` shows; null without `--base`."""
    known: list[SeenDivergence]
    """The entries of the ledger that were seen."""
    judged: list[SeenJudgement]
    """The judged differences that were seen and are not mended yet, in order of fixture."""
    ledger_problems: list[str]
    """A line for each entry of the ledger that does not hold any more."""
    open_cases: list[str]
    """A line for each case that stopped a worker, and that there was no time to run by itself."""
    opinions: dict[str, dict[str, int]]
    """For each third opinion, how many steps it judged, and how many not, by reason."""
    notes: list[str]
    """What was left out, and what a reader should know."""
    broken: list[str]
    """Why the run proves nothing; empty where it does prove something."""


def run_document(summary: Summary) -> RunDocument:
    """The facts of a summary."""
    whole, timed = summary.whole, [each for each in summary.reports if each.seconds]
    return RunDocument(
        target=summary.target,
        seed=summary.seed,
        seconds=round(summary.seconds, SECONDS_DIGITS),
        interrupted=summary.interrupted,
        exit_code=summary.exit_code,
        builds=summary.builds,
        canary=summary.canary,
        fixtures=FixtureCounts(summary.fixtures, summary.fixture_problems),
        front_ends={report.front_end: _front_end(report) for report in summary.reports},
        total=StepCounts(whole.cases, whole.steps, whole.applied),
        reached=[CellCount(*label, code, count) for (label, code), count in sorted(whole.cells.items())],
        space=summary.space,
        never_reached=[CellName(*cell) for cell in summary.never],
        floors_not_reached=summary.low,
        cases_per_second={each.front_end: round(each.cases / each.seconds, RATE_DIGITS) for each in timed},
        steps_per_second={each.front_end: round(each.steps / each.seconds) for each in timed},
        findings=summary.new,
        at_base=summary.at_base,
        base=summary.base,
        known=[SeenDivergence(**msgspec.structs.asdict(entry), seen=count) for entry, count in summary.known],
        judged=[_seen_judgement(each) for each in summary.judged],
        ledger_problems=summary.ledger_problems,
        open_cases=summary.open_cases,
        opinions=whole.opinions,
        notes=summary.notes,
        broken=summary.why_broken,
    )


def _seen_judgement(judged: JudgedSighting) -> SeenJudgement:
    return SeenJudgement(**msgspec.structs.asdict(judged.judgement), seen=judged.seen, fixtures=judged.fixtures)


def _front_end(report: Report) -> FrontEndReport:
    return FrontEndReport(
        cases=report.cases,
        steps=report.steps,
        applied=report.applied,
        edges=report.edges,
        followed=report.followed,
        codes=dict(sorted(codes(report.cells).items())),
        remarks=report.remarks,
        problems=report.problems,
    )
