"""A subject that does not start: one difference, at a place before the first step, whatever the steps are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from program import ROOT, TARGETS, Ended, environment, run

from cracktrader_fuzz.corpus.documents import read_finding, read_fixture

REASON = "The page allows every limit from zero on, so three must be taken."
CODES = {
    "PICKY": "picky/start/-/outcome.code/ok~crashed:OverflowError/first~second",
    "PICKY_REFERENCE": "picky_reference/start/-/outcome.code/crashed:OverflowError~ok/first~second",
    "BOTH_PICKY": "both_picky/start/-/outcome.code/crashed:OverflowError~crashed:OverflowError/first~second",
    "PICKY_ALONE": "picky/start/-/outcome.code/ok~crashed:OverflowError/first~second",
}


def command(corpus: Path, target: str, *arguments: str | Path, code: int) -> Ended:
    """A command for a target that ends with this code, and without a traceback."""
    asked = (*arguments, "--target", f"wrong_references:{target}")
    ended = run(*asked, corpus=corpus, PYTHONPATH=str(TARGETS))
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def search(corpus: Path, target: str) -> dict[str, Any]:
    """The document of a small search of a target."""
    front_ends = ("--front-end", "soak", "--front-end", "mutation")
    ended = command(corpus, target, "run", "--json", *front_ends, "--cases", "10", "--workers", "1", code=1)
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


@pytest.fixture(scope="module")
def picky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with the finding of a second subject that refuses a configuration; not to be changed."""
    corpus = tmp_path_factory.mktemp("picky")
    search(corpus, "PICKY")
    return corpus


def finding_in(corpus: Path) -> Path:
    """The only finding of a corpus."""
    (path,) = (corpus / "findings").iterdir()
    return path


@pytest.mark.parametrize("target", list(CODES))
def test_one_bug_is_one_signature(corpus: Path, target: str) -> None:
    """Which subject refuses, whether both do, in a process of its own or not: one finding, certified, without steps."""
    told = search(corpus, target)
    assert list(told["findings"]) == [CODES[target]]
    (sighting,) = told["findings"].values()
    assert (sighting["steps"], sighting["certified"]) == (0, True)
    assert sighting["seen"] > 1
    assert (told["broken"], told["canary"]["problem"]) == ([], "")
    assert sum(cell["steps"] for cell in told["reached"]) == told["total"]["steps"]
    finding = read_finding(finding_in(corpus))
    assert (finding.steps, finding.config, finding.seen.step) == ([], {"limit": 3}, -1)


def test_repro_shows_the_start(picky: Path) -> None:
    """The configuration stands in the place of a step, with what each subject made of it; the document has step -1."""
    path = finding_in(picky)
    lines = command(picky, "PICKY", "repro", path, "--state", "--explain", code=1).stdout.splitlines()
    assert lines[:3] == [
        f"step  {'first':<58}second",
        '      start with {"limit":3}',
        f">>    {'ok':<58}crashed:OverflowError",
    ]
    assert "the start: outcome.code: value" in lines
    assert "verdict    first and second differ at the start, at outcome.code" in lines
    told = json.loads(command(picky, "PICKY", "repro", path, "--json", code=1).stdout)
    assert (told["signature"], told["step"], told["steps"]) == (CODES["PICKY"], -1, 0)


def test_case_that_both_refuse_is_shown(corpus: Path) -> None:
    """`repro` of a finding whose configuration no subject takes shows the crash, and does not blame the file."""
    search(corpus, "BOTH_PICKY")
    ended = command(corpus, "BOTH_PICKY", "repro", finding_in(corpus), code=1)
    assert f">>    {'crashed:OverflowError':<58}crashed:OverflowError" in ended.stdout.splitlines()


def test_step_of_a_case_without_steps(picky: Path) -> None:
    """An option that names a step is refused in one line; so is a test that would consist of steps."""
    refused = command(picky, "PICKY", "repro", finding_in(picky), "--step", "0", code=2)
    assert "--step 0 is not there: the case has no steps" in refused.stderr
    asked = ("repro", "0/0", "--emit", "pytest", "--target", "odd_targets:REFUSING")
    ended = run(*asked, corpus=picky, PYTHONPATH=str(TARGETS))
    assert ended.returncode == 2
    assert "--emit: the subjects differ at the start, before there is a step: keep it with `promote`" in ended.stderr


def test_start_is_promoted_and_checked(corpus: Path) -> None:
    """The fixture has no steps and expects none; the corpus is in order once the wrong subject is mended."""
    search(corpus, "PICKY")
    path = finding_in(corpus)
    words = command(corpus, "PICKY", "promote", "--pending", code=1).stdout
    assert "0 steps, certified minimal" in words
    command(corpus, "PICKY", "promote", path, "--verdict", "second", "--reason", REASON, code=0)
    (stored,) = (corpus / "regressions").iterdir()
    fixture = read_fixture(stored)
    assert fixture.expected is not None
    assert (fixture.steps, fixture.expected.outcomes, fixture.expected.state) == ([], [], {"money": 0})
    problems = json.loads(command(corpus, "PICKY", "corpus", "check", "--json", code=1).stdout)["problems"]
    assert [each.removeprefix(f"{stored}: ").partition("; judged on ")[0] for each in problems] == [
        f"diverges: {CODES['PICKY']}",
        "second answers 1 where 0 is expected, at outcomes",
    ]
    mended = ("corpus", "check", "--subjects", "first,canary-one-too-many")
    command(corpus, "PICKY", *mended, code=0)
    command(corpus, "PICKY", "corpus", "liveness", code=0)
    command(corpus, "PICKY", "corpus", "stats", code=0)


def test_pytest_shows_the_start(corpus: Path, tmp_path: Path) -> None:
    """The fixture is a failing test for the subject and for the pair, and each shows the configuration."""
    search(corpus, "PICKY")
    command(corpus, "PICKY", "promote", finding_in(corpus), "--verdict", "second", "--reason", REASON, code=0)
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.cracktrader-fuzz]\npythonpath = ["{TARGETS.as_posix()}"]\ntarget = "picky"\ncorpus = "{corpus.name}"\n'
        '[tool.cracktrader-fuzz.targets]\npicky = "wrong_references:PICKY"\n'
    )
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rN", "-p", "no:cacheprovider", str(corpus)],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(ROOT / "src")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 failed, 1 passed" in ended.stdout, ended.stdout
    assert ended.stdout.count('start with {"limit":3}') == 2


def test_fixture_that_no_subject_starts_is_a_bad_file(corpus: Path) -> None:
    """A stored case of another difference whose configuration no subject takes is refused with the cause."""
    search(corpus, "PICKY")
    path = finding_in(corpus)
    text = path.read_text(encoding="utf-8").replace("picky/start/", "picky/put/")
    other = corpus / "other.json"
    other.write_text(text, encoding="utf-8")
    words = command(corpus, "BOTH_PICKY", "repro", other, code=2).stderr
    assert "first does not start with config {'limit': 3}: OverflowError: limit 3" in words
