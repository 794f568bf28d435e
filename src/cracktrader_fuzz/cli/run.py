"""`run`: search one target for a while."""

import math
from pathlib import Path
from typing import Any

import click

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.front_ends import REPEATABLE
from cracktrader_fuzz.campaign.plan import Entry
from cracktrader_fuzz.campaign.summary import as_json
from cracktrader_fuzz.cli.support.options import (
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
    with_oracle,
)
from cracktrader_fuzz.cli.support.outputs import junit_option, require_folders, sarif_option, write_outputs
from cracktrader_fuzz.cli.support.plan_options import BUDGET, SEED, plan_of, plan_options
from cracktrader_fuzz.history.base import BaseLane
from cracktrader_fuzz.report.progress import Progress
from cracktrader_fuzz.report.summary_text import console, render
from cracktrader_fuzz.text import printable


@click.command()
@target_option
@subjects_option
@corpus_option
@json_option
@click.option("--seconds", type=BUDGET, default=60.0, show_default=True, help="The budget.")
@click.option("--minutes", type=BUDGET, help="The budget, in minutes.")
@click.option("--base", metavar="REV", help="Fail only on signatures that this commit does not have (quick lane).")
@click.option("--build", metavar="COMMAND", help="How --base builds that commit (default: maturin, where it is used).")
@click.option("--oracle", metavar="NAME", help="Have a third opinion on every case: slow, and sees what all share.")
@click.option("--seed", type=SEED, default=0, show_default=True, help="Same seed, same cases.")
@plan_options
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
    oracle: str | None,
    seconds: float,
    minutes: float | None,
    base: str | None,
    build: str | None,
    **asked: Any,
) -> int:
    """Search for differences until the budget is spent: canary, fixtures, recorded traffic, generated cases.

    With --cases there is no time budget. With --base, what is stored is left to `corpus check`, unless a front end is
    named, and what is not done when the budget ends is dropped.
    """
    require_folders(junit, sarif)
    settings = settings_for(corpus, target_name)
    lane = None if base is None else BaseLane(settings.root, base, build, _say_aside)
    if lane is not None and not asked["front_ends"]:
        asked["front_ends"] = tuple(name for name in REPEATABLE if name != "corpus")
    target, names = target_and_names(settings, target_name, subjects)
    budget_seconds = seconds if minutes is None else 60 * minutes
    entry = Entry(target_name or settings.target or target.name, with_oracle(target, names, oracle))
    plan = plan_of((entry,), seconds=math.inf if asked["cases"] else budget_seconds, cuts=base is not None, **asked)
    budget = f"{asked['cases']:,} cases" if asked["cases"] else f"{budget_seconds:.0f}"
    with Progress(console(stderr=True), budget) as progress:
        (summary,) = Campaign(settings, plan, progress.show).run()
    if lane is not None:
        summary.notes += summary.ledger_problems
        summary.ledger_problems = []
        lane.judge(summary, entry.target)
    if wants_json:
        print_json(as_json(summary))
    else:
        console().print(render(summary, target, same_options(target_name, corpus)))
    write_outputs(summary, junit, sarif, wants_json=wants_json)
    return summary.exit_code


def _say_aside(line: str) -> None:
    click.echo(printable(line), err=True)
