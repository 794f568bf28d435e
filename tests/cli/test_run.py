"""`run`: what it tells a reader and a program, the exit code that follows, and that the same seed is the same run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from program import CANARY, FINDING_SEED, ROOT, SEATS, TARGETS, run

from cracktrader_fuzz.corpus.documents import read_finding

CASES = "20"


def run_json(corpus: Path, *arguments: str, code: int, **variables: str) -> dict[str, Any]:
    """The JSON document of a run that ends with this code."""
    ended = run("run", "--json", *arguments, corpus=corpus, **variables)
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    document: dict[str, Any] = json.loads(ended.stdout)
    assert document["exit_code"] == code
    return document


def soak(corpus: Path, *arguments: str, code: int, **variables: str) -> dict[str, Any]:
    """The JSON document of a small soak."""
    return run_json(corpus, "--front-end", "soak", "--cases", CASES, *arguments, code=code, **variables)


def test_agreement_adds_up(corpus: Path) -> None:
    """Front ends sum to the total, answers and cells to the steps, `ok` to what was applied; every part was run."""
    shutil.copytree(ROOT / "corpus" / "fixtures" / "money", corpus / "fixtures" / "money")
    fixtures = len(list(corpus.rglob("*.json")))
    told = run_json(corpus, "--front-end", "soak", "--front-end", "corpus", "--cases", CASES, code=0)
    parts = told["front_ends"]
    assert {name: part["cases"] for name, part in parts.items()} == {"corpus": fixtures, "soak": int(CASES)}
    for count in ("cases", "steps", "applied"):
        assert sum(part[count] for part in parts.values()) == told["total"][count] > 0
    for part in parts.values():
        assert sum(part["codes"].values()) == part["steps"]
        assert part["codes"]["ok"] == part["applied"]
    assert sum(cell["steps"] for cell in told["reached"]) == told["total"]["steps"]
    assert (told["fixtures"], told["findings"], told["broken"]) == ({"run": fixtures, "problems": []}, {}, [])
    assert [build["subject"] for build in told["builds"]] == ["python", "rust"]
    assert told["canary"]["problem"] == ""


def test_difference_adds_up(corpus: Path) -> None:
    """With a finding, too, the cells sum to the steps: what ran past a difference is counted nowhere, or everywhere."""
    told = soak(corpus, "--subjects", SEATS, code=1)
    assert sum(cell["steps"] for cell in told["reached"]) == told["total"]["steps"]
    assert told["front_ends"]["soak"]["codes"]["ok"] == told["total"]["applied"]


def test_text_tells_the_same(corpus: Path) -> None:
    """The text gives the counts of the JSON document, a row for each step kind, and the verdict in its last line."""
    counts = soak(corpus, code=0)["total"]
    ended = run("run", "--front-end", "soak", "--cases", CASES, corpus=corpus)
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    row = next(line.split() for line in lines if line.startswith("total"))
    assert row[1:5] == [f"{counts[count]:,}" for count in ("cases", "steps", "applied")] + ["0"]
    assert {"place_order", "order_fill", "timer"} <= {line.split()[0] for line in lines if line}
    said = f"0 new signatures, all agree: {counts['steps']:,} steps in {CASES} cases and 0 fixtures, "
    assert lines[-1].startswith(said)


def test_text_of_a_finding(corpus: Path) -> None:
    """A finding is told with the ledger's word on it and its commands, each whole on its line and for this corpus."""
    ended = run(*f"run --front-end soak --cases 20 --seed {FINDING_SEED} --subjects {SEATS}".split(), corpus=corpus)
    path = min((corpus / "findings").iterdir())
    signature = read_finding(path).signature
    assert ended.returncode == 1
    assert " new signatures, 0 problems: " in ended.stdout.splitlines()[-1]
    assert "\nverdict    4 steps, certified minimal, seen " in ended.stdout
    assert f"\nsignature  {signature}\nledger     new: no entry in known_divergences.toml\n" in ended.stdout
    asked = f"\nreproduce  python -m cracktrader_fuzz repro {path} --corpus {corpus} --subjects {SEATS}\n"
    assert asked in ended.stdout
    assert f'promote {path} --corpus {corpus} --verdict WHO --reason "WHY"\n' in ended.stdout


def repeatable(told: dict[str, Any]) -> dict[str, Any]:
    """A run's document without what is about time and place."""
    kept = {key: told[key] for key in ("canary", "front_ends", "total", "reached", "seed", "exit_code")}
    for finding in told["findings"].values():
        finding["path"] = Path(finding["path"]).name
    return {**kept, "findings": told["findings"]}


