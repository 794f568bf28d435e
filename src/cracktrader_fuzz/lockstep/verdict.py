"""How a lockstep run ends."""

import msgspec

from cracktrader_fuzz.lockstep.compare import Difference
from cracktrader_fuzz.lockstep.signature import Signature


class Divergence(msgspec.Struct, frozen=True):
    """The first difference: after which step (0-based), between which subjects, where and what."""

    index: int
    subjects: tuple[str, str]
    difference: Difference
    signature: Signature


class Verdict(msgspec.Struct, frozen=True):
    """The end of a run: `divergence` is None when all agreed; `steps` and `applied` count what the reference took."""

    steps: int
    applied: int
    divergence: Divergence | None = None

    @property
    def agrees(self) -> bool:
        """Whether no difference was seen."""
        return self.divergence is None
