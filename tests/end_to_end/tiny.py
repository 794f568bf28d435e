"""A repository with a history: two cores of a tally in Python, and one commit that breaks one of them.

The broken source has the length of the right one, so that a probe that trusted stale byte code would be fooled.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

HARNESS_TESTS = Path(__file__).resolve().parents[1] / "unit" / "harness"
SETTINGS = """
[tool.cracktrader-fuzz]
pythonpath = ["."]
target = "tiny"
[tool.cracktrader-fuzz.targets]
tiny = "target:TINY"
"""
TARGET = """
from dataclasses import replace

from counter import Counter
from tally import TALLY, Tally


class Anywhere:
    def context(self, step):
        return "-"

    def observe(self, step, outcome):
        pass


SUBJECTS = {"right": Tally, "counter": Counter}
TINY = replace(TALLY, name="tiny", seats=tuple(SUBJECTS), subjects=SUBJECTS, tracker=Anywhere)
"""
COUNTER = """
from tally import Tally

LIMIT = "%s"


class Counter(Tally):
    def step(self, step):
        outcome = super().step(step)
        return {**outcome, "total": "none"} if (step["kind"], step["amount"]) == ("add", LIMIT) else outcome
"""
RIGHT = COUNTER % "x"
WRONG = COUNTER % "9"
UNBUILDABLE = "this is not Python"
BREAKING = "Count faster"


def git(repository: Path, *arguments: str) -> str:
    """What git answers in a repository, untouched by anybody's settings."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "Somebody", f"GIT_{role}_EMAIL": "somebody@example.org"}
        environment[f"GIT_{role}_DATE"] = "2026-01-01T00:00:00Z"
    command = ["git", *arguments]
    ended = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=True)
    return ended.stdout.strip()


def commit(repository: Path, subject: str, **files: str) -> str:
    """Write modules, commit them with everything else, and return the commit."""
    for name, text in files.items():
        (repository / f"{name}.py").write_text(text, encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", subject)
    return git(repository, "rev-parse", "HEAD")


def make_history(repository: Path) -> dict[str, str]:
    """Eight commits, the fifth of which breaks the counter after one that does not even load; by subject."""
    repository.mkdir()
    git(repository, "init", "--quiet", "--initial-branch", "main")
    (repository / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    (repository / ".gitignore").write_text("corpus/findings/\n__pycache__/\n", encoding="utf-8")
    shutil.copy(HARNESS_TESTS / "tally.py", repository)
    made = {"Two tallies": commit(repository, "Two tallies", target=TARGET, counter=RIGHT)}
    made["Say what it is"] = commit(repository, "Say what it is", notes='"""Notes."""\n')
    made["Try another way"] = commit(repository, "Try another way", counter=UNBUILDABLE)
    made["Go back"] = commit(repository, "Go back", counter=RIGHT)
    made[BREAKING] = commit(repository, BREAKING, counter=WRONG)
    for subject in ("Say more", "Say even more", "Say it well"):
        made[subject] = commit(repository, subject)
    return made
