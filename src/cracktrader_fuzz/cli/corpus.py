"""`corpus`: care for the stored cases."""

import datetime
from pathlib import Path

import click
import msgspec
from rich.table import Table

from cracktrader_fuzz.cli.support.help import HelpGroup
from cracktrader_fuzz.cli.support.options import (
    command,
    corpus_option,
    json_option,
    print_json,
    print_lines,
    print_rendered,
    settings_for,
    subjects_option,
    target_and_names,
    target_option,
    today_option,
)
from cracktrader_fuzz.corpus.check import check_corpus, stored_files, write_canonically
from cracktrader_fuzz.corpus.liveness import check_liveness
from cracktrader_fuzz.corpus.minimise import RedundantFixture, move_out, redundant_fixtures
from cracktrader_fuzz.corpus.stats import Stats, corpus_stats
from cracktrader_fuzz.exits import EXIT_NEW_FINDING, EXIT_NOTHING_NEW
from cracktrader_fuzz.report.documents import FormattedDocument, RedundantDocument, RedundantEntry
from cracktrader_fuzz.seating import LockstepPool


@click.group(cls=HelpGroup, examples=("corpus check", "corpus liveness", "corpus minimise --apply ../aside"))
def corpus() -> None:
    """Care for the stored cases."""


@corpus.command(examples=("corpus check", "corpus check --target NAME --json"))
@target_option
@subjects_option
@corpus_option
@json_option
@today_option
@command
def check(
    target_name: str | None, subjects: str | None, corpus: Path | None, wants_json: bool, today: datetime.date
) -> int:
    """Read, run and verify every fixture and the ledger. Ends with 1 when one is not sound."""
    settings = settings_for(corpus, target_name)
    _, names = target_and_names(settings, target_name, subjects)
    checked = check_corpus(LockstepPool(settings, target_name), names, today)
    if wants_json:
        print_json(checked)
    else:
        print_lines(checked.problems)
        known = f", {checked.known} known divergences" if checked.known else ""
        ran = f"{checked.fixtures} fixtures, {checked.steps} steps, {checked.certificates} certificates verified{known}"
        print_lines([f"{ran}: {len(checked.problems)} problems"])
    return EXIT_NEW_FINDING if checked.problems else EXIT_NOTHING_NEW


@corpus.command(name="format", examples=("corpus format",))
@corpus_option
@json_option
@command
def format_(corpus: Path | None, wants_json: bool) -> int:
    """Write every fixture in canonical form."""
    folder = settings_for(corpus).corpus
    written = [path for path in stored_files(folder) if path.suffix == ".json" and write_canonically(path)]
    if wants_json:
        print_json(FormattedDocument([str(path) for path in written]))
    else:
        print_lines(f"{path}: written in canonical form" for path in written)
        print_lines([f"{len(written)} files changed"])
    return EXIT_NOTHING_NEW


@corpus.command(examples=("corpus liveness",))
@target_option
@corpus_option
@json_option
@command
def liveness(target_name: str | None, corpus: Path | None, wants_json: bool) -> int:
    """Show that each fixture fails on the subject that it names. Ends with 1 when one does not."""
    settings = settings_for(corpus, target_name)
    stored_files(settings.corpus)
    found = check_liveness(LockstepPool(settings, target_name))
    if wants_json:
        print_json(found)
    else:
        print_lines(f"{name:<36} {len(paths)} fail on it" for name, paths in sorted(found.alive.items()))
        print_lines(f"not tried here: {each}" for each in found.not_tried)
        print_lines(found.dead)
        alive, not_tried = sum(map(len, found.alive.values())), len(found.not_tried)
        counts = f"{alive} alive, {len(found.dead)} dead, {not_tried} not tried, {found.unnamed} name no subject"
        print_lines([counts])
    return EXIT_NEW_FINDING if found.dead else EXIT_NOTHING_NEW


@corpus.command(examples=("corpus minimise", "corpus minimise --apply ../aside"))
@target_option
@corpus_option
@json_option
@click.option("--apply", "folder", type=click.Path(path_type=Path), help="Move them to this folder outside the corpus.")
@click.option("--hand", is_flag=True, help="With --apply: also those that were written by hand.")
@command
def minimise(target_name: str | None, corpus: Path | None, wants_json: bool, folder: Path | None, hand: bool) -> int:
    """List the fixtures that add nothing.

    All their cells, and the subject that they fail on, are covered by others.
    """
    settings = settings_for(corpus, target_name)
    stored_files(settings.corpus)
    found = redundant_fixtures(LockstepPool(settings, target_name))
    moved: list[RedundantFixture] = [each for each in found if hand or not each.by_hand] if folder is not None else []
    if folder is not None:
        move_out(moved, settings.corpus, folder)
    if wants_json:
        entries = [RedundantEntry(str(each.path), each.by_hand, each.steps) for each in found]
        print_json(RedundantDocument(entries, [str(each.path) for each in moved]))
    else:
        print_lines(f"{each.path}: {each.steps} steps, {'by hand' if each.by_hand else 'from a run'}" for each in found)
        print_lines([f"{len(found)} fixtures are covered by the others, {len(moved)} moved"])
    return EXIT_NOTHING_NEW


@corpus.command(examples=("corpus stats", "corpus stats --json"))
@target_option
@corpus_option
@json_option
@command
def stats(target_name: str | None, corpus: Path | None, wants_json: bool) -> int:
    """Count fixtures, steps, cells, codes and canaries, by area."""
    settings = settings_for(corpus, target_name)
    stored_files(settings.corpus)
    found = corpus_stats(LockstepPool(settings, target_name))
    if wants_json:
        print_json(found)
    else:
        print_rendered(_stats_table(found))
        print_lines(["", f"{found.fixtures} fixtures, {found.steps} steps, {found.cells} cells"])
        print_lines([f"codes not produced: {', '.join(found.codes_missing) or 'none'}"])
        caught, missing = len(found.canaries), found.canaries_missing
        print_lines([f"canaries: {caught} of {caught + len(missing)} named; not named: {', '.join(missing) or 'none'}"])
    return EXIT_NOTHING_NEW


def _stats_table(found: Stats) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("area")
    for heading in ("fixtures", "by hand", "steps", "cells", "only here", "canaries"):
        table.add_column(heading, justify="right")
    for area in found.areas:
        name, *counts = msgspec.structs.astuple(area)
        table.add_row(name, *map(str, counts))
    return table
