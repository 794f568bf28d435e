"""The front end `mutation`: the stored cases of a target, and generated ones, changed and crossed.

A case has one or two parents: half of the time one of the stored `Parents`, else a short case of the soak, one of
`GENERATED` that every `BLOCK` cases replaces. Case `index` of a seed is the same everywhere for the same parents, so
their name is part of the case's name: `mutation 7/1234@0a1b2c3d`. Findings are not parents, as they come and go while a
run lasts.

Cost: four tenths of the time go into making the cases (`docs/relations.md` has figures).
"""

import hashlib
import random
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import msgspec

from cracktrader_fuzz.case.codec import content_hash
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.errors import TargetCodeError
from cracktrader_fuzz.lockstep.run import Exploration, Lockstep, answer, begin, begun
from cracktrader_fuzz.search.mutation.mutate import STEPS_MAX, cross, mutate
from cracktrader_fuzz.search.soak import draw_stream
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_fuzz.target.target import Target

BLOCK = 1_000  # cases between two generations of parents: so many that making these is a small part of the work
GENERATED = 50  # a generation: enough for some thousand pairs, few enough that each has several cases
# Short, since a parent is to leave room for what is added, and two of them for each other.
GENERATED_LENGTHS = (30, 60, 100, 150, 15)
# Even: stored cases show what was wrong once, generated ones what no case was stored for.
STORED_CHANCE = 0.5
CROSSED_CHANCE = 0.5  # even: a cross may need a change to show something, and a change a cross


class Parents(msgspec.Struct, frozen=True):
    """Stored cases, in an order that their name depends on: `parents_of` takes that of their paths."""

    cases: tuple[Case, ...] = ()

    @property
    def name(self) -> str:
        """Eight hexadecimal digits over the cases and their order."""
        hashes = " ".join(map(content_hash, self.cases))
        return hashlib.sha256(hashes.encode("ascii")).hexdigest()[:8]


class MutationFrontEnd:
    """Makes the cases of one target, from stored parents and generated ones."""

    def __init__(self, lockstep: Lockstep, parents: Parents) -> None:
        self._lockstep = lockstep
        self.parents = parents
        self._steps_max = min(STEPS_MAX, lockstep.target.generation.case_steps_max)
        # Of two blocks: a worker's slice of indices may begin in one and end in the next.
        self._generated = lru_cache(maxsize=2 * GENERATED)(self._compose)

    def explore(self, seed: int, index: int) -> Exploration:
        """Make and compare one case; it ends with the step that shows a difference."""
        case, cells = self.case(seed, index), Counter[tuple[tuple[str, str], str]]()
        verdict = self._lockstep.run_case(case, cells=cells)
        if verdict.divergence is not None:
            case = case.with_steps(case.steps[: verdict.divergence.index + 1])
        return Exploration(case, verdict, cells)

    def case(self, seed: int, index: int) -> Case:
        """Case `index` of a seed."""
        key = hashlib.blake2b(f"mutation {seed}/{index}".encode("ascii"), digest_size=8).digest()
        draw = random.Random(int.from_bytes(key, "big"))  # noqa: S311 - repeatable on purpose
        grammar = self._lockstep.target.grammar
        case, other = self._parent(draw, seed, index), self._parent(draw, seed, index)
        if draw.random() < CROSSED_CHANCE:
            case = cross(case, other, grammar, draw.getrandbits(64), self._steps_max)
        return mutate(case, grammar, draw.getrandbits(64), other.steps, self._steps_max)

    def _parent(self, draw: random.Random, seed: int, index: int) -> Case:
        if self.parents.cases and draw.random() < STORED_CHANCE:
            return draw.choice(self.parents.cases)
        return self._generated(seed, index // BLOCK * GENERATED + draw.randrange(GENERATED))

    def _compose(self, seed: int, number: int) -> Case:
        steps_max = min(GENERATED_LENGTHS[number % len(GENERATED_LENGTHS)], self._steps_max)
        return compose(self._lockstep.target, self._lockstep.subjects[0], draw_stream(seed, number), steps_max)


def compose(target: Target, reference: Subject, draw: Callable[[], bytes], steps_max: int) -> Case:
    """A generated case that only the reference has answered; it ends where that crashes, be it at the start.

    Only the reference: the case must not depend on the other seats, since its name does not. Raises TargetCodeError.
    """
    decoder = target.decoder()
    case = Case(target.name, begun(decoder, draw()), [])
    started = begin(reference, case.config)["outcome"] != "crashed"
    try:
        for _ in range(steps_max if started else 0):
            step = decoder.decode(draw())
            case.steps.append(step)
            outcome = answer(reference, step)
            if outcome["outcome"] == "crashed":
                break
            if outcome["outcome"] == "applied":
                decoder.observe(step, outcome)
    except Exception as error:  # the decoder's: whatever the reference raises is an outcome
        raise TargetCodeError.of("decoder", error) from error
    return case
