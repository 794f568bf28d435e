"""`nightly`: all targets and all front ends for hours, with nobody watching."""

import datetime
from pathlib import Path
from typing import Any

import click
import msgspec
from click.core import ParameterSource

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.checkpoint import resume_from
from cracktrader_fuzz.campaign.folder_lock import locked_folder
from cracktrader_fuzz.campaign.front_ends import FRONT_ENDS
from cracktrader_fuzz.campaign.plan import Entry, Plan
from cracktrader_fuzz.campaign.summary import exit_code
from cracktrader_fuzz.cli.support.options import (
    command,
    corpus_option,
    json_option,
    same_options,
    settings_for,
    today_option,
)
from cracktrader_fuzz.cli.support.outputs import annotate
from cracktrader_fuzz.cli.support.plan_options import BUDGET, FOLDER, SEED, SEED_MAX, plan_of, plan_options
from cracktrader_fuzz.errors import SettingsError, SubjectMissingError
from cracktrader_fuzz.report.output_folder import OutputFolder, next_seed
from cracktrader_fuzz.report.progress import Progress
from cracktrader_fuzz.report.summary_text import console
from cracktrader_fuzz.seating import load_target, seat_subjects
from cracktrader_fuzz.settings import Settings

HOURS = 8.0
DEFAULT_TARGET_WEIGHT = 4.0
WITH_RESUME = {"output", "corpus", "wants_json", "resume", "workers", "today"}


@click.command()
@click.option("--target", "targets", metavar="NAME", multiple=True, help="Only this one; may be repeated.")
@click.option("--subjects", metavar="[TARGET=]A,B", multiple=True, help="Who is compared, the reference first.")
@click.option("--weight", "weights", metavar="NAME=W", multiple=True, help="The weight of a target or a front end.")
@corpus_option
@json_option
@click.option("--minutes", type=BUDGET, help="The budget, in minutes.")
@click.option("--hours", type=BUDGET, help=f"The budget, in hours (default: {HOURS:g}).")
@click.option("--seed", type=SEED, help="The first seed of all cases (default: last night's and 1, at first 1).")
@click.option("--output", type=FOLDER, default=Path("nightly"), show_default=True, help="The folder that is written.")
@click.option("--resume", is_flag=True, help="Go on with the night that was killed, for the rest of its budget.")
@plan_options
@today_option
@command
def nightly(corpus: Path | None, wants_json: bool, output: Path, resume: bool, **asked: Any) -> int:
    """Search all targets with all front ends until the budget is spent, and leave a folder that says what came of it.

    More time goes to what still finds something new. Ctrl-C and SIGTERM end it in order; after a kill --resume goes on.
    """
    night = OutputFolder(output, same_options(None, corpus))
    with locked_folder(output):
        campaign = _campaign(settings_for(corpus), night, resume=resume, **asked)
    click.echo((output / ("summary.json" if wants_json else "summary.txt")).read_text(encoding="utf-8"), nl=False)
    annotate(campaign.summaries, wants_json=wants_json)
    return exit_code(campaign.summaries)


def _campaign(settings: Settings, night: OutputFolder, *, resume: bool, **asked: Any) -> Campaign:
    """The night, from its plan to its last files."""
    if resume:
        _require_nothing_else(click.get_current_context())
        state = night.to_resume()
        workers = asked["workers"] or state.plan.workers
        plan = msgspec.structs.replace(state.plan, workers=workers, today=asked["today"])
        notes: list[str] = []
    else:
        state = None
        plan, notes = _plan(settings, night, **asked)
    with Progress(console(stderr=True), f"{plan.seconds:,.0f}") as progress:

        def show(campaign: Campaign) -> None:
            progress.show(campaign)
            night.show(campaign)

        campaign = Campaign(settings, plan, show, 0.0 if state is None else state.spent_seconds)
        if state is not None:
            resume_from(campaign, state)
        campaign.summaries[0].notes += notes
        campaign.run()
    night.write(campaign, is_over=not any(each.interrupted for each in campaign.summaries))
    return campaign


