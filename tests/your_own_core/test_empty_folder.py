"""A user's first minutes: an empty folder, `init`, and each line that it prints, as printed."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from program import ROOT, call, run, told

from cracktrader_fuzz.cli import init as init_module
from cracktrader_fuzz.cli.init import INSTALL_PYTEST, next_steps
from cracktrader_fuzz.skeleton import skeleton
from cracktrader_fuzz.skeleton.skeleton import plan_skeleton
from cracktrader_fuzz.version import __version__

SOURCES = str(ROOT / "src")


def typed(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line in a shell, where `python` is this one and finds the harness and nothing else of this repository."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": SOURCES}
    return subprocess.run(
        line, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_every_printed_line_works(tmp_path: Path) -> None:
    """From `init` on each line ends as its comment says, and `doctor` finds all that a run needs."""
    written = typed("python -m cracktrader_fuzz init", tmp_path)
    assert written.returncode == 0, written.stderr
    fresh = typed("python -m cracktrader_fuzz doctor", tmp_path)
    assert fresh.returncode == 0, fresh.stdout + fresh.stderr
    assert "\n-  fixtures " in fresh.stdout
    assert not any(line.startswith("no ") for line in fresh.stdout.splitlines())
    lines = [line.strip() for line in written.stdout.partition("next:\n")[2].splitlines() if "#" not in line]
    assert lines == [line for line, _ in next_steps()]
    codes = {line: typed(line, tmp_path).returncode for line in lines}
    assert list(codes.values()) == [0, 1, 0], codes  # the second line lets a canary loose, which is a finding
    after = typed("python -m cracktrader_fuzz doctor", tmp_path)
    assert after.returncode == 0, after.stdout
    assert "1 wait, 0 cannot be read: `promote` reviews them" in after.stdout


@pytest.mark.parametrize(
    "command", ["run --seconds 1", "nightly", "repro 1/8", "corpus check", "oracles", "list subjects"]
)
def test_without_settings_the_message_names_init(command: str, tmp_path: Path) -> None:
    """Where no target is named, every command that needs one says how to get a first one, and leaves no file behind."""
    ended = run(*command.split(), cwd=tmp_path)
    assert ended.returncode == 2
    assert told(ended).startswith("no target is named: `python -m cracktrader_fuzz init` writes a first one; or use ")
    assert list(tmp_path.iterdir()) == []


def test_pytest_that_is_missing_is_installed_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pytest cannot be imported, the line that installs it is printed before the one that needs it."""
    monkeypatch.setattr(init_module.importlib.util, "find_spec", lambda _: None)
    lines = [line for line, _ in next_steps()]
    assert lines[-2:] == [INSTALL_PYTEST, "python -m pytest"]
    assert f"  {INSTALL_PYTEST}\n" in call("init", tmp_path).stdout


def test_extra_is_declared() -> None:
    """The package has the extra that `init` and the workflow install, and it brings pytest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert any(each.startswith("pytest>") for each in project["optional-dependencies"]["pytest"])


def test_workflow_installs_this_version(tmp_path: Path) -> None:
    """The night installs the version that wrote it, with pytest, keeps its findings, and passes with known ones."""
    (workflow,) = (each.text for each in plan_skeleton(tmp_path, "mine") if each.path == tmp_path / skeleton.WORKFLOW)
    assert f'pip install "cracktrader-fuzz[pytest]=={__version__}"' in workflow
    assert '--seed "$GITHUB_RUN_NUMBER" || [ $? -eq 4 ]' in workflow
    assert "            corpus/findings/\n            nightly/\n" in workflow
    assert "$version" not in workflow
