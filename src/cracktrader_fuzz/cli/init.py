"""`init`: a first target in a user's own repository."""

import shlex
from pathlib import Path

import click

from cracktrader_fuzz.cli.support.options import command, json_option, print_json, say
from cracktrader_fuzz.exits import EXIT_NOTHING_NEW
from cracktrader_fuzz.report.documents import InitDocument, InitFile
from cracktrader_fuzz.report.footer import PROGRAM
from cracktrader_fuzz.skeleton.skeleton import PlannedFile, plan_skeleton, write_skeleton

NEXT = (
    (f"{PROGRAM} run --seconds 10", "the two stand-ins agree, and a canary is caught"),
    (f"{PROGRAM} run --seconds 5 --subjects reference,canary-off-by-one", "what a finding looks like"),
    ("python -m pytest", "the same as a test, and every fixture that was promoted"),
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--package", default="fuzzing", show_default=True, metavar="NAME", help="The package that is written.")
@json_option
@command
def init(folder: Path, package: str, wants_json: bool) -> int:
    """Write a first target into FOLDER (default: here): two subjects, target, test, settings, nightly workflow.

    It works as it stands; docs/your-own-core.md goes on from there. Nothing is overwritten.
    """
    planned = plan_skeleton(folder, package)
    write_skeleton(planned)
    if wants_json:
        written = [InitFile(str(each.path), each.before is not None) for each in planned]
        print_json(InitDocument(package, written, [line for line, _ in NEXT]))
    else:
        say([*map(_line, planned), "", *_next(folder)])
    return EXIT_NOTHING_NEW


def _line(planned: PlannedFile) -> str:
    return f"{'wrote' if planned.before is None else 'added to':<9} {planned.path}"


def _next(folder: Path) -> list[str]:
    """The next three commands, each with what it shows."""
    lines = [] if folder.resolve() == Path.cwd() else [f"  cd {shlex.quote(str(folder))}"]
    for line, told in NEXT:
        lines += [f"  # {told}", f"  {line}"]
    return ["next:", *lines]
