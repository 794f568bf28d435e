"""`corpus`: care for the stored cases."""

from pathlib import Path

import click
import msgspec

from cracktrader_fuzz.campaign.summary import EXIT_NEW_FINDING, EXIT_NOTHING_NEW
from cracktrader_fuzz.cli.shared import (
    command,
    corpus_option,
    json_option,
    print_json,
    settings_for,
    subjects_option,
    target_and_names,
    target_option,
)
from cracktrader_fuzz.corpus.check import check_corpus, write_canonically
from cracktrader_fuzz.corpus.replay import fixture_paths


@click.group()
def corpus() -> None:
    """Care for the stored cases."""


@corpus.command()
@target_option
@subjects_option
@corpus_option
@json_option
@command
def check(target_name: str | None, subjects: str | None, corpus: Path | None, wants_json: bool) -> int:
    """Read, run and verify every fixture. Ends with 1 when one is not sound."""
    settings = settings_for(corpus)
    target, names = target_and_names(settings, target_name, subjects)
    checked = check_corpus(target, names, settings.corpus)
    if wants_json:
        print_json(msgspec.to_builtins(checked))
    else:
        for problem in checked.problems:
            click.echo(problem)
        click.echo(
            f"{checked.fixtures} fixtures, {checked.steps} steps, {checked.certificates} certificates verified: "
            f"{len(checked.problems)} problems"
        )
    return EXIT_NEW_FINDING if checked.problems else EXIT_NOTHING_NEW


@corpus.command(name="format")
@corpus_option
@command
def format_(corpus: Path | None) -> int:
    """Write every fixture in canonical form."""
    folder = settings_for(corpus).corpus
    written = [path for path in fixture_paths(folder) if write_canonically(path)]
    for path in written:
        click.echo(f"{path}: written in canonical form")
    click.echo(f"{len(written)} files changed")
    return EXIT_NOTHING_NEW
