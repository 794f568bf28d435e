"""The helpers of the command line's tests serve here too: `program` runs a command, `tally` is the smallest target."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))
sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "harness"))
sys.path.insert(0, str(Path(__file__).parent))

from cases import ROOT, write_overfill


@pytest.fixture
def in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that hold are the repository's."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def overfill(tmp_path: Path) -> Path:
    """A finding of the Rust canary that books a fill which is too large by one unit."""
    return write_overfill(tmp_path / "findings")


@pytest.fixture
def corpus_of_one(tmp_path: Path) -> Path:
    """A corpus that holds one fixture, about a rebate."""
    folder = tmp_path / "corpus"
    (folder / "fixtures").mkdir(parents=True)
    shutil.copy(ROOT / "corpus" / "fixtures" / "money" / "rebate.json", folder / "fixtures")
    return folder
