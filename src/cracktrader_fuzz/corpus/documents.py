"""The two kinds of stored case and their files: a `Finding` is what a run saw, a `Fixture` is what must hold.

Both are JSON, read strictly (see `case.codec`) into typed structures without unknown fields; the `hash` of the stored
case is checked on reading, so that an edited case is noticed.
"""

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from cracktrader_fuzz.case.codec import content_hash, document_text, read_document
from cracktrader_fuzz.case.model import Case, Config, Outcome, State, Step
from cracktrader_fuzz.errors import DocumentError
from cracktrader_fuzz.shrink.certificate import Certificate

FORMAT = 1  # the first; another number is refused, so it changes only with a way from the old files
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
    digest: str
    outcomes: list[Outcome]


class SeenDifference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The difference as it was seen, for a reader; values as text."""

    step: int
    path: str
    left: str
    right: str


class Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a case comes from: by hand, or front end with seed and index; which builds; when a person judged it."""

    found_by: str
    builds: list[str] = []
    date: str = ""


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A divergence from a run. `sightings`: how often finished runs saw its signature; 0 when none has finished.

    `opinions` are lines on who is alone, from the target's oracles.
    """

    format: int
    signature: str
    subjects: list[str]
    target: str
    provenance: Provenance
    seen: SeenDifference
    certificate: Certificate | None
    hash: str
    config: Config
    steps: list[Step]
    sightings: int = 0
    opinions: list[str] = []

    @property
    def case(self) -> Case:
        """What is run."""
        return Case(self.target, self.config, self.steps)


class Fixture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A case with its expected trace. `fails_on` names the canary or commit that it is known to fail on.

    `verdict` says who was wrong: a subject, `both`, or the `harness`; `specification` where the page decided it before
    anything ran. `intended`: neither, the subjects differ as an entry of the ledger says; expected is the reference's.
    """

    format: int
    sentence: str
    target: str
    verdict: str
    signature: str | None
    fails_on: str | None
    provenance: Provenance
    certificate: Certificate | None
    hash: str
    config: Config
    steps: list[Step]
    expected: ExpectedTrace | None

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
