"""A run's facts for a reader, as text and tables; everything that came from a case is escaped."""

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cracktrader_fuzz.campaign.canary import CanaryResult
from cracktrader_fuzz.campaign.job import STORED, JudgedSighting, Report, Sighting, codes
from cracktrader_fuzz.campaign.summary import Summary, exit_code, totals
from cracktrader_fuzz.corpus.ledger import pair_of
from cracktrader_fuzz.report.footer import NOT_KNOWN, Footer
from cracktrader_fuzz.subjects.oracle import JUDGED
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_fuzz.target.target import Target
from cracktrader_fuzz.text import printable

NEVER_SHOWN = 6  # by name, on one line; the document for a program has them all
ONE_SIDED_SHOWN = 4  # the same, and each takes twice the room
CODES_SHOWN = 5  # what fits beside the counts within `WIDTH`; the document for a program has them all
HASH_DIGITS = 16  # 64 bits: enough to tell builds apart, and short enough to read aloud
WIDTH = 132  # the wide mode of terminals; the widest table, of orders by status, needs 120


def render(summary: Summary, target: Target, options: str = "") -> RenderableType:
    """The summary for a reader; everything that came from a case is escaped. `options` go behind printed commands."""
    parts: list[RenderableType] = [_reached(summary, target), "", _front_ends(summary), ""]
    lines = [f"{build.subject:<8} {_build(build)}" for build in summary.builds]
    lines += [f"note     {line}" for line in summary.notes]
    for report in summary.reports:
        lines += [f"{report.front_end:<8} {line}" for line in [*report.remarks, *_followed(report)]]
    lines += [_canary_line(summary.canary), _fixtures_line(summary)]
    lines += _never_lines(summary)
    lines += [f"oracle   {name} {_opinion(counts)}" for name, counts in summary.whole.opinions.items()]
    lines += [f"problem  {line}" for line in summary.problems]
    lines += [f"known    {entry.id} until {entry.expires}, seen {count} times" for entry, count in summary.known]
    lines += [_judged_line(each) for each in summary.judged]
    for name, sighting in summary.unjudged.items():
        lines += ["", *_footer(summary, name, sighting, options).lines()]
    lines += [*(f"broken   {line}" for line in summary.why_broken), "", verdict_line(summary)]
    return Group(*parts, *(Text(printable(line)) for line in lines))


def render_all(runs: list[tuple[Summary, Target]], seed: int, options: str = "", resume: str = "") -> RenderableType:
    """Several targets, one below the other, and a line for each at the end; `resume` is the command that goes on."""
    parts: list[RenderableType] = []
    for summary, target in runs:
        parts += [Text(f"==== {summary.target}, seed {seed}"), "", render(summary, target, options), ""]
    summaries = [summary for summary, _ in runs]
    lines = [f"{summary.target:<12} {verdict_line(summary)}" for summary in summaries]
    lines += [f"{'to go on':<12} {resume}"] if resume else []
    lines.append(f"{'total':<12} {total_line(summaries, seed)}")
    return Group(*parts, *(Text(printable(line)) for line in lines))


def total_line(summaries: list[Summary], seed: int) -> str:
    """All targets on one line, and the exit code."""
    count = totals(summaries)
    counts = f"{count.steps:,} steps in {count.cases:,} cases, {count.new} new signatures, {count.problems} problems"
    return f"{counts}, seed {seed}, {max(each.seconds for each in summaries):.1f} s, exit code {exit_code(summaries)}"


def verdict_line(summary: Summary) -> str:
    """The last line: what came of it."""
    whole = summary.whole
    ran = f"{whole.steps:,} steps in {whole.cases:,} cases and {summary.fixtures} fixtures, {summary.seconds:.1f} s"
    if summary.why_broken:
        return f"HARNESS BROKEN, this run proves nothing: {summary.why_broken[0]}"
    ending = "; interrupted, nothing is lost" if summary.interrupted else ""
    if summary.without_turn and not summary.interrupted:
        ending += f"; {', '.join(summary.without_turn)} had no turn"
    if summary.missed_canary:
        ending += f"; {summary.missed_canary}"
    at_base = f", {len(summary.at_base)} also at {summary.base.revision}" if summary.base and summary.at_base else ""
    if summary.new or summary.problems or at_base:
        judged = f", {len(summary.judged)} judged" if summary.judged else ""
        return f"{len(summary.new)} new signatures{at_base}{judged}, {len(summary.problems)} problems: {ran}{ending}"
    if summary.had_no_turn:
        return f"nothing was compared: {ran}{ending}"
    counts = (len(summary.known), "known divergences"), (len(summary.judged), "judged and not mended yet")
    seen = ", ".join(f"{count} {words}" for count, words in counts if count)
    agree = f"{seen} and nothing else" if seen else _agreement(summary)
    return f"0 new signatures, {agree}: {ran}{ending}"


