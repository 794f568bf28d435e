"""`run --front-end coverage`, as a user starts it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from haystack import ROOT
from program import Ended, run

from cracktrader_strategies.subjects.rust_builds import COVERAGE_VARIABLE

ISOLATION = str(ROOT / "tests" / "isolation")
SEARCH = ("run", "--front-end", "coverage", "--workers", "1", "--json")


def facts(ended: Ended, code: int) -> dict[str, Any]:
    """What a run told, which ended with this code."""
    assert ended.returncode == code, ended.stdout + ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def with_fixtures(tmp_path: Path) -> Path:
    """A corpus of a few fixtures."""
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "corpus" / "fixtures" / "replaces", corpus / "fixtures" / "replaces")
    return corpus


def test_search_is_a_front_end_like_others(tmp_path: Path) -> None:
    """The cases that were asked for, counted by cell; edges of both languages; a corpus to begin with next time."""
    corpus = with_fixtures(tmp_path)
    told = facts(run(*SEARCH, "--cases", "300", corpus=corpus), 0)
    search = told["front_ends"]["coverage"]
    assert search["cases"] == 300
    assert sum(cell["steps"] for cell in told["reached"]) == search["steps"]
    assert search["edges"] > 1_000
    assert 0 < search["followed"]["rust"]["taken"] < search["followed"]["rust"]["edges"]
    assert 0 < search["followed"]["python"]["taken"] < search["followed"]["python"]["edges"]
    assert {each["subject"] for each in search["followed"]["one_sided"]} <= {"python", "rust"}
    assert search["followed"]["one_sided"]
    assert list((corpus / "coverage" / "cracktrader").iterdir())


def test_divergence_is_a_finding(tmp_path: Path) -> None:
    """What diverges in the search is shrunk to its known size and certified, and the search goes on."""
    seats = ("--subjects", "python,rust-replace-below-cumulative")
    told = facts(run(*SEARCH, "--cases", "400", *seats, corpus=with_fixtures(tmp_path)), 1)
    assert told["front_ends"]["coverage"]["cases"] == 400
    (sighting,) = told["findings"].values()
    assert (sighting["steps"], sighting["certified"]) == (6, True)
    assert sighting["origin"].startswith("coverage 0/")


@pytest.mark.parametrize(("subject", "code"), [("abort", "died:SIGABRT"), ("hang", "timeout")])
def test_death_of_the_search_loses_no_case(tmp_path: Path, subject: str, code: str) -> None:
    """A subject that ends the search's process is a finding, shrunk to its four steps, and the search begins again."""
    corpus = tmp_path / "corpus"
    asked = ("--target", "demonstration:COUNTER", "--subjects", f"plain,{subject}", "--case-seconds", "0.5")
    ended = run(*SEARCH, *asked, "--cases", "150", corpus=corpus, PYTHONPATH=ISOLATION)
    told = facts(ended, 1)
    ((name, sighting),) = told["findings"].items()
    assert name == f"counter/{subject}/-/outcome.code/not_added~{code}/plain~{subject}"
    assert sighting["steps"] == 4
    assert sighting["seen"] > 1
    assert sum(cell["steps"] for cell in told["reached"]) == told["total"]["steps"]
    assert told["broken"] == []


def test_search_without_the_build_says_so_and_goes_on(tmp_path: Path) -> None:
    """Where the build for coverage is missing, a note says how to get it, and Python alone guides the search."""
    missing = {COVERAGE_VARIABLE: str(tmp_path / "none.so")}
    told = facts(run(*SEARCH, "--cases", "300", corpus=with_fixtures(tmp_path), **missing), 0)
    (note,) = (line for line in told["notes"] if line.startswith("coverage "))
    assert "follows no compiled code: the Rust coverage build is not at" in note
    assert "build it with `make coverage`" in note
    followed = told["front_ends"]["coverage"]["followed"]
    assert followed["rust"]["taken"] == 0
    assert followed["python"]["taken"] > 0


def test_search_without_atheris_is_left_out(tmp_path: Path) -> None:
    """Where Atheris is missing the run says so, and does not pretend to have searched."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text("import sys\nsys.modules['atheris'] = None\n")
    told = facts(run(*SEARCH, "--cases", "300", corpus=with_fixtures(tmp_path), PYTHONPATH=str(hidden)), 3)
    (note,) = (line for line in told["notes"] if line.startswith("coverage "))
    assert note.startswith("coverage is left out: Atheris is not installed: ")
    assert told["broken"] == ["not one step was applied"]
