"""`repro`: run one case and show what happens."""

import datetime
from pathlib import Path

import click
import msgspec

from cracktrader_fuzz.cli.support.case_argument import CaseArgument
from cracktrader_fuzz.cli.support.emit import emit as emit_test
from cracktrader_fuzz.cli.support.help import HelpCommand
from cracktrader_fuzz.cli.support.options import (
    command,
    corpus_option,
    json_option,
    print_aside,
    print_json,
    print_lines,
    same_options,
    subjects_option,
    target_option,
    today_option,
    typed,
)
from cracktrader_fuzz.corpus.documents import Fixture, Provenance, text_of
from cracktrader_fuzz.corpus.record import consult
from cracktrader_fuzz.corpus.rerun import differing
from cracktrader_fuzz.corpus.store import finding_of
from cracktrader_fuzz.errors import CorpusError
from cracktrader_fuzz.exits import EXIT_NEW_FINDING, EXIT_NOTHING_NEW
from cracktrader_fuzz.history.bisect import Bisection
from cracktrader_fuzz.history.probe import Question
from cracktrader_fuzz.lockstep.compare import Difference
from cracktrader_fuzz.lockstep.verdict import Verdict
from cracktrader_fuzz.lockstep.watch import debug
from cracktrader_fuzz.report.case_view import View
from cracktrader_fuzz.report.documents import BisectionDocument, ReproDocument, UnexpectedAnswer, json_value
from cracktrader_fuzz.report.footer import Footer, ledger_words
from cracktrader_fuzz.report.narrative import unexpected, unexpected_story
from cracktrader_fuzz.report.timeline import path_words
from cracktrader_fuzz.text import printable

EXAMPLES = (
    "repro c0e89efe",
    "repro 0/22 --step 3 --state",
    "repro c0e89efe --explain",
    "repro c0e89efe --emit pytest --output test_it.py",
    "repro c0e89efe --bisect v1.0..main",
)


class ReproOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of `repro`, as given."""

    name: str
    target_name: str | None
    subjects: str | None
    corpus: Path | None
    wants_json: bool
    step: int | None
    until: int | None
    wants_state: bool
    explain: bool
    wants_debugger: bool
    emit: str | None
    output: Path | None
    bisect: str | None
    build: str | None
    today: datetime.date


@click.command(cls=HelpCommand, examples=EXAMPLES)
@click.argument("name", metavar="FILE|ID|SEED/INDEX")
@target_option
@subjects_option
@corpus_option
@json_option
@click.option("--step", type=click.IntRange(min=0), help="Only around this step (0 is the first), and its state.")
@click.option("--until", type=click.IntRange(min=0), help="Up to this step, also past the first difference.")
@click.option("--state", "wants_state", is_flag=True, help="The whole state of both after the last step shown.")
@click.option("--explain", is_flag=True, help="Which rules the step falls under.")
@click.option("--pdb", "wants_debugger", is_flag=True, help="Stop in the debugger before the step, in each subject.")
@click.option(
    "--emit", metavar="KIND", help="Write a self-contained test instead, as one of the target's kinds: pytest, rust."
)
@click.option("--output", type=click.Path(path_type=Path), help="Where --emit writes (default: standard output).")
@click.option("--bisect", metavar="GOOD..BAD", help="Name the first commit with the difference.")
@click.option("--build", metavar="COMMAND", help="How --bisect builds a commit (default: maturin, where it is used).")
@today_option
@command
@typed(ReproOptions)
def repro(options: ReproOptions) -> int:
    """Run one case exactly, and show each step with both answers.

    Up to the first difference, or to the end. A finding runs on the subjects that it was found with. Ends with 1 when
    the subjects differ, or when one of them answers otherwise than the fixture expects; with 0 when all is as it
    should be.
    """
    argument = CaseArgument(options.name, options.target_name, options.subjects, options.corpus)
    verdict = argument.lockstep.run_case(argument.case, exact=True)
    if options.emit:
        emit_test(argument, verdict, options.emit, options.output, wants_json=options.wants_json)
    elif options.bisect:
        _bisect(argument, verdict, options.bisect, options.build, wants_json=options.wants_json)
    elif options.wants_json:
        return _print_facts(argument, verdict, options.today)
    else:
        return _print_view(argument, verdict, options)
    return EXIT_NOTHING_NEW if verdict.agrees else EXIT_NEW_FINDING


def _print_view(argument: CaseArgument, verdict: Verdict, options: ReproOptions) -> int:
    """Everything for a reader."""
    view = View(argument.lockstep, argument.case, verdict.divergence, step=options.step, until=options.until)
    if options.wants_debugger:
        debug(argument.lockstep, argument.case, view.focus)
    wrong = _unexpected(argument) if verdict.agrees else None
    if wrong is None:
        lines = list(view.lines(wants_state=options.wants_state, wants_rules=options.explain))
    else:
        lines = unexpected_story(argument.lockstep, wrong[0], wrong[1], wrong[2])
    same = same_options(options.target_name, options.corpus)
    print_lines([*lines, "", *_footer(argument, verdict, wrong, same, options.today)])
    return EXIT_NOTHING_NEW if verdict.agrees and wrong is None else EXIT_NEW_FINDING


def _footer(
    argument: CaseArgument,
    verdict: Verdict,
    wrong: tuple[str, Fixture, Difference] | None,
    same: str,
    today: datetime.date,
) -> list[str]:
    found, names = verdict.divergence, tuple(argument.lockstep.names)
    if found is None and wrong is None:
        return [f"agree: {verdict.steps} steps, {verdict.applied} applied, {' and '.join(names)}"]
    if found is None and wrong is not None:
        message = f"{wrong[0]} answers otherwise than the fixture expects, at {path_words(wrong[2].path)}"
        return Footer(argument.name, message, "", "", names, same).lines()
    assert found is not None
    message = f"{' and '.join(found.subjects)} differ at {found.place}, at {path_words(found.difference.path)}"
    opinions = consult(argument.lockstep.target, argument.case, found)
    ledger = _ledger(argument, verdict, today)
    return Footer(
        argument.name, message, str(found.signature), ledger, names, same, argument.is_finding, opinions
    ).lines()


def _ledger(argument: CaseArgument, verdict: Verdict, today: datetime.date) -> str:
    assert verdict.divergence is not None
    signature = str(verdict.divergence.signature)
    return printable(ledger_words(argument.settings.corpus, argument.lockstep, signature, today))


def _unexpected(argument: CaseArgument) -> tuple[str, Fixture, Difference] | None:
    """The first subject that leaves a fixture's expected trace, though the subjects agree."""
    if not isinstance(argument.document, Fixture):
        return None
    for name in argument.lockstep.names:
        if name == differing(argument.document):
            continue
        found = unexpected(argument.lockstep, name, argument.document)
        if found is not None:
            return name, argument.document, found
    return None


