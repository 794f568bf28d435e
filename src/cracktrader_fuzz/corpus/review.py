"""The findings that wait for a judgement, one after the other, with undo.

Knows no terminal: the caller talks to the person and calls `accept`, `reject`, `skip` and `undo`. Each of them either
changes the files and goes on, or raises and leaves all as it was. A file that is no finding is never touched. Findings
that a run adds after the start are not seen.
"""

from pathlib import Path

import msgspec

from cracktrader_fuzz.corpus.documents import Finding, read_finding
from cracktrader_fuzz.corpus.promote import FileChanges, Judgement, promote, reject, undo
from cracktrader_fuzz.corpus.rerun import require_startable
from cracktrader_fuzz.corpus.store import FindingStore
from cracktrader_fuzz.errors import CorpusError, DocumentError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.seating import load_target, seat_for, stored_reference
from cracktrader_fuzz.settings import Settings


class PendingFinding(msgspec.Struct, frozen=True):
    """A finding and its file."""

    path: Path
    finding: Finding


class Decision(msgspec.Struct, frozen=True):
    """What became of the finding at a place; `done` is None where it was skipped."""

    place: int
    done: FileChanges | None


class Review:
    """A walk over findings. `place` is where it stands; all are through when it is past the last."""

    def __init__(self, settings: Settings, target_name: str | None, waiting: list[PendingFinding]) -> None:
        self.settings = settings
        self.target_name = target_name
        self.waiting = waiting
        self.place = 0
        self.decided: list[Decision] = []

    @property
    def current(self) -> PendingFinding | None:
        """The finding that waits for its judgement; None when all are through."""
        return self.waiting[self.place] if self.place < len(self.waiting) else None

    @property
    def left(self) -> list[PendingFinding]:
        """The findings that still wait, skipped ones among them."""
        judged = {each.place for each in self.decided if each.done is not None}
        return [each for place, each in enumerate(self.waiting) if place not in judged]

    def lockstep(self) -> Lockstep:
        """The subjects of the current finding. Raises what `load_target` and `seat_for` do, and DocumentError."""
        waiting, reference = self._require_current(), self._reference()
        finding = waiting.finding
        seats = seat_for(self.settings, reference, tuple(finding.subjects), finding.signature)
        lockstep = Lockstep(load_target(self.settings, reference), seats)
        require_startable(lockstep, finding.case, waiting.path, finding.signature)
        return lockstep

    def accept(self, judgement: Judgement) -> FileChanges:
        """Turn the current finding into a fixture."""
        waiting = self._require_current()
        corpus, reference = self.settings.corpus, self._reference()
        return self._go_on(promote(self.lockstep(), waiting.path, waiting.finding, judgement, corpus, reference))

    def reject(self) -> FileChanges:
        """Take the current finding away."""
        return self._go_on(reject(self._require_current().path))

    def skip(self) -> None:
        """Leave the current finding where it is."""
        self._require_current()
        self.decided.append(Decision(self.place, None))
        self.place += 1

    def undo(self) -> PendingFinding:
        """Take the last decision back and stand before its finding again. Raises CorpusError when there is none."""
        if not self.decided:
            raise CorpusError("nothing was decided yet: there is nothing to undo")
        last = self.decided[-1]
        if last.done is not None:
            undo(last.done)
        self.decided.pop()
        self.place = last.place
        return self.waiting[self.place]

    def _reference(self) -> str:
        """The target of the current finding, as a fresh process finds it. Raises SettingsError."""
        waiting = self._require_current()
        return stored_reference(self.settings, self.target_name, waiting.finding.target, waiting.path)

    def _go_on(self, done: FileChanges) -> FileChanges:
        self.decided.append(Decision(self.place, done))
        self.place += 1
        return done

    def _require_current(self) -> PendingFinding:
        if self.current is None:
            raise CorpusError("no finding waits any more")
        return self.current


def pending_findings(corpus: Path) -> tuple[list[PendingFinding], list[str]]:
    """Every finding of a corpus in order of name, and a line for each file that is none."""
    waiting, problems = [], []
    for path in FindingStore(corpus / "findings").paths():
        try:
            waiting.append(PendingFinding(path, read_finding(path)))
        except DocumentError as error:
            problems.append(str(error))
    return waiting, problems
