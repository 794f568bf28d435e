"""`shrink`: make one case small and certify it."""

from pathlib import Path

import click

from cracktrader_fuzz.cli.support.case_argument import CaseArgument
from cracktrader_fuzz.cli.support.help import HelpCommand
from cracktrader_fuzz.cli.support.options import (
    command,
    corpus_option,
    json_option,
    print_json,
    print_lines,
    subjects_option,
    target_option,
)
from cracktrader_fuzz.corpus.record import record
from cracktrader_fuzz.corpus.store import FindingStore
from cracktrader_fuzz.errors import CorpusError
from cracktrader_fuzz.exits import EXIT_NEW_FINDING
from cracktrader_fuzz.report.documents import ShrinkDocument


@click.command(cls=HelpCommand, examples=("shrink 0/22", "shrink corpus/findings/NAME.json"))
@click.argument("name", metavar="FILE|ID|SEED/INDEX")
@target_option
@subjects_option
@corpus_option
@json_option
@command
def shrink(name: str, target_name: str | None, subjects: str | None, corpus: Path | None, wants_json: bool) -> int:
    """Shrink a diverging case to its minimum and keep it as a finding.

    Ends with 1, as there is a difference, and with 2 where the subjects agree.
    """
    argument = CaseArgument(name, target_name, subjects, corpus)
    verdict = argument.lockstep.run_case(argument.case)
    if verdict.divergence is None:
        names = " and ".join(argument.lockstep.names)
        raise CorpusError(f"nothing to shrink: {names} agree on all {len(argument.case.steps)} steps of {name}")
    store = FindingStore(argument.settings.corpus / "findings")
    kept = record(argument.lockstep, argument.case, verdict.divergence, argument.origin, store)
    steps = len(argument.case.steps)
    if wants_json:
        print_json(
            ShrinkDocument(
                signature=kept.signature,
                steps_before=steps,
                steps=kept.steps,
                certified=kept.certified,
                path=kept.path,
            )
        )
    else:
        certified = "certified minimal" if kept.certified else "not certified"
        print_lines(
            [
                f"{steps} steps -> {kept.steps}, {certified}",
                f"signature  {kept.signature}",
                f"file       {kept.path}",
            ]
        )
    return EXIT_NEW_FINDING
