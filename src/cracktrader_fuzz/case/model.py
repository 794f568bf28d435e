"""The case: a whole input as data.

A `Step` is one concrete input, JSON-like (dicts with text keys, lists, text, integers, floats, booleans, null), in
whatever shape the target's subjects take. Nothing here knows what a step means.
"""

from typing import Any

import msgspec

Step = dict[str, Any]
Config = dict[str, Any]
Outcome = dict[str, Any]
State = dict[str, Any]
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
