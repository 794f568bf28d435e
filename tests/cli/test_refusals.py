"""What the system refuses without naming a file: the line says what it was, and is never `None: ...`."""

from __future__ import annotations

import errno
import io
import multiprocessing.synchronize
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import click
import pytest
from click.testing import CliRunner
from program import ROOT, call, program, without_progress

from cracktrader_fuzz.cli import main
from cracktrader_fuzz.cli.support.options import command


class FullOutput(io.StringIO):
    """An output on a disk without room."""

    def write(self, text: str, /) -> int:
        """Refuse as the system does."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture(autouse=True)
def in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that hold are the repository's."""
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize(
    "words",
    ["list targets", "list targets --json", "corpus check", "run --cases 1 --front-end soak --workers 1"],
)
def test_full_output_is_named(words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines, documents and tables alike."""
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / "rebate.json").write_bytes((ROOT / "corpus/fixtures/money/rebate.json").read_bytes())
    named = () if words.startswith("list") else ("--corpus", tmp_path)
    argv = program(*words.split(), *named)[2:]
    with (
        mock.patch.object(sys, "argv", argv),
        mock.patch.object(sys, "stdout", FullOutput()),
        pytest.raises(SystemExit) as end,
    ):
        main()
    written = without_progress(capsys.readouterr().err)
    assert written == "cracktrader_fuzz: standard output: cannot be written: No space left on device\n"
    assert end.value.code == 2


def test_without_shared_memory_a_run_ends_with_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker cannot be started without the locks that lie there."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(multiprocessing.synchronize.SemLock, "__init__", refuse)
    ended = call("run", "--cases", "1", "--front-end", "soak", "--workers", "1", corpus=tmp_path)
    assert (ended.returncode, ended.stdout) == (3, "")
    needs = "it needs memory, open files and, on Linux, a writable /dev/shm"
    reason = f"no worker process can be started: Read-only file system: {needs}"
    assert without_progress(ended.stderr) == f"cracktrader_fuzz: {reason}\n"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            OSError(errno.ENOMEM, "Cannot allocate memory"),
            "the system refused what `work` needs: Cannot allocate memory",
        ),
        (OSError("odd"), "the system refused what `work` needs: odd"),
        (PermissionError(errno.EACCES, "Permission denied", "file"), "file: Permission denied"),
    ],
)
def test_other_refusals_name_the_file_or_the_command(error: OSError, line: str) -> None:
    """`None` is no name."""

    def refuse() -> int:
        raise error

    body: Callable[[], None] = command(refuse)
    ended = CliRunner().invoke(click.command(name="work")(body))
    assert (ended.exit_code, ended.output) == (2, f"cracktrader_fuzz: {line}\n")
