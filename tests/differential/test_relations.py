"""What must not matter: each core held against itself asked otherwise, and its state against the other's restore.

Every pair that a target declares meets the same first cases of a seed. What is wrong on purpose in a way that only such
a pair can show is found by it, shrunk to its known size, and by nothing that compares one core with the other.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.indexed import Generator
from cracktrader_fuzz.search.mutation.front_end import Parents
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.shrink.certificate import verify
from cracktrader_fuzz.shrink.shrinker import Shrinker
from cracktrader_fuzz.subjects.relations import HOT_SWAP, RELATIONS
from cracktrader_fuzz.target.target import Canary, Target
from cracktrader_fuzz.testing.divergence import raise_divergence
from cracktrader_strategies.invariants_target import INVARIANTS
from cracktrader_strategies.normalizer_target import NORMALIZER
from cracktrader_strategies.relations.canaries import RELATION_MISTAKES
from cracktrader_strategies.relations.relation import RelationSubject
from cracktrader_strategies.sequencer_target import SEQUENCER
from cracktrader_strategies.subjects.canaries import MistakenCore
from cracktrader_strategies.subjects.cores import RustCore
from cracktrader_strategies.target import CRACKTRADER

SEED = 20_000
CASES = 30
CANARY_CASES = 60
SHRUNK_MAX = 12
TARGETS = (CRACKTRADER, SEQUENCER, INVARIANTS, NORMALIZER)
PAIRS = [
    pytest.param(target, name, pair, id=f"{target.name}-{pair[1]}")
    for target in TARGETS
    for name, pairs in target.relations.pairs.items()
    for pair in pairs
]
CANARIES = [
    pytest.param(front_end, canary, id=canary.name)
    for front_end, canaries in CRACKTRADER.relations.canaries.items()
    for canary in canaries
]


@pytest.mark.parametrize(("target", "front_end", "pair"), PAIRS)
def test_it_does_not_matter(target: Target, front_end: str, pair: tuple[str, str]) -> None:
    """A core that is asked in another way answers and keeps the same, over cases that apply something."""
    generator = Generator(Lockstep(target, seat_subjects(target, pair)), front_end, 1, Parents)
    for index in range(CASES):
        explored = generator.explore(SEED, index)
        if explored.verdict.divergence is not None:
            lockstep = Lockstep(target, seat_subjects(target, pair))
            raise_divergence(lockstep, explored.case, explored.verdict.divergence)
        assert explored.verdict.applied > 0


@pytest.mark.parametrize("name", ["rust-apart", "rust-split", "rust-renamed", "rust-shifted"])
def test_relations_hold_to_the_end_of_most_cases(name: str) -> None:
    """A relation that ends by its rule does so in fewer than half of the cases, or it would say little."""
    lockstep = Lockstep(CRACKTRADER, seat_subjects(CRACKTRADER, ("rust", name)))
    generator, ended = Generator(lockstep, RELATIONS, 1, Parents), 0
    for index in range(2 * CASES):
        assert generator.explore(SEED, index).verdict.agrees
        (related,) = (subject for subject in lockstep.subjects if isinstance(subject, RelationSubject))
        ended += related.has_ended
    assert ended < CASES


def found(lockstep: Lockstep, front_end: str) -> Iterator[Case]:
    """The cases of the seed that diverge, of the first so many."""
    generator = Generator(lockstep, front_end, 1, Parents)
    for index in range(CANARY_CASES):
        explored = generator.explore(SEED, index)
        if not explored.verdict.agrees:
            yield explored.case


@pytest.mark.parametrize(("front_end", "canary"), CANARIES)
def test_canary_is_found_and_shrunk_to_its_size(front_end: str, canary: Canary) -> None:
    """One of the first cases that the front end finds shrinks to the shortest there is, none below, certified."""
    reference = canary.reference or CRACKTRADER.seats[0]
    lockstep = Lockstep(CRACKTRADER, seat_subjects(CRACKTRADER, (reference, canary.name)))
    sizes = []
    for _, case in zip(range(SHRUNK_MAX), found(lockstep, front_end), strict=False):
        shrunk = Shrinker(lockstep).shrink(case)
        assert str(shrunk.divergence.signature).endswith(f"{reference}~{canary.name}")
        sizes.append(len(shrunk.case.steps))
        if sizes[-1] <= canary.steps_min:
            assert shrunk.certificate is not None
            assert verify(lockstep, shrunk.case, shrunk.certificate) == []
            break
    assert min(sizes, default=0) == canary.steps_min


@pytest.mark.parametrize("kind", [kind for kind, _ in RELATION_MISTAKES])
def test_cores_that_are_wrong_alike_agree(kind: str) -> None:
    """What breaks a relation, planted in both cores alike, is not seen by comparing the two."""
    mistake = next(each for name, each in RELATION_MISTAKES if name == kind)
    both = [("python", MistakenCore(mistake)), ("rust", MistakenCore(mistake, RustCore))]
    assert list(found(Lockstep(CRACKTRADER, both), RELATIONS)) == []


@pytest.mark.parametrize("canary", CRACKTRADER.relations.canaries[HOT_SWAP], ids=lambda canary: canary.name)
def test_core_that_loses_a_field_agrees_while_nobody_takes_over(canary: Canary) -> None:
    """The core by itself, which is never restored, shows nothing."""
    swapped = CRACKTRADER.subjects[canary.name]()
    alone = swapped._second  # type: ignore[attr-defined]  # the one that takes over and loses something
    lockstep = Lockstep(CRACKTRADER, [("python", CRACKTRADER.subjects["python"]()), ("alone", alone)])
    assert list(found(lockstep, HOT_SWAP)) == []


def test_every_relation_has_a_canary() -> None:
    """Nothing that must not matter is taken on trust; replays are proved by the batch, which is one."""
    kinds = {
        pair[1].replace("python-", "").replace("-python", "")
        for pair in CRACKTRADER.relations.pairs[RELATIONS]
        if pair[0] == "python"
    }
    assert kinds - {kind for kind, _ in RELATION_MISTAKES} == {"replayed"}
