"""Mutation: changed cases are well-shaped, repeatable, within bounds, and leave their parents alone."""

from __future__ import annotations

import random
from collections import Counter
from copy import deepcopy
from decimal import Decimal

import pytest
from tally import GRAMMAR, case, lockstep

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Case, Step
from cracktrader_fuzz.search.mutation.front_end import MutationFrontEnd, Parents
from cracktrader_fuzz.search.mutation.mutate import cross, mutate
from cracktrader_fuzz.search.mutation.reorder import dropped, duplicated, interleaved, moved, repeated, spliced, swapped
from cracktrader_fuzz.search.mutation.values import ILL_FORMED, Perturbation, boundaries, parsed, written
from cracktrader_fuzz.target.fields import Field, case_fields, identical, put_value, step_fields

TRIES = 300
ONE = case(*(("add", f"n{number}", str(number)) for number in range(1, 9)))
OTHER = case(*(("take", f"n{number}", f"0.{number}") for number in range(1, 6)))


def names(steps: list[Step]) -> list[str]:
    """What the steps are about, in order."""
    return [each["name"] for each in steps]


def drawn(bits: int) -> random.Random:
    """A generator."""
    return random.Random(bits)


def is_subsequence(part: list[Step], whole: list[Step]) -> bool:
    """Whether the steps stand in the whole, in their order."""
    rest = iter(whole)
    return all(any(each is other for other in rest) for each in part)


def test_same_bits_give_the_same_case() -> None:
    """A mutation and a cross are functions of the parents and the bits, and other bits give other cases."""
    made = [canonical_json(mutate(ONE, GRAMMAR, bits, OTHER.steps).steps) for bits in range(TRIES)]
    assert made == [canonical_json(mutate(ONE, GRAMMAR, bits, OTHER.steps).steps) for bits in range(TRIES)]
    assert len(set(made)) > TRIES * 0.9
    mixed = [canonical_json(cross(ONE, OTHER, GRAMMAR, bits).steps) for bits in range(TRIES)]
    assert mixed == [canonical_json(cross(ONE, OTHER, GRAMMAR, bits).steps) for bits in range(TRIES)]


def test_parents_stay_as_they_are() -> None:
    """No parent is changed by what is made of it."""
    before = deepcopy((ONE, OTHER))
    for bits in range(TRIES):
        mutate(cross(ONE, OTHER, GRAMMAR, bits), GRAMMAR, bits, OTHER.steps)
    assert before == (ONE, OTHER)


def test_shape_stays() -> None:
    """Steps keep their keys, cases stay below the longest that was asked for, and not all that comes out is empty."""
    sizes: Counter[int] = Counter()
    for bits in range(TRIES):
        made = mutate(cross(ONE, OTHER, GRAMMAR, bits, 20), GRAMMAR, bits, OTHER.steps, 20)
        assert len(made.steps) <= 20
        assert all(each.keys() == ONE.steps[0].keys() for each in made.steps)
        sizes[len(made.steps)] += 1
    assert len(sizes) > 10


def test_places_are_numbered_anew_mostly() -> None:
    """After a change of structure most cases are numbered from 1 without gaps, some are not, on purpose."""
    made = [cross(ONE, OTHER, GRAMMAR, bits) for bits in range(TRIES)]
    tidy = [
        [each["place"] for each in each_case.steps] == list(range(1, 1 + len(each_case.steps))) for each_case in made
    ]
    assert 0.8 < sum(tidy) / TRIES < 1


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        (dropped, lambda old, new: len(new) < len(old) and is_subsequence(new, old)),
        (duplicated, lambda old, new: len(new) > len(old) and set(names(new)) == set(names(old))),
        (repeated, lambda old, new: len(new) > len(old) and is_subsequence(old, new)),
        (moved, lambda old, new: sorted(names(new)) == sorted(names(old))),
        (swapped, lambda old, new: sum(one is not other for one, other in zip(old, new, strict=True)) == 2),
    ],
)
def test_rearrangements(change, holds) -> None:  # type: ignore[no-untyped-def]
    """Each change of structure does what its name says, and only that."""
    for bits in range(TRIES):
        assert holds(ONE.steps, change(drawn(bits), ONE.steps)), bits


def test_mixtures() -> None:
    """A splice is a head and a tail; an interleaving is both, each in its order."""
    for bits in range(TRIES):
        mixed = spliced(drawn(bits), ONE.steps, OTHER.steps)
        cut = sum(any(each is one for one in ONE.steps) for each in mixed)
        assert mixed == ONE.steps[:cut] + OTHER.steps[len(OTHER.steps) - (len(mixed) - cut) :]
        both = interleaved(drawn(bits), ONE.steps, OTHER.steps)
        assert len(both) == len(ONE.steps) + len(OTHER.steps)
        assert is_subsequence(ONE.steps, both)
        assert is_subsequence(OTHER.steps, both)


