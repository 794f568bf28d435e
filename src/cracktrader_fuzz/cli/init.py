"""`init`: a first target in a user's own repository."""

import importlib.util
import shlex
from pathlib import Path

import click

from cracktrader_fuzz.cli.support.help import HelpCommand
from cracktrader_fuzz.cli.support.options import command, json_option, print_json, print_lines
from cracktrader_fuzz.exits import EXIT_NOTHING_NEW
from cracktrader_fuzz.report.documents import InitDocument, InitFile
from cracktrader_fuzz.report.footer import PROGRAM
from cracktrader_fuzz.skeleton.skeleton import PlannedFile, plan_skeleton, write_skeleton

INSTALL_PYTEST = 'python -m pip install "cracktrader-fuzz[pytest]"'


@click.command(cls=HelpCommand, examples=("init", "init ../project --package fuzzing"))
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--package", default="fuzzing", metavar="NAME", help="The package that is written.")
@json_option
@command
def init(folder: Path, package: str, wants_json: bool) -> int:
    """Write a first target into FOLDER (default: here).

    Two subjects, a target, a test, settings and a nightly workflow. It works as it stands; docs/your-own-core.md goes
    on from there. Nothing is overwritten.
    """
    planned = plan_skeleton(folder, package)
    write_skeleton(planned)
    if wants_json:
        written = [InitFile(str(each.path), each.before is not None) for each in planned]
        print_json(InitDocument(package, written, [line for line, _ in next_steps()]))
    else:
        print_lines([*map(_line, planned), "", *_next(folder)])
    return EXIT_NOTHING_NEW


def next_steps() -> list[tuple[str, str]]:
    """The next commands, each with what it shows. pytest is an extra: where it is missing, its install comes first."""
    steps = [
        (f"{PROGRAM} run --seconds 10", "the two stand-ins agree, and a canary is caught"),
        (f"{PROGRAM} run --seconds 5 --subjects reference,canary-off-by-one", "what a finding looks like"),
        ("python -m pytest", "the same as a test, and every fixture that was promoted"),
    ]
    if importlib.util.find_spec("pytest") is None:
        steps.insert(-1, (INSTALL_PYTEST, "pytest is not installed here, and the next line needs it"))
    return steps


def _line(planned: PlannedFile) -> str:
    return f"{'wrote' if planned.before is None else 'added to':<9} {planned.path}"


def _next(folder: Path) -> list[str]:
    """The next commands for a reader, from the folder that was written."""
    lines = [] if folder.resolve() == Path.cwd() else [f"  cd {shlex.quote(str(folder))}"]
    for line, shows in next_steps():
        lines += [f"  # {shows}", f"  {line}"]
    return ["next:", *lines]
