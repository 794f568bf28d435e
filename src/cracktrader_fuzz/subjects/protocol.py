"""What the harness asks of the things that it drives.

A `Subject` is one implementation. A `Target` names the subjects that are held to the same behaviour, and what the
harness may know about their steps. A user brings their own by writing these few methods; nothing else in the harness
changes. The kernel calls `start`, then `step` in order, then `observe` and `digest` whenever it likes.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

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


Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Space:
    """What can happen to a target: `cells` of step kind, context before and code, worked out from its page.

    `legal` are those of them that are applied. `floors` say how often at least the soak must come across a cell, per
    million of its steps. They are judged once it has run `steps_min` of them: a generator that no longer reaches what
    it did is broken, whatever else it finds.
    """

    cells: frozenset[Cell]
    legal: frozenset[Cell]
    floors: Mapping[Cell, int]
    steps_min: int


class Aspects(Protocol):
    """What else a step has done, in few words that come back: what a search should try to see in every combination."""

    def after(self, step: Step, outcome: Outcome) -> str:
        """The words for the step, which the reference has just answered so."""


@dataclass(frozen=True)
class Guidance:
    """What a coverage-guided search may follow besides what it sees of every target.

    `modules` are those whose Python code it instruments, each with what is below it. `library` is the file of a build
    of compiled code that counts its edges, `install` puts it in the place of the usual one, in a process that has not
    loaded that, and gives the file, too; SubjectMissingError if it is not built. `aspects` makes one observer a case.
    """

    modules: tuple[str, ...]
    library: Callable[[], Path] | None = None
    install: Callable[[], Path] | None = None
    aspects: Callable[[], Aspects] | None = None


@dataclass(frozen=True)
class Canary:
    """A subject that is wrong on purpose: the harness must find it, and shrink it to the size that is known.

    It is held against `reference`, or else against the first of the target's seats.
    """

    name: str
    breaks: str
    steps_min: int
    reference: str = ""


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
class Departure:
    """Where an oracle's rules are not the target's, on purpose on either side, and how much that leaves unjudged.

    `name` is the reason that it counts, `rule` the place in the target's page, `other` what the oracle does instead.
    `covers` is the whole `step`, the `part` of it that depends on the rule, or a `field`, which is not counted.
    """

    name: str
    rule: str
    covers: Literal["step", "part", "field"]
    other: str


@dataclass(frozen=True)
class Oracle:
    """Somebody else's implementation, with rules that are the target's but for the `departures`.

    `opinion` makes a subject that goes along with another one; it raises SubjectMissingError if it cannot be had here.
    """

    opinion: Callable[[Subject], Subject]
    departures: tuple[Departure, ...]


@dataclass(frozen=True)
class Target:
    """What is compared.

    `seats` names the subjects of a plain run, the reference first. `kinds` and `contexts` (with short headings) are the
    rows and columns of the table of what was reached, `codes` all that can be answered. `recordings` reads one of the
    `recording_files` below a folder. `isolated` gives each subject a process of its own in every command, for subjects
    that end theirs too often to try without; their makers go there by reference (functions, classes, partials), and
    `preload` names the modules that are slow to import, so that it is done once and not by each new process.
    `case_steps_max` keeps generated cases short, where a step is dear or long cases show nothing more.
    For readers: `step_words` and `outcome_words` say a step, and what an outcome holds beyond its code, on one line;
    `rules` gives the rule that a step kind, a code or a field of the state falls under. `emitters` write a case as a
    test that needs nothing of the harness, by kind of test; each may raise EmitError.
    `pairs` are, by front end (`relations`, `hot-swap`), a subject and one that must answer and keep the same, though it
    is asked in another way; a front end that has none here is left out. `pair_canaries` are what only these can find.
    `oracles` have opinions that stand among the subjects as `ORACLE-on-NAME` (`subjects.opinions`). `run --oracle`
    seats one, and any difference is shown to all of them.
    `guidance` is for the coverage-guided search; without it that sees kinds, contexts and codes only.
    `space` says what can happen; without one a run names what of `kinds` and `contexts` it has not met.
    """

    name: str
    seats: tuple[str, ...]
    subjects: Mapping[str, Callable[[], Subject]]
    grammar: Grammar
    decoder: Callable[[], Decoder]
    tracker: Callable[[], Tracker]
    isolated: bool = False
    preload: tuple[str, ...] = ()
    case_steps_max: int = sys.maxsize
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
    pairs: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    pair_canaries: Mapping[str, tuple[Canary, ...]] = field(default_factory=dict)
    space: Space | None = None
    oracles: Mapping[str, Oracle] = field(default_factory=dict)
    guidance: Guidance | None = None
