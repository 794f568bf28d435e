"""The demonstration: one run over a subject of each kind of failure reports them all, and goes on to its end."""

from __future__ import annotations

import json
from pathlib import Path

from demonstration import ADDITIONS_MIN, FAILURES, STEPS_MIN
from program import run

from cracktrader_fuzz.corpus.documents import read_finding

TARGET = "demonstration:COUNTER"
HERE = str(Path(__file__).parent)
CASES = 9
SEED = 231
"""The first seven cases of this seed end in the seven failures, one each."""


def test_all_seven_are_found_and_shrunk(tmp_path: Path) -> None:
    """Panic, abort, overflow, hang, memory, exit, garbage: each is told and kept, minimal, and the run ends with 1."""
    corpus = tmp_path / "corpus"
    limits = ("--case-seconds", "1", "--memory-mib", "128")
    asked = ("run", "--target", TARGET, "--front-end", "soak", "--cases", CASES, "--seed", SEED, *limits, "--json")
    ended = run(*map(str, asked), corpus=corpus, PYTHONPATH=HERE)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    told = json.loads(ended.stdout)
    assert (told["broken"], told["total"]["cases"]) == ([], CASES)
    assert sum(found["seen"] for found in told["findings"].values()) == CASES
    kept = {read_finding(path).subjects[1]: read_finding(path) for path in (corpus / "findings").iterdir()}
    assert sorted(kept) == sorted(FAILURES)
    for name, finding in kept.items():
        assert finding.signature == f"counter/{name}/-/outcome.code/not_added~{FAILURES[name][1]}/plain~{name}"
        assert finding.signature in told["findings"]
        assert [step["kind"] for step in finding.steps] == [*["add"] * ADDITIONS_MIN, name]
        assert len(finding.steps) == STEPS_MIN
        assert finding.certificate is not None
    for name in ("abort", "hang", "eat"):
        (path,) = (corpus / "findings").glob(f"{name}-*.json")
        again = run("repro", str(path), "--target", TARGET, "--json", corpus=corpus, PYTHONPATH=HERE)
        assert again.returncode == 1, again.stdout + again.stderr
        assert json.loads(again.stdout)["signature"] == kept[name].signature