def _agreement(summary: Summary) -> str:
    """How much agrees: not all, where nothing was generated although it was to be."""
    searches = {report.front_end for report in summary.reports}.difference(STORED)
    return "what is stored agrees" if searches and searches.issubset(summary.without_turn) else "all agree"


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave the exit code to the command."""
        raise BrokenPipeError


def console(*, stderr: bool = False) -> Console:
    """A console that is wide enough for the tables where no width is set, and breaks no line of text."""
    plain = _Console(stderr=stderr, highlight=False, soft_wrap=True)
    return plain if plain.is_terminal else _Console(stderr=stderr, highlight=False, soft_wrap=True, width=WIDTH)


def _build(build: BuildIdentity) -> str:
    return f"{build.version} ({build.profile}) sha256 {build.sha256[:HASH_DIGITS]} {build.module}"


def _canary_line(caught: CanaryResult | None) -> str:
    if caught is None:
        return "canary   none was let loose"
    if caught.problem:
        return f"canary   MISSED {caught.name}: {caught.problem}"
    shrunk = f"{caught.steps_found} steps shrunk to {caught.steps_shrunk}, certified"
    return f"canary   caught {caught.name}: {caught.cases} cases, {shrunk}"


def _fixtures_line(summary: Summary) -> str:
    judged = len({fixture for each in summary.judged for fixture in each.fixtures})
    besides = f", {judged} fail for what is judged" if judged else ""
    return f"fixtures {summary.fixtures} run, {len(summary.fixture_problems)} not as expected{besides}"


def _judged_line(judged: JudgedSighting) -> str:
    failing = f", {len(judged.fixtures)} fixtures fail for it" if judged.fixtures else ""
    return f"{judged.judgement.words}, seen {judged.seen} times{failing}"


def _front_ends(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("front end")
    for heading in ("cases", "steps", "applied", "signatures"):
        table.add_column(heading, justify="right")
    table.add_column("answers, most frequent first")
    for report in [*summary.reports, summary.whole]:
        most = ", ".join(f"{code} {count:,}" for code, count in codes(report.cells).most_common(CODES_SHOWN))
        signatures = len(report.sightings) + len(report.judged)
        counts = (report.cases, report.steps, report.applied, signatures)
        table.add_row(
            report.front_end,
            *(f"{count:,}" for count in counts),
            # Long answers are wrapped, and a build server obeys `::` at the beginning of a line.
            Text(printable(most).replace("::", ":\x3a")),
        )
    return table


def _reached(summary: Summary, target: Target) -> Table:
    cells = summary.whole.cells
    table = Table(box=None, pad_edge=False, title="steps by kind and by what they met", title_justify="left")
    table.add_column("")
    contexts = [
        *target.generation.contexts,
        *sorted({each for (_, each), _ in cells} - set(target.generation.contexts)),
    ]
    for context in contexts:
        table.add_column(Text(printable(target.generation.contexts.get(context, context))), justify="right")
    counts: dict[tuple[str, str], int] = {}
    for (label, _), count in cells.items():
        counts[label] = counts.get(label, 0) + count
    for kind in [*target.generation.kinds, *sorted({each for each, _ in counts} - set(target.generation.kinds))]:
        table.add_row(Text(printable(kind)), *(_short(counts.get((kind, context), 0)) for context in contexts))
    return table


def _short(count: int) -> str:
    if count == 0:
        return "."
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if count >= size:
            return f"{count / size:.3g}{unit}"
    return str(count)


def _opinion(counts: dict[str, int]) -> str:
    """How many steps were judged, and why the others were not, the most frequent first."""
    steps, judged = sum(counts.values()), counts.get(JUDGED, 0)
    others = sorted(((count, reason) for reason, count in counts.items() if reason != JUDGED), reverse=True)
    left = ", ".join(f"{reason} {count:,}" for count, reason in others)
    return f"judged {judged:,} of {steps:,} steps ({judged / max(steps, 1):.1%}); not, or in part: {left or 'none'}"


def _followed(report: Report) -> list[str]:
    """How much of the code a search has seen, and where only one subject ran code that was new."""
    rust, python, one_sided = report.followed.rust, report.followed.python, report.followed.one_sided
    if not rust.taken and not python.taken:
        return []
    rate = report.cases / report.seconds if report.seconds else 0.0
    edges = f"{rust.taken:,} of {rust.edges:,} edges of compiled code, {python.taken:,} of {python.edges:,} of Python's"
    lines = [f"{rate:,.0f} cases a second and worker; taken were {edges}"]
    if one_sided:
        first = sorted(one_sided, key=lambda each: (-each.edges, each.kind, each.context, each.code))[:ONE_SIDED_SHOWN]
        named = (f"{each.kind} in {each.context}: {each.code} ({each.edges} in {each.subject})" for each in first)
        more = f"; and {len(one_sided) - ONE_SIDED_SHOWN} more" if len(one_sided) > ONE_SIDED_SHOWN else ""
        lines.append(f"new code in one subject and none in the other: {'; '.join(named)}{more}")
    return lines


def _never_lines(summary: Summary) -> list[str]:
    """What was reached of the space, and what was not, the first of it by name."""
    lines = [f"floor    {line}" for line in summary.low]
    if summary.space is not None:
        space = summary.space
        counts = f"{space.legal_reached} of {space.legal} that are applied, {space.reached} of {space.cells} in all"
        lines.append(f"reached  {counts}")
    if summary.never:
        named = "; ".join(f"{kind} in {context}: {code}" for kind, context, code in summary.never[:NEVER_SHOWN])
        more = f"; and {len(summary.never) - NEVER_SHOWN} more" if len(summary.never) > NEVER_SHOWN else ""
        lines.append(f"never    {len(summary.never)} cells: {named}{more}")
    return lines


def _footer(summary: Summary, name: str, sighting: Sighting, options: str) -> Footer:
    certified = "certified minimal" if sighting.certified else "not certified"
    verdict = f"{sighting.steps} steps, {certified}, seen {sighting.seen} times, first by {sighting.origin}"
    ledger = NOT_KNOWN
    if summary.base is not None and name in summary.base.answers:
        ledger += f"; at {summary.base.revision} {summary.base.answers[name]}"
    pair, opinions = pair_of(name), sighting.opinions
    return Footer(sighting.path, verdict, name, ledger, pair, options, is_finding=True, opinions=opinions)
