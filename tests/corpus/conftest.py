"""What the tests of the corpus's care share: a corpus of their own, and three findings in it that are made once."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

# `making` and `terminal` are plain modules beside the tests; this finds them under every import mode of pytest.
sys.path.insert(0, str(Path(__file__).parent))

from making import CANARIES, KNOWN_CANARY, make_finding, make_known
from terminal import ROOT


@pytest.fixture(autouse=True)
def in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that hold are the repository's."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """An empty corpus."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def three_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with three findings, each of one step; not to be changed."""
    folder = tmp_path_factory.mktemp("three")
    for canary in CANARIES:
        make_finding(folder, canary)
    return folder


@pytest.fixture
def three(three_made: Path, corpus: Path) -> Path:
    """A corpus of the test's own with the three findings."""
    shutil.copytree(three_made, corpus, dirs_exist_ok=True)
    return corpus


@pytest.fixture(scope="session")
def known_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with one known divergence and one fixture on which all agree; not to be changed."""
    folder = tmp_path_factory.mktemp("known")
    make_known(folder, KNOWN_CANARY)
    place = folder / "fixtures" / "market-data"
    place.mkdir(parents=True)
    shutil.copy(ROOT / "corpus" / "fixtures" / "market-data" / "trade.json", place)
    return folder


@pytest.fixture
def with_known(known_made: Path, corpus: Path) -> Path:
    """A corpus of the test's own with the known divergence and the fixture."""
    shutil.copytree(known_made, corpus, dirs_exist_ok=True)
    return corpus
