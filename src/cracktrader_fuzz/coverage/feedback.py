"""What a case did, as the fuzzer sees it: counters beside those of the code.

Three kinds of novelty, each hashed into slots of its own: a step's (kind, context, code, features); that of a step and
the one before it; and, where both languages are followed, the pair of paths that they took at a step, so that a known
path of one beside a new path of the other is new. Does not keep two keys apart that share a slot. Cost: some us a step.
"""

import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import atheris

# Three times what a target has of cells (cracktrader: 664), so that few share a slot. All slots together are a third of
# the edges of the Rust build (20,000), every one of which libFuzzer looks at after each case.
STATES, PAIRS, PATHS = 2_048, 2_048, 2_048
# How many keys are remembered, some megabytes of them: there is no end of paths, and a search may run all night.
KNOWN_MAX = 1 << 15


class Slots:
    """A number of counters; a key always has the same one."""

    def __init__(self, count: int) -> None:
        self._counters: list[int] = [atheris._reserve_counter() for _ in range(count)]
        self.of = lru_cache(KNOWN_MAX)(self._of)
        """The counter of a key, which is made of texts and numbers."""

    def _of(self, key: object) -> int:
        # Not `hash`, which differs from process to process for texts: the corpus is shared.
        return self._counters[zlib.crc32(repr(key).encode("utf-8", "replace")) % len(self._counters)]


class Feedback:
    """The counters of a process. To be made before the fuzzer starts."""

    def __init__(self) -> None:
        self._states, self._pairs, self._paths = Slots(STATES), Slots(PAIRS), Slots(PATHS)

    def of_states(self, states: Sequence[tuple[str, ...]]) -> set[int]:
        """The counters for the states that a case went through, in their order."""
        counters = [self._states.of(state) for state in states]
        return {*counters, *(self._pairs.of(pair) for pair in pairwise(counters))}

    def of_paths(self, one: list[int], other: list[int]) -> set[int]:
        """The counters for the paths that two subjects took through the same steps."""
        return {self._paths.of(pair) for pair in zip(one, other, strict=False)}

    @staticmethod
    def count(counters: set[int], trace: Callable[[int], None]) -> None:
        """Count each of them once."""
        for counter in sorted(counters):
            trace(counter)
