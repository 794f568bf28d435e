"""`promote`: findings are judged, one or all, by flags or in a terminal."""

import datetime
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from cracktrader_fuzz.cli.support.options import (
    DAY,
    as_date,
    command,
    corpus_option,
    json_option,
    print_json,
    same_options,
    say,
    settings_for,
    target_option,
    today_option,
)
from cracktrader_fuzz.cli.support.review_session import ReviewSession
from cracktrader_fuzz.corpus.documents import INTENDED, Finding
from cracktrader_fuzz.corpus.promote import FileChanges, Judgement
from cracktrader_fuzz.corpus.review import PendingFinding, Review, pending_findings
from cracktrader_fuzz.corpus.store import find_document
from cracktrader_fuzz.errors import CorpusError
from cracktrader_fuzz.exits import EXIT_NEW_FINDING, EXIT_NOTHING_NEW
from cracktrader_fuzz.report.finding import commands, one_line
from cracktrader_fuzz.settings import Settings
from cracktrader_fuzz.text import printable


def usage_error(message: str) -> click.UsageError:
    """A mistake in how the command was called."""
    return click.UsageError(message, click.get_current_context())


class JudgementFlags(msgspec.Struct, frozen=True):
    """A judgement as the flags give it."""

    verdict: str | None
    reason: str | None
    fixture_name: str | None
    ledger_until: datetime.date | None
    owner: str | None
    reject: bool

    @property
    def words(self) -> bool:
        """Whether a flag with a value was given."""
        values = (self.verdict, self.reason, self.fixture_name, self.ledger_until, self.owner)
        return any(each is not None for each in values)

    @property
    def anything(self) -> bool:
        """Whether anything was said at all."""
        return self.words or self.reject

    def judgement(self, today: datetime.date) -> Judgement | None:
        """What to do with a finding; None to delete it."""
        if self.reject:
            return None
        verdict = self.verdict if self.verdict is not None or self.ledger_until is None else INTENDED
        if verdict is None:
            raise usage_error("Missing option '--verdict'.")
        if self.reason is None:
            raise usage_error("Missing option '--reason'.")
        return Judgement(verdict, self.reason, today, self.fixture_name, self.owner or "", self.ledger_until)


@click.command()
@click.argument("name", metavar="[FILE|ID]", required=False)
@target_option
@corpus_option
@json_option
@click.option("--verdict", metavar="WHO", help="Who is wrong: a subject of the finding, both, harness; or intended.")
@click.option("--reason", help="One sentence: why, and what the fixture pins from now on.")
@click.option("--name", "fixture_name", metavar="NAME", help="The fixture's name (default: signature and hash).")
@click.option(
    "--ledger-until",
    type=DAY,
    callback=as_date,
    help="The difference may stay until this day; needs --owner, --reason.",
)
@click.option("--owner", metavar="WHO", help="Whose the difference is, for the ledger.")
@click.option("--reject", is_flag=True, help="Delete the finding.")
@click.option("--all", "everything", is_flag=True, help="Do so with every finding that waits.")
@click.option("--pending", is_flag=True, help="List what waits; ends with 1 when anything does.")
@today_option
@command
def promote(
    name: str | None,
    target_name: str | None,
    corpus: Path | None,
    wants_json: bool,
    everything: bool,
    pending: bool,
    today: datetime.date,
    **flags: Any,
) -> int:
    """Judge findings: each becomes a regression fixture, is known until a date, or goes away.

    Without flags it asks, one finding after the other; without a terminal it prints the commands to use and ends with 1
    while something waits. A fixture fails the tests until the wrong side is mended.
    """
    settings, said = settings_for(corpus, target_name), JudgementFlags(**flags)
    _require_sense(name, said, everything=everything, pending=pending)
    review = Review(settings, target_name, _asked(settings, name))
    if pending:
        return _list(review, settings, wants_json=wants_json)
    if said.anything:
        return _judge(review, said.judgement(today), wants_json=wants_json)
    if not wants_json and sys.stdin.isatty() and sys.stdout.isatty() and review.waiting:
        ReviewSession(review, today).run()
        return EXIT_NEW_FINDING if review.left else EXIT_NOTHING_NEW
    return _list(review, settings, wants_json=wants_json, options=same_options(target_name, corpus))


