"""The protocols that a user implements: subjects, and how their steps are made up and labelled.

A `Subject` is one implementation. A `Target` (`target.target`) names the subjects that must behave alike. A user brings
their own by writing these few methods; nothing else in the harness changes. The kernel calls `start`, then `step` in
order, and `observe` and `digest` at any time between two steps.
"""

from typing import Protocol

import msgspec

from cracktrader_fuzz.case.model import Config, Outcome, State, Step


class BuildIdentity(msgspec.Struct, frozen=True):
    """Which implementation ran, precisely enough to distinguish two builds."""

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

    def named(self, subject: str) -> "BuildIdentity":
        """The same build under the name of another subject, one that changes what it answers."""
        return msgspec.structs.replace(self, subject=subject)


class Subject(Protocol):
    """One implementation under test: anything with these five methods."""

    def start(self, config: Config) -> None:
        """Start a case: nothing of an earlier one may be left."""

    def step(self, step: Step) -> Outcome:
        """Take one input. The outcome has at least `outcome` (applied, duplicate, rejected or refused) and `code`.

        An exception that escapes is a crash of the subject, and is compared like any other outcome.
        """

    def observe(self) -> State:
        """The whole state, JSON-like, independent of what the subject goes on to do."""

    def digest(self) -> str:
        """The subject's own digest of its state, or empty text if it has none."""

    def identity(self) -> BuildIdentity:
        """Which build this is."""


class Tracker(Protocol):
    """The context that a step meets: a label that separates steps of one kind (for orders, the status)."""

    def context(self, step: Step) -> str:
        """The label before the step; `-` where there is none."""

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Follow the reference's outcome of the step."""


DRAW_BYTES = 12  # one for each choice in a step of the target `cracktrader`, so that a search can change one alone


class Decoder(Protocol):
    """Turns draw bytes into steps: the one place where inputs are made up, shared by every front end.

    `data` has `DRAW_BYTES` bytes: any bytes stand for some step, so that a search may change them at will. `label` is
    (step kind, context before) of the step just decoded, as the target's grammar and tracker have them.
    """

    label: tuple[str, str]

    def begin(self, data: bytes) -> Config:
        """Start a case: draw its configuration and the shape of what follows."""

    def decode(self, data: bytes) -> Step:
        """The next step, from the draw bytes and what was observed so far."""

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Follow the reference's outcome of the step. Called for the steps that it applied."""
