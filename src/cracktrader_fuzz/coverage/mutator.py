"""The fuzzer's mutator and crossover: cases in, cases out.

Most changes are those of `search.mutation`. The others ask the code: the case is run up to one of its steps, and what
that step's run compared with one of the step's values is put in its place. This finds an exact number that no list
holds, and costs a run. Asked about are the steps that took an edge which nobody had taken, any other now and then; the
oftener a value was tried in a field of a kind of step, the less often it is tried there again.
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

ASKED_CHANCE = 0.2
WAITING_CHANCE = 0.5
POOL_STEPS = 256
UNPACKED_MAX = 512
WAITING_MAX = 4_096
TRIES_MAX = 1 << 16
"""How many tries are remembered before all are forgotten: a search may run all night."""

Ask = Callable[[Case, int], list[Candidate]]


class Mutator:
    """`ask` runs a case up to a step, inclusive, and says which values could be put into it."""

    def __init__(self, target: str, grammar: Grammar, ask: Ask, steps_max: int) -> None:
        self._target = target
        self._grammar = grammar
        self._ask = ask
        self._steps_max = steps_max
        self._pool: deque[Step] = deque(maxlen=POOL_STEPS)
        self._cases: OrderedDict[bytes, Case | None] = OrderedDict()
        self._to_ask: deque[tuple[Case, int]] = deque(maxlen=WAITING_MAX)
        self._to_try: deque[Case] = deque(maxlen=WAITING_MAX)
        self._tries: Counter[tuple[str, str, str]] = Counter()

    def case_of(self, data: bytes) -> Case | None:
        """The case that the bytes are; the last ones are remembered."""
        if data in self._cases:
            self._cases.move_to_end(data)
            return self._cases[data]
        return self._remember(data, unpack(data, self._target))

    def ask_about(self, case: Case, index: int) -> None:
        """Ask about a step that did something new."""
        self._to_ask.append((case, index))

    def mutate(self, data: bytes, size_max: int, seed: int) -> bytes:
        """Another case; the same bytes where there is none to be had."""
        case = self.case_of(data)
        if case is None:
            return data
        draw = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._pool.append(draw.choice(case.steps))
        made = self._asked(case, draw)
        made = made or mutate(case, self._grammar, draw.getrandbits(64), list(self._pool), self._steps_max)
        return self._packed(made, size_max) or data

    def cross(self, one: bytes, other: bytes, size_max: int, seed: int) -> bytes:
        """A case of the steps of two."""
        left, right = self.case_of(one), self.case_of(other)
        if left is None or right is None:
            return one
        return self._packed(cross(left, right, self._grammar, seed, self._steps_max), size_max) or one

    def _asked(self, case: Case, draw: random.Random) -> Case | None:
        """A case that an answer leads to: mostly one that waits, else this case or one that was new, asked now."""
        chance = draw.random()
        if self._to_try or self._to_ask:
            if chance >= WAITING_CHANCE:
                return None
            if self._to_ask:
                self._put_question(*self._to_ask.pop(), draw)
        elif chance < ASKED_CHANCE:
            self._put_question(case, draw.randrange(len(case.steps)), draw)
        return self._to_try.pop() if self._to_try else None

    def _put_question(self, case: Case, index: int, draw: random.Random) -> None:
        kind = self._grammar.kind(case.steps[index])
        if len(self._tries) > TRIES_MAX:
            self._tries.clear()
        for place, value in self._ask(case, index):
            attempt = kind, place.key, repr(value)
            tries = self._tries[attempt]
            if draw.random() * (1 + tries) ** 0.5 < 1:
                self._tries[attempt] = tries + 1
                self._to_try.append(case.with_steps(put_value(case.steps, place, value)))

    def _packed(self, case: Case, size_max: int) -> bytes | None:
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