def _print_facts(argument: CaseArgument, verdict: Verdict, today: datetime.date) -> int:
    """The same facts for a program."""
    lockstep, case, found = argument.lockstep, argument.case, verdict.divergence
    wrong = _unexpected(argument) if verdict.agrees else None
    view = View(lockstep, case, found, step=None, until=None)
    print_json(
        ReproDocument(
            target=case.target,
            subjects=lockstep.names,
            steps=len(case.steps),
            agrees=verdict.agrees,
            signature=str(found.signature) if found else None,
            step=found.index if found else None,
            path=list(found.difference.path) if found else None,
            left=json_value(found.difference.left) if found else None,
            right=json_value(found.difference.right) if found else None,
            ledger=_ledger(argument, verdict, today) if found else None,
            oracles=consult(lockstep.target, case, found) if found else [],
            rules=view.rules() if found else [],
            unexpected=None if wrong is None else UnexpectedAnswer(wrong[0], list(wrong[2].path)),
        )
    )
    return EXIT_NOTHING_NEW if verdict.agrees and wrong is None else EXIT_NEW_FINDING


def _bisect(argument: CaseArgument, verdict: Verdict, commits: str, build: str | None, *, wants_json: bool) -> None:
    found = verdict.divergence
    if found is None:
        raise CorpusError(
            f"nothing to bisect: {' and '.join(argument.lockstep.names)} agree on {argument.name} as they are now"
        )
    case = argument.case.with_steps(argument.case.steps[: found.index + 1])
    finding = finding_of(case, found, None, Provenance(argument.origin))
    bisection = Bisection(
        root=argument.settings.root,
        question=Question(
            text_of(msgspec.structs.replace(finding, target=case.target)), argument.target_reference, found.subjects
        ),
        signature=str(found.signature),
        build=build,
        report=print_aside,
    )
    commit = bisection.first_bad(commits)
    if wants_json:
        document = BisectionDocument(
            signature=str(found.signature), subjects=list(found.subjects), commits=commits, first_bad=commit
        )
        print_json(document)
        return
    print_lines(
        [
            f"first bad commit: {commit.sha} {commit.subject}",
            f"  {commit.author}, {commit.date}; tried {commit.tried} commits",
        ]
    )
