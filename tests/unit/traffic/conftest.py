"""The recorded data, when it is there, and a way to run a recording on the Python core."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader_strategies.traffic import READERS, Recording

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of the recordings: CRACKTRADER_FUZZ_DATA, else ../shared/data beside the repository."""
    named = os.environ.get("CRACKTRADER_FUZZ_DATA")
    root = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    for name in READERS:
        if not (root / name).is_file():
            pytest.skip(f"no recorded traffic at {root / name}: name its folder in CRACKTRADER_FUZZ_DATA")
    return root


@pytest.fixture(scope="session")
def run() -> Callable[[Recording], list[dict[str, Any]]]:
    """Gives the Python core's results for all steps of a recording."""

    def results(recording: Recording) -> list[dict[str, Any]]:
        core: Any = DeterministicCore(recording.initial_cash)
        return list(core.apply_batch(recording.steps))

    return results
