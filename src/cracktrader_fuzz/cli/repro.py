"""`repro`: run one case and show what happens."""

from pathlib import Path

import click

from cracktrader_fuzz.campaign.summary import EXIT_NEW_FINDING, EXIT_NOTHING_NEW
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.cli.shared import command, corpus_option, json_option, print_json, subjects_option, target_option
from cracktrader_fuzz.cli.stored import Asked
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.timeline import timeline
from cracktrader_fuzz.lockstep.verdict import Verdict


@click.command()
@click.argument("name", metavar="FILE|ID|SEED/INDEX")
@target_option
@subjects_option
@corpus_option
@json_option
@command
def repro(name: str, target_name: str | None, subjects: str | None, corpus: Path | None, wants_json: bool) -> int:
    """Run one case, exactly, and show each step with both answers up to the first difference.

    A finding runs on the subjects that it was found with. Ends with 1 when the subjects differ, 0 when they agree.
    """
    asked = Asked(name, target_name, subjects, corpus)
    lockstep, case = asked.lockstep, asked.case
    verdict = lockstep.replay(case, exact=True)
    if wants_json:
        print_json(_facts(lockstep, case, verdict))
    else:
        for line in [*timeline(lockstep, case, verdict.divergence), "", *_footer(name, verdict, lockstep.names)]:
            click.echo(line)
    return EXIT_NOTHING_NEW if verdict.agrees else EXIT_NEW_FINDING


def _facts(lockstep: Lockstep, case: Case, verdict: Verdict) -> dict[str, object]:
    found = verdict.divergence
    return {
        "target": case.target,
        "subjects": lockstep.names,
        "steps": len(case.steps),
        "agrees": verdict.agrees,
        "signature": str(found.signature) if found else None,
        "step": found.index if found else None,
        "path": list(found.difference.path) if found else None,
        "left": found.difference.left if found else None,
        "right": found.difference.right if found else None,
    }


def _footer(name: str, verdict: Verdict, names: list[str]) -> list[str]:
    if verdict.divergence is None:
        return [f"agree: {verdict.steps} steps, {verdict.applied} applied, {' and '.join(names)}"]
    who = f"--subjects {','.join(names)} "
    return [
        f"signature  {verdict.divergence.signature}",
        f"reproduce  python -m cracktrader_fuzz repro {who}{name}",
        f"shrink     python -m cracktrader_fuzz shrink {who}{name}",
        f'promote    python -m cracktrader_fuzz promote {name} --verdict WHO --reason "WHY"',
    ]
