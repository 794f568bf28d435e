"""Both cores for the contract tests: every body is written once and run on each backend.

Promises that a backend which cannot be built fails its tests; nothing here skips. Costs one core a test.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# The helpers beside the tests are plain modules; this finds them under every import mode of pytest.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent / "engine")]

BACKENDS = ("python", "rust")
CoreOf = Callable[..., Any]


def build(backend: Any, initial_cash: Any = 0) -> Any:
    """A fresh core of `backend`; raises what the bridge raises when it cannot be built."""
    from cracktrader.engine.rust_bridge import build_core

    return build_core(initial_cash, backend)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The backend under test: `python`, then `rust`."""
    return str(request.param)


@pytest.fixture
def core_of(backend: str) -> CoreOf:
    """`core_of(initial_cash=0)` gives a fresh core of the backend under test."""
    return lambda initial_cash=0: build(backend, initial_cash)


@pytest.fixture
def other_core_of(backend: str) -> CoreOf:
    """`other_core_of(initial_cash=0)` gives a fresh core of the backend that is not under test."""
    other = next(name for name in BACKENDS if name != backend)
    return lambda initial_cash=0: build(other, initial_cash)
