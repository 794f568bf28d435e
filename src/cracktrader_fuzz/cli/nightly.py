"""`nightly`: all targets and all front ends for hours, unattended."""

from pathlib import Path

import click
import msgspec
from click.core import ParameterSource

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.checkpoint import resume_from
from cracktrader_fuzz.campaign.folder_lock import locked_folder
from cracktrader_fuzz.campaign.front_ends import FRONT_ENDS
from cracktrader_fuzz.campaign.plan import Entry, Plan
from cracktrader_fuzz.campaign.summary import exit_code
from cracktrader_fuzz.cli.support.help import HelpCommand
from cracktrader_fuzz.cli.support.options import (
    command,
    corpus_option,
    json_option,
    print_document,
    print_text,
    same_options,
    settings_for,
    today_option,
    typed,
)
from cracktrader_fuzz.cli.support.outputs import annotate
from cracktrader_fuzz.cli.support.plan_options import BUDGET, FOLDER, SEED, SEED_MAX, PlanOptions, plan_options
from cracktrader_fuzz.errors import SettingsError, SubjectMissingError
from cracktrader_fuzz.report.output_folder import OutputFolder, next_seed
from cracktrader_fuzz.report.progress import Progress
from cracktrader_fuzz.report.summary_text import console
from cracktrader_fuzz.seating import load_target, no_target, seat_subjects
from cracktrader_fuzz.settings import Settings
from cracktrader_fuzz.text import NAME_LENGTH_MAX, unknown_name

HOURS = 8.0  # from the evening to the morning
DEFAULT_TARGET_WEIGHT = 4.0  # the one that a project is about gets as much as four others
EXAMPLES = (
    "nightly --hours 8",
    "nightly --minutes 30 --target NAME --weight soak=2",
    "nightly --resume",
)
WITH_RESUME = {"output", "corpus", "wants_json", "resume", "workers", "today"}


class NightlyOptions(PlanOptions, frozen=True, kw_only=True):
    """The options of `nightly`, as given."""

    targets: tuple[str, ...]
    subjects: tuple[str, ...]
    weights: tuple[str, ...]
    corpus: Path | None
    wants_json: bool
    minutes: float | None
    hours: float | None
    seed: int | None
    output: Path
    resume: bool

    @property
    def budget_seconds(self) -> float:
        """The budget on the clock. Raises UsageError where it is given twice."""
        if self.minutes is not None and self.hours is not None:
            raise click.UsageError("--minutes and --hours are both given: name the budget once")
        return 60 * self.minutes if self.minutes is not None else 3600 * (HOURS if self.hours is None else self.hours)


@click.command(cls=HelpCommand, examples=EXAMPLES)
@click.option(
    "--target", "targets", metavar="NAME", multiple=True, help="Only this one (see `list targets`); may be repeated."
)
@click.option(
    "--subjects",
    metavar="[TARGET=]A,B",
    multiple=True,
    help="The subjects to compare, the reference first (see `list subjects`).",
)
@click.option(
    "--weight",
    "weights",
    metavar="NAME=W",
    multiple=True,
    help="The weight of a target or a front end: its share of the time beside the others.",
)
@corpus_option
@json_option
@click.option("--minutes", type=BUDGET, help="The budget, in minutes.")
@click.option("--hours", type=BUDGET, help=f"The budget, in hours (default: {HOURS:g}).")
@click.option("--seed", type=SEED, help="The first seed of all cases (default: last night's and 1, at first 1).")
@click.option("--output", type=FOLDER, default=Path("nightly"), help="The folder that is written.")
@click.option("--resume", is_flag=True, help="Go on with the night that was killed, for the rest of its budget.")
@plan_options
@today_option
@command
@typed(NightlyOptions)
def nightly(options: NightlyOptions) -> int:
    """Search all targets for hours, and leave a folder with the results.

    All front ends take part; more time goes to what still finds something new. Ctrl-C and SIGTERM end it in order;
    after a kill --resume goes on.
    """
    night = OutputFolder(options.output, same_options(None, options.corpus))
    with locked_folder(options.output):
        campaign = _campaign(settings_for(options.corpus), night, options)
    if options.wants_json:
        print_document((options.output / "summary.json").read_text(encoding="utf-8"))
    else:
        print_text((options.output / "summary.txt").read_text(encoding="utf-8"))
    annotate(campaign.summaries, wants_json=options.wants_json)
    return exit_code(campaign.summaries)


def _campaign(settings: Settings, night: OutputFolder, options: NightlyOptions) -> Campaign:
    """The night, from its plan to its last files."""
    if options.resume:
        _require_nothing_else(click.get_current_context())
        state = night.to_resume()
        workers = options.workers or state.plan.workers
        plan = msgspec.structs.replace(state.plan, workers=workers, today=options.today)
        notes: list[str] = []
    else:
        state = None
        plan, notes = _plan(settings, night, options)
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


def _plan(settings: Settings, night: OutputFolder, options: NightlyOptions) -> tuple[Plan, list[str]]:
    """The plan of a new night, and notes on what is left out of it."""
    last = night.last() if options.seed is None else None
    notes = (
        [] if last is None or last.is_over else [f"the night of seed {last.plan.seed} was not finished, nor resumed"]
    )
    weighed = _weights(settings, options.weights)
    entries, left_out = _entries(settings, options.targets, _subjects(settings, options.subjects), weighed)
    seed = min(next_seed(last), SEED_MAX) if options.seed is None else options.seed
    shares = {name: weight for name, weight in weighed.items() if name in FRONT_ENDS}
    plan = options.plan(entries, seconds=options.budget_seconds, seed=seed, front_ends=tuple(FRONT_ENDS), cuts=True)
    return msgspec.structs.replace(plan, shares=shares), notes + left_out


def _entries(
    settings: Settings, targets: tuple[str, ...], subjects: dict[str, tuple[str, ...]], weights: dict[str, float]
) -> tuple[tuple[Entry, ...], list[str]]:
    """The targets that can be run here; one that is not named and lacks a subject is left out, with a note."""
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
            known = [entry.target for entry in entries]
            raise SettingsError(f"--subjects: {unknown_name('target', name, known, owner='this night')}")
    if not entries:
        raise no_target(settings)
    return tuple(entries), notes


def _subjects(settings: Settings, given: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The subjects to compare, by target: the default one where none is named."""
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
            known = (*settings.targets, *FRONT_ENDS)
            raise SettingsError(f"--weight NAME=W: {unknown_name('target or front end', name or text, known)}")
        try:
            found[name] = float(text)
        except ValueError as error:
            raise SettingsError(f"--weight {each[:NAME_LENGTH_MAX]!r} is no number: write NAME=W, as soak=2") from error
        if not 0 < found[name] < float("inf"):
            raise SettingsError(
                f"--weight {each[:NAME_LENGTH_MAX]!r} must be above zero: leave a target out with --target"
            )
    return found
