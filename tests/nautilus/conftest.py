"""NautilusTrader is an extra: without it these tests are skipped, but not where everything has to run."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session", autouse=True)
def nautilus() -> None:
    """The package, or a reason why not."""
    if importlib.util.find_spec("nautilus_trader") is None:
        told = "nautilus_trader is not installed: pip install .[nautilus]"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
