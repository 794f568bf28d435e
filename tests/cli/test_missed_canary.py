"""A canary that is missed does not stop the search: a wrong reference hides it, and is itself what the search finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from program import TARGETS, run

MISSED = (
    "the canary canary-one-too-many was missed: not found in 500 cases; "
    "the reference itself may be wrong: it applied no step of kind take in 50 cases"
)
SIGNATURE = "shut/take/-/outcome.code/LookupError~ok/first~second"


def searched(corpus: Path, target: str, *arguments: str, code: int) -> str:
    """What a small soak of a target writes that ends with this code."""
    asked = ("--front-end", "soak", "--cases", "5", "--workers", "1", "--target", f"wrong_references:{target}")
    ended = run("run", *asked, *arguments, corpus=corpus, PYTHONPATH=str(TARGETS))
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout


def document(corpus: Path, target: str, code: int) -> dict[str, Any]:
    """The same as a document."""
    found: dict[str, Any] = json.loads(searched(corpus, target, "--json", code=code))
    return found


def test_bug_of_the_reference_is_found_and_the_miss_is_said(corpus: Path) -> None:
    """The run ends with 1 and keeps its finding; its last line has the finding first, then the canary and why."""
    lines = searched(corpus, "SHUT", code=1).splitlines()
    assert f"signature  {SIGNATURE}" in lines
    assert lines[-1].startswith("1 new signatures, 0 problems: ")
    assert lines[-1].endswith(f"; {MISSED}")
    assert len(list((corpus / "findings").iterdir())) == 1


def test_document_has_both(corpus: Path) -> None:
    """For a program: a finding, the canary's problem, and nothing in `broken`, since the run does prove something."""
    told = document(corpus, "SHUT", 1)
    assert list(told["findings"]) == [SIGNATURE]
    assert MISSED.endswith(told["canary"]["problem"])
    assert told["broken"] == []
    assert told["total"]["cases"] == 5


def test_silence_after_a_miss_proves_nothing(corpus: Path) -> None:
    """Where nothing is found either, the run ends with 3, and says that the reference may be wrong."""
    told = document(corpus, "BOTH_SHUT", 3)
    assert told["broken"] == [MISSED]
    assert told["total"]["cases"] == 5


def test_other_programs_are_told_both(corpus: Path, tmp_path: Path) -> None:
    """JUnit has the finding and the missed canary as failures; only a run that proves nothing has an error."""
    for target, failures, errors in (("SHUT", 2, 0), ("BOTH_SHUT", 0, 2)):
        file = tmp_path / f"{target}.xml"
        searched(corpus, target, "--junit", str(file), code=1 if failures else 3)
        text = file.read_text(encoding="utf-8")
        assert (text.count("<failure "), text.count("<error ")) == (failures, errors)
