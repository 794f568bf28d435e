"""The options that `run` and `nightly` share, and the plan that they make."""

import datetime
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from cracktrader_fuzz.campaign.front_ends import FRONT_ENDS, REPEATABLE
from cracktrader_fuzz.campaign.plan import Entry, Plan
from cracktrader_fuzz.subjects.limits import STEP_MEMORY_MIB, STEP_SECONDS, Limits

SECONDS = click.FloatRange(min=0.01)
SEED_MAX = 10**18 - 1  # what `repro SEED/INDEX` reads
SEED = click.IntRange(0, SEED_MAX)
BUDGET = click.FloatRange(min=0)
FOLDER = click.Path(path_type=Path, file_okay=False)

_OPTIONS = (
    click.option("--cases", type=click.IntRange(min=1), help="At most this many cases of each endless front end."),
    click.option("--workers", type=click.IntRange(min=1), default=None, help="Processes (default: one a core)."),
    click.option(
        "--front-end",
        "front_ends",
        multiple=True,
        type=click.Choice(tuple(FRONT_ENDS)),
        help="Only this one; may be repeated.",
    ),
    click.option("--case-seconds", type=SECONDS, default=10.0, show_default=True, help="Of processor, for a case."),
    click.option("--slice-seconds", type=SECONDS, default=300.0, show_default=True, help="On the clock, for 20 cases."),
    click.option(
        "--memory-mib", type=click.IntRange(min=16), default=2048, show_default=True, help="A process's most."
    ),
)


def plan_options(body: Callable[..., Any]) -> Callable[..., Any]:
    """All of them."""
    for option in reversed(_OPTIONS):
        body = option(body)
    return body


class PlanOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Their values. `front_ends` is empty where none is named; `today` is the day by which known divergences expire."""

    cases: int | None
    workers: int | None
    front_ends: tuple[str, ...]
    case_seconds: float
    slice_seconds: float
    memory_mib: int
    today: datetime.date

    def plan(
        self,
        entries: tuple[Entry, ...],
        *,
        seconds: float,
        seed: int,
        front_ends: tuple[str, ...] = REPEATABLE,
        cuts: bool = False,
    ) -> Plan:
        """The plan for these targets, with `front_ends` where the options name none."""
        limits = Limits(
            self.case_seconds,
            self.slice_seconds,
            min(STEP_SECONDS, self.case_seconds),
            self.memory_mib,
            min(STEP_MEMORY_MIB, self.memory_mib),
        )
        return Plan(
            entries,
            seed,
            seconds,
            self.cases,
            self.workers or os.cpu_count() or 1,
            self.front_ends or front_ends,
            self.today,
            limits,
            cuts,
        )
