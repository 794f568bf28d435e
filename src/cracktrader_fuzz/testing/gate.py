"""A differential test in one line of a user's test file, for the target of the settings.

    test_subjects_agree = gate_test()

Generated cases through the target's own decoder, the same ones on every run of the same tests, in shards that
`pytest -n auto` spreads over the cores. `--subjects A,B` puts others into the seats. A failure is shrunk, kept as a
finding and reported by the plugin (`testing.report`).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.testing.divergence import block_bytes, check_block
from cracktrader_fuzz.testing.plugin import corpus_run

PROFILE = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow],  # it looks at the clock, and a busy machine must not fail a test
    verbosity=Verbosity.quiet,  # the plugin's report of a divergence is easier to read than a block of bytes
)


# 20,000 steps in all: half a second for cores as fast as Cracktrader's (`docs/performance.md`), so that the gate can
# stand in every test run. Four shards, as the usual build server has two to four cores. Cases of 100 steps, as long as
# the soak's middle ones: long enough for an order to be placed, replaced, filled and closed.
def gate_test(*, shards: int = 4, cases: int = 50, steps: int = 100) -> Callable[[pytest.Config, int], None]:
    """A test that compares the subjects on `shards` times `cases` cases of so many steps each.

    It fails on a difference, and also when not one step was applied, since then nothing was compared.
    """

    @pytest.mark.parametrize("shard", range(shards))
    def test_subjects_agree(pytestconfig: pytest.Config, shard: int) -> None:
        """On every case of the shard all subjects answer and keep the same."""
        applied = run_gate(corpus_run(pytestconfig).lockstep, steps, settings(PROFILE, max_examples=cases), shard)
        assert applied, "not one step was applied: what does the decoder make?"

    return test_subjects_agree


def blocks(steps: int) -> st.SearchStrategy[bytes]:
    """Blocks that stand for cases of so many steps; for `check_block`."""
    length = block_bytes(steps)
    return st.binary(min_size=length, max_size=length)


def run_gate(lockstep: Lockstep, steps: int, profile: settings, shard: int | None = None) -> int:
    """Compare on as many cases as the settings name. Returns how many steps were applied. Raises DivergenceError.

    A shard has cases of its own, the same each time; None leaves it to the settings.
    """
    __tracebackhide__ = True
    applied = 0

    @profile
    @given(block=blocks(steps))
    def gate(block: bytes) -> None:
        nonlocal applied
        __tracebackhide__ = True
        applied += check_block(lockstep, block).verdict.applied

    run = gate if shard is None else seed(shard)(gate)
    run()
    return applied
