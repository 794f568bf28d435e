"""The gate of pull requests and the ledger: a test that shows known divergences only does not fail the run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from making import CANARIES, call, make_finding
from terminal import ROOT

from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, read_ledger

GATE = "tests/differential/test_gate.py::test_subjects_agree[0]"


def gate(corpus: Path) -> subprocess.CompletedProcess[str]:
    """One shard of the gate with a canary in the second seat."""
    seats = ("--subjects", f"python,{CANARIES[0]}", "--corpus", str(corpus), "--findings", str(corpus / "findings"))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", GATE, *seats],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("until", "passes"), [("2999-01-01", True), ("2026-11-22", False)])
def test_known_divergence_in_the_gate(corpus: Path, until: str, passes: bool) -> None:
    """Known: an expected failure that names the entry, and no finding. Past its last day: a failure like any other."""
    path, _ = make_finding(corpus, CANARIES[0])
    known = ("--ledger-until", until, "--owner", "us", "--reason", "The canary is wrong on purpose, as we know.")
    assert call("promote", path, *known, "--today", "2026-11-22", corpus=corpus).exit_code == 0
    if not passes:
        ledger = corpus / LEDGER_NAME
        text = ledger.read_text().replace("since = 2026-11-22", "since = 2020-01-01")
        ledger.write_text(text.replace("expires = 2026-11-22", "expires = 2020-01-02"))
    (entry,) = read_ledger(corpus).known
    ended = gate(corpus)
    assert (ended.returncode, "1 xfailed" in ended.stdout) == ((0, True) if passes else (1, False)), ended.stdout
    assert (f"known until {until}: {entry.id}: The canary is wrong" in ended.stdout) is passes
    assert list((corpus / "findings").glob("*.json")) == [] if passes else "promote" in ended.stdout
