"""The gate: generated order flow, many short cases, through Hypothesis.

xdist does not split one test, so the examples are split into shards, each with examples of its own. More of them:
`pytest -n auto tests/differential --hypothesis-profile nightly`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings

from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.testing.gate import run_gate

SHARDS = 4
STEPS = 150


@pytest.mark.parametrize("shard", range(SHARDS))
def test_subjects_agree(seated: Callable[[], Lockstep], profile: settings, shard: int) -> None:
    """On every case of the shard all subjects answer and keep the same, and the cases apply steps."""
    applied = run_gate(seated(), STEPS, profile, shard if profile.derandomize else None)
    assert applied > profile.max_examples
