"""How a lockstep run ends."""

import msgspec

from cracktrader_fuzz.lockstep.compare import Difference
from cracktrader_fuzz.lockstep.signature import Signature

START = -1
"""The place before the first step: places are indices of steps, and this is one less than the first."""


class Divergence(msgspec.Struct, frozen=True):
    """The first difference: after which step (0-based, or `START`), between which subjects, where and what."""

    index: int
    subjects: tuple[str, str]
    difference: Difference
    signature: Signature

    @property
    def place(self) -> str:
        """Where it is, for a reader."""
        return place_words(self.index)


def place_words(index: int) -> str:
    """A place for a reader: `step 3`, or `the start`."""
    return "the start" if index == START else f"step {index}"


class Verdict(msgspec.Struct, frozen=True):
    """The end of a run: `divergence` is None when all agreed; `steps` and `applied` count what the reference took."""

    steps: int
    applied: int
    divergence: Divergence | None = None

    @property
    def agrees(self) -> bool:
        """Whether no difference was seen."""
        return self.divergence is None
