"""The front ends that have a case for every index of a seed: one name, one case, for a campaign and for `repro`.

`soak` and `mutation` run on whatever subjects a run has. The others run pairs that the target declares, a core and one
that is asked in another way: case `index` is case `index // pairs` of the soak on pair `index % pairs`, so that every
pair meets the same cases, in turn. These are cut at `PAIR_STEPS_MAX` steps: within that many a state is handed over
after every step, so that a case that is made shorter shows what it showed.
"""

import re
import sys
from collections.abc import Callable

from cracktrader_fuzz.lockstep.run import Exploration, Lockstep
from cracktrader_fuzz.search.mutation.front_end import MutationFrontEnd, Parents
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.subjects.relations import HOT_SWAP, RELATIONS
from cracktrader_fuzz.target.target import Target

PAIRED = (RELATIONS, HOT_SWAP)
GENERATED = ("soak", "mutation", *PAIRED)
PAIR_STEPS_MAX = 100
CASE_NAME = re.compile(rf"(?:({'|'.join(GENERATED)}) )?([0-9]{{1,18}})/([0-9]{{1,18}})(?:@([0-9a-f]{{8}}))?")


def pairs_of(target: Target, front_end: str, seats: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Who runs the cases of a front end in turn; whoever names other seats than the target's has them compared."""
    return target.relations.pairs.get(front_end, (seats,)) if seats == target.seats else (seats,)


def subjects_of(target: Target, front_end: str, index: int, seats: tuple[str, ...]) -> tuple[str, ...]:
    """Who runs a case."""
    pairs = pairs_of(target, front_end, seats)
    return pairs[index % len(pairs)]


class Generator:
    """One front end on the subjects of a lockstep, which take turns with others; `mutation` asks for its stock."""

    def __init__(self, lockstep: Lockstep, front_end: str, turns: int, stock: Callable[[], Parents]) -> None:
        self._lockstep = lockstep
        self._front_end = front_end
        self._turns = turns
        self._breeder = MutationFrontEnd(lockstep, stock()) if front_end == "mutation" else None
        self.stock_name = self._breeder.stock.name if self._breeder else ""

    def explore(self, seed: int, index: int) -> Exploration:
        """Make and compare a case that belongs to these subjects."""
        if self._breeder:
            return self._breeder.explore(seed, index)
        steps_max = PAIR_STEPS_MAX if self._front_end in PAIRED else sys.maxsize
        return explore(self._lockstep, seed, index // self._turns, steps_max)

    def name(self, seed: int, index: int) -> str:
        """By which `repro` finds the case again."""
        return f"{self._front_end} {seed}/{index}" + (f"@{self.stock_name}" if self.stock_name else "")
