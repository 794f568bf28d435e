"""The two kinds of stored case and their files: a `Finding` is what a run saw, a `Fixture` is what must hold.

Both are JSON, read strictly (see `case.codec`) into typed structures without unknown fields; the `hash` of the stored
case is checked on reading, so that an edited case is noticed.
"""

import re
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

from cracktrader_fuzz.case.codec import content_hash, document_text, read_document
from cracktrader_fuzz.case.model import Case, Config, Outcome, State, Step
from cracktrader_fuzz.errors import DocumentError
from cracktrader_fuzz.shrink.certificate import Certificate

FORMAT: Final = 1  # the first; another number is refused, so it changes only with a way from the old files
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,150}\.json")
SENTENCE_LENGTH_MIN = 20  # three or four words: anything shorter is a label, and gives no reason
# Verdicts beside the names of subjects.
BOTH = "both"
HARNESS = "harness"
INTENDED = "intended"
SPECIFICATION = "specification"
WITHOUT_TRACE = (BOTH, HARNESS)  # no subject of the pair was right, so there is no trace to expect


class ExpectedTrace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every subject must answer: one outcome a step, then the state and its digest."""

    state: State
    """The whole state after the last step, in the target's own form."""
    digest: str
    """The subject's digest of that state; empty where it has none."""
    outcomes: list[Outcome]
    """One outcome a step, each with at least `outcome` and `code`."""


class SeenDifference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The difference as it was seen, for a reader; values as text."""

    step: int
    """After which step it shows; 0 is the first, and -1 is the start, before it."""
    path: str
    """The way to the value that differs."""
    left: str
    """The value on the reference's side, as text."""
    right: str
    """The value on the other side, as text."""


class Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a case comes from: by hand, or front end with seed and index; which builds; when a person judged it."""

    found_by: str
    """`hand`, or the front end that found it, with seed and index."""
    builds: list[str] = []
    """The builds that were compared: subject, version and the beginning of a hash."""
    date: str = ""
    """The day on which a person judged it, as YYYY-MM-DD; empty before that."""


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A divergence from a run: what was seen, on which builds, and the case that shows it."""

    format: Literal[1]
    """The version of this form."""
    signature: str
    """The signature of the difference."""
    subjects: list[str]
    """The pair that differs, the reference first."""
    target: str
    """The target's name."""
    provenance: Provenance
    """Where the case comes from."""
    seen: SeenDifference
    """The difference as it was seen, for a reader."""
    certificate: Certificate | None
    """That nothing smaller shows the difference; null where that was not tried, or does not hold."""
    hash: str
    """The SHA-256 of target, config and steps: an edited case is noticed."""
    config: Config
    """What the subjects are started with, in the target's own form."""
    steps: list[Step]
    """The steps in order, in the target's own form."""
    sightings: int = 0
    """How often finished runs saw the signature; 0 when none has finished."""
    opinions: list[str] = []
    """A line for each of the target's oracles that has an opinion: with which side it agrees."""

    @property
    def case(self) -> Case:
        """What is run."""
        return Case(self.target, self.config, self.steps)


class Fixture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A case with the trace that every subject must answer it with, and why it is kept."""

    format: Literal[1]
    """The version of this form."""
    sentence: str
    """What the case pins, and why."""
    target: str
    """The target's name."""
    verdict: str
    """Who was wrong: a subject, `both` or the `harness`; `specification` where the page decided it before anything
    ran; `intended` where the subjects differ as an entry of the ledger says, and expected is the reference's trace."""
    signature: str | None
    """The difference that it was found by; null for a case that no difference led to."""
    fails_on: str | None
    """The canary, the subject or the commit that it is known to fail on; null where none is known."""
    provenance: Provenance
    """Where the case comes from."""
    certificate: Certificate | None
    """That nothing smaller shows the difference; null for a case that was not shrunk."""
    hash: str
    """The SHA-256 of target, config and steps: an edited case is noticed."""
    config: Config
    """What the subjects are started with, in the target's own form."""
    steps: list[Step]
    """The steps in order, in the target's own form."""
    expected: ExpectedTrace | None
    """What every subject must answer; null where both sides, or the harness, were wrong."""

    @property
    def case(self) -> Case:
        """What is run."""
        return Case(self.target, self.config, self.steps)


Stored = TypeVar("Stored", Finding, Fixture)


def read_finding(path: Path) -> Finding:
    """The finding in a file. Raises DocumentError."""
    return _read(path, Finding)


def read_fixture(path: Path) -> Fixture:
    """The fixture in a file. Raises DocumentError."""
    return _read(path, Fixture)


def read_document_of(path: Path) -> Finding | Fixture:
    """The finding or the fixture in a file. Raises DocumentError."""
    return read_fixture(path) if "sentence" in read_document(path) else read_finding(path)


def text_of(document: Finding | Fixture) -> str:
    """The file's text."""
    return document_text(msgspec.to_builtins(document))


def _read(path: Path, kind: type[Stored]) -> Stored:
    raw = read_document(path)
    # Before the fields: a file of another version is best refused as such, and not for the first field that it has.
    version = raw.get("format")
    if version != FORMAT:
        raise DocumentError(f"{path}: format {_excerpt(version)} is not {FORMAT}, the one this version reads")
    try:
        document = msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise DocumentError(f"{path}: not a {kind.__name__.lower()}: {error}") from error
    if content_hash(document.case) != document.hash:
        found = content_hash(document.case)
        raise DocumentError(f"{path}: the case was edited: its hash is {found}, the file says {document.hash[:80]!r}")
    return document


def _excerpt(value: Any) -> str:
    return ascii(value)[:80]
