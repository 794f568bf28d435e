"""Skips these tests where NautilusTrader is not installed, but not in CI, where that is a failure."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "cli"), str(Path(__file__).parent)]
IS_MISSING = importlib.util.find_spec("nautilus_trader") is None and not os.environ.get("CI")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ask NautilusTrader."""
    skip = pytest.mark.skip(reason="NautilusTrader is not installed: pip install .[nautilus]")
    for item in items:
        if IS_MISSING and item.path.parent == Path(__file__).parent:
            item.add_marker(skip)
