"""A decoder or a tracker that raises: a problem of the case, with its name and the place, and the run goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from program import TARGETS, run, told

AT = "at wrong_references:"


def search(corpus: Path, target: str, *arguments: str, code: int = 1) -> dict[str, Any]:
    """The document of a search of a target by one worker, which ends with this code."""
    asked = ("--json", "--workers", "1", "--target", f"wrong_references:{target}", *arguments)
    ended = run("run", *asked, corpus=corpus, PYTHONPATH=str(TARGETS))
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def problems(document: dict[str, Any], front_end: str) -> list[str]:
    """The problems of a front end."""
    found: list[str] = document["front_ends"][front_end]["problems"]
    return found


def test_case_on_which_the_decoder_fails_is_named(corpus: Path) -> None:
    """Each such case is a problem with its name, the exception and the line; the others are run; `repro` says so."""
    document = search(corpus, "SOMETIMES", "--front-end", "soak", "--cases", "12")
    failed = problems(document, "soak")
    assert 0 < len(failed) < 12
    assert all(line.startswith("soak 0/") and f": decoder: KeyError 'XX' {AT}" in line for line in failed)
    assert document["total"]["cases"] == 12 - len(failed)
    assert (document["broken"], document["canary"]["problem"]) == ([], "")
    name = failed[0].partition(": ")[0]
    asked = ("repro", name, "--target", "wrong_references:SOMETIMES")
    ended = run(*asked, corpus=corpus, PYTHONPATH=str(TARGETS))
    assert ended.returncode == 3
    assert told(ended).startswith(f"decoder: KeyError 'XX' {AT}")


def test_front_end_stops_after_twenty(corpus: Path) -> None:
    """A decoder that always fails stops each front end with one line more, and the canary says why it was missed."""
    document = search(corpus, "NEVER", "--front-end", "soak", "--front-end", "mutation", "--seconds", "30")
    for name in ("soak", "mutation"):
        *failed, last = problems(document, name)
        assert len(failed) == 20
        assert last == f"{name} stops for purse: its own code failed in 20 cases"
    assert document["seconds"] < 30
    problem = document["canary"]["problem"]
    assert problem.startswith(f"not found in 500 cases; 500 of them ended with decoder: KeyError 'YY' {AT}")
    assert document["broken"] == []


def test_wrong_answer_that_the_decoder_fails_on_is_the_finding(corpus: Path) -> None:
    """The difference comes first: what the decoder cannot take is the reference's fault, and that is reported."""
    document = search(corpus, "WORDY", "--front-end", "soak", "--cases", "5")
    assert "wordy/take/-/outcome.answer/type/first~second" in document["findings"]


def test_case_on_which_the_tracker_fails_is_named(corpus: Path) -> None:
    """So it is with a tracker, which the front end `mutation` needs at each step."""
    document = search(corpus, "UNTRACKED", "--front-end", "mutation", "--cases", "5")
    failed = problems(document, "mutation")
    assert failed
    assert all(line.startswith("mutation 0/") and f": tracker: KeyError 'LookupError' {AT}" in line for line in failed)


@pytest.mark.parametrize("text", ["raise ValueError('no cores')", "import broken_package"])
def test_import_that_fails_says_where(corpus: Path, tmp_path: Path, text: str) -> None:
    """The line names the module that raised, be it the target's own or one that it imports, and the line."""
    (tmp_path / "own_target.py").write_text(f"# the target\n{text}\n", encoding="utf-8")
    (tmp_path / "broken_package.py").write_text("\n\nraise ValueError('no cores')\n", encoding="utf-8")
    ended = run("run", "--target", "own_target:IT", corpus=corpus, PYTHONPATH=str(tmp_path))
    assert ended.returncode == 2
    place = "broken_package:3" if "import" in text else "own_target:2"
    assert told(ended).endswith(f"cannot be loaded: ValueError: no cores, raised at {place}")
