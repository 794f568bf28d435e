"""A project of two targets that need no build: `wrong`, whose second seat errs in one way, and `well`, which agrees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from program import Ended, run

HARNESS_TESTS = Path(__file__).resolve().parents[1] / "unit" / "harness"
SETTINGS = """
[tool.cracktrader-fuzz]
pythonpath = [{harness_tests}, "."]
target = "wrong"
[tool.cracktrader-fuzz.targets]
wrong = "small_targets:WRONG"
well = "small_targets:WELL"
absent = "small_targets:ABSENT"
"""
TARGETS = """
from dataclasses import replace

from cracktrader_fuzz.errors import SubjectMissingError
from cracktrader_fuzz.target.target import Generation, Space
from tally import TALLY, Tally


class Anywhere:
    def context(self, step):
        return "?"

    def observe(self, step, outcome):
        pass


class Erring(Tally):
    def step(self, step):
        outcome = super().step(step)
        return {**outcome, "total": "none"} if (step["kind"], step["amount"]) == ("add", "9") else outcome


def missing():
    raise SubjectMissingError("the other one is not installed: pip install other")


def target(name, other, **more):
    subjects = {"right": Tally, "other": other}
    return replace(TALLY, name=name, seats=("right", "other"), subjects=subjects, tracker=Anywhere, **more)


WRONG = target("wrong", Erring)
WELL = target("well", Tally, generation=Generation(("add", "take"), {"?": "?"}, ("ok", "short")))
ABSENT = target("absent", missing)
GONE = ("add", "?", "gone")
LOW = target("low", Tally, generation=Generation(space=Space(frozenset({GONE}), frozenset(), {GONE: 1}, 1_000)))
"""
SIGNATURE = "wrong/add/?/outcome.total/value/right~other"


def make_project(folder: Path) -> Path:
    """Write the settings and the targets; the folder."""
    folder.mkdir()
    settings = SETTINGS.format(harness_tests=json.dumps(str(HARNESS_TESTS)))
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    (folder / "small_targets.py").write_text(TARGETS, encoding="utf-8")
    return folder


def nightly(project: Path, *arguments: str | Path, code: int) -> Ended:
    """A night in the project that ends with this code."""
    ended = run("nightly", "--front-end", "soak", *arguments, cwd=project)
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def written(project: Path, name: str = "summary.json") -> dict[str, Any]:
    """One of the documents in the output folder."""
    document: dict[str, Any] = json.loads((project / "nightly" / name).read_text(encoding="utf-8"))
    return document


def counted(told: dict[str, Any]) -> dict[str, Any]:
    """What of a night must not depend on how it was cut: counts, cells, and how often each signature was seen."""
    targets = {
        name: {
            "total": each["total"],
            "reached": each["reached"],
            "seen": {signature: finding["seen"] for signature, finding in each["findings"].items()},
        }
        for name, each in told["targets"].items()
    }
    return {"total": told["total"], "targets": targets, "exit_code": told["exit_code"]}
