"""The fast front end: a generator keyed by (seed, index), through the target's decoder.

Case number `index` of a seed is the same on every machine, in every process and in any order, so a run is cut into
slices of indices that workers take, and a finding is named by two integers.
"""

import hashlib
import random
import sys
from collections.abc import Callable, Iterator

from cracktrader_fuzz.lockstep.run import Exploration, Lockstep
from cracktrader_fuzz.target.protocol import DRAW_BYTES

DRAWS_AT_ONCE = 32  # for one call of `randbytes`: a call for each draw takes six times as long
# Short cases meet each rule in a fresh state, long ones fill tables, wrap counters and age orders.
LENGTHS = (30, 100, 60, 200, 400, 100, 1_000, 30, 200, 2_000)


def draw_stream(seed: int, index: int) -> Callable[[], bytes]:
    """An endless supply of draw bytes for one case, `DRAW_BYTES` at each call."""
    key = hashlib.blake2b(f"{seed}/{index}".encode("ascii"), digest_size=8).digest()
    generator = random.Random(int.from_bytes(key, "big"))  # noqa: S311 - repeatable on purpose
    return _cut(generator).__next__


def _cut(generator: random.Random) -> Iterator[bytes]:
    while True:
        drawn = generator.randbytes(DRAWS_AT_ONCE * DRAW_BYTES)
        for start in range(0, len(drawn), DRAW_BYTES):
            yield drawn[start : start + DRAW_BYTES]


def length_of(index: int) -> int:
    """How many steps case `index` has."""
    return LENGTHS[index % len(LENGTHS)]


def explore(lockstep: Lockstep, seed: int, index: int, steps_max: int = sys.maxsize) -> Exploration:
    """Generate and compare one case, cut at `steps_max` steps."""
    steps_max = min(length_of(index), lockstep.target.generation.case_steps_max, steps_max)
    return lockstep.explore(lockstep.target.decoder(), draw_stream(seed, index), steps_max)
