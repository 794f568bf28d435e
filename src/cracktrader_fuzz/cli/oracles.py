"""`oracles`: what can give a third opinion, and where it cannot."""

from collections.abc import Iterator

import click

from cracktrader_fuzz.cli.support.help import HelpCommand
from cracktrader_fuzz.cli.support.options import command, json_option, print_json, print_lines, target_option
from cracktrader_fuzz.errors import SubjectMissingError
from cracktrader_fuzz.exits import EXIT_NOTHING_NEW
from cracktrader_fuzz.report.documents import OracleEntry, OraclesDocument
from cracktrader_fuzz.seating import load_target
from cracktrader_fuzz.settings import read_settings
from cracktrader_fuzz.subjects.oracle import opinion_name
from cracktrader_fuzz.target.target import Departure, Target


@click.command(cls=HelpCommand, examples=("oracles", "run --oracle NAME"))
@target_option
@json_option
@command
def oracles(target_name: str | None, wants_json: bool) -> int:
    """List the oracles of a target, and where they follow other rules.

    And whether each can be used here.
    """
    target = load_target(read_settings(), target_name)
    missing = {name: _missing(target, name) for name in target.oracles}
    if wants_json:
        entries = {name: OracleEntry(cause, list(target.oracles[name].departures)) for name, cause in missing.items()}
        print_json(OraclesDocument(target.name, entries))
    else:
        lines = [line for name, cause in missing.items() for line in _lines(target, name, cause)]
        print_lines(lines or [f"{target.name} has no oracle"])
    return EXIT_NOTHING_NEW


def _missing(target: Target, name: str) -> str:
    """Why an oracle cannot be used here; empty where it can."""
    try:
        target.subjects[opinion_name(name, target.seats[0])]()
    except SubjectMissingError as error:
        return str(error)
    return ""


def _lines(target: Target, name: str, missing: str) -> Iterator[str]:
    departures = target.oracles[name].departures
    yield f"{name}: {missing or 'can be used'}; it judges all but these {len(departures)}:"
    widths = [max(len(text) for text in column) for column in zip(*map(_row, departures), strict=True)]
    for departure in departures:
        cells = zip(_row(departure), widths, strict=True)
        yield f"  {'  '.join(f'{text:<{width}}' for text, width in cells)}".rstrip()


def _row(departure: Departure) -> tuple[str, str, str, str]:
    return departure.name, departure.covers, departure.rule, departure.other
