"""`doctor`: what works here, in one screen.

Looks and changes nothing. A line is `ok`, `no` (a run needs it and it does not work: ends with 3) or `-` (may be
missing); those that are not `ok` name the way out. Cost: imports, and a strict reading of the corpus; no case is run.
"""

import datetime
import importlib.metadata
import importlib.util
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import click
import msgspec

from cracktrader_fuzz.cli.init import INSTALL_PYTEST
from cracktrader_fuzz.cli.support.help import HelpCommand
from cracktrader_fuzz.cli.support.installation import DISTRIBUTION, find_installation
from cracktrader_fuzz.cli.support.options import (
    command,
    corpus_option,
    json_option,
    print_json,
    print_lines,
    settings_for,
    target_option,
    today_option,
)
from cracktrader_fuzz.cli.support.processors import usable_processors
from cracktrader_fuzz.corpus.check import ledger_problems
from cracktrader_fuzz.corpus.documents import read_fixture
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, read_ledger
from cracktrader_fuzz.corpus.rerun import fixture_paths
from cracktrader_fuzz.corpus.review import pending_findings
from cracktrader_fuzz.coverage.session import missing, missing_library
from cracktrader_fuzz.document import Document, head
from cracktrader_fuzz.errors import CorpusError, DocumentError, SettingsError, SubjectMissingError
from cracktrader_fuzz.exits import EXIT_BROKEN, EXIT_NOTHING_NEW
from cracktrader_fuzz.seating import load_target, make_subject, target_reference
from cracktrader_fuzz.settings import TABLE, Settings
from cracktrader_fuzz.subjects.oracle import opinion_name
from cracktrader_fuzz.target.target import Target

OK: Final = "ok"
NO: Final = "no"
MAY: Final = "-"
PYTHON_MIN = (3, 11)  # as `requires-python` of the package; a test holds that
HASH_SHOWN = 16  # hexadecimal digits of a build's sha256: enough to tell any two builds apart


State = Literal["ok", "no", "-"]


class Item(msgspec.Struct, frozen=True):
    """Something that works here, or does not."""

    name: str
    """What it is."""
    state: State
    """`ok`, `no` where a run needs it and it does not work, `-` where it may be missing."""
    detail: str
    """What was found, and for what is not `ok` the way out."""


class DoctorDocument(Document, tag=head("doctor", 1)):
    """What works here: `doctor --json`."""

    works: bool
    """Whether all that a run needs works."""
    items: list[Item]
    """Each thing that was looked at."""


@click.command(cls=HelpCommand, examples=("doctor", "doctor --target NAME --json"))
@target_option
@corpus_option
@json_option
@today_option
@command
def doctor(target_name: str | None, corpus: Path | None, wants_json: bool, today: datetime.date) -> int:
    """Show what works here. Ends with 3 when something that a run needs does not."""
    items = list(_items(settings_for(corpus, target_name), target_name, today))
    broken = [item.name for item in items if item.state == NO]
    if wants_json:
        print_json(DoctorDocument(not broken, items))
    else:
        width = 2 + max(len(item.name) for item in items)
        print_lines(f"{item.state:<3}{item.name:<{width}}{item.detail}" for item in items)
        print_lines(["", f"does not work: {', '.join(broken)}" if broken else "all that a run needs works"])
    return EXIT_BROKEN if broken else EXIT_NOTHING_NEW


def _items(settings: Settings, target_name: str | None, today: datetime.date) -> Iterator[Item]:
    yield _python()
    yield _harness()
    yield _settings(settings)
    try:
        target = load_target(settings, target_name)
    except SettingsError as error:
        yield Item("target", NO, str(error))
    else:
        yield Item("target", OK, f"{target.name}, {target_reference(settings, target_name)}")
        yield from _of_target(settings, target)
    wanted = target_name or settings.target
    yield from (_other_target(settings, name) for name in settings.targets if name != wanted)
    yield from _corpus(settings.corpus, today)
    yield _pytest()
    count = usable_processors()
    yield Item("workers", OK, f"{count}: the processors that this process may use; --workers sets another number")


def _python() -> Item:
    detail = f"{platform.python_implementation()} {platform.python_version()} at {sys.executable}"
    if sys.version_info >= PYTHON_MIN:
        return Item("python", OK, detail)
    return Item("python", NO, f"{detail}: {'.'.join(map(str, PYTHON_MIN))} or newer is needed")


def _harness() -> Item:
    found = find_installation()
    if found.problem:
        return Item("harness", NO, f"cracktrader_fuzz {found.detail}: {found.problem}")
    return Item("harness", OK if found.is_installed else MAY, f"cracktrader_fuzz {found.detail}")


def _settings(settings: Settings) -> Item:
    if settings.file is None:
        way_out = "`python -m cracktrader_fuzz init` writes one"
        return Item("settings", MAY, f"no {TABLE} in a pyproject.toml at or above {settings.root}: {way_out}")
    return Item("settings", OK, f"{settings.file}")


def _of_target(settings: Settings, target: Target) -> Iterator[Item]:
    """What belongs to a target; a line for recordings and oracles only where it has any."""
    yield from (_subject(target, name) for name in target.seats)
    yield _canaries(target)
    if target.recordings is not None:
        yield _recordings(settings, target.recordings.files)
    yield from (_oracle(target, name) for name in target.oracles)
    yield _coverage(target)


