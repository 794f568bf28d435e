"""`list`: the names that the other commands take, a line each.

Only `subjects`, `canaries` and `rules` load the target, as every command that runs it does; `targets` reads the
settings alone. No subject is made, but for `subjects --check`.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import click
import msgspec

from cracktrader_fuzz.campaign.front_ends import FRONT_ENDS, FrontEnd
from cracktrader_fuzz.cli.support.help import HelpGroup
from cracktrader_fuzz.cli.support.options import command, json_option, print_json, print_lines, target_option
from cracktrader_fuzz.errors import SubjectMissingError
from cracktrader_fuzz.exits import EXIT_NOTHING_NEW
from cracktrader_fuzz.report.list_documents import (
    CanariesDocument,
    CanaryEntry,
    FrontEndEntry,
    FrontEndsDocument,
    RulesDocument,
    SubjectEntry,
    SubjectsDocument,
    TargetEntry,
    TargetsDocument,
)
from cracktrader_fuzz.seating import load_target, make_subject
from cracktrader_fuzz.settings import read_settings
from cracktrader_fuzz.subjects.oracle import is_opinion, opinion_name
from cracktrader_fuzz.target.target import Canary, Target

EVERY_SUBJECT = "NAME"  # in an opinion's name: there is one on each subject


@click.group(
    name="list",
    cls=HelpGroup,
    examples=("list targets", "list subjects --check", "list canaries --target NAME", "list front-ends --json"),
)
def list_group() -> None:
    """List the names of targets, subjects, canaries, front ends or rules."""


@list_group.command(examples=("list targets",))
@json_option
@command
def targets(wants_json: bool) -> int:
    """List the targets of the settings, each with its reference.

    Any other target is named module:attribute.
    """
    settings = read_settings()
    known = dict(settings.targets)
    if settings.target is not None:
        known.setdefault(settings.target, settings.target)
    entries = [
        TargetEntry(name, reference, name == settings.target, str(settings.of_target(name).corpus))
        for name, reference in known.items()
    ]
    if wants_json:
        print_json(TargetsDocument(entries))
    elif entries:
        _print_table([(each.name, each.reference, "default" if each.default else "") for each in entries])
    else:
        print_lines(["no targets here: `python -m cracktrader_fuzz init` writes a first one"])
    return EXIT_NOTHING_NEW


@list_group.command(examples=("list subjects", "list subjects --check"))
@target_option
@click.option("--check", is_flag=True, help="Also make each subject once, and say why one cannot be made here.")
@json_option
@command
def subjects(target_name: str | None, check: bool, wants_json: bool) -> int:
    """List the subjects of a target, its seats first."""
    target = load_target(read_settings(), target_name)
    found = [_checked(target, each) if check else each for each in _subjects(target)]
    if wants_json:
        print_json(SubjectsDocument(target.name, found))
    else:
        _print_table([(each.name, each.kind, _with_cause(each)) for each in found])
    return EXIT_NOTHING_NEW


@list_group.command(examples=("list canaries", "list canaries --target NAME --json"))
@target_option
@json_option
@command
def canaries(target_name: str | None, wants_json: bool) -> int:
    """List the canaries of a target: what each breaks, its known size.

    The size is the number of steps of the shortest case that shows it.
    """
    target = load_target(read_settings(), target_name)
    found = [(front_end, each) for front_end, some in _canaries(target).items() for each in some]
    if wants_json:
        entries = [_canary_entry(target, each, front_end) for front_end, each in found]
        print_json(CanariesDocument(target.name, entries))
    elif found:
        _print_table(
            [
                (
                    each.name,
                    f"breaks {each.breaks}",
                    f"{each.steps_min} step{'s' * (each.steps_min > 1)}",
                    front_end or "any",
                )
                for front_end, each in found
            ]
        )
    else:
        print_lines([f"{target.name} has no canary"])
    return EXIT_NOTHING_NEW


@list_group.command(name="front-ends", examples=("list front-ends",))
@json_option
@command
def front_ends(wants_json: bool) -> int:
    """List the front ends, and whether a plain `run` has them."""
    found = list(FRONT_ENDS.values())
    if wants_json:
        entries = [FrontEndEntry(each.name, each.does, each.is_endless, each.is_repeatable) for each in found]
        print_json(FrontEndsDocument(entries))
    else:
        _print_table([(each.name, "endless" if each.is_endless else "ends", _where(each), each.does) for each in found])
    return EXIT_NOTHING_NEW


@list_group.command(examples=("list rules",))
@target_option
@json_option
@command
def rules(target_name: str | None, wants_json: bool) -> int:
    """List the rules of a target's page.

    Each by the step kind, the code or the field of the state that falls under it.
    """
    target = load_target(read_settings(), target_name)
    if wants_json:
        print_json(RulesDocument(target.name, dict(target.reading.rules)))
    elif target.reading.rules:
        _print_table(list(target.reading.rules.items()))
    else:
        print_lines([f"{target.name} names no rules"])
    return EXIT_NOTHING_NEW


def _where(front_end: FrontEnd) -> str:
    return "run, nightly" if front_end.is_repeatable else "nightly, run --front-end"


def _canaries(target: Target) -> dict[str, Sequence[Canary]]:
    """All canaries by the front end that finds them; those of the empty name are for any that searches."""
    return {"": target.canaries, **target.relations.canaries}


def _canary_entry(target: Target, canary: Canary, front_end: str) -> CanaryEntry:
    return CanaryEntry(
        name=canary.name,
        reference=canary.reference or target.seats[0],
        breaks=canary.breaks,
        steps_min=canary.steps_min,
        front_end=front_end,
    )


def _subjects(target: Target) -> Iterator[SubjectEntry]:
    """Seats, relations, canaries, other subjects; last a line for all opinions of each oracle."""
    found = [_subject(target, name) for name in target.subjects if not is_opinion(target.oracles, name)]
    seats = [each for name in target.seats for each in found if each.name == name]
    kinds = ("relation", "canary", "subject")
    yield from seats
    yield from sorted((each for each in found if each not in seats), key=lambda each: kinds.index(each.kind))
    for oracle in target.oracles:
        name = opinion_name(oracle, EVERY_SUBJECT)
        yield SubjectEntry(name, "opinion", f"the oracle {oracle} on any subject {EVERY_SUBJECT}", oracle)


def _subject(target: Target, name: str) -> SubjectEntry:
    maker = _maker(target.subjects[name])
    if name in target.seats:
        place = target.seats.index(name)
        return SubjectEntry(name, "seat", f"seat {place + 1}{', the reference' if place == 0 else ''}", maker)
    for canary in (each for some in _canaries(target).values() for each in some):
        if canary.name == name:
            against = canary.reference or target.seats[0]
            return SubjectEntry(name, "canary", f"held against {against}, breaks {canary.breaks}", maker)
    for front_end, pairs in target.relations.pairs.items():
        for plain, other in pairs:
            if other == name:
                return SubjectEntry(name, "relation", f"must agree with {plain}, front end {front_end}", maker)
    for canary in (each for some in _canaries(target).values() for each in some):
        if canary.reference == name:
            return SubjectEntry(name, "subject", f"the reference of {canary.name}", maker)
    return SubjectEntry(name, "subject", f"made by {maker}", maker)


def _maker(make: Any) -> str:
    """What makes a subject, by module and name: the function behind a partial."""
    function = make.func if isinstance(make, partial) else make
    return f"{getattr(function, '__module__', '')}:{getattr(function, '__qualname__', type(function).__name__)}"


def _checked(target: Target, line: SubjectEntry) -> SubjectEntry:
    """The line with the reason why the subject cannot be made here; an opinion is made on the reference."""
    name = opinion_name(line.maker, target.seats[0]) if line.kind == "opinion" else line.name
    try:
        make_subject(target, name)
    except SubjectMissingError as error:
        return msgspec.structs.replace(line, missing=str(error))
    return msgspec.structs.replace(line, missing="")


def _with_cause(line: SubjectEntry) -> str:
    return f"{line.description}; cannot be made here: {line.missing}" if line.missing else line.description


def _print_table(rows: Sequence[Sequence[Any]]) -> None:
    """Rows as aligned columns, two spaces apart."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        line = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        print_lines([line.rstrip()])
