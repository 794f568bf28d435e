"""The case: a whole input as data.

A `Step` is one concrete input, JSON-like (dicts with text keys, lists, text, integers, floats, booleans, null), in
whatever shape the target's subjects take. Nothing here knows what a step means.
"""

from typing import Any

import msgspec

Step = dict[str, Any]
"""One concrete input, JSON-like, in whatever shape the target's subjects take."""

Config = dict[str, Any]
"""What every subject of a case is started with, JSON-like."""

Outcome = dict[str, Any]
"""What a subject did at a step: at least `outcome` (applied, duplicate, rejected or refused) and `code`."""

State = dict[str, Any]
"""The whole state of a subject, JSON-like."""

ValuePath = tuple[str | int, ...]
"""The place of a value in a step, an outcome or a state: keys, and indices in lists."""


class Case(msgspec.Struct, frozen=True):
    """A target's name, the configuration its subjects are started with, and the steps in order."""

    target: str
    config: Config
    steps: list[Step]

    def with_steps(self, steps: list[Step]) -> "Case":
        """The same case over other steps."""
        return Case(self.target, self.config, steps)
