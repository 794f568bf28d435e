"""What the tests of the command line share: a corpus of their own, and one finding that is made once."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

# `program` is a plain module beside the tests; this finds it under every import mode of pytest.
sys.path.insert(0, str(Path(__file__).parent))

from program import CANARY, FINDING_SEED, SEATS, run


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """An empty corpus."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def corpus_with_finding(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with a certified finding, made by a run; not to be changed."""
    folder = tmp_path_factory.mktemp("found")
    ended = run(*f"run --front-end soak --cases 20 --seed {FINDING_SEED} --subjects {SEATS}".split(), corpus=folder)
    assert ended.returncode == 1, f"{CANARY} was not found: {ended.stdout}{ended.stderr}"
    return folder


@pytest.fixture
def found(corpus_with_finding: Path, corpus: Path) -> Path:
    """The file of a finding, the only one in a corpus of the test's own."""
    first = min((corpus_with_finding / "findings").iterdir())
    (corpus / "findings").mkdir()
    return Path(shutil.copy(first, corpus / "findings"))
