"""The options that `run` and `nightly` share, and the plan that they make."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from cracktrader_fuzz.campaign.front_ends import FRONT_ENDS, REPEATABLE
from cracktrader_fuzz.campaign.plan import Entry, Plan
from cracktrader_fuzz.cli.support.help import name_callback, name_completion
from cracktrader_fuzz.cli.support.processors import usable_processors
from cracktrader_fuzz.subjects.limits import STEP_MEMORY_MIB, STEP_SECONDS, Limits

SECONDS = click.FloatRange(min=0.01)  # with less no case could be run at all
SEED_MAX = 10**18 - 1  # what `repro SEED/INDEX` reads
SEED = click.IntRange(0, SEED_MAX)
BUDGET = click.FloatRange(min=0)
FOLDER = click.Path(path_type=Path, file_okay=False)
CASE_SECONDS = 10.0  # 2,000 steps take tenths of a second: what takes ten of them hangs
SLICE_SECONDS = 300.0  # 20 cases at their own limit take 200: only a deadlock, which uses no processor, takes longer
MEMORY_MIB = 2048  # far more than a case needs, and little enough that a leak ends a process and not the machine
MEMORY_MIB_MIN = 16  # with less, what the interpreter itself allocates would count as the subject's

_OPTIONS = (
    click.option("--cases", type=click.IntRange(min=1), help="At most this many cases of each endless front end."),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=None,
        help="Processes (default: one for each processor that this process may use, by affinity and cgroup quota).",
    ),
    click.option(
        "--front-end",
        "front_ends",
        multiple=True,
        metavar="NAME",
        callback=name_callback("front end", tuple(FRONT_ENDS), "list front-ends"),
        shell_complete=name_completion(tuple(FRONT_ENDS)),
        help=f"Only this one; may be repeated: {', '.join(FRONT_ENDS)}.",
    ),
    click.option(
        "--case-seconds", type=SECONDS, default=CASE_SECONDS, help="Seconds of processor time that a case may take."
    ),
    click.option(
        "--slice-seconds",
        type=SECONDS,
        default=SLICE_SECONDS,
        help="Seconds on the clock that 20 cases may take together.",
    ),
    click.option(
        "--memory-mib",
        type=click.IntRange(min=MEMORY_MIB_MIN),
        default=MEMORY_MIB,
        help="Memory that a process may take, in MiB.",
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
            self.workers or usable_processors(),
            self.front_ends or front_ends,
            self.today,
            limits,
            cuts,
        )
