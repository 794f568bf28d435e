"""What a person sees while a campaign runs: a view that is rewritten on a terminal, else plain lines, ever fewer.

Only counts and the names of front ends are shown, and nothing that came from a case. Looks at the campaign twice a
second at most, however often it is called.
"""

import time
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.job import Report, total

FIRST_LINE_SECONDS = 2.0  # a run that ends before is not worth a line, and a person waits no longer without a sign
LOOK_SECONDS = 0.5  # a person reads no faster, and jobs are reported many times a second
REFRESHES_PER_SECOND = 4  # the usual rate of Rich: the time in the view is seen to run


class Progress:
    """The view of one campaign. `budget` is how long it may take, in words."""

    def __init__(self, stream: Console, budget: str) -> None:
        self._stream = stream
        self._budget = budget
        self._interval = FIRST_LINE_SECONDS
        self._began = time.monotonic()
        self._next = FIRST_LINE_SECONDS
        self._looked = -LOOK_SECONDS
        self._live = (
            Live(console=stream, refresh_per_second=REFRESHES_PER_SECOND, transient=True)
            if stream.is_terminal
            else None
        )

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def show(self, campaign: Campaign) -> None:
        """Show how far it is."""
        elapsed = time.monotonic() - self._began
        if self._live and elapsed >= self._looked + LOOK_SECONDS:
            self._looked = elapsed
            self._live.update(view(campaign, self._budget))
        elif not self._live and elapsed >= self._next:
            self._stream.print(Text(line(campaign, self._budget)))
            self._interval *= 2
            self._next = elapsed + self._interval


def line(campaign: Campaign, budget: str) -> str:
    """All of it on one line."""
    whole, elapsed = _total(campaign), campaign.seconds
    return (
        f"{elapsed:5.0f} s of {budget}  {whole.steps:,} steps  {whole.cases:,} cases  "
        f"{whole.steps / elapsed if elapsed else 0:,.0f} steps/s  {_cells(campaign):,} cells reached  "
        f"last news {campaign.quiet_seconds:.0f} s ago  {_found(campaign)}"
    )


def view(campaign: Campaign, budget: str) -> RenderableType:
    """The line, and below it a row for each front end, over all targets; steps a second are a worker's."""
    table = Table(box=None, pad_edge=False)
    table.add_column("front end")
    for heading in ("cases", "steps", "steps/s", "last news"):
        table.add_column(heading, justify="right")
    for name in dict.fromkeys(report.front_end for summary in campaign.summaries for report in summary.reports):
        report = _total(campaign, name)
        rate = f"{report.steps / report.seconds:,.0f}" if report.seconds else "-"
        quiet = f"{campaign.quiet_seconds_of(name):.0f} s ago"
        table.add_row(name, f"{report.cases:,}", f"{report.steps:,}", rate, quiet)
    workers = f"workers {campaign.pool.busy} busy, {campaign.pool.lost} lost"
    return Group(Text(line(campaign, budget)), table, Text(workers))


def _total(campaign: Campaign, front_end: str | None = None) -> Report:
    reports = [report for summary in campaign.summaries for report in summary.reports]
    return total([each for each in reports if front_end in (None, each.front_end)], "total")


def _cells(campaign: Campaign) -> int:
    return sum(len(summary.whole.cells) for summary in campaign.summaries)


def _found(campaign: Campaign) -> str:
    new = sum(len(summary.unjudged) for summary in campaign.summaries)
    known = sum(len(summary.known) for summary in campaign.summaries)
    judged = sum(len(summary.judged) for summary in campaign.summaries)
    news = f"{new} new signatures" if new else "nothing new"
    counted = [f"{count} {word}" for count, word in ((known, "known"), (judged, "judged")) if count]
    return ", ".join([news, *counted])
