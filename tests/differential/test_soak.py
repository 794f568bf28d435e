"""The soak in small: 1,600 cases of a fixed seed, what they must have reached, and that they never change.

The table is derived by hand from docs/engine.md, sections 3 and 5: which step kinds can be applied to an order of
which status. It is exact both ways: every marked cell is reached, and nothing is applied outside of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cracktrader_fuzz.lockstep.run import Cells, Lockstep
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.testing.divergence import raise_divergence

SEED = 20_000
SHARDS = 8
CASES_A_SHARD = 200
ROOT = Path(__file__).resolve().parents[2]

CODES = """
    ok duplicate_event idempotency_conflict sequence_regression time_regression unknown_order instrument_mismatch
    duplicate_order_id price_mismatch trading_halted reduce_only_violation order_closed cancel_already_pending
    replace_already_pending nothing_to_change nothing_pending illegal_transition fill_before_acceptance
    fill_on_rejected overfill out_of_range malformed_type malformed_field malformed_number malformed_identifier
"""

STATUSES = (
    *("CREATED", "SUBMITTED", "ACCEPTED", "PARTIALLY_FILLED"),
    *("FILLED", "CANCEL_PENDING", "REPLACE_PENDING"),
    *("CANCELLED", "REJECTED", "EXPIRED"),
)
LEGAL = """
order_submitted           x . . .   . x x   . . .
order_accepted            . x . .   . x x   . . .
order_rejected            x x x .   . x x   . . .
order_triggered           . . x x   . x x   . . .
order_fill                . . x x   . x x   x . x
order_cancel_pending      x x x x   . x x   . . .
order_cancelled           . x x x   . x x   . . .
order_cancel_rejected     . . . .   . x .   . . .
order_replace_pending     . . . .   . x x   . . .
order_replaced            . . . .   . x x   . . .
order_replace_rejected    . . . .   . x x   . . .
order_restated            . . x x   . x x   . . .
order_expired             . . x x   . x x   . . .
cancel_order              x x x x   . . x   . . .
replace_order             x x x x   . . .   . . .
"""
WITHOUT_ORDER = ("trade", "bar", "quote", "timer", "cash_adjustment", "risk_flag", "set_risk_flag", "no_op")


def legal_cells() -> set[tuple[str, str]]:
    """(step kind, status before) of every step that the page lets through."""
    cells = {("place_order", "UNKNOWN"), *((kind, "-") for kind in WITHOUT_ORDER)}
    for row in LEGAL.strip().splitlines():
        kind, *marks = row.split()
        cells |= {(kind, status) for status, mark in zip(STATUSES, marks, strict=True) if mark == "x"}
    return cells


@pytest.mark.parametrize("shard", range(SHARDS))
def test_subjects_agree_everywhere(seated: Callable[[], Lockstep], shard: int) -> None:
    """No case diverges, each applies something, and together they reach every legal cell, no other, and every code."""
    lockstep = seated()
    cells: Cells = Counter()
    for index in range(shard * CASES_A_SHARD, (shard + 1) * CASES_A_SHARD):
        explored = explore(lockstep, SEED, index)
        if explored.verdict.divergence is not None:
            raise_divergence(lockstep, explored.case, explored.verdict.divergence)
        assert explored.verdict.applied > 0, f"case {SEED}/{index} applied nothing"
        cells.update(explored.cells)
    applied = {label for label, code in cells if code == "ok"}
    assert sorted(legal_cells() - applied) == [], "legal, and never reached"
    assert sorted(applied - legal_cells()) == [], "applied, and not legal"
    assert sorted({code for _, code in cells}) == sorted(CODES.split())


def test_cases_do_not_depend_on_the_hash_seed() -> None:
    """The same seed gives the same cases in processes that hash text differently."""
    program = (
        "from cracktrader_fuzz.case.codec import content_hash\n"
        "from cracktrader_fuzz.lockstep.run import Lockstep\n"
        "from cracktrader_fuzz.search.soak import explore\n"
        "from cracktrader_strategies.target import CRACKTRADER as target\n"
        "lockstep = Lockstep(target, [(name, target.subjects['python']()) for name in ('one', 'other')])\n"
        f"print(*(content_hash(explore(lockstep, {SEED}, index).case) for index in range(7)))"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(map(str, sys.path))},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for hash_seed in ("0", "1", "4711")
    ]
    assert printed[0] == printed[1] == printed[2]
    assert len(set(printed[0])) == 7
