"""What surrounds the cores, twice each: sequencer, invariant checker and event normaliser, in Python and in Rust.

Cases are short and many, of a fixed seed: what these components decide, they decide within a few calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from cracktrader_fuzz.campaign.canary import catch
from cracktrader_fuzz.lockstep.run import Cells, Exploration, Lockstep
from cracktrader_fuzz.search.soak import draw_stream
from cracktrader_fuzz.seating import load_target, seat_subjects
from cracktrader_fuzz.settings import read_settings
from cracktrader_fuzz.target.target import Target
from cracktrader_fuzz.testing.divergence import raise_divergence
from cracktrader_strategies.invariants_target import INVARIANTS
from cracktrader_strategies.normalizer_target import NORMALIZER
from cracktrader_strategies.sequencer_target import SEQUENCER

SEED = 30_000
SHARDS = 4
CASES_A_SHARD = 600
STEPS = 60
TARGETS = (SEQUENCER, INVARIANTS, NORMALIZER)

# What each target must have been answered in every shard: the codes of docs/runtime.md, sections 2 to 4.
MALFORMED = {"malformed_type", "malformed_field", "malformed_number", "malformed_identifier"}
CODES = {
    "sequencer": {"ok", "late_event", "sequence_exhausted", *MALFORMED},
    "normalizer": {"ok", "missing_timestamp", "missing_id", "unknown_status", *MALFORMED},
    "invariants": {"ok", *MALFORMED},
}
VIOLATIONS_TEXT = """
    seq_id_mismatch seq_id_not_rising last_seq_id_mismatch code_mismatch order_id_mismatch transition_count
    transition_order unknown_order status_mismatch illegal_transition order_missing order_status_mismatch
    cumulative_falls cumulative_mismatch leaves_mismatch order_quantity_mismatch order_cumulative_mismatch
    cash_delta_mismatch position_delta_mismatch cash_mismatch position_mismatch realised_delta_mismatch
    realised_mismatch value_not_conserved refusal_with_effect digest_changed terminal_left
"""
VIOLATIONS = set(VIOLATIONS_TEXT.split())


def explored(lockstep: Lockstep, first: int, count: int) -> Iterator[Exploration]:
    """So many cases from index `first` on. Raises the first divergence."""
    for index in range(first, first + count):
        case = lockstep.explore(lockstep.target.decoder(), draw_stream(SEED, index), STEPS)
        if case.verdict.divergence is not None:
            raise_divergence(lockstep, case.case, case.verdict.divergence)
        yield case


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_twins_agree(target: Target, shard: int) -> None:
    """No case diverges, each applies something, labels are those of a replay, and together they meet every code."""
    lockstep = Lockstep(target, seat_subjects(target, target.seats))
    cells: Cells = Counter()
    for place, case in enumerate(explored(lockstep, shard * CASES_A_SHARD, CASES_A_SHARD)):
        assert case.verdict.applied > 0, f"case {SEED}/{place} applied nothing"
        cells.update(case.cells)
        if place < 20:
            replayed: Cells = Counter()
            assert lockstep.run_case(case.case, cells=replayed).agrees
            assert replayed == case.cells
    codes = {code for _, code in cells}
    assert codes - VIOLATIONS == CODES[target.name]
    assert {label for label, _ in {cell[0] for cell in cells}} == set(target.generation.kinds)


def test_every_violation_is_found() -> None:
    """Each of the rows of docs/runtime.md, section 4, is broken by some case, and no violation has another code."""
    lockstep = Lockstep(INVARIANTS, seat_subjects(INVARIANTS, INVARIANTS.seats))
    found: set[str] = set()
    for case in explored(lockstep, 0, SHARDS * CASES_A_SHARD):
        for step, outcome, _ in lockstep.outcomes(case.case, 0):
            if step["call"] in ("observe", "verify"):
                found.update(violation["code"] for violation in outcome["answer"] or ())
        if found >= VIOLATIONS:
            break
    assert sorted(found) == sorted(VIOLATIONS)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_canary_is_found_and_shrunk_to_its_size(target: Target) -> None:
    """The search finds what is wrong on purpose, and the shrinker brings it down to its known size."""
    (canary,) = target.canaries
    assert catch(target, canary, SEED).problem == ""


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_targets_are_registered(target: Target) -> None:
    """The command line knows each target by its name."""
    assert load_target(read_settings(), target.name) is target
