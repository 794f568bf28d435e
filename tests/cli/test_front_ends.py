"""The front ends `mutation`, `relations` and `hot-swap`: they add up, find, and their cases have names."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from program import ROOT, call, run

FRONT_ENDS = ("mutation", "relations", "hot-swap")
ONLY = [part for name in FRONT_ENDS for part in ("--front-end", name)]
FORGETFUL = "rust-restore-drops-trigger-swapped"
pytestmark = pytest.mark.usefixtures("in_repository")


@pytest.fixture
def in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of this repository hold."""
    monkeypatch.chdir(ROOT)


def test_all_three_agree_and_add_up(corpus: Path) -> None:
    """Each front end runs as many cases as it was asked to, all agree, and their steps are those of the run."""
    shutil.copytree(ROOT / "corpus" / "fixtures" / "money", corpus / "fixtures" / "money")
    ended = run("run", "--json", *ONLY, "--cases", "40", corpus=corpus)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = json.loads(ended.stdout)
    parts = told["front_ends"]
    assert {name: part["cases"] for name, part in parts.items()} == dict.fromkeys(FRONT_ENDS, 40)
    assert sum(part["steps"] for part in parts.values()) == told["total"]["steps"]
    assert sum(cell["steps"] for cell in told["reached"]) == told["total"]["steps"]


def test_lost_field_is_found_shrunk_and_shown_again(corpus: Path) -> None:
    """A restore that loses a field is a certified finding of four steps, whose name leads back to its case."""
    options = ("--front-end", "hot-swap", "--subjects", f"python,{FORGETFUL}")
    ended = run("run", "--json", *options, "--cases", "40", corpus=corpus)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    ((signature, sighting),) = json.loads(ended.stdout)["findings"].items()
    assert signature == f"cracktrader/order_triggered/ACCEPTED/state.orders.*.triggered/value/python~{FORGETFUL}"
    assert (sighting["steps"], sighting["certified"]) == (4, True)
    assert call("repro", sighting["path"], corpus=corpus).returncode == 1
    again = call("repro", sighting["origin"], "--subjects", f"python,{FORGETFUL}", corpus=corpus)
    assert (again.returncode, FORGETFUL in again.stdout) == (1, True)


@pytest.mark.parametrize(
    ("name", "subjects"),
    [
        ("mutation 7/3", ["python", "rust"]),
        ("relations 7/0", ["python", "python-replayed"]),
        ("relations 7/1", ["rust", "rust-replayed"]),
        ("hot-swap 7/0", ["python", "python-swapped"]),
        ("hot-swap 7/3", ["rust", "rust-via-python"]),
        ("soak 7/3", ["python", "rust"]),
        ("7/3", ["python", "rust"]),
    ],
)
def test_case_has_a_name(corpus: Path, name: str, subjects: list[str]) -> None:
    """`repro` runs the case of a front end on the subjects that it belongs to, the same each time."""
    told = [call("repro", name, "--json", corpus=corpus) for _ in range(2)]
    assert (told[0].returncode, told[0].stdout) == (0, told[1].stdout)
    document = json.loads(told[0].stdout)
    assert (document["subjects"], document["agrees"], document["steps"] > 0) == (subjects, True, True)


def test_name_holds_the_parents(corpus: Path) -> None:
    """A case that was made from other fixtures is refused by its name, and the message says which there are now."""
    told = call("repro", "mutation 7/3@00000000", corpus=corpus)
    assert (told.returncode, told.stdout) == (2, "")
    held = re.search(r"than the corpus holds now \(([0-9a-f]{8})\)", told.stderr)
    assert held is not None
    assert call("repro", f"mutation 7/3@{held[1]}", corpus=corpus).returncode == 0


def test_target_without_pairs_says_so(corpus: Path) -> None:
    """A front end that a target has nothing for is left out of a run with a note, and is no case for `repro`."""
    told = call("repro", "hot-swap 7/3", "--target", "normalizer", corpus=corpus)
    assert (told.returncode, "normalizer declares no pairs for hot-swap" in told.stderr) == (2, True)
    ended = run("run", "--json", *ONLY, "--target", "normalizer", "--cases", "20", corpus=corpus)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "normalizer declares no pairs for hot-swap: left out" in json.loads(ended.stdout)["notes"]
