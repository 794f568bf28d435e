"""What a run ends with: facts that add up, the exit code that follows from them, and the same for a program."""

from collections.abc import Iterable
from typing import Any

import msgspec

from cracktrader_fuzz.campaign.canary import CanaryResult
from cracktrader_fuzz.campaign.job import Report, Sighting, codes, total
from cracktrader_fuzz.corpus.ledger import KnownDivergence, KnownDivergences
from cracktrader_fuzz.exits import EXIT_BROKEN, EXIT_INTERRUPTED, EXIT_KNOWN, EXIT_NEW_FINDING, EXIT_NOTHING_NEW
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_fuzz.target.target import Cell


class SpaceReached(msgspec.Struct, frozen=True):
    """How many cells a target's space has, how many were reached, and the same of those that are applied."""

    cells: int
    reached: int
    legal: int
    legal_reached: int


class BaseComparison(msgspec.Struct, frozen=True):
    """What another revision shows: `shown` are the signatures that it has too, `told` says of each what it answered."""

    revision: str
    commit: str
    shown: list[str]
    told: dict[str, str]


class Summary(msgspec.Struct):
    """The facts of a run of one target. `broken` says why it proves nothing, if it does not.

    `ledger` is what it may show. `open_cases` stopped a worker and could not be run again. `never` are the cells that
    were not reached, `low` the floors. `base` is whom the new signatures were held against, if anybody.
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
    def fixtures(self) -> int:
        """How many fixtures were run."""
        return sum(report.cases for report in self.reports if report.front_end == "corpus")

    @property
    def problems(self) -> list[str]:
        """What did not come out as it must, entries of the ledger that do not hold, and cases that stopped a worker."""
        return [*self.ledger_problems, *self.fixture_problems, *self.whole.problems, *self.open_cases]

    @property
    def unjudged(self) -> dict[str, Sighting]:
        """What was seen and nobody has judged, by signature."""
        seen = sorted(self.whole.sightings.items())
        return {name: sighting for name, sighting in seen if self.ledger.entry_of(name) is None}

    @property
    def new(self) -> dict[str, Sighting]:
        """The same without what the base has too."""
        return {name: sighting for name, sighting in self.unjudged.items() if name not in self._shown_by_base}

    @property
    def at_base(self) -> dict[str, Sighting]:
        """What nobody has judged, and the base has too."""
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

    def unexercised(self) -> list[str]:
        """A line for each entry that the search did not come across; none when it was cut short or did not search."""
        if self.broken or self.interrupted or not any(each.front_end != "corpus" for each in self.reports):
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
        if self.broken:
            return EXIT_BROKEN
        if self.new or self.problems:
            return EXIT_NEW_FINDING
        if self.interrupted:
            return EXIT_INTERRUPTED
        return EXIT_KNOWN if self.known else EXIT_NOTHING_NEW


def as_json(summary: Summary) -> dict[str, Any]:
    """The same facts for a program."""
    whole = summary.whole
    return {
        "target": summary.target,
        "seed": summary.seed,
        "seconds": round(summary.seconds, 3),
        "interrupted": summary.interrupted,
        "exit_code": summary.exit_code,
        "builds": msgspec.to_builtins(summary.builds),
        "canary": msgspec.to_builtins(summary.canary),
        "fixtures": {"run": summary.fixtures, "problems": summary.fixture_problems},
        "front_ends": {
            report.front_end: {
                "cases": report.cases,
                "steps": report.steps,
                "applied": report.applied,
                "edges": report.edges,
                "followed": msgspec.to_builtins(report.followed),
                "codes": dict(sorted(codes(report.cells).items())),
                "remarks": report.remarks,
                "problems": report.problems,
            }
            for report in summary.reports
        },
        "total": {"cases": whole.cases, "steps": whole.steps, "applied": whole.applied},
        "reached": [
            {"kind": kind, "context": context, "code": code, "steps": count}
            for ((kind, context), code), count in sorted(whole.cells.items())
        ],
        "space": msgspec.to_builtins(summary.space),
        "never_reached": [{"kind": kind, "context": context, "code": code} for kind, context, code in summary.never],
        "floors_not_reached": summary.low,
        "cases_per_second": {
            each.front_end: round(each.cases / each.seconds, 1) for each in summary.reports if each.seconds
        },
        "steps_per_second": {
            each.front_end: round(each.steps / each.seconds) for each in summary.reports if each.seconds
        },
        "findings": {name: msgspec.to_builtins(sighting) for name, sighting in summary.new.items()},
        "at_base": {name: msgspec.to_builtins(sighting) for name, sighting in summary.at_base.items()},
        "base": msgspec.to_builtins(summary.base),
        "known": [{**msgspec.to_builtins(entry), "seen": count} for entry, count in summary.known],
        "ledger_problems": summary.ledger_problems,
        "open_cases": summary.open_cases,
        "opinions": whole.opinions,
        "notes": summary.notes,
        "broken": summary.broken,
    }


def totals(summaries: list[Summary]) -> dict[str, int]:
    """The counts of several targets together."""
    wholes = [summary.whole for summary in summaries]
    return {
        "cases": sum(whole.cases for whole in wholes),
        "steps": sum(whole.steps for whole in wholes),
        "applied": sum(whole.applied for whole in wholes),
        "new": sum(len(summary.new) for summary in summaries),
        "known": sum(len(summary.known) for summary in summaries),
        "problems": sum(len(summary.problems) for summary in summaries),
    }


def exit_code(summaries: Iterable[Summary]) -> int:
    """The exit code of several targets together: the gravest."""
    found = {summary.exit_code for summary in summaries}
    ordered = (EXIT_BROKEN, EXIT_NEW_FINDING, EXIT_INTERRUPTED, EXIT_KNOWN)
    return next((code for code in ordered if code in found), EXIT_NOTHING_NEW)