def _require_sense(name: str | None, said: JudgementFlags, *, everything: bool, pending: bool) -> None:
    if pending and (name is not None or said.anything or everything):
        raise usage_error("--pending only lists: give it no FILE and no judgement.")
    if everything and (name is not None or not said.anything):
        raise usage_error("--all is for a judgement on every finding: no FILE, and --verdict or --reject.")
    if everything and said.fixture_name is not None:
        raise usage_error("--name is for one finding: name its FILE.")
    if said.anything and name is None and not everything:
        raise usage_error("a judgement needs a FILE, or --all for every finding that waits.")
    if said.reject and said.words:
        raise usage_error("--reject deletes the finding: it takes no verdict, reason, name or date.")


def _asked(settings: Settings, name: str | None) -> list[PendingFinding]:
    """The finding of that name, or all that wait; files that are no findings are told on standard error."""
    if name is None:
        waiting, problems = pending_findings(settings.corpus)
        for problem in problems:
            click.echo(f"cracktrader_fuzz: left alone: {printable(problem)}", err=True)
        return waiting
    path, document = find_document(settings.corpus, name)
    if not isinstance(document, Finding):
        raise CorpusError(f"{path} is a fixture already")
    return [PendingFinding(path, document)]


def _judge(review: Review, judgement: Judgement | None, *, wants_json: bool) -> int:
    """Do the same with every finding that was asked for; what was done is told also when one fails."""
    done: list[tuple[PendingFinding, FileChanges]] = []
    try:
        while (waiting := review.current) is not None:
            done.append((waiting, review.reject() if judgement is None else review.accept(judgement)))
            if not wants_json:
                _tell(done[-1][1], judgement)
    finally:
        if wants_json:
            facts = [_facts(waiting, each, judgement) for waiting, each in done]
            if len(review.waiting) == 1 and facts:
                print_json(facts[0])
            elif len(review.waiting) != 1:
                print_json(facts)
    return EXIT_NOTHING_NEW


def _tell(done: FileChanges, judgement: Judgement | None) -> None:
    if judgement is None or done.fixture is None:
        say([f"{done.finding}: rejected, it is gone"])
        return
    said = f"known until {judgement.until}" if judgement.until else f"{judgement.verdict} is wrong"
    say([f"{done.fixture}: {said}; written, read back, and shown twice by fresh processes"])


def _facts(waiting: PendingFinding, done: FileChanges, judgement: Judgement | None) -> dict[str, str | None]:
    return {
        "fixture": None if done.fixture is None else str(done.fixture),
        "signature": waiting.finding.signature,
        "verdict": None if judgement is None else judgement.verdict,
    }


def _list(review: Review, settings: Settings, *, wants_json: bool, options: str | None = None) -> int:
    """What waits, with the commands for each where `options` are given."""
    if wants_json:
        print_json({"pending": [_pending_facts(waiting) for waiting in review.waiting]})
    else:
        for waiting in review.waiting:
            say([one_line(waiting)])
            if options is not None:
                say([*(f"  {each}" for each in commands(waiting, options)), ""])
        say([f"findings that wait under {settings.corpus / 'findings'}: {len(review.waiting)}"])
    return EXIT_NEW_FINDING if review.waiting else EXIT_NOTHING_NEW


def _pending_facts(waiting: PendingFinding) -> dict[str, object]:
    finding = waiting.finding
    return {
        "file": str(waiting.path),
        "signature": finding.signature,
        "steps": len(finding.steps),
        "certified": finding.certificate is not None,
        "sightings": finding.sightings,
        "found_by": finding.provenance.found_by,
    }
