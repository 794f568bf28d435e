"""What a user brings: a target names the subjects that must behave alike, and describes their steps.

Six fields are required; the rest stands in groups, and each group can be left out.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from cracktrader_fuzz.case.model import Case, Config, Outcome, State, Step
from cracktrader_fuzz.target.grammar import Grammar
from cracktrader_fuzz.target.protocol import Decoder, Subject, Tracker

Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Space:
    """What can happen to a target: `cells` of step kind, context before and code, worked out from its page.

    `legal` are those of them that are applied. `floors` give how often the soak must come across a cell at least, per
    million of its steps. They are judged once it has run `steps_min` of them: a generator that no longer reaches what
    it did is broken, even if it finds bugs.
    """

    cells: frozenset[Cell]
    legal: frozenset[Cell]
    floors: Mapping[Cell, int]
    steps_min: int


@dataclass(frozen=True)
class Generation:
    """What a generated case can hold, for the tables of what was reached.

    `kinds` and `contexts` (each with a short heading) are the rows and columns, `codes` all that can be answered.
    `space` says which cells can happen; without one a run names what of `kinds` and `contexts` it has not met.
    `case_steps_max` keeps cases short, where a step is dear or long cases show nothing more.
    """

    kinds: tuple[str, ...] = ()
    contexts: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    space: Space | None = None
    case_steps_max: int = sys.maxsize  # no bound: the front ends have their own


class Features(Protocol):
    """What else a step has done, as one of few texts: a search tries to see every combination of them."""

    def after(self, step: Step, outcome: Outcome) -> str:
        """The text for the step, which has just had this outcome from the reference."""


@dataclass(frozen=True)
class CoverageGuide:
    """What the search that is guided by coverage can follow in this target.

    `modules` are those whose Python code it instruments, each with what is below it. `library` is the file of a build
    of compiled code that counts its edges; `install` puts it in the place of the usual one, in a process that has not
    loaded that one yet, and returns the file too. Both raise SubjectMissingError if it is not built. `features` makes
    one observer a case.
    """

    modules: tuple[str, ...]
    library: Callable[[], Path] | None = None
    install: Callable[[], Path] | None = None
    features: Callable[[], Features] | None = None


@dataclass(frozen=True)
class Canary:
    """A subject that is wrong on purpose: the harness must find it, and shrink it to its known size.

    `breaks` is a phrase for what is wrong, `steps_min` the length of the shortest case that shows it. It is compared
    with `reference`, or else with the first of the target's seats.
    """

    name: str
    breaks: str
    steps_min: int
    reference: str = ""


@dataclass(frozen=True)
class RecordingVerdict:
    """The run compared with its source: a `remark` for the reader, and the `problems` without an explanation."""

    remark: str
    problems: list[str]


@dataclass(frozen=True)
class Recording:
    """Recorded real input. `judge` compares the reference's outcomes and last state with the source's statements."""

    name: str
    config: Config
    steps: list[Step]
    judge: Callable[[list[Outcome], State], RecordingVerdict]


@dataclass(frozen=True)
class Recordings:
    """Recorded real input: `files` are names below the settings' folder `recordings`, and `read` reads one of them."""

    files: tuple[str, ...]
    read: Callable[[Path, str], list[Recording]]


@dataclass(frozen=True)
class Emission:
    """A case that is to be written as a test which needs the subjects alone.

    `answers` holds for both subjects, the reference first, their outcomes, one a step, and their last state.
    """

    case: Case
    signature: str
    answers: Mapping[str, tuple[list[Outcome], State]]


Emitter = Callable[[Emission], str]


@dataclass(frozen=True)
class Reading:
    """How cases are shown to a reader.

    `describe_step` and `describe_outcome` give a step, and what an outcome holds beyond its code, on one line; `rules`
    the rule that a step kind, a code or a field of the state falls under. `emitters` write a case as a test that needs
    nothing of the harness, by kind of test; each may raise EmitError.
    """

    describe_step: Callable[[Step], str] | None = None
    describe_outcome: Callable[[Outcome], str] | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    emitters: Mapping[str, Emitter] = field(default_factory=dict)


@dataclass(frozen=True)
class Relations:
    """Pairs of a subject and one that must answer and keep the same, though it is driven in another way.

    Both fields go by front end (`relations`, `hot-swap`); a front end without pairs is left out. `canaries` are those
    that only these front ends can find.
    """

    pairs: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    canaries: Mapping[str, tuple[Canary, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Isolation:
    """`always` gives each subject a process of its own in every command: for subjects that often crash or hang.

    Their makers are sent there by reference, so they must be functions, classes or partials. `preload` names modules
    that are slow to import: they are imported once, and not by each new process.
    """

    always: bool = False
    preload: tuple[str, ...] = ()


@dataclass(frozen=True)
class Departure:
    """Where an oracle's rules are not the target's, on purpose on either side, and how much that leaves unjudged."""

    name: str
    """The reason that it counts steps under."""
    rule: str
    """The place in the target's page."""
    covers: Literal["step", "part", "field"]
    """The whole `step`, the `part` of it that depends on the rule, or a `field`, which is not counted."""
    other: str
    """What the oracle does instead."""


@dataclass(frozen=True)
class Oracle:
    """An independent implementation, with rules that are the target's except for the `departures`.

    `opinion` makes a subject that follows another one. Raises SubjectMissingError where it is not installed.
    """

    opinion: Callable[[Subject], Subject]
    departures: tuple[Departure, ...]


@dataclass(frozen=True)
class Target:
    """What is compared, and all that the harness may know about it.

    `seats` names the subjects of a plain run, the reference first; `subjects` makes each by name. `canaries` stand
    among the subjects. `oracles` have opinions that stand there as `ORACLE-on-NAME` (`subjects.oracle`): `run --oracle`
    seats one, and any difference is put to all of them. Without `coverage` the guided search sees kinds, contexts and
    codes only.
    """

    name: str
    seats: tuple[str, ...]
    subjects: Mapping[str, Callable[[], Subject]]
    grammar: Grammar
    decoder: Callable[[], Decoder]
    tracker: Callable[[], Tracker]
    canaries: tuple[Canary, ...] = ()
    generation: Generation = Generation()
    reading: Reading = Reading()
    recordings: Recordings | None = None
    relations: Relations = Relations()
    isolation: Isolation = Isolation()
    coverage: CoverageGuide | None = None
    oracles: Mapping[str, Oracle] = field(default_factory=dict)
