"""What the harness asks of the things that it drives.

A `Subject` is one implementation. A `Target` names the subjects that are held to the same behaviour, and what the
harness may know about their steps. A user brings their own by writing these few methods; nothing else in the harness
changes. The kernel calls `start`, then `step` in order, then `observe` and `digest` whenever it likes.
"""

from typing import Protocol

import msgspec

from cracktrader_fuzz.case.model import Config, Outcome, State, Step


class BuildIdentity(msgspec.Struct, frozen=True):
    """Which implementation ran, well enough to tell two builds apart."""

    subject: str
    """The subject's name."""
    module: str
    """The module or the file that it comes from."""
    version: str
    """Its version."""
    profile: str
    """How it was built."""
    sha256: str
    """The SHA-256 of its file."""


class Subject(Protocol):
    """One implementation under test: anything with these five methods."""

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
    """Names the context of a step: a label that tells steps of one kind apart (for orders, the status)."""

    def context(self, step: Step) -> str:
        """The label before the step; `-` where there is none."""

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Take note of what the reference answered. Called for every step, in order."""


DRAW_BYTES = 12


class Decoder(Protocol):
    """Turns draw bytes, `DRAW_BYTES` of them a step, into steps: the one generator, shared by every front end.

    `label` is (step kind, context before) of the step just decoded, as the target's grammar and tracker give them.
    """

    label: tuple[str, str]

    def begin(self, word: bytes) -> Config:
        """Start a case: draw its configuration and the shape of what follows."""

    def decode(self, word: bytes) -> Step:
        """The next step, from draw bytes and what was observed so far."""

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Take note of what the reference answered. Called for the steps that it applied."""
