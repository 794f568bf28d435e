"""What a failing run ends with, to be copied: the case, what came of it, and the commands that go on from here."""

import datetime
import shlex
from pathlib import Path

import msgspec

from cracktrader_fuzz.corpus.judgements import read_judgements
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, read_ledger
from cracktrader_fuzz.lockstep.run import Lockstep

PROGRAM = "python -m cracktrader_fuzz"
NOT_KNOWN = f"new: no entry in {LEDGER_NAME}"


class Footer(msgspec.Struct, frozen=True):
    """The facts. `name` is the case as it was named; `options` are what every printed command needs besides."""

    name: str
    verdict: str
    signature: str
    ledger: str
    subjects: tuple[str, ...]
    options: str = ""
    is_finding: bool = False
    opinions: list[str] = []

    def lines(self) -> list[str]:
        """One fact or command a line."""
        case = f"{shlex.quote(self.name)}{self.options}"
        seats = f"{case} --subjects {shlex.quote(','.join(self.subjects))}"
        lines = [f"case       {self.name}", f"verdict    {self.verdict}"]
        if self.signature:
            lines += [f"signature  {self.signature}", f"ledger     {self.ledger}"]
            lines += [f"oracle     {opinion}" for opinion in self.opinions]
        lines.append(f"reproduce  {PROGRAM} repro {seats}")
        if self.signature:
            lines.append(f"shrink     {PROGRAM} shrink {seats}")
        if self.is_finding:
            lines.append(f'promote    {PROGRAM} promote {case} --verdict WHO --reason "WHY"')
        return lines


def ledger_words(corpus: Path, lockstep: Lockstep, signature: str, today: datetime.date) -> str:
    """Whether a signature is excused, and until when; or judged, and not mended in these subjects."""
    entry = read_ledger(corpus).entry_of(signature)
    if entry is None:
        judged = read_judgements(corpus, lockstep.target.name).standing(signature, lockstep)
        return NOT_KNOWN if judged is None else judged.words
    state = "expired" if entry.is_expired(today) else "known until"
    return f"{state} {entry.expires}: {entry.id}, {entry.owner}: {entry.reason}"
