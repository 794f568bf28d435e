"""The output folder of the nightly: what came of the night so far, rewritten as it goes, each file whole or not at all.

`summary.txt` is for a reader, `summary.json` for a program, `junit.xml` for a build server, `state.json` for
`--resume` and for the next night's seed. The text, the JSON and the JUnit file are written from the same facts.
"""

import io
import shlex
import time
from pathlib import Path

from rich.console import Console

from cracktrader_fuzz.campaign.campaign import Campaign
from cracktrader_fuzz.campaign.checkpoint import Checkpoint, checkpoint_of, checkpoint_text, read_checkpoint
from cracktrader_fuzz.corpus.store import write_atomically
from cracktrader_fuzz.document import text_of_document
from cracktrader_fuzz.errors import CorpusError
from cracktrader_fuzz.report.footer import PROGRAM
from cracktrader_fuzz.report.junit import junit_text
from cracktrader_fuzz.report.night_document import night_document
from cracktrader_fuzz.report.notice import notices
from cracktrader_fuzz.report.summary_text import WIDTH, render_all

STATE = "state.json"
WRITE_SECONDS = 5.0  # what a kill may cost of the counts; a write takes up to 0.2 s, a twenty-fifth of it
FIRST_SEED = 1  # 0 is the seed of a plain `run`, whose cases were seen before


class OutputFolder:
    """The folder. `options` go behind the commands that the summary prints."""

    def __init__(self, folder: Path, options: str = "") -> None:
        self.folder = folder
        self._options = options
        self._written = -WRITE_SECONDS
        self._signatures = 0

    def last(self) -> Checkpoint | None:
        """The state of the night that wrote here last, if there was one. Raises DocumentError."""
        return read_checkpoint(self.folder / STATE) if (self.folder / STATE).exists() else None

    def to_resume(self) -> Checkpoint:
        """The state of a night that was not finished. Raises CorpusError, DocumentError."""
        last = self.last()
        if last is None:
            raise CorpusError(f"nothing to resume: {self.folder / STATE} is not there: start a night without --resume")
        if last.is_over:
            raise CorpusError(f"nothing to resume: the night of seed {last.plan.seed} in {self.folder} is over")
        return last

    def show(self, campaign: Campaign) -> None:
        """Write it all, if there is a new signature or the last time is long enough ago."""
        signatures = sum(len(summary.unjudged) for summary in campaign.summaries)
        if signatures > self._signatures or time.monotonic() >= self._written + WRITE_SECONDS:
            first, self._signatures = self._written < 0, signatures
            try:
                self.write(campaign, is_over=False)
            except CorpusError:
                if first:
                    raise  # better now than after a night
                self._written = time.monotonic()  # what was written before is intact; later there may be room again

    def write(self, campaign: Campaign, *, is_over: bool) -> None:
        """Write it all. Raises CorpusError."""
        resume = "" if is_over else self._resume_command()
        texts = {
            STATE: checkpoint_text(checkpoint_of(campaign, is_over=is_over)),
            "summary.json": text_of_document(night_document(campaign, resume)),
            "summary.txt": text_of(campaign, self._options, resume),
            "junit.xml": junit_text(*((each, notices(each)) for each in campaign.summaries)),
        }
        for name, text in texts.items():
            write_atomically(self.folder / name, text)
        self._written = time.monotonic()

    def _resume_command(self) -> str:
        return f"{PROGRAM} nightly --resume --output {shlex.quote(str(self.folder))}{self._options}"


def next_seed(last: Checkpoint | None) -> int:
    """The seed of the night after this one."""
    return FIRST_SEED if last is None else last.plan.seed + 1


def text_of(campaign: Campaign, options: str, resume: str) -> str:
    """The night for a reader."""
    console = Console(file=io.StringIO(), width=WIDTH, highlight=False, soft_wrap=True, color_system=None)
    runs = [(run.summary, run.target) for run in campaign.runs.values()]
    console.print(render_all(runs, campaign.plan.seed, options, resume))
    written = console.file
    assert isinstance(written, io.StringIO)
    return written.getvalue()
