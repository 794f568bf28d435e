"""The fast Hypothesis front end: one fixed block of bytes is one case, through the same decoder as the soak.

One draw an example is what makes it fast: about 0.6 of the soak's speed, where a state machine has 0.03. Hypothesis
keeps blocks and replays them but cannot shrink them well: leave `Phase.shrink` out of the settings and let
`cracktrader_fuzz.shrink` do it, on the case that the exception carries.
"""

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.gate import block_bytes, check_block


def blocks(steps: int) -> st.SearchStrategy[bytes]:
    """Blocks that stand for cases of so many steps; for `check_block`."""
    length = block_bytes(steps)
    return st.binary(min_size=length, max_size=length)


def run_gate(lockstep: Lockstep, steps: int, profile: settings, shard: int | None = None) -> int:
    """Compare on as many cases as the settings say: how many steps were applied. Raises DivergenceError.

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
