"""The fuzzer's mutator and crossover: cases in, cases out.

Most changes are those of `search.mutation`. The others come from the code's own comparisons: the case is run up to one
of its steps, and what the code compared with one of the step's values is put in the place of that value. This finds an
exact number that no list holds, and costs a run. The steps that took a new edge come first, any other now and then.
"""

import random
from collections import Counter, OrderedDict, deque
from collections.abc import Callable

from cracktrader_fuzz.case.model import Case, Step
from cracktrader_fuzz.coverage.operands import Candidate
from cracktrader_fuzz.coverage.packing import pack, unpack
from cracktrader_fuzz.search.mutation.mutate import cross, mutate
from cracktrader_fuzz.target.fields import put_value
from cracktrader_fuzz.target.grammar import Grammar

# How often a step that did nothing new is looked at: each costs a run of its case, and most lead to nothing.
COMPARED_CHANCE = 0.2
# How often a candidate that waits is taken: not always, since the mutations must go on to find new edges meanwhile.
WAITING_CHANCE = 0.5
# The last steps, of which `search.mutation` inserts some: enough for each kind to be there several times.
POOL_STEPS = 256
# The fuzzer runs what it has just been given, so that a few would do; a crossover takes its second case from anywhere.
UNPACKED_MAX = 512
# What waits longest falls out: after thousands of new steps the oldest are no news, and a search may run all night.
WAITING_MAX = 4_096
# How many tries are remembered before all are forgotten: some megabytes, and a search may run all night.
TRIES_MAX = 1 << 16

FindCandidates = Callable[[Case, int], list[Candidate]]


class Mutator:
    """A search's mutator. `find_candidates` runs a case up to a step, inclusive, and returns values to try there."""

    def __init__(self, target: str, grammar: Grammar, find_candidates: FindCandidates, steps_max: int) -> None:
        self._target = target
        self._grammar = grammar
        self._find_candidates = find_candidates
        self._steps_max = steps_max
        self._pool: deque[Step] = deque(maxlen=POOL_STEPS)
        self._cases: OrderedDict[bytes, Case | None] = OrderedDict()
        self._new_steps: deque[tuple[Case, int]] = deque(maxlen=WAITING_MAX)
        self._to_run: deque[Case] = deque(maxlen=WAITING_MAX)
        self._tries: Counter[tuple[str, str, str]] = Counter()

    def case_of(self, data: bytes) -> Case | None:
        """The case that the bytes are; the last ones are remembered."""
        if data in self._cases:
            self._cases.move_to_end(data)
            return self._cases[data]
        return self._remember(data, unpack(data, self._target))

    def note_new_step(self, case: Case, index: int) -> None:
        """Look at the comparisons of a step that did something new, in one of the next calls of `mutate`."""
        self._new_steps.append((case, index))

    def mutate(self, data: bytes, size_max: int, seed: int) -> bytes:
        """Another case; the same bytes where there is none to be had."""
        case = self.case_of(data)
        if case is None:
            return data
        draw = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._pool.append(draw.choice(case.steps))
        made = self._from_comparisons(case, draw)
        made = made or mutate(case, self._grammar, draw.getrandbits(64), list(self._pool), self._steps_max)
        return self._pack(made, size_max) or data

    def cross(self, one: bytes, other: bytes, size_max: int, seed: int) -> bytes:
        """A case of the steps of two."""
        left, right = self.case_of(one), self.case_of(other)
        if left is None or right is None:
            return one
        return self._pack(cross(left, right, self._grammar, seed, self._steps_max), size_max) or one

    def _from_comparisons(self, case: Case, draw: random.Random) -> Case | None:
        """A case with a value that the code compared, None where none waits or it is not the turn of one."""
        chance = draw.random()
        if self._to_run or self._new_steps:
            if chance >= WAITING_CHANCE:
                return None
            if self._new_steps:  # the newest first: the second of two exact numbers, as soon as the first is right
                self._collect_candidates(*self._new_steps.pop(), draw)
        elif chance < COMPARED_CHANCE:
            self._collect_candidates(case, draw.randrange(len(case.steps)), draw)
        return self._to_run.pop() if self._to_run else None

    def _collect_candidates(self, case: Case, index: int, draw: random.Random) -> None:
        kind = self._grammar.kind(case.steps[index])
        if len(self._tries) > TRIES_MAX:
            self._tries.clear()
        for place, value in self._find_candidates(case, index):
            attempt = kind, place.key, repr(value)
            tries = self._tries[attempt]
            # Less often with each try, but never not at all: another history may make the same number matter.
            if draw.random() * (1 + tries) ** 0.5 < 1:
                self._tries[attempt] = tries + 1
                self._to_run.append(case.with_steps(put_value(case.steps, place, value)))

    def _pack(self, case: Case, size_max: int) -> bytes | None:
        data = pack(case) if case.steps else b""
        if not 0 < len(data) <= size_max:
            return None
        self._remember(data, case)
        return data

    def _remember(self, data: bytes, case: Case | None) -> Case | None:
        self._cases[data] = case
        if len(self._cases) > UNPACKED_MAX:
            self._cases.popitem(last=False)
        return case
