"""What `list` prints for a program: one kind of document for each sort of name."""

import msgspec

from cracktrader_fuzz.document import Document, head


class TargetEntry(msgspec.Struct, frozen=True):
    """A target of the settings."""

    name: str
    """Its name there."""
    reference: str
    """The module and the attribute that hold it."""
    default: bool
    """Whether it is the one that commands take where none is named."""
    corpus: str
    """The folder of its corpus."""


class TargetsDocument(Document, tag=head("list-targets", 1)):
    """The targets of the settings: `list targets --json`."""

    targets: list[TargetEntry]
    """Each target, in the order of the settings."""


class SubjectEntry(msgspec.Struct, frozen=True):
    """A subject of a target."""

    name: str
    """Its name."""
    kind: str
    """What it is there for: `seat`, `relation`, `canary`, `subject` or `opinion`."""
    description: str
    """The same in words."""
    maker: str
    """The function that makes it, by module and name; for an opinion its oracle."""
    missing: str | None = None
    """Why it cannot be made here, empty where it can; null without `--check`."""


class SubjectsDocument(Document, tag=head("list-subjects", 1)):
    """The subjects of a target: `list subjects --json`."""

    target: str
    """The target's name."""
    subjects: list[SubjectEntry]
    """Each subject, the seats first."""


class CanaryEntry(msgspec.Struct, frozen=True):
    """A canary: a subject that is wrong on purpose."""

    name: str
    """Its name."""
    reference: str
    """The subject that it is compared with."""
    breaks: str
    """What it breaks."""
    steps_min: int
    """How many steps the shortest case has that shows it."""
    front_end: str
    """The front end that finds it; empty where any that searches does."""


class CanariesDocument(Document, tag=head("list-canaries", 1)):
    """The canaries of a target: `list canaries --json`."""

    target: str
    """The target's name."""
    canaries: list[CanaryEntry]
    """Each canary; the first is the one that a run lets loose."""


class FrontEndEntry(msgspec.Struct, frozen=True):
    """A front end."""

    name: str
    """Its name."""
    does: str
    """How it comes by cases."""
    endless: bool
    """Whether it has a case for every index of a seed."""
    in_plain_run: bool
    """Whether a `run` has it where none is named."""


class FrontEndsDocument(Document, tag=head("list-front-ends", 1)):
    """The front ends: `list front-ends --json`."""

    front_ends: list[FrontEndEntry]
    """Each front end, in the order in which a run has them."""


class RulesDocument(Document, tag=head("list-rules", 1)):
    """The rules of a target's page: `list rules --json`."""

    target: str
    """The target's name."""
    rules: dict[str, str]
    """Each rule, by the step kind, the code or the field that falls under it."""
