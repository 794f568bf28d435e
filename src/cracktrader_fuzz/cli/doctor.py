"""`doctor`: what works here, in one screen.

Looks and changes nothing. A line is `ok`, `no` (what `make test` needs and is not there: ends with 3) or `-` (may be
missing); those that are not `ok` say the way out. Cost: imports, and a strict reading of the corpus; no case is run.
"""

import datetime
import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from cracktrader_fuzz.cli.support.options import (
    command,
    corpus_option,
    json_option,
    print_json,
    say,
    settings_for,
    target_option,
    today_option,
)
from cracktrader_fuzz.corpus.check import ledger_problems
from cracktrader_fuzz.corpus.documents import read_fixture
from cracktrader_fuzz.corpus.ledger import read_ledger
from cracktrader_fuzz.corpus.rerun import fixture_paths
from cracktrader_fuzz.corpus.review import pending_findings
from cracktrader_fuzz.coverage.session import missing, missing_library
from cracktrader_fuzz.errors import DocumentError, SettingsError, SubjectMissingError
from cracktrader_fuzz.exits import EXIT_BROKEN, EXIT_NOTHING_NEW
from cracktrader_fuzz.seating import load_target
from cracktrader_fuzz.settings import Settings
from cracktrader_fuzz.target.target import Target
from cracktrader_fuzz.version import __version__

OK, NO, MAY = "ok", "no", "-"
PYTHON_MIN = (3, 11)
TEST_PACKAGES = (
    "pytest",
    "pytest-xdist",
    "hypothesis",
    "ruff",
    "mypy",
    "import-linter",
    "maturin",
    "check-jsonschema",
    "zizmor",
)
SET_UP = "`make env` sets it up"


class Item(msgspec.Struct, frozen=True):
    """One line: what, whether it works, what was seen."""

    name: str
    state: str
    told: str


@click.command()
@target_option
@corpus_option
@json_option
@today_option
@command
def doctor(target_name: str | None, corpus: Path | None, wants_json: bool, today: datetime.date) -> int:
    """Say what works here. Ends with 3 when something that `make test` needs does not."""
    items = list(_items(settings_for(corpus, target_name), target_name, today))
    broken = [item.name for item in items if item.state == NO]
    if wants_json:
        print_json({"works": not broken, "items": items})
    else:
        width = 2 + max(len(item.name) for item in items)
        say(f"{item.state:<3}{item.name:<{width}}{item.told}" for item in items)
        say(["", f"does not work: {', '.join(broken)}" if broken else "what `make test` needs is here"])
    return EXIT_BROKEN if broken else EXIT_NOTHING_NEW


def _items(settings: Settings, target_name: str | None, today: datetime.date) -> Iterator[Item]:
    yield _python()
    yield Item("harness", OK, f"cracktrader_fuzz {__version__}, settings of {settings.root}")
    try:
        target = load_target(settings, target_name)
    except SettingsError as error:
        yield Item("target", NO, str(error))
    else:
        yield from (_subject(target, name) for name in target.seats)
        yield _canaries(target)
        yield _recordings(settings, target)
        yield _coverage(target)
    yield from (_optional_target(settings, name) for name in settings.targets if name != settings.target)
    yield _test_tools()
    yield from _corpus(settings.corpus, today)
    yield Item("workers", OK, f"{os.cpu_count() or 1} cores: `run` takes one worker a core, --workers another number")


def _python() -> Item:
    told = f"{platform.python_implementation()} {platform.python_version()} at {sys.executable}"
    if sys.version_info >= PYTHON_MIN:
        return Item("python", OK, told)
    return Item("python", NO, f"{told}: {'.'.join(map(str, PYTHON_MIN))} or newer is needed")


def _subject(target: Target, name: str) -> Item:
    try:
        built = target.subjects[name]().identity()
    except Exception as error:  # noqa: BLE001 - a user's subject may raise what it likes
        return Item(f"subject {name}", NO, str(error))
    return Item(f"subject {name}", OK, f"{built.version} ({built.profile}) sha256 {built.sha256[:16]} {built.module}")


def _canaries(target: Target) -> Item:
    canaries = [*target.canaries, *(canary for each in target.relations.canaries.values() for canary in each)]
    missing: list[str] = []
    for canary in canaries:
        try:
            target.subjects[canary.name]()
        except (SubjectMissingError, OSError, ImportError) as error:
            missing.append(str(error))
    count = len(canaries)
    if missing:
        return Item("canaries", NO, f"{count - len(missing)} of {count} can be let loose: {missing[0]}")
    return Item("canaries", OK, f"{count} can be let loose") if count else Item("canaries", MAY, "this target has none")


def _recordings(settings: Settings, target: Target) -> Item:
    folder, wanted = settings.recordings, target.recordings.files if target.recordings else ()
    there = [name for name in wanted if folder is not None and (folder / name).is_file()]
    if wanted and len(there) == len(wanted):
        return Item("recordings", OK, f"{len(there)} files at {folder}")
    place = "`recordings` is not set in [tool.cracktrader-fuzz]" if folder is None else str(folder)
    return Item("recordings", MAY, f"{len(there)} of {len(wanted)} files: {place}; `run` leaves out what is missing")


def _optional_target(settings: Settings, name: str) -> Item:
    try:
        target = load_target(settings, name)
        for seat in target.seats:
            target.subjects[seat]()
    except Exception as error:  # noqa: BLE001 - an optional target's package may raise what it likes
        return Item(f"target {name}", MAY, f"optional, does not load: {error}")
    return Item(f"target {name}", OK, f"optional, loads: {', '.join(target.seats)}")


def _test_tools() -> Item:
    found, missing = [], []
    for name in TEST_PACKAGES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if shutil.which("cargo") is None:
        missing.append("cargo (rustup.rs)")
    if missing:
        return Item("test tools", NO, f"missing: {', '.join(missing)}: {SET_UP}")
    return Item("test tools", OK, f"{', '.join(found)}, cargo")


def _coverage(target: Target) -> Item:
    lacking = missing() or missing_library(target)
    return (
        Item("coverage", MAY, f"a search guided by it: {lacking}")
        if lacking
        else Item("coverage", OK, "can guide a search")
    )


def _corpus(corpus: Path, today: datetime.date) -> Iterator[Item]:
    paths = fixture_paths(corpus)
    faults = [fault for path in paths if (fault := _fault(path))]
    if faults or not paths:
        told = faults[0] if faults else f"none under {corpus}: name another folder with --corpus"
        yield Item("fixtures", NO, f"{len(faults)} of {len(paths)} cannot be read: {told}" if faults else told)
    else:
        yield Item("fixtures", OK, f"{len(paths)} under {corpus}; `corpus check` runs them")
    yield _findings(corpus)
    yield _ledger(corpus, today)


def _findings(corpus: Path) -> Item:
    waiting, unreadable = pending_findings(corpus)
    if not waiting and not unreadable:
        return Item("findings", OK, "none waits")
    return Item("findings", MAY, f"{len(waiting)} wait, {len(unreadable)} cannot be read: `promote` reviews them")


def _ledger(corpus: Path, today: datetime.date) -> Item:
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
