"""The group of commands."""

import click

from cracktrader_fuzz import __version__
from cracktrader_fuzz.cli.corpus import corpus
from cracktrader_fuzz.cli.promote import promote
from cracktrader_fuzz.cli.repro import repro
from cracktrader_fuzz.cli.run import run
from cracktrader_fuzz.cli.shrink import shrink


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cracktrader_fuzz")
def main() -> None:
    """Run implementations of one state machine in lockstep, and keep every difference.

    Exit codes: 0 nothing new, 1 a new finding or a failing fixture, 2 usage or unreadable input, 3 the harness is
    broken (canary missed, nothing ran, a subject missing), 130 interrupted.
    """


for each in (run, repro, shrink, promote, corpus):
    main.add_command(each)
