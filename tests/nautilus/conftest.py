"""Every test here asks NautilusTrader; finds `nautilus_steps`, and `program` of the command line's tests."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "cli")]


@pytest.fixture(scope="session", autouse=True)
def _needed(nautilus_trader: None) -> None:
    """The package, for all tests of this folder."""
