"""The program as a user starts it, in a process of its own or, where that does not matter, in this one."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from cracktrader_fuzz.cli import main

ROOT = Path(__file__).resolve().parents[2]
TARGETS = Path(__file__).parent / "targets"
CANARY = "canary-rebate-not-paid"
SEATS = f"python,{CANARY}"
FINDING_SEED = "2"
REASON = "A rebate is cash that the venue pays, so it must raise the cash."
PREFIX = "cracktrader_fuzz: "
REBATE = ROOT / "corpus" / "fixtures" / "money" / "rebate.json"  # four steps, on which the canary shows

Ended = subprocess.CompletedProcess[str]


def program(*arguments: str | Path, corpus: Path | None = None) -> list[str]:
    """The command line of a process."""
    where = [] if corpus is None else ["--corpus", corpus]
    return [sys.executable, "-m", "cracktrader_fuzz", *map(str, [*arguments, *where])]


def environment(**changes: str) -> dict[str, str]:
    """This process's environment with these variables set; folders of PYTHONPATH go before those that are there."""
    added = changes.pop("PYTHONPATH", None)
    merged = {**os.environ, **changes}
    if added is not None:
        merged["PYTHONPATH"] = os.pathsep.join(filter(None, (added, os.environ.get("PYTHONPATH"))))
    return merged


def run(*arguments: str | Path, corpus: Path | None = None, cwd: Path = ROOT, **variables: str) -> Ended:
    """Run the program in a process and return what it wrote and how it ended."""
    command = program(*arguments, corpus=corpus)
    return subprocess.run(
        command, cwd=cwd, env=environment(**variables), capture_output=True, text=True, timeout=120, check=False
    )


def call(*arguments: str | Path, corpus: Path | None = None) -> Ended:
    """Run the program in this process, which is much faster; the current folder decides which settings hold."""
    command = program(*arguments, corpus=corpus)[2:]
    stdout, stderr, code = io.StringIO(), io.StringIO(), None
    with (
        mock.patch.object(sys, "argv", command),
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int), "a command always ends with a code"
    return Ended(command, code, stdout.getvalue(), stderr.getvalue())


def without_progress(stderr: str) -> str:
    """What a run wrote on standard error but for its lines of progress, which come when it takes long."""
    return "".join(line for line in stderr.splitlines(keepends=True) if " cells reached  " not in line)


def told(ended: Ended) -> str:
    """The one line that a mistake is told in; fails when there is anything else."""
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    (line,) = without_progress(ended.stderr).splitlines()
    assert line.startswith(PREFIX), line
    assert line.isprintable()
    return line.removeprefix(PREFIX)
