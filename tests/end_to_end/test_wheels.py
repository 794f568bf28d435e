"""Commits that need a wheel: `--bisect` builds those of the settings' folder and of the folders that `wheels` names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import RIGHT, SETTINGS, TARGET, WRONG, commit, git, make_history

# A program beside a package is the smallest thing that maturin builds without a binding.
CARGO = '[package]\nname = "counter"\nversion = "0.1.0"\nedition = "2021"\n'
PROJECT = """
[build-system]
requires = ["maturin"]
build-backend = "maturin"
[project]
name = "counter"
version = "0.1.0"
[tool.maturin]
bindings = "bin"
python-source = "sources"
"""


def write_project(folder: Path, counter: str, settings: str = "") -> None:
    """A project for maturin with the package `counter`, which can be imported from its wheel only."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "sources" / "counter").mkdir(parents=True, exist_ok=True)
    (folder / "src" / "main.rs").write_text("fn main() {}\n", encoding="utf-8")
    (folder / "Cargo.toml").write_text(CARGO, encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT + settings, encoding="utf-8")
    (folder / "sources" / "counter" / "__init__.py").write_text(counter, encoding="utf-8")


def repro(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`repro` of a generated case that differs, in the repository."""
    command = [sys.executable, "-m", "cracktrader_fuzz", "repro", "0/0", *arguments]
    return subprocess.run(command, cwd=repository, env=os.environ, capture_output=True, text=True, check=False)


def make_moving_history(repository: Path) -> dict[str, str]:
    """A project of maturin's at the root, which moves into a folder and breaks there; by subject.

    What runs in the repository itself is a file that git ignores, so that a clone has the counter of its wheel only.
    """
    make_history(repository)
    git(repository, "rm", "--quiet", "counter.py")
    (repository / ".gitignore").write_text("/counter.py\n__pycache__/\n", encoding="utf-8")
    (repository / "counter.py").write_text(WRONG, encoding="utf-8")
    write_project(repository, RIGHT, SETTINGS)
    commits = {"At the root": commit(repository, "At the root", target=TARGET)}
    for name in ("src", "sources", "Cargo.toml"):
        git(repository, "rm", "--quiet", "-r", name)
    write_project(repository / "engine", RIGHT)
    settings = SETTINGS.replace("target =", 'wheels = ["engine"]\ntarget =', 1)
    (repository / "pyproject.toml").write_text(settings, encoding="utf-8")
    commits["Move"] = commit(repository, "Move")
    write_project(repository / "engine", WRONG)
    commits["Break"] = commit(repository, "Break")
    commits["Go on"] = commit(repository, "Go on", notes='"""Notes."""\n')
    return commits


def test_wheels_are_built_wherever_the_project_stood(tmp_path: Path) -> None:
    """Each commit is asked with the wheel of its own project, before the move and after it."""
    repository = tmp_path / "tiny"
    commits = make_moving_history(repository)
    ended = repro(repository, "--bisect", f"{commits['At the root']}..HEAD")
    assert ended.stdout.startswith(f"first bad commit: {commits['Break']} Break\n"), ended.stdout + ended.stderr
    assert " skip " not in ended.stderr
    assert git(repository, "status", "--porcelain") == ""


def test_folder_outside_the_repository_is_refused(tmp_path: Path) -> None:
    """A folder that a clone would not have is named before anything is built."""
    repository = tmp_path / "tiny"
    make_history(repository)
    file = repository / "pyproject.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("target =", 'wheels = ["../other"]\ntarget =', 1))
    ended = repro(repository, "--bisect", "HEAD~7..HEAD")
    assert (ended.returncode, ended.stdout) == (2, "")
    line = ended.stderr.splitlines()[-1]
    assert f"wheels: {str(tmp_path / 'other')!r} is outside of the repository" in line
    assert "name a folder in it" in line


@pytest.mark.parametrize("folder", ["nowhere", "engine"])
def test_folder_without_a_project_needs_no_build(tmp_path: Path, folder: str) -> None:
    """A folder that a commit does not have, or that has nothing for maturin, is passed over."""
    repository = tmp_path / "tiny"
    commits = make_history(repository)
    (repository / "engine").mkdir()
    (repository / "engine" / "pyproject.toml").write_text("[build-system]\nbuild-backend = 'other'\n", encoding="utf-8")
    file = repository / "pyproject.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("target =", f'wheels = ["{folder}"]\ntarget =', 1))
    commit(repository, "Name a folder")
    ended = repro(repository, "--bisect", f"{commits['Go back']}..HEAD")
    assert ended.stdout.startswith(f"first bad commit: {commits['Count faster']} "), ended.stdout + ended.stderr
