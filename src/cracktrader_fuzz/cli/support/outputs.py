"""Results of `run` for other programs: JUnit and SARIF files, and annotations inside GitHub Actions."""

import os
from pathlib import Path

import click

from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.cli.support.options import print_annotation
from cracktrader_fuzz.corpus.store import write_atomically
from cracktrader_fuzz.errors import UsageError
from cracktrader_fuzz.report.github import VARIABLE, annotations
from cracktrader_fuzz.report.junit import junit_text
from cracktrader_fuzz.report.notice import notices
from cracktrader_fuzz.report.sarif import sarif_text
from cracktrader_fuzz.text import printable

FILE = click.Path(path_type=Path, dir_okay=False)
junit_option = click.option("--junit", type=FILE, help="Also write the result as JUnit XML to this file.")
sarif_option = click.option("--sarif", type=FILE, help="Also write the result as SARIF 2.1.0 to this file.")


def require_folders(*files: Path | None) -> None:
    """Raise UsageError for a file that could not be written: better before a long run than after it."""
    for file in filter(None, files):
        if not file.absolute().parent.is_dir():
            raise UsageError(f"{file}: cannot be written: there is no folder {file.absolute().parent}")


def write_outputs(summary: Summary, junit: Path | None, sarif: Path | None, *, wants_json: bool) -> None:
    """Write the files that are named, and annotate. Raises CorpusError."""
    facts = notices(summary)
    if junit is not None:
        write_atomically(junit, junit_text((summary, facts)))
    if sarif is not None:
        write_atomically(sarif, sarif_text(summary, facts, Path.cwd()))
    annotate([summary], wants_json=wants_json)


def annotate(summaries: list[Summary], *, wants_json: bool) -> None:
    """Annotations, inside GitHub Actions, on the output that holds no document: GitHub reads both."""
    if os.environ.get(VARIABLE) == "true":
        for summary in summaries:
            for line in annotations(notices(summary), [printable(note) for note in summary.notes], Path.cwd()):
                print_annotation(line, aside=wants_json)
