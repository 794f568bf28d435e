"""`promote`: a finding becomes a fixture."""

import datetime
from pathlib import Path

import click

from cracktrader_fuzz.campaign.summary import EXIT_NOTHING_NEW
from cracktrader_fuzz.cli.shared import command, corpus_option, json_option, print_json, settings_for, target_and_names
from cracktrader_fuzz.corpus.documents import Finding
from cracktrader_fuzz.corpus.lookup import find_document
from cracktrader_fuzz.corpus.promote import promote as promote_finding
from cracktrader_fuzz.corpus.store import CorpusError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.settings import seat


@click.command()
@click.argument("name", metavar="FILE|ID")
@corpus_option
@json_option
@click.option("--verdict", required=True, metavar="WHO", help="Who is wrong: one of the finding's subjects, or `both`.")
@click.option("--reason", required=True, help="One sentence: why, and what the fixture pins from now on.")
@command
def promote(name: str, corpus: Path | None, wants_json: bool, verdict: str, reason: str) -> int:
    """Turn a finding into a regression fixture; from then on the tests fail until the wrong side is mended."""
    settings = settings_for(corpus)
    path, document = find_document(settings.corpus, name)
    if not isinstance(document, Finding):
        raise CorpusError(f"{path} is a fixture already")
    target, names = target_and_names(settings, document.target, ",".join(document.subjects))
    lockstep = Lockstep(target, seat(target, names))
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    stored = promote_finding(
        lockstep, path, document, verdict=verdict, reason=reason, date=today, corpus=settings.corpus
    )
    if wants_json:
        print_json({"fixture": str(stored), "signature": document.signature, "verdict": verdict})
    else:
        click.echo(f"{stored}: {verdict} is wrong; shown twice by fresh processes, written and read back")
    return EXIT_NOTHING_NEW
