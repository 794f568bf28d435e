"""What a case did, said to the fuzzer in its own terms: counters beside those of the code.

Three kinds of novelty, each hashed into slots of its own: a step's (kind, context, code, aspects); that of a step and
the one before it; and, where both languages are seen, the pair of paths that they took at a step, so that a way of one
beside a new way of the other is new even if either is known. Two that share a slot hide one another.
"""

import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import atheris

STATES, PAIRS, PATHS = 2_048, 2_048, 2_048
KNOWN_MAX = 1 << 15
"""How many keys are remembered: there is no end of ways, and a search may run all night."""


class Slots:
    """So many counters; a key always has the same one."""

    def __init__(self, count: int) -> None:
        self._counters: list[int] = [atheris._reserve_counter() for _ in range(count)]
        self.of = lru_cache(KNOWN_MAX)(self._of)
        """The counter of a key, which is made of texts and numbers."""

    def _of(self, key: object) -> int:
        return self._counters[zlib.crc32(repr(key).encode("utf-8", "replace")) % len(self._counters)]


class Feedback:
    """The counters of a process; made before the fuzzer starts."""

    def __init__(self) -> None:
        self._states, self._pairs, self._paths = Slots(STATES), Slots(PAIRS), Slots(PATHS)

    def of_states(self, states: Sequence[tuple[str, ...]]) -> set[int]:
        """The counters for what the steps of a case were, one after the other."""
        counters = [self._states.of(state) for state in states]
        return {*counters, *(self._pairs.of(pair) for pair in pairwise(counters))}

    def of_paths(self, one: list[int], other: list[int]) -> set[int]:
        """The counters for the ways that two subjects took through the same steps."""
        return {self._paths.of(pair) for pair in zip(one, other, strict=False)}

    @staticmethod
    def tell(counters: set[int], trace: Callable[[int], None]) -> None:
        """Count each once."""
        for counter in sorted(counters):
            trace(counter)
