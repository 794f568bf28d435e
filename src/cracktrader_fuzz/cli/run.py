"""`run`: search one target for a while."""

import math
from pathlib import Path

import click

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.front_ends import REPEATABLE
from cracktrader_fuzz.campaign.plan import Entry
from cracktrader_fuzz.cli.support.help import HelpCommand
from cracktrader_fuzz.cli.support.options import (
    command,
    corpus_option,
    json_option,
    print_aside,
    print_json,
    print_rendered,
    same_options,
    settings_for,
    subjects_option,
    target_and_names,
    target_option,
    today_option,
    typed,
    with_oracle,
)
from cracktrader_fuzz.cli.support.outputs import junit_option, require_folders, sarif_option, write_outputs
from cracktrader_fuzz.cli.support.plan_options import BUDGET, SEED, PlanOptions, plan_options
from cracktrader_fuzz.history.base import BaseLane
from cracktrader_fuzz.report.progress import Progress
from cracktrader_fuzz.report.run_document import run_document
from cracktrader_fuzz.report.summary_text import console, render

RUN_SECONDS = 60.0  # as long as a person waits; every front end has its turn in it
EXAMPLES = (
    "run --seconds 10",
    "run --cases 100 --seed 7 --subjects A,B",
    "run --front-end coverage --minutes 10",
    "run --base origin/main --seconds 120 --sarif findings.sarif",
)


class RunOptions(PlanOptions, frozen=True, kw_only=True):
    """The options of `run`, as given. `target_name` and `subjects` are None for the default ones."""

    target_name: str | None
    subjects: str | None
    corpus: Path | None
    wants_json: bool
    junit: Path | None
    sarif: Path | None
    oracle: str | None
    seconds: float
    minutes: float | None
    base: str | None
    build: str | None
    seed: int

    @property
    def budget_seconds(self) -> float:
        """The budget on the clock."""
        return self.seconds if self.minutes is None else 60 * self.minutes

    @property
    def budget_text(self) -> str:
        """The budget for a reader."""
        return f"{self.cases:,} cases" if self.cases else f"{self.budget_seconds:.0f}"


@click.command(cls=HelpCommand, examples=EXAMPLES)
@target_option
@subjects_option
@corpus_option
@json_option
@click.option("--seconds", type=BUDGET, default=RUN_SECONDS, help="The budget, in seconds.")
@click.option("--minutes", type=BUDGET, help="The budget, in minutes.")
@click.option("--base", metavar="REV", help="Fail only on signatures that this commit does not have (quick lane).")
@click.option("--build", metavar="COMMAND", help="How --base builds that commit (default: maturin, where it is used).")
@click.option(
    "--oracle",
    metavar="NAME",
    help="Have a third opinion on every case (see `oracles`): slow, and sees what all share.",
)
@click.option("--seed", type=SEED, default=0, help="Same seed, same cases.")
@plan_options
@junit_option
@sarif_option
@today_option
@command
@typed(RunOptions)
def run(options: RunOptions) -> int:
    """Search for differences until the budget is spent.

    A canary first, then fixtures, recorded traffic and generated cases. With --cases there is no time budget. With
    --base, what is stored is left to `corpus check`, unless a front end is named, and what is not done when the budget
    ends is dropped.
    """
    require_folders(options.junit, options.sarif)
    settings = settings_for(options.corpus, options.target_name)
    lane = None if options.base is None else BaseLane(settings.root, options.base, options.build, print_aside)
    target, names = target_and_names(settings, options.target_name, options.subjects)
    entry = Entry(options.target_name or settings.target or target.name, with_oracle(target, names, options.oracle))
    plan = options.plan(
        (entry,),
        seconds=math.inf if options.cases else options.budget_seconds,
        seed=options.seed,
        front_ends=REPEATABLE if lane is None else tuple(name for name in REPEATABLE if name != "corpus"),
        cuts=lane is not None,
    )
    with Progress(console(stderr=True), options.budget_text) as progress:
        (summary,) = Campaign(settings, plan, progress.show).run()
    if lane is not None:
        summary.notes += summary.ledger_problems
        summary.ledger_problems = []
        lane.judge(summary, entry.target)
    if options.wants_json:
        print_json(run_document(summary))
    else:
        print_rendered(render(summary, target, same_options(options.target_name, options.corpus)))
    write_outputs(summary, options.junit, options.sarif, wants_json=options.wants_json)
    return summary.exit_code
