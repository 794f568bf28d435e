"""The whole way of a bug: found, looked at, judged in a terminal, held as a fixture, traced to its commit, excused for
a while, mended. Once with a bug planted in the Rust core, once with two Python cores that have a history.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from cases import CANARY, ROOT, SEATS, SIGNATURE, cores
from terminal import Terminal
from tiny import BREAKING, RIGHT, WRONG, commit, make_history

from cracktrader_fuzz.corpus.documents import read_fixture, text_of
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.shrink.shrinker import Shrinker

REASON = "A fill past the order's quantity is an overfill, by however little."
TALLY_REASON = "A total is a number also after a nine, so none of it may go."
SEEDS_MAX = 2_000
TODAY = datetime.datetime.now(tz=datetime.UTC).date()


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A Python module as a program."""
    command = [sys.executable, "-m", *map(str, arguments)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # sources of one length change within a second
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def fuzz(*arguments: str | Path, corpus: Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A command of the harness."""
    return run("cracktrader_fuzz", *arguments, "--corpus", corpus, cwd=cwd)


def held(corpus: Path, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """`pytest` on a corpus."""
    return run("pytest", "-q", "-p", "no:cacheprovider", corpus, "--corpus", corpus, *arguments, cwd=cwd)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus to be filled."""
    return tmp_path / "corpus"


def seed_that_shows(signature: str, canary: str) -> int:
    """The first seed whose first case shows the canary and is shrunk to this signature."""
    lockstep = cores("python", canary)
    for seed in range(SEEDS_MAX):
        explored = explore(lockstep, seed, 0)
        if explored.verdict.divergence is not None:
            shrunk = Shrinker(lockstep).shrink(explored.case)
            if shrunk.certificate is not None and str(shrunk.divergence.signature) == signature:
                return seed
    raise AssertionError(f"none of {SEEDS_MAX} seeds shows {signature}")


def test_rust_bug_becomes_a_fixture(corpus: Path, tmp_path: Path) -> None:
    """Found by `run`, shown by `repro`, judged with keys; its tests fail while it sits there, and only then."""
    seed = str(seed_that_shows(SIGNATURE, CANARY))
    found = fuzz("run", "--front-end", "soak", "--seed", seed, "--cases", "1", "--subjects", SEATS, corpus=corpus)
    assert found.returncode == 1, found.stdout + found.stderr
    assert f"signature  {SIGNATURE}" in found.stdout
    (finding,) = (corpus / "findings").iterdir()

    shown = fuzz("repro", finding, corpus=corpus)
    assert shown.returncode == 1
    assert f"signature  {SIGNATURE}" in shown.stdout
    assert "* orders.o1.leaves" in shown.stdout

    assert fuzz("promote", "--pending", corpus=corpus).returncode == 1
    with Terminal("promote", finding, "--corpus", corpus) as terminal:
        assert "finding 1 of 1" in terminal.press("a")
        terminal.press("2")
        terminal.type(REASON)
        assert "that was the last one" in terminal.press("q")
        assert terminal.end() == 0, terminal.text
    assert fuzz("promote", "--pending", corpus=corpus).returncode == 0
    (fixture,) = (corpus / "regressions").iterdir()

    failing = held(corpus, "--subjects", SEATS)
    assert failing.returncode == 1
    assert "2 failed, 1 passed" in failing.stdout
    assert f"signature  {SIGNATURE}" in failing.stdout
    assert REASON in failing.stdout
    assert "3 passed" in held(corpus).stdout, "python and rust are both right"

    emitted = tmp_path / "test_emitted.py"
    writing = ("--subjects", SEATS, "--emit", "pytest", "--output", emitted)
    assert fuzz("repro", fixture, *writing, corpus=corpus).returncode == 1
    alone = run("pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, emitted, cwd=ROOT)
    assert (alone.returncode, "1 failed" in alone.stdout) == (1, True)
    checked = fuzz("corpus", "check", corpus=corpus)
    assert (checked.returncode, "1 certificates verified: 0 problems" in checked.stdout) == (0, True), checked.stdout


def test_bug_with_a_history(tmp_path: Path) -> None:
    """Found, traced to its commit, excused until a day, expired, mended, stale; each with its exit code."""
    repository, corpus = tmp_path / "tiny", tmp_path / "tiny" / "corpus"
    commits = make_history(repository)
    search = ("run", "--front-end", "corpus", "--front-end", "soak", "--cases", "20", "--json")

    found = fuzz(*search, corpus=corpus, cwd=repository)
    assert found.returncode == 1, found.stderr
    (signature,) = json.loads(found.stdout)["findings"]
    (finding,) = (corpus / "findings").iterdir()

    blamed = fuzz("repro", finding, "--bisect", f"{commits['Two tallies']}..main", corpus=corpus, cwd=repository)
    assert blamed.stdout.startswith(f"first bad commit: {commits[BREAKING]} {BREAKING}\n"), blamed.stderr

    until = TODAY + datetime.timedelta(days=7)
    judged = ("promote", finding, "--ledger-until", str(until), "--owner", "me", "--reason", TALLY_REASON)
    excused = fuzz(*judged, corpus=corpus, cwd=repository)
    assert excused.returncode == 0, excused.stderr
    (fixture,) = (corpus / "regressions").iterdir()
    known = fuzz(*search, corpus=corpus, cwd=repository)
    assert known.returncode == 4, known.stdout
    assert [entry["signature"] for entry in json.loads(known.stdout)["known"]] == [signature]
    assert "known until" in fuzz("repro", fixture, corpus=corpus, cwd=repository).stdout
    assert "1 xfailed" in held(corpus, cwd=repository).stdout

    later = str(until + datetime.timedelta(days=1))
    expired = fuzz(*search, "--today", later, corpus=corpus, cwd=repository)
    assert (expired.returncode, "expired" in expired.stdout) == (1, True)

    commit(repository, "Count right again", counter=RIGHT)
    stale = fuzz(*search, corpus=corpus, cwd=repository)
    (problem,) = json.loads(stale.stdout)["fixtures"]["problems"]
    assert (stale.returncode, "stale: it shows no difference" in problem) == (1, True)
    assert "stale: it shows no difference" in held(corpus, cwd=repository).stdout
    (corpus / "known_divergences.toml").unlink()
    mended = msgspec.structs.replace(read_fixture(fixture), verdict="counter", fails_on="counter")
    fixture.write_text(text_of(mended), encoding="utf-8")
    assert fuzz(*search, corpus=corpus, cwd=repository).returncode == 0
    assert "3 passed" in held(corpus, cwd=repository).stdout

    # A run does not know that it was mended once: it is judged, and the tests of the corpus are what fails.
    commit(repository, "Once more", counter=WRONG)
    again = fuzz(*search, corpus=corpus, cwd=repository)
    assert (again.returncode, [each["signature"] for each in json.loads(again.stdout)["judged"]]) == (4, [signature])
    failing = held(corpus, cwd=repository)
    assert "2 failed, 1 passed" in failing.stdout
    assert f"signature  {signature}" in failing.stdout
