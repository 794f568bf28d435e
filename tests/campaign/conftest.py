"""The helpers of the command line's tests serve here too: `program` runs a command; `project` makes a small one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))
sys.path.insert(0, str(Path(__file__).parent))

from project import make_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with settings, two targets and no corpus."""
    return make_project(tmp_path / "project")
