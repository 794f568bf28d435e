"""The order lifecycle as a Hypothesis state machine: slow, readable, and independent of the decoder."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings

from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_strategies.machine import run_machine
from cracktrader_strategies.machine_orders import OrderLifecycle

SHARDS = 4


@pytest.mark.parametrize("shard", range(SHARDS))
def test_order_lifecycle(seated: Callable[[], Lockstep], profile: settings, shard: int) -> None:
    """Rule by rule, states exchanged and objects destroyed in between, all subjects answer and keep the same."""
    share = settings(profile, max_examples=max(1, profile.max_examples // SHARDS))
    run_machine(OrderLifecycle, seated(), share, shard if profile.derandomize else None)
