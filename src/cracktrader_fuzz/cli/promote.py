"""`promote`: findings are judged, one or all, by flags or in a terminal."""

import datetime
import sys
from pathlib import Path

import click
import msgspec

from cracktrader_fuzz.cli.support.help import HelpCommand
from cracktrader_fuzz.cli.support.options import (
    DAY,
    as_date,
    command,
    corpus_option,
    json_option,
    print_aside,
    print_json,
    print_lines,
    same_options,
    settings_for,
    target_option,
    today_option,
    typed,
)
from cracktrader_fuzz.cli.support.review_session import ReviewSession
from cracktrader_fuzz.corpus.documents import INTENDED, Finding
from cracktrader_fuzz.corpus.judgements import wrong_words
from cracktrader_fuzz.corpus.promote import FileChanges, Judgement
from cracktrader_fuzz.corpus.review import PendingFinding, Review, pending_findings
from cracktrader_fuzz.corpus.store import find_document
from cracktrader_fuzz.errors import CorpusError
from cracktrader_fuzz.exits import EXIT_NEW_FINDING, EXIT_NOTHING_NEW
from cracktrader_fuzz.report.documents import JudgedDocument, JudgedFinding, PendingDocument, PendingEntry
from cracktrader_fuzz.report.finding import commands, one_line
from cracktrader_fuzz.settings import Settings

EXAMPLES = (
    "promote",
    "promote --pending",
    'promote c0e89efe --verdict rust --reason "A fill above the quantity must be refused."',
    'promote c0e89efe --ledger-until 2027-02-01 --owner core --reason "Rounding, until the rewrite."',
)


def usage_error(message: str) -> click.UsageError:
    """A mistake in how the command was called."""
    return click.UsageError(message, click.get_current_context())


class PromoteOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of `promote`, as given."""

    name: str | None
    target_name: str | None
    corpus: Path | None
    wants_json: bool
    verdict: str | None
    reason: str | None
    fixture_name: str | None
    ledger_until: datetime.date | None
    owner: str | None
    reject: bool
    everything: bool
    pending: bool
    today: datetime.date

    @property
    def explains(self) -> bool:
        """Whether a part of a verdict is given."""
        values = (self.verdict, self.reason, self.fixture_name, self.ledger_until, self.owner)
        return any(each is not None for each in values)

    @property
    def judges(self) -> bool:
        """Whether a judgement is given at all."""
        return self.explains or self.reject

    def judgement(self) -> Judgement | None:
        """What to do with a finding; None to delete it. Raises UsageError for half a judgement."""
        if self.reject:
            return None
        verdict = self.verdict if self.verdict is not None or self.ledger_until is None else INTENDED
        if verdict is None:
            raise usage_error("Missing option '--verdict'.")
        if self.reason is None:
            raise usage_error("Missing option '--reason'.")
        return Judgement(verdict, self.reason, self.today, self.fixture_name, self.owner or "", self.ledger_until)


@click.command(cls=HelpCommand, examples=EXAMPLES)
@click.argument("name", metavar="[FILE|ID]", required=False)
@target_option
@corpus_option
@json_option
@click.option(
    "--verdict",
    metavar="NAME",
    help="What is wrong: a subject of the finding, both, harness; or intended, where nothing is.",
)
@click.option("--reason", help="One sentence: why, and what the fixture pins from now on.")
@click.option("--name", "fixture_name", metavar="NAME", help="The fixture's name (default: signature and hash).")
@click.option(
    "--ledger-until",
    type=DAY,
    callback=as_date,
    help="The difference may stay until this day; needs --owner, --reason.",
)
@click.option("--owner", metavar="NAME", help="The owner of the difference, for the ledger.")
@click.option("--reject", is_flag=True, help="Delete the finding.")
@click.option("--all", "everything", is_flag=True, help="Do so with every finding that waits.")
@click.option("--pending", is_flag=True, help="List what waits; ends with 1 when anything does.")
@today_option
@command
@typed(PromoteOptions)
def promote(options: PromoteOptions) -> int:
    """Judge findings: each becomes a fixture, may stay, or goes away.

    A fixture fails the tests until the wrong side is mended; a difference that may stay is known until a day. Without
    flags it asks about one finding after the other; without a terminal it prints the commands to use and ends with 1
    while something waits.
    """
    settings, wants_json = settings_for(options.corpus, options.target_name), options.wants_json
    _require_sense(options)
    review = Review(settings, options.target_name, _named(settings, options.name))
    if options.pending:
        return _list(review, settings, wants_json=wants_json)
    if options.judges:
        return _judge(review, options.judgement(), wants_json=wants_json)
    if not wants_json and sys.stdin.isatty() and sys.stdout.isatty() and review.waiting:
        ReviewSession(review, options.today).run()
        return EXIT_NEW_FINDING if review.left else EXIT_NOTHING_NEW
    same = same_options(options.target_name, options.corpus)
    return _list(review, settings, wants_json=wants_json, options=same)


def _require_sense(options: PromoteOptions) -> None:
    if options.pending and (options.name is not None or options.judges or options.everything):
        raise usage_error("--pending only lists: give it no FILE and no judgement.")
    if options.everything and (options.name is not None or not options.judges):
        raise usage_error("--all is for a judgement on every finding: no FILE, and --verdict or --reject.")
    if options.everything and options.fixture_name is not None:
        raise usage_error("--name is for one finding: name its FILE.")
    if options.judges and options.name is None and not options.everything:
        raise usage_error("a judgement needs a FILE, or --all for every finding that waits.")
    if options.reject and options.explains:
        raise usage_error("--reject deletes the finding: it takes no verdict, reason, name or date.")


def _named(settings: Settings, name: str | None) -> list[PendingFinding]:
    """The finding of that name, or all that wait; files that are no findings are named on standard error."""
    if name is None:
        waiting, problems = pending_findings(settings.corpus)
        for problem in problems:
            print_aside(f"cracktrader_fuzz: left alone: {problem}")
        return waiting
    path, document = find_document(settings.corpus, name)
    if not isinstance(document, Finding):
        raise CorpusError(f"{path} is a fixture already")
    return [PendingFinding(path, document)]


def _judge(review: Review, judgement: Judgement | None, *, wants_json: bool) -> int:
    """Do the same with every finding of the review; what was done is printed also when one fails."""
    done: list[tuple[PendingFinding, FileChanges]] = []
    try:
        while (waiting := review.current) is not None:
            done.append((waiting, review.reject() if judgement is None else review.accept(judgement)))
            if not wants_json:
                _print_change(done[-1][1], judgement)
    finally:
        if wants_json and (done or review.current is None):
            print_json(JudgedDocument([_judged(waiting, each, judgement) for waiting, each in done]))
    return EXIT_NOTHING_NEW


def _print_change(done: FileChanges, judgement: Judgement | None) -> None:
    if judgement is None or done.fixture is None:
        gone = "rejected, it is gone" if done.earlier is None else f"{done.earlier.already_words}; the finding is gone"
        print_lines([f"{done.finding}: {gone}"])
        return
    verdict = f"known until {judgement.until}" if judgement.until else wrong_words(judgement.verdict)
    print_lines([f"{done.fixture}: {verdict}; written, read back, and shown twice by fresh processes"])
    if done.earlier is not None:
        print_lines([done.earlier.note])


def _judged(waiting: PendingFinding, done: FileChanges, judgement: Judgement | None) -> JudgedFinding:
    return JudgedFinding(
        fixture=None if done.fixture is None else str(done.fixture),
        signature=waiting.finding.signature,
        verdict=None if judgement is None else judgement.verdict,
        earlier=None if done.earlier is None else done.earlier.fixture,
    )


def _list(review: Review, settings: Settings, *, wants_json: bool, options: str | None = None) -> int:
    """What waits, with the commands for each where `options` are given."""
    if wants_json:
        print_json(PendingDocument([_pending(waiting) for waiting in review.waiting]))
    else:
        for waiting in review.waiting:
            print_lines([one_line(waiting)])
            if options is not None:
                print_lines([*(f"  {each}" for each in commands(waiting, options)), ""])
        print_lines([f"findings that wait under {settings.corpus / 'findings'}: {len(review.waiting)}"])
    return EXIT_NEW_FINDING if review.waiting else EXIT_NOTHING_NEW


def _pending(waiting: PendingFinding) -> PendingEntry:
    finding = waiting.finding
    return PendingEntry(
        file=str(waiting.path),
        signature=finding.signature,
        steps=len(finding.steps),
        certified=finding.certificate is not None,
        sightings=finding.sightings,
        found_by=finding.provenance.found_by,
    )
