"""The scripts of a release say what is wrong, and end with the code that stops a workflow."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The script, with this environment beside the one of the tests."""
    command = [sys.executable, str(ROOT / "scripts" / script), *arguments]
    return subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)


def test_version_that_is_not_here_is_named() -> None:
    """A version of Python that the machine does not have is left out, in a line that names it."""
    ended = run("test_pythons.py", "9.9")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "python 9.9: is neither on the path nor among pyenv's: left out\n"


@pytest.mark.skipif(os.name != "posix", reason="the interpreter that does not start is a shell script")
def test_version_that_does_not_start_fails(tmp_path: Path) -> None:
    """An interpreter that is there and broken is a failure: leaving it out would hide that nothing was tested."""
    broken = tmp_path / "python9.9"
    broken.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    broken.chmod(0o755)
    ended = run("test_pythons.py", "9.9", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert ended.returncode == 1
    assert ended.stdout == f"python 9.9: is at {broken}, and does not start\n"
    assert ended.stderr == "failed on Python 9.9\n"


# wheel                           | kind of ref | name   | code | words in what is said
WHEELS = """
cracktrader_engine-0.1.0-any.whl  | tag         | v0.2.0 | 1    | is of version 0.1.0, and the tag is v0.2.0
cracktrader_engine-0.1.0-any.whl  | branch      | v0.2.0 | 1    | does not work: python -m pip install
other-0.1.0-py3-none-any.whl      | branch      | main   | 1    | is neither of cracktrader_engine, cracktrader_fuzz
cracktrader_engine-0.1.0.tar.gz   | branch      | main   | 2    | `make dist` makes dist
"""


@pytest.mark.parametrize("row", WHEELS.strip().splitlines(), ids=lambda row: row.split("|")[4].strip())
def test_bad_wheel_ends_the_smoke_test(row: str, tmp_path: Path) -> None:
    """A wheel that is of another version, broken, not ours or not there ends with a line that says so."""
    name, kind, ref, code, words = (cell.strip() for cell in row.split("|"))
    (tmp_path / name).write_bytes(b"no archive")
    ended = run("smoke_test.py", str(tmp_path), GITHUB_REF_TYPE=kind, GITHUB_REF_NAME=ref)
    assert ended.returncode == int(code)
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
