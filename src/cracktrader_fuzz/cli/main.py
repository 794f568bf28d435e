"""The group of commands."""

import sys

import click

from cracktrader_fuzz.cli.corpus import corpus
from cracktrader_fuzz.cli.doctor import doctor
from cracktrader_fuzz.cli.init import init
from cracktrader_fuzz.cli.list import list_group
from cracktrader_fuzz.cli.nightly import nightly
from cracktrader_fuzz.cli.oracles import oracles
from cracktrader_fuzz.cli.promote import promote
from cracktrader_fuzz.cli.repro import repro
from cracktrader_fuzz.cli.run import run
from cracktrader_fuzz.cli.shrink import shrink
from cracktrader_fuzz.cli.support.help import CONTEXT_SETTINGS, HelpGroup
from cracktrader_fuzz.cli.support.options import fail
from cracktrader_fuzz.exits import EXIT_INTERRUPTED, EXIT_USAGE
from cracktrader_fuzz.version import __version__

SECTIONS = {
    "Search": ("run", "nightly"),
    "One case": ("repro", "shrink", "promote"),
    "Stored cases": ("corpus",),
    "This project": ("init", "doctor", "list", "oracles"),
}
EXAMPLES = ("init", "run --seconds 10", "promote --pending", "run --help")


@click.group(cls=HelpGroup, context_settings=CONTEXT_SETTINGS, sections=SECTIONS, examples=EXAMPLES)
@click.version_option(__version__, prog_name="cracktrader_fuzz")
def commands() -> None:
    """Run implementations of one state machine in lockstep, and keep every difference.

    \b
    Exit codes:
      0    nothing new
      1    a new finding, or a failing fixture
      2    wrong usage, or unreadable input
      3    the harness is broken: a canary missed, nothing ran, a subject missing
      4    only known divergences, or judged and not mended yet
      130  interrupted
    """


for each in (run, nightly, repro, shrink, promote, corpus, init, doctor, list_group, oracles):
    commands.add_command(each)


def main() -> None:
    """The commands as a program: a wrong option is reported in one line, like any other mistake."""
    try:
        code = commands.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = EXIT_USAGE
    except click.UsageError as error:
        called = error.ctx.command_path if error.ctx else "cracktrader_fuzz"
        message = error.format_message()
        end = "" if message[-1:] in (".", "?", "!") else "."
        code = fail(f"{message}{end} See: {called} --help", EXIT_USAGE)
    except click.Abort:
        code = fail("interrupted before anything ran", EXIT_INTERRUPTED)
    sys.exit(code)
