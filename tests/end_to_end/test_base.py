"""`run --base REV`: the quick lane fails on what the change brings in, and on nothing that was there before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from tiny import BREAKING, COUNTER, UNBUILDABLE, WRONG, commit, git, make_history

SIGNATURE = "tiny/add/-/outcome.total/value/right~counter"
OTHER = COUNTER.replace('"total": "none"', '"code": "off"') % "9"


def quick(repository: Path, *arguments: str, code: int) -> subprocess.CompletedProcess[str]:
    """The quick lane, which ends with this code."""
    asked = ("run", "--front-end", "soak", "--cases", "5", *arguments)
    command = [sys.executable, "-m", "cracktrader_fuzz", *asked]
    ended = subprocess.run(command, cwd=repository, env=os.environ, capture_output=True, text=True, check=False)
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def told(repository: Path, *arguments: str, code: int) -> dict[str, Any]:
    """Its JSON document."""
    document: dict[str, Any] = json.loads(quick(repository, "--json", *arguments, code=code).stdout)
    return document


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The repository and its commits by subject; not to be changed."""
    repository = tmp_path_factory.mktemp("history") / "tiny"
    return repository, make_history(repository)


def test_difference_of_the_base_does_not_fail(history: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    """What the base shows as well is told, in text, JSON and JUnit, and the exit code is 0."""
    repository, commits = history
    document = told(repository, "--base", commits[BREAKING], code=0)
    assert (list(document["findings"]), list(document["at_base"])) == ([], [SIGNATURE])
    assert document["base"]["commit"] == commits[BREAKING]
    assert document["base"]["answers"] == {SIGNATURE: "it shows as well"}
    junit = tmp_path / "run.xml"
    ended = quick(repository, "--base", "HEAD~1", "--junit", str(junit), code=0)
    assert "ledger     new: no entry in known_divergences.toml; at HEAD~1 it shows as well" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("0 new signatures, 1 also at HEAD~1, 0 problems: ")
    assert Xml.parse(junit).getroot().attrib["failures"] == "0"


def test_difference_of_the_change_fails(history: tuple[Path, dict[str, str]]) -> None:
    """What the base does not show fails, and is told with what the base answers; the repository stays as it was."""
    repository, commits = history
    before = git(repository, "status", "--porcelain"), git(repository, "for-each-ref")
    ended = quick(repository, "--base", commits["Go back"], code=1)
    assert f"; at {commits['Go back']} the subjects agree\n" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("1 new signatures, 0 problems: ")
    assert (git(repository, "status", "--porcelain"), git(repository, "for-each-ref")) == before


def test_base_that_cannot_be_asked(history: tuple[Path, dict[str, str]]) -> None:
    """A base that does not load excuses nothing: the signature counts as new, and it is told why."""
    document = told(history[0], "--base", history[1]["Try another way"], code=1)
    assert list(document["findings"]) == [SIGNATURE]
    assert document["base"]["answers"][SIGNATURE].startswith("no answer: cannot run the case: ")


def test_other_difference_is_new(tmp_path: Path) -> None:
    """A base that shows another signature on the case does not excuse this one."""
    repository = tmp_path / "tiny"
    make_history(repository)
    base = commit(repository, "Err in another way", counter=OTHER)
    commit(repository, "Err as before", counter=WRONG)
    document = told(repository, "--base", base, code=1)
    assert document["base"]["answers"][SIGNATURE].startswith("it shows tiny/add/-/outcome.code/")


def test_agreement_asks_nobody(tmp_path: Path) -> None:
    """Where nothing is found the base is not built: one that could not be is no trouble."""
    repository = tmp_path / "tiny"
    make_history(repository)
    base = commit(repository, "Break it all", counter=UNBUILDABLE)
    commit(repository, "Mend it", counter=COUNTER % "x")
    document = told(repository, "--base", base, "--build", "false", code=0)
    assert (document["findings"], document["base"]["answers"]) == ({}, {})


@pytest.mark.parametrize("revision", ["nowhere", "--all", ""])
def test_base_that_is_not_there(history: tuple[Path, dict[str, str]], revision: str) -> None:
    """A revision that is none is told before anything runs."""
    ended = quick(history[0], f"--base={revision}", code=2)
    (line,) = ended.stderr.splitlines()
    assert repr(revision) in line or f"{revision}^{{commit}}" in line
