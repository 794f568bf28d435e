"""The group of commands."""

import sys

import click

from cracktrader_fuzz.cli.corpus import corpus
from cracktrader_fuzz.cli.doctor import doctor
from cracktrader_fuzz.cli.init import init
from cracktrader_fuzz.cli.nightly import nightly
from cracktrader_fuzz.cli.oracles import oracles
from cracktrader_fuzz.cli.promote import promote
from cracktrader_fuzz.cli.repro import repro
from cracktrader_fuzz.cli.run import run
from cracktrader_fuzz.cli.shrink import shrink
from cracktrader_fuzz.cli.support.options import fail
from cracktrader_fuzz.exits import EXIT_INTERRUPTED, EXIT_USAGE
from cracktrader_fuzz.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cracktrader_fuzz")
def commands() -> None:
    """Run implementations of one state machine in lockstep, and keep every difference.

    Exit codes: 0 nothing new, 1 a new finding or a failing fixture, 2 usage or unreadable input, 3 the harness is
    broken (canary missed, nothing ran, a subject missing), 4 only known divergences, 130 interrupted.
    """


for each in (run, nightly, repro, shrink, promote, corpus, doctor, init, oracles):
    commands.add_command(each)


def main() -> None:
    """The commands as a program: a wrong option is told in one line, like any other mistake."""
    try:
        code = commands.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = EXIT_USAGE
    except click.UsageError as error:
        asked = error.ctx.command_path if error.ctx else "cracktrader_fuzz"
        code = fail(f"{error.format_message()} See: {asked} --help", EXIT_USAGE)
    except click.Abort:
        code = fail("interrupted before anything ran", EXIT_INTERRUPTED)
    sys.exit(code)
