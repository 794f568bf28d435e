"""Subjects that are wrong on purpose: each is found within a bounded number of cases and shrunk to its known size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import settings

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.shrink.certificate import verify
from cracktrader_fuzz.shrink.shrinker import Shrinker
from cracktrader_fuzz.target.target import Canary
from cracktrader_fuzz.testing.divergence import DivergenceError, carried
from cracktrader_fuzz.testing.gate import run_gate
from cracktrader_strategies.machine import run_machine
from cracktrader_strategies.machine_orders import OrderLifecycle
from cracktrader_strategies.target import CRACKTRADER

SEED = 1
CASES_MAX = 400
SHRUNK_MAX = 3
SMALL = settings(settings.get_profile("pr"), max_examples=50)


def against(name: str) -> Lockstep:
    """The reference and a canary."""
    return Lockstep(CRACKTRADER, seat_subjects(CRACKTRADER, (CRACKTRADER.seats[0], name)))


def found(lockstep: Lockstep) -> Iterator[Case]:
    """The cases of the seed that diverge; a failure when there are none."""
    nothing = True
    for index in range(CASES_MAX):
        explored = explore(lockstep, SEED, index)
        if not explored.verdict.agrees:
            nothing = False
            yield explored.case
    if nothing:
        pytest.fail(f"{lockstep.names[1]} was not found in {CASES_MAX} cases of seed {SEED}")


@pytest.mark.parametrize("canary", CRACKTRADER.canaries, ids=lambda canary: canary.name)
def test_canary_is_found_and_shrunk_to_its_size(canary: Canary) -> None:
    """One of the first cases that the soak finds shrinks to the shortest there is, none below, with a certificate.

    One, not each: a case may shrink into a corner that no single step leads out of; the store keeps the smallest.
    """
    lockstep = against(canary.name)
    shrunk = [Shrinker(lockstep).shrink(case) for case in islice(found(lockstep), SHRUNK_MAX)]
    smallest = min(shrunk, key=lambda each: len(each.case.steps))
    assert len(smallest.case.steps) == canary.steps_min
    assert smallest.certificate is not None
    assert verify(lockstep, smallest.case, smallest.certificate) == []


def shrunk_size(error: pytest.ExceptionInfo[BaseException]) -> int:
    """The steps that are left of the first divergence in an exception."""
    divergence = carried(error.value)[0]
    return len(Shrinker(divergence.lockstep).shrink(divergence.case).case.steps)


@pytest.mark.parametrize("name", ["canary-late-fill-not-counted", "canary-from-status-of-fill"])
def test_gate_finds_canary(name: str) -> None:
    """Hypothesis meets the canary within fifty blocks and raises what carries the case."""
    with pytest.raises(DivergenceError) as error:
        run_gate(against(name), 150, SMALL, shard=0)
    assert shrunk_size(error) == size_of(name)


@pytest.mark.parametrize("name", ["canary-fill-clears-pending-cancel", "canary-leaves-before-replace"])
def test_machine_finds_canary(name: str) -> None:
    """The order machine meets the canary within fifty examples and raises what carries the case."""
    with pytest.raises(DivergenceError) as error:
        run_machine(OrderLifecycle, against(name), SMALL, shard=0)
    assert shrunk_size(error) == size_of(name)


def size_of(name: str) -> int:
    """The canary's known size."""
    return next(canary.steps_min for canary in CRACKTRADER.canaries if canary.name == name)
