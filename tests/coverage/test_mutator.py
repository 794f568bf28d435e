"""The mutator and the crossover."""

from __future__ import annotations

from haystack import CASE

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.coverage.mutator import Mutator
from cracktrader_fuzz.coverage.operands import Candidate
from cracktrader_fuzz.coverage.packing import pack, unpack
from cracktrader_fuzz.target.fields import step_fields
from cracktrader_strategies.grammar import GRAMMAR

SIZE_MAX = 1 << 17
STEPS_MAX = 20


def silent(_: Case, __: int) -> list[Candidate]:
    """Code that compares nothing."""
    return []


def chain(seed: int) -> list[bytes]:
    """A hundred changes, one after the other."""
    mutator, data, found = Mutator("cracktrader", GRAMMAR, silent, STEPS_MAX), pack(CASE), []
    for place in range(100):
        data = mutator.mutate(data, SIZE_MAX, seed + place)
        data = mutator.cross(data, pack(CASE), SIZE_MAX, seed + place) if place % 5 == 0 else data
        found.append(data)
    return found


def test_inputs_stay_cases() -> None:
    """Whatever is changed or crossed is a case with steps, no longer than it may be, and mostly another one."""
    found = [unpack(data, "cracktrader") for seed in range(5) for data in chain(1_000 * seed)]
    assert all(case is not None and 0 < len(case.steps) <= STEPS_MAX for case in found)
    assert len({pack(case) for case in found if case}) > 400


def test_same_seeds_same_cases() -> None:
    """What is made depends on the seeds and what came before, and on nothing else."""
    assert chain(7) == chain(7)
    assert chain(7) != chain(8)


def test_size_is_kept() -> None:
    """A case that would be too large is not handed out, nor are bytes that are no case changed."""
    mutator, data = Mutator("cracktrader", GRAMMAR, silent, STEPS_MAX), pack(CASE)
    assert all(len(mutator.mutate(data, len(data), seed)) <= len(data) for seed in range(50))
    assert mutator.mutate(b"\n", SIZE_MAX, 1) == b"\n"
    assert mutator.cross(b"\n", data, SIZE_MAX, 1) == b"\n"


def test_answers_are_put_into_the_case() -> None:
    """What the code compared with a step's value stands there in one of the next cases."""

    def comparing(case: Case, index: int) -> list[Candidate]:
        return [(place, "4.25") for place in step_fields(case.steps, index, GRAMMAR) if place.key == "last_quantity"]

    mutator, data = Mutator("cracktrader", GRAMMAR, comparing, STEPS_MAX), pack(CASE)
    mutator.note_new_step(CASE, 5)
    made = [unpack(mutator.mutate(data, SIZE_MAX, seed), "cracktrader") for seed in range(20)]
    wanted = [*CASE.steps[:5], {**CASE.steps[5], "payload": {**CASE.steps[5]["payload"], "last_quantity": "4.25"}}]
    assert wanted in [case.steps for case in made if case]