def test_names_are_shared_or_kept_apart() -> None:
    """Of two cases that are crossed the names meet as they are, or those of the second become new ones, all alike."""
    seen: Counter[str] = Counter()
    for bits in range(TRIES):
        mixed = names(cross(ONE, ONE, GRAMMAR, bits).steps)
        seen["apart" if any(int(name[1:]) > 8 for name in mixed) else "shared"] += 1
    assert min(seen["apart"], seen["shared"]) > TRIES / 10


def perturbed(key: str) -> set[str]:
    """What comes into one place of the second step, by many draws."""
    place = next(each for each in step_fields(ONE.steps, 1, GRAMMAR) if each.key == key)
    values = (Perturbation(drawn(bits), GRAMMAR, ONE.steps).value(place) for bits in range(20 * TRIES))
    return {canonical_json(value) for value in values}


def test_numbers_move_towards_boundaries() -> None:
    """A 2 becomes one unit more and less, its double, half and negative, another one, its sum, and zero."""
    assert {'"1"', '"3"', '"4"', '"-2"', '"0"', '"8"', '"10"'} <= perturbed("amount")
    assert boundaries(Decimal("0.20"), Decimal(7), Decimal("0.01"))[:2] == (Decimal("0.21"), Decimal("0.19"))


def test_names_and_choices_become_others_of_their_kind() -> None:
    """A name becomes one that is in use, a choice another choice; a few values are ill-formed on purpose."""
    assert {'"n1"', '"n8"'} <= perturbed("name")
    assert {'"add"', '"take"'} <= perturbed("kind")
    ill_formed = {canonical_json(value) for value in ILL_FORMED}
    assert perturbed("name") & ill_formed


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1.50", "1.50"),
        (3, "3"),
        (0.25, "0.25"),
        ("x", None),
        (True, None),
        (None, None),
        ("9" * 65, None),
        ("NaN", None),
    ],
)
def test_numbers_are_read_where_there_are_any(value: object, number: str | None) -> None:
    """Text, integers and floats that are numbers of bearable length, and nothing else."""
    assert parsed(value) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("number", "like", "value"),
    [("3", 1, 3), ("3.5", 1, "3.5"), ("0.5", 1.5, 0.5), ("1E+2", "x", "100"), ("0.00000001", 0.5, 1e-8)],
)
def test_numbers_keep_their_form(number: str, like: object, value: object) -> None:
    """An integer stays one where it can, a float too, and text is never in exponents."""
    assert identical(written(Decimal(number), like), value)


def test_places_are_the_seam_for_other_drivers() -> None:
    """Every value with a rule is listed with its place, and setting one changes a copy in that place only."""
    found = case_fields(ONE.steps, GRAMMAR)
    assert [each.value for each in found if each.key == "amount"] == [str(number) for number in range(1, 9)]
    place = next(each for each in found if each.key == "amount")
    assert put_value(ONE.steps, place, "5") == [{**ONE.steps[0], "amount": "5"}, *ONE.steps[1:]]
    assert isinstance(place, Field)


def test_a_case_of_nothing_stays_one() -> None:
    """Nothing can be made of no steps, and that is no error."""
    empty = Case("tally", {}, [])
    for bits in range(TRIES):
        assert mutate(cross(empty, empty, GRAMMAR, bits), GRAMMAR, bits).steps == []


def test_a_front_end_finds_by_mutation_what_its_parents_nearly_show() -> None:
    """Made from a case that is one number away from the bug, and from nothing else, some case shows it."""
    near = Parents((case(("add", "n1", "1"), ("add", "n1", "6")),))
    front_end = MutationFrontEnd(lockstep("forgetful"), near)
    explored = [front_end.explore(3, index) for index in range(TRIES)]
    shown = [each for each in explored if not each.verdict.agrees]
    assert shown
    assert all(each.verdict.divergence.index == len(each.case.steps) - 1 for each in shown if each.verdict.divergence)
    assert all(sum(each.cells.values()) == each.verdict.steps for each in explored)


def test_case_of_an_index_depends_on_seed_and_parents_alone() -> None:
    """The same in any order and beside any second subject; other parents have another name and other cases."""
    parents, fewer = Parents((ONE, OTHER)), Parents((ONE,))
    one, other = MutationFrontEnd(lockstep("forgetful"), parents), MutationFrontEnd(lockstep("wrong-digest"), parents)
    cases = {index: one.case(5, index) for index in range(40)}
    assert {index: other.case(5, index) for index in reversed(range(40))} == cases
    assert parents.name == Parents((ONE, OTHER)).name != fewer.name
    others = MutationFrontEnd(lockstep("forgetful"), fewer)
    assert {index: others.case(5, index) for index in range(40)} != cases


def test_without_stored_parents_they_are_generated() -> None:
    """A target that has no fixtures is mutated too."""
    front_end = MutationFrontEnd(lockstep("forgetful"), Parents())
    assert max(len(front_end.case(1, index).steps) for index in range(20)) > 10
