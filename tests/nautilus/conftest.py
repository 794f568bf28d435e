"""Every test here asks NautilusTrader; `nautilus_steps` can be imported."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session", autouse=True)
def _needed(nautilus_trader: None) -> None:
    """The package, for all tests of this folder."""