def _require_nothing_else(ctx: click.Context) -> None:
    """Raise UsageError for an option that the night to be resumed has decided already."""
    for option in ctx.command.params:
        name = option.name or ""
        if name not in WITH_RESUME and ctx.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"--resume goes on with the plan of that night: leave out {option.opts[0]}", ctx)


def _plan(
    settings: Settings,
    night: OutputFolder,
    *,
    targets: tuple[str, ...],
    subjects: tuple[str, ...],
    weights: tuple[str, ...],
    minutes: float | None,
    hours: float | None,
    seed: int | None,
    today: datetime.date,
    **asked: Any,
) -> tuple[Plan, list[str]]:
    """The plan of a new night, and notes on what is left out of it."""
    if minutes is not None and hours is not None:
        raise click.UsageError("--minutes and --hours are both given: name the budget once")
    seconds = 60 * minutes if minutes is not None else 3600 * (HOURS if hours is None else hours)
    last = night.last() if seed is None else None
    notes = (
        [] if last is None or last.is_over else [f"the night of seed {last.plan.seed} was not finished, nor resumed"]
    )
    weighed = _weights(settings, weights)
    entries, left_out = _entries(settings, targets, _subjects(settings, subjects), weighed)
    first = min(next_seed(last), SEED_MAX) if seed is None else seed
    asked["front_ends"] = asked["front_ends"] or tuple(FRONT_ENDS)
    shares = {name: weight for name, weight in weighed.items() if name in FRONT_ENDS}
    plan = plan_of(entries, seconds=seconds, seed=first, today=today, cuts=True, **asked)
    return msgspec.structs.replace(plan, shares=shares), notes + left_out


def _entries(
    settings: Settings, targets: tuple[str, ...], subjects: dict[str, tuple[str, ...]], weights: dict[str, float]
) -> tuple[tuple[Entry, ...], list[str]]:
    """The targets that can be run here; one that nobody named and whose subjects are missing is left out, and noted."""
    entries, notes = [], []
    for name in targets or tuple(settings.targets):
        target = load_target(settings, name)
        names = subjects.get(name, target.seats)
        try:
            seat_subjects(target, names)
        except SubjectMissingError as error:
            if targets or name == settings.target:
                raise
            notes.append(f"target {name} left out: {error}")
            continue
        usual = DEFAULT_TARGET_WEIGHT if name == settings.target else 1.0
        entries.append(Entry(name, names, weights.get(name, usual)))
    for name in subjects:
        if name not in [entry.target for entry in entries]:
            raise SettingsError(f"--subjects names the target {name[:80]!r}, which is not in this night")
    if not entries:
        raise SettingsError(
            "no target is named: use --target module:attribute, or list some in [tool.cracktrader-fuzz]"
        )
    return tuple(entries), notes


def _subjects(settings: Settings, given: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Who is compared, by target: the default one where none is named."""
    found = {}
    for each in given:
        target, equals, names = each.rpartition("=")
        found[target if equals else settings.target or ""] = tuple(name.strip() for name in names.split(","))
    return found


def _weights(settings: Settings, given: tuple[str, ...]) -> dict[str, float]:
    """The weights by name. Raises SettingsError for a name that is no target or front end, or a weight that is none."""
    found = {}
    for each in given:
        name, _, text = each.rpartition("=")
        if name not in FRONT_ENDS and name not in settings.targets:
            raise SettingsError(f"--weight {each[:80]!r} names neither a target nor a front end: write NAME=W")
        try:
            found[name] = float(text)
        except ValueError as error:
            raise SettingsError(f"--weight {each[:80]!r} is no number") from error
        if not 0 < found[name] < float("inf"):
            raise SettingsError(f"--weight {each[:80]!r} must be above zero: leave a target out with --target")
    return found
