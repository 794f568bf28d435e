"""What the commands print for a program, one kind of document for each; those of `run` and `nightly` have files of
their own, and `corpus check`, `corpus liveness` and `corpus stats` print their results as they are.
"""

import json
from typing import Any, Literal

import msgspec

from cracktrader_fuzz.document import Document, head
from cracktrader_fuzz.history.bisect import Commit
from cracktrader_fuzz.target.target import Departure
from cracktrader_fuzz.text import brief

VALUE_WIDTH = 200  # as wide as a finding stores a value that differs, for a reader


class UnexpectedAnswer(msgspec.Struct, frozen=True):
    """Where a subject leaves the expected trace of a fixture, though the subjects agree."""

    subject: str
    """The subject's name."""
    path: list[str | int]
    """The way to the first value that is not as expected: keys, and places in lists."""


class ReproDocument(Document, kw_only=True, tag=head("repro", 1)):
    """How one case ended: `repro --json`. What is about the difference is null where the subjects agree."""

    target: str
    """The target's name."""
    subjects: list[str]
    """Who was compared, the reference first."""
    steps: int
    """How many steps the case has."""
    agrees: bool
    """Whether the subjects agree on all of them."""
    signature: str | None
    """The signature of the first difference."""
    step: int | None
    """After which step it shows; 0 is the first, and -1 is the start, before it."""
    path: list[str | int] | None
    """The way to the value that differs: keys, and places in lists."""
    left: Any
    """The value on the reference's side; text where it is no JSON value."""
    right: Any
    """The value on the other side; text where it is no JSON value."""
    ledger: str | None
    """Whether the ledger knows the signature, and until when; or when it was judged, if that is not mended yet."""
    oracles: list[str]
    """A line for each oracle that has an opinion on the difference."""
    rules: list[str]
    """The rules of the target that the step falls under."""
    unexpected: UnexpectedAnswer | None
    """For a fixture on which the subjects agree: who leaves its expected trace; null where all keep to it."""


class EmittedDocument(Document, kw_only=True, tag=head("repro-emit", 1)):
    """A case that was written as a test of its own: `repro --emit KIND --json`."""

    kind: str
    """The kind of test, as `--emit` names it."""
    file: str | None
    """The file that was written; null without `--output`."""
    text: str | None
    """The test; null where it was written to a file."""
    subjects: list[str]
    """The pair that it is about, the reference first."""
    signature: str | None
    """The difference that it shows; null where the subjects agree."""
    result: Literal["fails", "passes", "not_run"]
    """What it did when it was run once in a fresh process; only a pytest file is run."""


class BisectionDocument(Document, kw_only=True, tag=head("repro-bisect", 1)):
    """The commit that brought a difference in: `repro --bisect GOOD..BAD --json`."""

    signature: str
    """The difference."""
    subjects: list[str]
    """The pair that differs, the reference first."""
    commits: str
    """The range that was searched, as it was given."""
    first_bad: Commit
    """The first commit that shows it."""


class ShrinkDocument(Document, kw_only=True, tag=head("shrink", 1)):
    """A case that was made small and kept: `shrink --json`."""

    signature: str
    """The signature of the small case."""
    steps_before: int
    """How many steps the case had."""
    steps: int
    """How many steps are left."""
    certified: bool
    """Whether it has a certificate that nothing smaller shows the difference."""
    path: str
    """The finding's file."""


class JudgedFinding(msgspec.Struct, frozen=True):
    """A finding that was judged."""

    fixture: str | None
    """The fixture that was written; null where the finding was rejected, or its case judged before."""
    signature: str
    """The finding's signature."""
    verdict: str | None
    """Who is wrong, or `intended`; null where the finding was rejected."""
    earlier: str | None
    """The fixture that judged the signature before; null where there was none."""


class JudgedDocument(Document, tag=head("promote", 1)):
    """What a judgement did: `promote --json` with a verdict, a date for the ledger, or `--reject`."""

    judged: list[JudgedFinding]
    """Each finding that was judged, in order."""


class PendingEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that waits."""

    file: str
    """Its file."""
    signature: str
    """Its signature."""
    steps: int
    """How many steps it has."""
    certified: bool
    """Whether it has a certificate that nothing smaller shows the difference."""
    sightings: int
    """How often finished runs saw it; 0 when none has finished."""
    found_by: str
    """The front end that found it, with seed and index."""


class PendingDocument(Document, tag=head("promote-pending", 1)):
    """The findings that wait for a judgement: `promote --pending --json`, and `promote --json` without a judgement."""

    pending: list[PendingEntry]
    """Each finding that waits, in order of its file's name."""


class OracleEntry(msgspec.Struct, frozen=True):
    """An oracle of a target."""

    missing: str
    """Why it cannot be run here; empty where it can."""
    departures: list[Departure]
    """Where its rules are not the target's."""


class OraclesDocument(Document, tag=head("oracles", 1)):
    """The third opinions that a target has: `oracles --json`."""

    target: str
    """The target's name."""
    oracles: dict[str, OracleEntry]
    """Each oracle, by its name."""


class RedundantEntry(msgspec.Struct, frozen=True):
    """A fixture that adds nothing to the others."""

    path: str
    """Its file."""
    by_hand: bool
    """Whether a person wrote it, and not a run."""
    steps: int
    """How many steps it has."""


class RedundantDocument(Document, tag=head("corpus-minimise", 1)):
    """The fixtures that others cover: `corpus minimise --json`."""

    subsumed: list[RedundantEntry]
    """Those that can go together, in order of path."""
    moved: list[str]
    """The files that `--apply` moved out of the corpus."""


class FormattedDocument(Document, tag=head("corpus-format", 1)):
    """The fixtures that were not in canonical form: `corpus format --json`."""

    written: list[str]
    """The files that were written again."""


class InitFile(msgspec.Struct, frozen=True):
    """A file of a new target."""

    file: str
    """The file."""
    added_to: bool
    """Whether it was there, and lines were added at its end."""


class InitDocument(Document, tag=head("init", 1)):
    """What `init --json` wrote."""

    package: str
    """The package that holds the new target."""
    files: list[InitFile]
    """Each file, in the order in which they were written."""
    next: list[str]
    """The next commands to try."""


def json_value(value: Any) -> Any:
    """A value of a subject's as JSON; in words where it is none: a subject may hold anything."""
    try:
        built = msgspec.to_builtins(value)
        json.dumps(built, allow_nan=False)
    except (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError):
        return brief(value, VALUE_WIDTH)
    return built
