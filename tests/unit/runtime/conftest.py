"""Candles for the runtime's unit tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Candle = tuple[Any, ...]


@pytest.fixture
def candles() -> Callable[..., list[Candle]]:
    """`candles(3)` gives three minutes of rising prices from 100 on; `start` is the first minute."""

    def make(count: int, start: int = 0) -> list[Candle]:
        return [((start + n) * 60_000, 100 + n, 102 + n, 99 + n, 101 + n, 5) for n in range(count)]

    return make


@pytest.fixture(autouse=True)
def fresh_stores() -> None:
    """No store is left over from another test."""
    from cracktrader import clear_stores

    clear_stores()
