"""Answers that are none, in the process of the harness: each is a crash with a code, whoever gives it, at any speed."""

from __future__ import annotations

import pytest
from misfits import ANSWERS, MISFITS, STATES

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.soak import explore

CASE = Case("misfits", {}, [{"place": place, "kind": "add", "amount": "1"} for place in range(1, 4)])
CODES = {
    **{name: code for name, (_, code) in (ANSWERS | STATES).items()},
    "blind": "crashed:LookupError",
    "undigested": "crashed:LookupError",
}


def lockstep(*names: str) -> Lockstep:
    """Subjects in this process."""
    return Lockstep(MISFITS, [(name, MISFITS.subjects[name]()) for name in names])


@pytest.mark.parametrize("exact", [False, True], ids=["blocks", "exact"])
@pytest.mark.parametrize("name", CODES)
def test_second_subject_is_charged(name: str, exact: bool) -> None:
    """What the second subject answers is named as its code at the first step, in a replay."""
    divergence = lockstep("plain", name).run_case(CASE, exact=exact).divergence
    assert divergence is not None
    assert (divergence.index, divergence.signature.path) == (0, "outcome.code")
    assert divergence.signature.difference == f"ok~{CODES[name]}"


@pytest.mark.parametrize("name", CODES)
def test_generated_case_is_charged(name: str) -> None:
    """A generated case is charged too, at its first step, with the bad subject in the second seat."""
    divergence = explore(lockstep("plain", name), 1, 0).verdict.divergence
    assert divergence is not None
    assert divergence.signature.difference.rpartition("~")[2] == CODES[name]


@pytest.mark.parametrize("name", CODES)
def test_bad_reference_is_charged(name: str) -> None:
    """The reference is no better: its garbage is a divergence from a good subject, and from one that is as bad."""
    for other in ("plain", name):
        seats = [("one", MISFITS.subjects[name]()), ("other", MISFITS.subjects[other]())]
        for found in (explore(Lockstep(MISFITS, seats), 1, 0).verdict, Lockstep(MISFITS, seats).run_case(CASE)):
            assert found.divergence is not None, other
            assert found.divergence.signature.difference.partition("~")[0] == CODES[name]


def test_endless_states_are_charged() -> None:
    """Two states that hold themselves cannot be compared; that is a crash, not an error of the harness."""
    seats = [(name, MISFITS.subjects["endless"]()) for name in ("one", "other")]
    for found in (explore(Lockstep(MISFITS, seats), 1, 0).verdict, Lockstep(MISFITS, seats).run_case(CASE)):
        assert found.divergence is not None
        assert found.divergence.signature.difference.endswith("~garbage:endless")
