"""Whatever a subject answers, no command prints it so that a terminal or a build server would obey, or fails on it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hostile import HOSTILE, SUBJECTS, TEXTS
from program import Ended, call
from tally import case

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.documents import Provenance, text_of
from cracktrader_fuzz.corpus.store import finding_of, write_atomically
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.text import printable

TARGET = "hostile:HOSTILE"
EVERY_SUBJECT = pytest.mark.parametrize("name", SUBJECTS)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings hold; fresh processes find the target as well."""
    monkeypatch.chdir(tmp_path)
    own = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "unit" / "harness")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([*own, os.environ.get("PYTHONPATH", "")]))


@pytest.fixture
def finding(name: str, tmp_path: Path) -> Path:
    """What a run wrote of a hostile subject."""
    steps = case(("add", "n1", "1"), ("add", "n1", "7")).steps
    lockstep = Lockstep(HOSTILE, seat_subjects(HOSTILE, ("right", name)))
    divergence = lockstep.run_case(Case("hostile", {}, steps), exact=True).divergence
    assert divergence is not None
    path = tmp_path / "corpus" / "findings" / "hostile.json"
    write_atomically(path, text_of(finding_of(Case("hostile", {}, steps), divergence, None, Provenance("hand"))))
    return path


def require_harmless(ended: Ended, code: int) -> None:
    """Fail where the output holds anything to be obeyed, cannot be written as UTF-8, or is a traceback."""
    written = ended.stdout + ended.stderr
    assert "Traceback" not in written
    assert ended.returncode == code, written
    written.encode("utf-8")
    for line in written.split("\n"):
        assert line.isprintable(), ascii(line)
        assert not line.lstrip().startswith("::"), line
        assert "##[" not in line, line


@EVERY_SUBJECT
def test_repro_shows_nothing_to_obey(name: str, finding: Path, tmp_path: Path) -> None:
    """Timeline, difference, state, footer with the signature: all is escaped."""
    for options in ((), ("--step", "1", "--state", "--explain")):
        ended = call("repro", finding, "--target", TARGET, *options, corpus=tmp_path / "corpus")
        require_harmless(ended, 1)
        assert f"right and {name} differ at step 1" in ended.stdout


@EVERY_SUBJECT
def test_shrink_shows_nothing_to_obey(name: str, finding: Path, tmp_path: Path) -> None:
    """Nor does its signature line."""
    ended = call("shrink", finding, "--target", TARGET, corpus=tmp_path / "corpus")
    require_harmless(ended, 1)
    assert "2 steps -> 1, certified minimal" in ended.stdout


@EVERY_SUBJECT
def test_promote_shows_nothing_to_obey(name: str, finding: Path, tmp_path: Path) -> None:
    """Neither the list nor the commands of a finding."""
    del finding
    require_harmless(call("promote", "--target", TARGET, corpus=tmp_path / "corpus"), 1)
    require_harmless(call("promote", "--pending", "--target", TARGET, corpus=tmp_path / "corpus"), 1)
    assert name in SUBJECTS


@pytest.mark.parametrize("name", ["lines", "surrogate", "raises-escape"])
def test_a_hostile_finding_can_be_promoted(name: str, finding: Path, tmp_path: Path) -> None:
    """It becomes a fixture like any other, whose check shows nothing to obey either."""
    judged = ("--verdict", name, "--reason", "The total must be kept, whatever the answer is called.")
    ended = call("promote", finding, "--target", TARGET, *judged, corpus=tmp_path / "corpus")
    require_harmless(ended, 0)
    assert f"{name} is wrong; written, read back" in ended.stdout
    subjects = ("--subjects", f"right,{name}")
    require_harmless(call("corpus", "check", "--target", TARGET, *subjects, corpus=tmp_path / "corpus"), 1)


@pytest.mark.parametrize("name", ["lines", "wrapped-command", "surrogate", "raises-escape"])
def test_run_shows_nothing_to_obey(name: str, tmp_path: Path) -> None:
    """Its tables hold the codes, and its footer the signature."""
    budget = ("--cases", "20", "--front-end", "soak", "--workers", "1")
    ended = call("run", *budget, "--target", TARGET, "--subjects", f"right,{name}", corpus=tmp_path / "corpus")
    require_harmless(ended, 1)
    assert "signature  hostile/" in ended.stdout


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_escaping_leaves_nothing_to_obey(text: str) -> None:
    """Once is enough: what was escaped stays as it is."""
    once = printable(f"  {text}")
    assert once.isprintable()
    assert not once.lstrip().startswith("::")
    assert "##[" not in once
    assert printable(once) == once


def test_escaping_leaves_plain_text_alone() -> None:
    """Colons and number signs stay, but for those that begin a command."""
    for plain in ("a::b", "tests/test_it.py::test_one", "# one", "## [two]", "soak 7/13: é", ":x"):
        assert printable(plain) == plain
    assert printable("::error::x") == "\\x3a:error::x"
    assert printable("a ##[error]x") == "a \\x23#[error]x"
