"""Shrinking: neighbours and rewrites offer smaller cases only, the shrinker ends at the smallest, certificates tell."""

from __future__ import annotations

from itertools import repeat

import pytest
from tally import FORGOTTEN, GRAMMAR, case, lockstep, step

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.lockstep.signature import Signature
from cracktrader_fuzz.shrink.certificate import Certificate, verify
from cracktrader_fuzz.shrink.neighbours import deletions, is_smaller, neighbours, size, swaps
from cracktrader_fuzz.shrink.rewrites import merges, rename, replace_all
from cracktrader_fuzz.shrink.shrinker import Shrinker
from cracktrader_fuzz.target.fields import leaves, renumber, replace_at

SMALLEST = case(("add", "n1", "1"), ("add", "n1", "7"))


def test_leaves_go_by_the_nearest_key() -> None:
    """Every value is listed with its path, and values in lists go by the key of the list."""
    found = list(leaves({"a": {"b": [1, {"c": 2}]}, "d": []}))
    assert found == [(("a", "b", 0), "b", 1), (("a", "b", 1, "c"), "c", 2)]


def test_replaced_leaves_the_original_alone() -> None:
    """Only the copy changes, and only at the path."""
    original = {"a": [1, {"b": 2}], "c": {}}
    copy = replace_at(original, ("a", 1, "b"), 3)
    assert copy == {"a": [1, {"b": 3}], "c": {}}
    assert original == {"a": [1, {"b": 2}], "c": {}}


def test_every_neighbour_is_smaller() -> None:
    """A deletion, a simplification and a swap each give a case that comes before, so shrinking ends."""
    whole = case(*FORGOTTEN)
    found = list(neighbours(whole, GRAMMAR))
    assert len(found) > len(whole.steps)
    assert all(is_smaller(each, whole, GRAMMAR) for each in found)


def test_deletions_take_one_step_each() -> None:
    """There is one deletion for each step, from the end on."""
    whole = case(*FORGOTTEN)
    assert [len(each.steps) for each in deletions(whole)] == [6] * 7
    assert next(iter(deletions(whole))).steps == whole.steps[:-1]


def test_swap_keeps_places() -> None:
    """Swapped steps change everything but their number, and only where that is smaller."""
    (swapped,) = swaps(case(("take", "n2", "1"), ("add", "n1", "1")), GRAMMAR)
    assert swapped.steps == [step("add", "n1", "1", 1), step("take", "n2", "1", 2)]
    assert list(swaps(swapped, GRAMMAR)) == []


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (case(("take", "n9", "9.99")), case(("add", "n1", "1"), ("add", "n1", "1"))),
        (case(("add", "n1", "1")), case(("take", "n1", "1"))),
        (case(("add", "n1", "2")), case(("add", "n1", "3"))),
        (case(("add", "n1", "3.5")), case(("add", "n1", "3.55"))),
    ],
    ids=["steps", "choice", "plain number", "digits"],
)
def test_size_puts_fewer_steps_first_then_plainer_values(less: Case, more: Case) -> None:
    """The order of cases: steps, then values."""
    assert size(less, GRAMMAR) < size(more, GRAMMAR)
    assert is_smaller(less, more, GRAMMAR)
    assert not is_smaller(more, less, GRAMMAR)


def test_rewrites_change_every_place_at_once() -> None:
    """Names are numbered by first use and merged in pairs, places renumbered, equal values changed together."""
    odd = Case("tally", {}, [step("add", "zed", "33", 7), step("add", "bob", "33", 9), step("take", "zed", "33", 11)])
    assert [each["name"] for each in rename(odd, GRAMMAR).steps] == ["n1", "n2", "n1"]
    assert [each["place"] for each in renumber(odd, GRAMMAR).steps] == [1, 2, 3]
    (merged,) = merges(odd, GRAMMAR)
    assert [each["name"] for each in merged.steps] == ["zed", "zed", "zed"]
    assert ["1", "1", "1"] in [[each["amount"] for each in changed.steps] for changed in replace_all(odd, GRAMMAR)]


@pytest.mark.parametrize("padding", [0, 3, 40, 700])
def test_shrinker_ends_at_the_smallest_case(padding: int) -> None:
    """However much stands around the bug, two steps are left, plain and numbered by first use."""
    noise = tuple(repeat(("add", "n3", "4"), padding))
    shrunk = Shrinker(lockstep("forgetful")).shrink(case(*noise, *FORGOTTEN, *noise))
    assert shrunk.case == SMALLEST
    assert shrunk.divergence.index == 1
    assert verify(lockstep("forgetful"), shrunk.case, shrunk.certificate or pytest.fail("no certificate")) == []


def test_shrinking_again_changes_nothing() -> None:
    """The smallest case is its own result, with the same certificate."""
    once = Shrinker(lockstep("forgetful")).shrink(case(*FORGOTTEN))
    twice = Shrinker(lockstep("forgetful")).shrink(once.case)
    assert twice.case == once.case
    assert twice.certificate == once.certificate


def test_agreeing_case_cannot_be_shrunk() -> None:
    """Without a divergence there is nothing to keep."""
    with pytest.raises(ValueError, match="agree on all 1 steps"):
        Shrinker(lockstep("forgetful")).shrink(case(("add", "n1", "1")))


def test_shrinker_does_not_slip_into_an_excused_signature() -> None:
    """A candidate that shows only an excused signature is not taken, even if it is of the same family."""

    def on_known_name(signature: Signature) -> bool:
        return signature.context == "known"

    whole = case(("add", "n5", "2"), ("add", "n5", "7"))
    shrunk = Shrinker(lockstep("forgetful"), excused=on_known_name).shrink(whole)
    assert shrunk.case == whole


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (case(("add", "n1", "1")), "the case shows no divergence"),
        (case(("add", "n1", "2"), ("add", "n1", "7")), "neighbours exist, the certificate counts"),
        (case(("add", "n1", "1"), ("add", "n1", "7"), ("add", "n1", "1")), "neighbours exist"),
    ],
    ids=["agrees", "not plain", "too long"],
)
def test_certificate_of_another_case_is_refused(changed: Case, fault: str) -> None:
    """A certificate holds for its own case and for no other."""
    certificate = Shrinker(lockstep("forgetful")).shrink(SMALLEST).certificate
    assert certificate is not None
    (problem,) = verify(lockstep("forgetful"), changed, certificate)
    assert fault in problem


def test_certificate_that_lies_is_refused() -> None:
    """A case with a smaller neighbour is caught even when the numbers of neighbours are right."""
    large = case(("add", "n1", "2"), ("add", "n1", "7"))
    divergence = lockstep("forgetful").run_case(large, exact=True).divergence
    assert divergence is not None
    lie = Certificate.of(large, divergence.signature, GRAMMAR)
    assert "a smaller case shows" in verify(lockstep("forgetful"), large, lie)[0]
    other = Certificate("tally/x", lie.deletions, lie.simplifications, lie.swaps)
    assert ", not tally/x" in verify(lockstep("forgetful"), large, other)[0]