@pytest.mark.parametrize("subjects", ["python,rust", SEATS])
def test_same_seed_same_run(tmp_path: Path, subjects: str) -> None:
    """Counts, cells, findings and their files depend on the seed alone: not on hashing, workers, or another try."""
    asked = ("--subjects", subjects, "--seed", "3")
    code = 1 if subjects == SEATS else 0
    one = soak(tmp_path / "one", *asked, "--workers", "1", code=code, PYTHONHASHSEED="0")
    two = soak(tmp_path / "two", *asked, "--workers", "2", code=code, PYTHONHASHSEED="12345")
    assert repeatable(one) == repeatable(two)
    files = [{path.name: path.read_bytes() for path in tmp_path.glob(f"{name}/findings/*")} for name in ("one", "two")]
    assert files[0] == files[1]
    assert len(files[0]) == len(one["findings"])
    assert bool(files[0]) == (subjects == SEATS)


def test_other_seed_other_cases(corpus: Path) -> None:
    """Another seed reaches other cells."""
    asked = ("--front-end", "soak", "--cases", "2", "--workers", "1")
    one, two = (run_json(corpus, *asked, "--seed", seed, code=0) for seed in "12")
    assert one["reached"] != two["reached"]


def test_failing_fixture_is_a_problem(corpus: Path) -> None:
    """A fixture that one of the subjects fails ends the run with 1, and the problem names file and subject."""
    shutil.copytree(ROOT / "corpus" / "fixtures" / "money", corpus / "fixtures" / "money")
    told = run_json(corpus, "--front-end", "corpus", "--subjects", SEATS, code=1)
    rebate = str(corpus / "fixtures" / "money" / "rebate.json")
    problems = [line for line in told["fixtures"]["problems"] if line.startswith(rebate)]
    assert len(problems) == 2
    assert sum("diverges: cracktrader/order_fill/" in line for line in problems) == 1
    assert sum(f"{CANARY} answers '0' where '-99.9' is expected" in line for line in problems) == 1


# target               arguments                       what the line says
BROKEN = """
CANARY_OF_OTHER_SIZE | --cases 5                     | the canary canary-rebate-not-paid was missed: shrunk to 4 steps, its known size is 3
FORGETFUL            | --cases 5                     | soak 0/0: UnsteadyError: python and other differed on
DEAF                 | --cases 5                     | not one step was applied
WITHOUT_CANARY       | --seconds 0                   | nothing was run: the budget was over before
"""  # noqa: E501 - one row a line


@pytest.mark.parametrize("row", BROKEN.strip().splitlines(), ids=lambda row: row.split()[0])
def test_run_that_proves_nothing(corpus: Path, row: str) -> None:
    """A run that cannot be believed ends with 3, says so in its last line, and says why."""
    target, arguments, words = (cell.strip() for cell in row.split("|"))
    asked = ("--front-end", "soak", "--workers", "1", *arguments.split(), "--target", f"odd_targets:{target}")
    ended = run("run", *asked, corpus=corpus, PYTHONPATH=str(TARGETS))
    assert ended.returncode == 3, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[-1].startswith(f"HARNESS BROKEN, this run proves nothing: {words}")
    assert "Traceback" not in ended.stderr


def test_run_without_canary_says_so(corpus: Path) -> None:
    """A target that brings no canary is run, and the summary notes that nothing was let loose."""
    asked = ("--front-end", "soak", "--cases", "2", "--target", "odd_targets:WITHOUT_CANARY")
    ended = run("run", *asked, corpus=corpus, PYTHONPATH=str(TARGETS))
    assert ended.returncode == 0, ended.stderr
    assert "note     the target without has no canary" in ended.stdout
    assert "canary   none was let loose" in ended.stdout


def test_missing_fixtures_and_recordings_are_noted(tmp_path: Path) -> None:
    """What was to be run and is not there is named, not passed over."""
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.cracktrader-fuzz]\npythonpath = ["{(ROOT / "strategies").as_posix()}"]\nrecordings = "none"\n'
    )
    asked = ("--cases", "2", "--target", "cracktrader_strategies.target:CRACKTRADER")
    ended = run("run", *asked, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert f"note     no fixtures under {tmp_path / 'corpus'}: none were run" in ended.stdout
    assert f"at {tmp_path / 'none'}: left out" in ended.stdout


def test_summary_fits_an_ascii_output(corpus: Path) -> None:
    """Nothing in the summary needs more than ASCII, so it can be piped anywhere."""
    asked = ("--front-end", "soak", "--cases", "5", "--subjects", SEATS)
    ended = run("run", *asked, corpus=corpus, PYTHONIOENCODING="ascii")
    assert ended.returncode in (0, 1), ended.stderr
    assert ended.stdout.isascii()
