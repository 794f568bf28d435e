"""What a run ends with: facts that add up, the exit code that follows from them, and the same for a program."""

from collections.abc import Iterable

import msgspec

from cracktrader_fuzz.campaign.canary import CanaryResult
from cracktrader_fuzz.campaign.job import JudgedSighting, Report, Sighting, total
from cracktrader_fuzz.corpus.ledger import KnownDivergence, KnownDivergences
from cracktrader_fuzz.exits import EXIT_BROKEN, EXIT_INTERRUPTED, EXIT_KNOWN, EXIT_NEW_FINDING, EXIT_NOTHING_NEW
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_fuzz.target.target import Cell


class SpaceReached(msgspec.Struct, frozen=True):
    """How much of a target's space was reached."""

    cells: int
    """How many cells the space has."""
    reached: int
    """How many of them were reached."""
    legal: int
    """How many of the cells are of steps that are applied."""
    legal_reached: int
    """How many of those were reached."""


class BaseComparison(msgspec.Struct, frozen=True):
    """What another revision answers to the cases that differ."""

    revision: str
    """The revision, as `--base` names it."""
    commit: str
    """The commit that it is."""
    shown: list[str]
    """The signatures that it shows too."""
    answers: dict[str, str]
    """What it answered, in words, by signature."""


class CampaignCounts(msgspec.Struct, frozen=True):
    """The counts of several targets together."""

    cases: int
    """How many cases were run."""
    steps: int
    """How many steps the references took."""
    applied: int
    """How many of the steps they applied."""
    new: int
    """How many new signatures there are."""
    known: int
    """How many entries of ledgers were seen."""
    judged: int
    """How many judged differences were seen that are not mended yet."""
    problems: int
    """How many problems there are besides."""


class Summary(msgspec.Struct):
    """The facts of a run of one target. `broken` is what makes it worthless, if anything does.

    `ledger` is what it may show. `open_cases` stopped a worker and could not be run again. `never` are the cells that
    were not reached, `low` the floors. `base` is the revision that the new signatures were held against, if any.
    """

    target: str
    seed: int
    builds: list[BuildIdentity]
    canary: CanaryResult | None = None
    reports: list[Report] = []
    fixture_problems: list[str] = []
    ledger: KnownDivergences = KnownDivergences()
    ledger_problems: list[str] = []
    notes: list[str] = []
    broken: list[str] = []
    open_cases: list[str] = []
    never: list[Cell] = []
    space: SpaceReached | None = None
    low: list[str] = []
    base: BaseComparison | None = None
    interrupted: bool = False
    seconds: float = 0.0

    @property
    def whole(self) -> Report:
        """All front ends together."""
        return total(self.reports, "total")

    @property
    def missed_canary(self) -> str:
        """The line for a canary that was missed, empty where none was."""
        if self.canary is None or not self.canary.problem:
            return ""
        return f"the canary {self.canary.name} was missed: {self.canary.problem}"

    @property
    def why_broken(self) -> list[str]:
        """Why the run proves nothing; empty where it does prove something.

        What was found is there whether or not the canary was; a missed canary takes away the meaning of silence only.
        """
        is_silent = not self.new and not self._problems_of_cases
        return [*self.broken, self.missed_canary] if self.missed_canary and is_silent else self.broken

    @property
    def without_turn(self) -> list[str]:
        """The front ends that have run no case, in the order of the plan."""
        return [report.front_end for report in self.reports if not report.cases and not report.sightings]

    @property
    def had_no_turn(self) -> bool:
        """Whether the target had front ends, and not one of them has run a case, so that nothing was compared."""
        return bool(self.reports) and len(self.without_turn) == len(self.reports) and not self._problems_of_cases

    @property
    def fixtures(self) -> int:
        """How many fixtures were run."""
        return sum(report.cases for report in self.reports if report.front_end == "corpus")

    @property
    def problems(self) -> list[str]:
        """What did not come out as it must, entries of the ledger that do not hold, and cases that stopped a worker."""
        return [*self.ledger_problems, *self._problems_of_cases]

    @property
    def _problems_of_cases(self) -> list[str]:
        return [*self.fixture_problems, *self.whole.problems, *self.open_cases]

    @property
    def unjudged(self) -> dict[str, Sighting]:
        """What was seen and no judgement or entry of the ledger is about, by signature."""
        seen = sorted(self.whole.sightings.items())
        return {name: sighting for name, sighting in seen if self.ledger.entry_of(name) is None}

    @property
    def new(self) -> dict[str, Sighting]:
        """The same without what the base has too."""
        return {name: sighting for name, sighting in self.unjudged.items() if name not in self._shown_by_base}

    @property
    def at_base(self) -> dict[str, Sighting]:
        """What the ledger does not know, and the base has too."""
        return {name: sighting for name, sighting in self.unjudged.items() if name in self._shown_by_base}

    @property
    def _shown_by_base(self) -> list[str]:
        return [] if self.base is None else self.base.shown

    @property
    def known(self) -> list[tuple[KnownDivergence, int]]:
        """The entries of the ledger that were seen, and how often."""
        seen = self.whole.sightings.items()
        counted = [(each, sum(one.seen for name, one in seen if each.covers(name))) for each in self.ledger.known]
        return [(entry, count) for entry, count in counted if count]

    @property
    def judged(self) -> list[JudgedSighting]:
        """The judged differences that were seen and are not mended yet, in order of fixture."""
        return [judged for _, judged in sorted(self.whole.judged.items())]

    def unexercised(self) -> list[str]:
        """A line for each entry that the search did not come across; none when it was cut short or did not search."""
        if (
            self.why_broken
            or self.interrupted
            or self.had_no_turn
            or not any(each.front_end != "corpus" for each in self.reports)
        ):
            return []
        seen = {entry.id for entry, _ in self.known}
        return [
            f"known divergence {entry.id} was not seen in this run: does it still happen?"
            for entry in self.ledger.known
            if entry.id not in seen
        ]

    @property
    def exit_code(self) -> int:
        """The documented exit code."""
        if self.why_broken:
            return EXIT_BROKEN
        if self.new or self.problems:
            return EXIT_NEW_FINDING
        if self.interrupted:
            return EXIT_INTERRUPTED
        return EXIT_KNOWN if self.known or self.judged else EXIT_NOTHING_NEW


def totals(summaries: list[Summary]) -> CampaignCounts:
    """The counts of several targets together."""
    wholes = [summary.whole for summary in summaries]
    return CampaignCounts(
        cases=sum(whole.cases for whole in wholes),
        steps=sum(whole.steps for whole in wholes),
        applied=sum(whole.applied for whole in wholes),
        new=sum(len(summary.new) for summary in summaries),
        known=sum(len(summary.known) for summary in summaries),
        judged=sum(len(summary.judged) for summary in summaries),
        problems=sum(len(summary.problems) for summary in summaries),
    )


def exit_code(summaries: Iterable[Summary]) -> int:
    """The exit code of several targets together: the gravest."""
    found = {summary.exit_code for summary in summaries}
    ordered = (EXIT_BROKEN, EXIT_NEW_FINDING, EXIT_INTERRUPTED, EXIT_KNOWN)
    return next((code for code in ordered if code in found), EXIT_NOTHING_NEW)
