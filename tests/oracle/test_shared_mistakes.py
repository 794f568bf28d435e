"""A mistake that both cores share: they agree with each other, and the oracle does not agree with them."""

from __future__ import annotations

import pytest
from mistaken_cores import (
    SEATS,
    Change,
    expires_when_cancelled,
    fills_again,
    lockstep,
    mistaken,
    rebate_is_a_fee,
    restates_one_more,
)

from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.shrink.certificate import verify
from cracktrader_fuzz.shrink.shrinker import Shrinker

CASES = 20
PAIR = "python~nautilus-on-python"

# The mistake; steps of the shortest case, worked out by hand; the signature.
MISTAKES = (
    (fills_again, 5, "order_fill/PARTIALLY_FILLED/outcome.code/ok~KeyError"),
    (rebate_is_a_fee, 4, "order_fill/ACCEPTED/outcome.cash_delta/value:amount"),
    (expires_when_cancelled, 4, "order_cancelled/ACCEPTED/outcome.transitions[].to/value"),
    (restates_one_more, 4, "order_restated/ACCEPTED/outcome.transitions[].leaves/value:amount"),
)


@pytest.mark.parametrize(("change", "steps", "signature"), MISTAKES, ids=[each[0].__name__ for each in MISTAKES])
def test_oracle_sees_it(change: Change, steps: int, signature: str) -> None:
    """It is found, shrunk to its known size and certified like any other difference, and the cores agree on it."""
    target = mistaken(change)
    seated = lockstep(target, *SEATS)
    found = next(case for index in range(CASES) if (case := explore(seated, 0, index)).verdict.divergence)
    shrunk = Shrinker(seated).shrink(found.case)
    assert str(shrunk.divergence.signature) == f"cracktrader/{signature}/{PAIR}"
    assert len(shrunk.case.steps) == steps
    assert shrunk.certificate is not None
    assert verify(seated, shrunk.case, shrunk.certificate) == []
    assert lockstep(target, "python", "rust").run_case(shrunk.case, exact=True).agrees


@pytest.mark.parametrize("change", [each[0] for each in MISTAKES], ids=[each[0].__name__ for each in MISTAKES])
def test_cores_do_not_see_it(change: Change) -> None:
    """Without the oracle nothing shows: the two are wrong alike."""
    seated = lockstep(mistaken(change), "python", "rust")
    assert all(explore(seated, 0, index).verdict.agrees for index in range(CASES))
