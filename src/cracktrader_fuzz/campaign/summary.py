"""What a run ends with: facts that add up, the exit code that follows from them, and the same for a reader."""

import shlex
import time
from typing import Any

import msgspec
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from cracktrader_fuzz.campaign.canary import Caught
from cracktrader_fuzz.campaign.job import Report, Sighting, codes, total
from cracktrader_fuzz.corpus.ledger import Known, Ledger
from cracktrader_fuzz.subjects.protocol import BuildIdentity, Target

EXIT_NOTHING_NEW = 0
EXIT_NEW_FINDING = 1
EXIT_USAGE = 2
EXIT_BROKEN = 3
EXIT_KNOWN = 4
EXIT_INTERRUPTED = 130


class Summary(msgspec.Struct):
    """The facts of a run. `broken` says why the run proves nothing, if it does not. `ledger`: what it may show."""

    target: str
    seed: int
    builds: list[BuildIdentity]
    canary: Caught | None = None
    reports: list[Report] = []
    fixtures: int = 0
    fixture_problems: list[str] = []
    ledger: Ledger = Ledger()
    ledger_problems: list[str] = []
    notes: list[str] = []
    broken: list[str] = []
    interrupted: bool = False
    seconds: float = 0.0
    started: float = msgspec.field(default_factory=time.monotonic)

    @property
    def whole(self) -> Report:
        """All front ends together."""
        return total(self.reports, "total")

    @property
    def problems(self) -> list[str]:
        """Fixtures and recordings that did not come out as they must, and entries of the ledger that do not hold."""
        return [*self.ledger_problems, *self.fixture_problems, *self.whole.problems]

    @property
    def new(self) -> dict[str, Sighting]:
        """What was seen and nobody has judged, by signature."""
        seen = sorted(self.whole.sightings.items())
        return {name: sighting for name, sighting in seen if self.ledger.entry_of(name) is None}

    @property
    def known(self) -> list[tuple[Known, int]]:
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
        "findings": {name: msgspec.to_builtins(sighting) for name, sighting in summary.new.items()},
        "known": [{**msgspec.to_builtins(entry), "seen": count} for entry, count in summary.known],
        "ledger_problems": summary.ledger_problems,
        "notes": summary.notes,
        "broken": summary.broken,
    }


def printable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def render(summary: Summary, target: Target, options: str = "") -> RenderableType:
    """The summary for a reader; everything that came from a case is escaped. `options` go behind printed commands."""
    parts: list[RenderableType] = [_reached(summary, target), "", _front_ends(summary), ""]
    lines = [f"{build.subject:<8} {_build(build)}" for build in summary.builds]
    lines += [f"note     {line}" for line in summary.notes]
    for report in summary.reports:
        lines += [f"{report.front_end:<8} {line}" for line in report.remarks]
    lines += [_canary_line(summary.canary), _fixtures_line(summary)]
    lines += [f"problem  {line}" for line in summary.problems]
    lines += [f"known    {entry.id} until {entry.expires}, seen {count} times" for entry, count in summary.known]
    for name, sighting in summary.new.items():
        lines += ["", *_finding_lines(name, sighting, options)]
    lines += [*(f"broken   {line}" for line in summary.broken), "", verdict_line(summary)]
    return Group(*parts, *(Text(printable(line)) for line in lines))


def verdict_line(summary: Summary) -> str:
    """The last line: what came of it."""
    whole = summary.whole
    ran = f"{whole.steps:,} steps in {whole.cases:,} cases and {summary.fixtures} fixtures, {summary.seconds:.1f} s"
    if summary.broken:
        return f"HARNESS BROKEN, this run proves nothing: {summary.broken[0]}"
    if summary.new or summary.problems:
        return f"{len(summary.new)} new signatures, {len(summary.problems)} problems: {ran}"
    ending = "; interrupted, nothing is lost" if summary.interrupted else ""
    agree = f"{len(summary.known)} known divergences and nothing else" if summary.known else "all agree"
    return f"0 new signatures, {agree}: {ran}{ending}"


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the command say which exit code that is."""
        raise BrokenPipeError


def console(*, stderr: bool = False) -> Console:
    """A console that is wide enough for the tables where nobody set a width, and breaks no line of text."""
    plain = _Console(stderr=stderr, highlight=False, soft_wrap=True)
    return plain if plain.is_terminal else _Console(stderr=stderr, highlight=False, soft_wrap=True, width=132)


def _build(build: BuildIdentity) -> str:
    return f"{build.version} ({build.profile}) sha256 {build.sha256[:16]} {build.module}"


def _canary_line(caught: Caught | None) -> str:
    if caught is None:
        return "canary   none was let loose"
    if caught.problem:
        return f"canary   MISSED {caught.name}: {caught.problem}"
    shrunk = f"{caught.steps_found} steps shrunk to {caught.steps_shrunk}, certified"
    return f"canary   caught {caught.name}: {caught.cases} cases, {shrunk}"


def _fixtures_line(summary: Summary) -> str:
    return f"fixtures {summary.fixtures} run, {len(summary.fixture_problems)} not as expected"


def _front_ends(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("front end")
    for heading in ("cases", "steps", "applied", "signatures"):
        table.add_column(heading, justify="right")
    table.add_column("answers, most frequent first")
    for report in [*summary.reports, summary.whole]:
        most = ", ".join(f"{code} {count:,}" for code, count in codes(report.cells).most_common(5))
        counts = (report.cases, report.steps, report.applied, len(report.sightings))
        table.add_row(report.front_end, *(f"{count:,}" for count in counts), escape(most))
    return table


def _reached(summary: Summary, target: Target) -> Table:
    cells = summary.whole.cells
    table = Table(box=None, pad_edge=False, title="steps by kind and by what they met", title_justify="left")
    table.add_column("")
    contexts = [*target.contexts, *sorted({each for (_, each), _ in cells} - set(target.contexts))]
    for context in contexts:
        table.add_column(target.contexts.get(context, context), justify="right")
    counts: dict[tuple[str, str], int] = {}
    for (label, _), count in cells.items():
        counts[label] = counts.get(label, 0) + count
    for kind in [*target.kinds, *sorted({each for each, _ in counts} - set(target.kinds))]:
        table.add_row(escape(kind), *(_short(counts.get((kind, context), 0)) for context in contexts))
    return table


def _short(count: int) -> str:
    if count == 0:
        return "."
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if count >= size:
            return f"{count / size:.3g}{unit}"
    return str(count)


def _finding_lines(name: str, sighting: Sighting, options: str) -> list[str]:
    certified = "certified minimal" if sighting.certified else "not certified"
    case = f"{shlex.quote(sighting.path)}{options}"
    return [
        f"NEW      {name}",
        f"         {sighting.steps} steps, {certified}, seen {sighting.seen} times, first by {sighting.origin}",
        f"         python -m cracktrader_fuzz repro {case}",
        f'         python -m cracktrader_fuzz promote {case} --verdict WHO --reason "WHY"',
    ]
