"""What a lockstep run ends with."""

from typing import Any

import msgspec

from cracktrader_fuzz.lockstep.compare import Difference
from cracktrader_fuzz.lockstep.signature import Signature


class Divergence(msgspec.Struct, frozen=True):
    """The first difference: after which step (0-based), between whom, where and what."""

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


def brief(value: Any, width: int = 60) -> str:
    """A value for a person, on one line, cut at `width`, with nothing in it that a terminal would obey."""
    try:
        text = ascii(value)
    except Exception:  # noqa: BLE001 - a subject's own object may raise at being shown
        text = f"<{type(value).__name__}>"
    return text if len(text) <= width else f"{text[: width - 3]}..."
