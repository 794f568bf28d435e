"""`run`: search for a while."""

import datetime
import os
import time
from pathlib import Path
from typing import Any, Self

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from cracktrader_fuzz.campaign.campaign import FRONT_ENDS, Campaign, Plan
from cracktrader_fuzz.campaign.summary import Summary, as_json, console, render
from cracktrader_fuzz.cli.outputs import junit_option, require_folders, sarif_option, write_outputs
from cracktrader_fuzz.cli.shared import (
    command,
    corpus_option,
    json_option,
    print_json,
    same_options,
    settings_for,
    subjects_option,
    target_and_names,
    target_option,
    today_option,
)
from cracktrader_fuzz.subjects.limits import STEP_MEMORY_MIB, STEP_SECONDS, Limits

FIRST_LINE_SECONDS = 2.0
SECONDS = click.FloatRange(min=0.01)
SEED_MAX = 10**18 - 1  # what `repro SEED/INDEX` reads


class Progress:
    """What a person sees while it runs: one line, rewritten on a terminal, else a new one at doubling intervals."""

    def __init__(self, stream: Console, budget: str) -> None:
        self._stream = stream
        self._budget = budget
        self._interval = FIRST_LINE_SECONDS
        self._next = FIRST_LINE_SECONDS
        self._live = Live(console=stream, refresh_per_second=4, transient=True) if stream.is_terminal else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def show(self, summary: Summary) -> None:
        """Tell how far the run is."""
        elapsed = time.monotonic() - summary.started
        line = Text(self._line(summary, elapsed))
        if self._live:
            self._live.update(line)
        elif elapsed >= self._next:
            self._stream.print(line)
            self._interval *= 2
            self._next = elapsed + self._interval

    def _line(self, summary: Summary, elapsed: float) -> str:
        whole = summary.whole
        rate = whole.steps / max(elapsed, 1e-9)
        found = f"{len(summary.new)} new signatures" if summary.new else "nothing new"
        return (
            f"{elapsed:5.0f} s of {self._budget}  {whole.steps:,} steps  {whole.cases:,} cases  "
            f"{rate:,.0f} steps/s  {len(whole.cells):,} cells reached  {found}"
        )


@click.command()
@target_option
@subjects_option
@corpus_option
@json_option
@click.option("--seconds", type=click.FloatRange(min=0), default=60.0, show_default=True, help="The budget.")
@click.option("--minutes", type=click.FloatRange(min=0), help="The budget, in minutes.")
@click.option("--cases", type=click.IntRange(min=1), help="Exactly this many soak cases instead of a time budget.")
@click.option("--seed", type=click.IntRange(0, SEED_MAX), default=0, show_default=True, help="Same seed, same cases.")
@click.option("--workers", type=click.IntRange(min=1), default=None, help="Processes (default: one a core).")
@click.option(
    "--front-end", "front_ends", multiple=True, type=click.Choice(FRONT_ENDS), help="Only this one; may be repeated."
)
@click.option("--case-seconds", type=SECONDS, default=10.0, show_default=True, help="Of processor, for a soak case.")
@click.option("--slice-seconds", type=SECONDS, default=300.0, show_default=True, help="On the clock, for 20 cases.")
@click.option("--memory-mib", type=click.IntRange(min=16), default=2048, show_default=True, help="For each process.")
@junit_option
@sarif_option
@today_option
@command
def run(
    target_name: str | None,
    subjects: str | None,
    corpus: Path | None,
    wants_json: bool,
    junit: Path | None,
    sarif: Path | None,
    **asked: Any,
) -> int:
    """Search for differences until the budget is spent: canary, fixtures, recorded traffic, generated cases."""
    require_folders(junit, sarif)
    settings = settings_for(corpus)
    target, names = target_and_names(settings, target_name, subjects)
    plan = _plan(target_name or settings.target or target.name, names, **asked)
    budget = f"{plan.seconds:.0f}" if plan.cases is None else f"{plan.cases:,} cases"
    with Progress(console(stderr=True), budget) as progress:
        summary = Campaign(settings, plan, progress.show).run()
    if wants_json:
        print_json(as_json(summary))
    else:
        console().print(render(summary, target, same_options(target_name, corpus)))
    write_outputs(summary, junit, sarif, wants_json=wants_json)
    return summary.exit_code


def _plan(
    target: str,
    names: tuple[str, ...],
    *,
    seconds: float,
    minutes: float | None,
    cases: int | None,
    seed: int,
    workers: int | None,
    front_ends: tuple[str, ...],
    case_seconds: float,
    slice_seconds: float,
    memory_mib: int,
    today: datetime.date,
) -> Plan:
    """The plan that the options ask for."""
    limits = Limits(
        case_seconds, slice_seconds, min(STEP_SECONDS, case_seconds), memory_mib, min(STEP_MEMORY_MIB, memory_mib)
    )
    return Plan(
        target=target,
        subjects=names,
        seed=seed,
        seconds=seconds if minutes is None else 60 * minutes,
        cases=cases,
        workers=workers or os.cpu_count() or 1,
        front_ends=front_ends or FRONT_ENDS,
        today=today,
        limits=limits,
    )