def _subject(target: Target, name: str) -> Item:
    try:
        built = make_subject(target, name).identity()
    except Exception as error:  # noqa: BLE001 - a user's subject may raise what it likes when it names itself, too
        return Item(f"subject {name}", NO, str(error))
    detail = f"{built.version} ({built.profile}) sha256 {built.sha256[:HASH_SHOWN]} {built.module}"
    return Item(f"subject {name}", OK, detail)


def _canaries(target: Target) -> Item:
    """All of them; a run needs the first one and proves nothing without it."""
    canaries = [*target.canaries, *(canary for each in target.relations.canaries.values() for canary in each)]
    if not canaries:
        return Item("canaries", MAY, "this target has none, so a run cannot show that it would find anything")
    missing: dict[str, str] = {}
    for canary in canaries:
        try:
            make_subject(target, canary.name)
        except SubjectMissingError as error:
            missing[canary.name] = str(error)
    if not missing:
        return Item("canaries", OK, f"{len(canaries)} can be made")
    is_needed = bool(target.canaries) and target.canaries[0].name in missing
    detail = f"{len(canaries) - len(missing)} of {len(canaries)} can be made: {next(iter(missing.values()))}"
    return Item("canaries", NO if is_needed else MAY, detail)


def _recordings(settings: Settings, wanted: tuple[str, ...]) -> Item:
    folder = settings.recordings
    there = [name for name in wanted if folder is not None and (folder / name).is_file()]
    if wanted and len(there) == len(wanted):
        return Item("recordings", OK, f"{len(there)} files at {folder}")
    place = f"`recordings` is not set in {TABLE}" if folder is None else str(folder)
    return Item("recordings", MAY, f"{len(there)} of {len(wanted)} files: {place}; a run leaves out what is missing")


def _oracle(target: Target, name: str) -> Item:
    try:
        make_subject(target, opinion_name(name, target.seats[0]))
    except SubjectMissingError as error:
        return Item(f"oracle {name}", MAY, f"optional: {error}")
    return Item(f"oracle {name}", OK, f"can be used: `run --oracle {name}`")


def _coverage(target: Target) -> Item:
    lacking = missing() or missing_library(target)
    if lacking:
        return Item("coverage", MAY, f"optional, for a search that it guides: {lacking}")
    return Item("coverage", OK, "can guide a search: `run --front-end coverage`")


def _other_target(settings: Settings, name: str) -> Item:
    try:
        target = load_target(settings, name)
        for seat in target.seats:
            make_subject(target, seat)
    except Exception as error:  # noqa: BLE001 - another target's package may raise what it likes
        return Item(f"target {name}", MAY, f"another target, does not load: {error}")
    return Item(f"target {name}", OK, f"another target, loads: {', '.join(target.seats)}")


def _corpus(corpus: Path, today: datetime.date) -> Iterator[Item]:
    yield _fixtures(corpus)
    yield _findings(corpus)
    yield _ledger(corpus, today)


def _fixtures(corpus: Path) -> Item:
    try:
        paths = fixture_paths(corpus)
    except CorpusError as error:
        return Item("fixtures", NO, str(error))
    faults = [fault for path in paths if (fault := _fault(path))]
    if faults:
        return Item("fixtures", NO, f"{len(faults)} of {len(paths)} cannot be read: {faults[0]}")
    if paths:
        return Item("fixtures", OK, f"{len(paths)} under {corpus}; `corpus check` runs them")
    return Item("fixtures", MAY, f"none yet under {corpus}: `promote` makes them out of findings")


def _findings(corpus: Path) -> Item:
    try:
        waiting, unreadable = pending_findings(corpus)
    except CorpusError as error:
        return Item("findings", NO, str(error))
    if not waiting and not unreadable:
        return Item("findings", OK, "none waits")
    return Item("findings", MAY, f"{len(waiting)} wait, {len(unreadable)} cannot be read: `promote` reviews them")


def _ledger(corpus: Path, today: datetime.date) -> Item:
    if not (corpus / LEDGER_NAME).is_file():
        return Item("ledger", MAY, f"no {LEDGER_NAME} yet: `promote --ledger-until` writes it")
    try:
        ledger = read_ledger(corpus)
    except DocumentError as error:
        return Item("ledger", NO, str(error))
    problems = ledger_problems(ledger, corpus, today)
    return Item("ledger", NO, problems[0]) if problems else Item("ledger", OK, f"{len(ledger.known)} known divergences")


def _fault(path: Path) -> str:
    try:
        read_fixture(path)
    except DocumentError as error:
        return str(error)
    return ""


def _pytest() -> Item:
    """pytest, and the plugin that makes tests of fixtures: pytest finds it where the package is installed."""
    version = _version("pytest")
    if version is None or importlib.util.find_spec("pytest") is None:
        return Item("pytest", MAY, f"optional, for the test and the fixtures as tests: {INSTALL_PYTEST}")
    plugins = importlib.metadata.entry_points(group="pytest11", name="cracktrader_fuzz")
    if not plugins:
        way_out = f"install {DISTRIBUTION}, or call pytest with -p cracktrader_fuzz.testing.plugin"
        return Item("pytest", MAY, f"pytest {version} without the plugin of this package: {way_out}")
    return Item("pytest", OK, f"pytest {version} with the plugin of this package: `pytest corpus` runs the fixtures")


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None
