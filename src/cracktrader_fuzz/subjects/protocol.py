"""What the harness asks of the things that it drives.

A `Subject` is one implementation. A `Target` names the subjects that are held to the same behaviour, and what the
harness may know about their steps. A user brings their own by writing these few methods; nothing else in the harness
changes. The kernel calls `start`, then `step` in order, then `observe` and `digest` whenever it likes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from cracktrader_fuzz.case.model import Case, Config, Outcome, State, Step
from cracktrader_fuzz.subjects.grammar import Grammar


class SubjectMissingError(RuntimeError):
    """A subject cannot run here: its build is missing. The message says how to get it."""


class BuildIdentity(msgspec.Struct, frozen=True):
    """Which implementation ran, well enough to tell two builds apart."""

    subject: str
    module: str
    version: str
    profile: str
    sha256: str


class Subject(Protocol):
    """One implementation under test."""

    def start(self, config: Config) -> None:
        """Begin afresh; nothing of an earlier case may be left."""

    def step(self, step: Step) -> Outcome:
        """Take one input. The outcome has at least `outcome` (applied, duplicate, rejected or refused) and `code`.

        An exception that escapes is a crash of the subject; it is caught and compared like any other outcome.
        """

    def observe(self) -> State:
        """The whole state, JSON-like, independent of what the subject goes on to do."""

    def digest(self) -> str:
        """The subject's own digest of its state, or empty text if it has none."""

    def identity(self) -> BuildIdentity:
        """Which build this is."""


class Tracker(Protocol):
    """What a step meets: the label that tells cases of one kind apart (for orders, the status)."""

    def context(self, step: Step) -> str:
        """The label before the step; `-` where there is none."""

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Take note of what the reference answered."""


WORD_BYTES = 12


class Decoder(Protocol):
    """Turns words of `WORD_BYTES` bytes into steps: the one place where inputs are made up, shared by every front end.

    `label` is (step kind, context before) of the step just decoded, the same that the target's grammar and tracker say.
    """

    label: tuple[str, str]

    def begin(self, word: bytes) -> Config:
        """Start a case: draw its configuration and the shape of what follows."""

    def decode(self, word: bytes) -> Step:
        """The next step, from a word and what was observed so far."""

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Take note of what the reference answered. Called for the steps that it applied."""


@dataclass(frozen=True)
class Canary:
    """A subject that is wrong on purpose: the harness must find it, and shrink it to the size that is known."""

    name: str
    breaks: str
    steps_min: int


@dataclass(frozen=True)
class Judged:
    """What a recording's source says of the run: a `remark` for the reader, `problems` that nothing explains."""

    remark: str
    problems: list[str]


@dataclass(frozen=True)
class Recording:
    """Recorded real input. `judge` holds the reference's outcomes and last state against what the source states."""

    name: str
    config: Config
    steps: list[Step]
    judge: Callable[[list[Outcome], State], Judged]


class EmitError(ValueError):
    """A case cannot be written as a test of that kind; the message says why, and what can be done instead."""


@dataclass(frozen=True)
class Emission:
    """A case that is to be written as a test of its own, in words of the subjects alone.

    `answers` holds for both subjects, the reference first, their outcomes, one a step, and their last state.
    """

    case: Case
    signature: str
    answers: Mapping[str, tuple[list[Outcome], State]]


Emitter = Callable[[Emission], str]


@dataclass(frozen=True)
class Target:
    """What is compared.

    `seats` names the subjects of a plain run, the reference first. `kinds` and `contexts` (with short headings) are the
    rows and columns of the table of what was reached, `codes` all that can be answered. `recordings` reads one of the
    `recording_files` below a folder.
    For readers: `step_words` and `outcome_words` say a step, and what an outcome holds beyond its code, on one line;
    `rules` gives the rule that a step kind, a code or a field of the state falls under. `emitters` write a case as a
    test that needs nothing of the harness, by kind of test; each may raise EmitError.
    """

    name: str
    seats: tuple[str, ...]
    subjects: Mapping[str, Callable[[], Subject]]
    grammar: Grammar
    decoder: Callable[[], Decoder]
    tracker: Callable[[], Tracker]
    canaries: tuple[Canary, ...] = ()
    recording_files: tuple[str, ...] = ()
    recordings: Callable[[Path, str], list[Recording]] | None = None
    kinds: tuple[str, ...] = ()
    contexts: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    step_words: Callable[[Step], str] | None = None
    outcome_words: Callable[[Outcome], str] | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    emitters: Mapping[str, Emitter] = field(default_factory=dict)
