"""The front ends that have a case for every index of a seed: one name, one case, for a campaign and for `repro`.

`soak` and `mutation` run on the subjects of the run. The others run pairs that the target declares, a subject and one
that is driven in another way: case `index` is case `index // pairs` of the soak on pair `index % pairs`, so that every
pair meets the same cases, in turn.
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
# Within so many steps a state is handed over after every step (`hot_swap.STRIDE`), so that a case that is made shorter
# shows what it showed; and the cost, which grows with the state, stays small.
PAIR_STEPS_MAX = 100
# Numbers of at most 18 digits fit into 64 bits.
CASE_NAME = re.compile(rf"(?:({'|'.join(GENERATED)}) )?([0-9]{{1,18}})/([0-9]{{1,18}})(?:@([0-9a-f]{{8}}))?")


def pairs_of(target: Target, front_end: str, seats: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The subjects that run the cases of a front end in turn. A user who names other seats compares those instead."""
    return target.relations.pairs.get(front_end, (seats,)) if seats == target.seats else (seats,)


def subjects_of(target: Target, front_end: str, index: int, seats: tuple[str, ...]) -> tuple[str, ...]:
    """The subjects that run a case."""
    pairs = pairs_of(target, front_end, seats)
    return pairs[index % len(pairs)]


class Generator:
    """One front end on the subjects of a lockstep, which take turns with others.

    `parents` is called for the front end `mutation` only, since it reads the corpus.
    """

    def __init__(self, lockstep: Lockstep, front_end: str, turns: int, parents: Callable[[], Parents]) -> None:
        self._lockstep = lockstep
        self._front_end = front_end
        self._turns = turns
        self._mutation = MutationFrontEnd(lockstep, parents()) if front_end == "mutation" else None
        self.parents_name = self._mutation.parents.name if self._mutation else ""

    def explore(self, seed: int, index: int) -> Exploration:
        """Make and compare a case that belongs to these subjects."""
        if self._mutation:
            return self._mutation.explore(seed, index)
        steps_max = PAIR_STEPS_MAX if self._front_end in PAIRED else sys.maxsize
        return explore(self._lockstep, seed, index // self._turns, steps_max)

    def name(self, seed: int, index: int) -> str:
        """The name by which `repro` makes the case again."""
        return f"{self._front_end} {seed}/{index}" + (f"@{self.parents_name}" if self.parents_name else "")
