"""Every test here asks NautilusTrader; `mistaken_cores` and `program` of the command line's tests can be imported."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "cli"), str(Path(__file__).parent)]


@pytest.fixture(scope="session", autouse=True)
def _needed(nautilus_trader: None) -> None:
    """The package, for all tests of this folder."""
