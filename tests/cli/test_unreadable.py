"""A folder or a file that may not be read is a problem or an error, and never left out in silence."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from program import ROOT, Ended, call

from cracktrader_fuzz.corpus.store import FindingStore, files_below
from cracktrader_fuzz.errors import CorpusError

FIXTURES = ROOT / "corpus" / "fixtures"
Lock = Callable[[Path], None]


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus with one fixture in each of two folders."""
    monkeypatch.chdir(ROOT)
    folder = tmp_path / "corpus"
    for name in ("money", "orders"):
        (folder / "fixtures" / name).mkdir(parents=True)
    shutil.copy(FIXTURES / "money" / "rebate.json", folder / "fixtures" / "money")
    other = min(path for path in FIXTURES.rglob("*.json") if path.name != "rebate.json")
    shutil.copy(other, folder / "fixtures" / "orders")
    (folder / "findings").mkdir()
    return folder


@pytest.fixture
def lock(monkeypatch: pytest.MonkeyPatch) -> Lock:
    """Makes the system refuse to list a folder: permissions would not do, since they do not bind root."""
    locked: set[str] = set()
    scan = os.scandir

    def refuse(path: Any = ".") -> Any:
        if os.fspath(path) in locked:
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    return lambda folder: locked.add(os.fspath(folder))


def line_of(folder: Path) -> str:
    """What is written of a folder that may not be read."""
    return f"{folder}: cannot be read: Permission denied: grant the right to read it, or move it away"


def test_check_reports_a_folder_that_may_not_be_read(corpus: Path, lock: Lock) -> None:
    """As a problem, once; all that can be read is checked."""
    lock(corpus / "fixtures" / "money")
    ended = call("corpus", "check", corpus=corpus)
    assert ended.returncode == 1
    assert ended.stdout.count(line_of(corpus / "fixtures" / "money")) == 1
    assert "1 fixtures, " in ended.stdout
    assert ": 1 problems" in ended.stdout


def test_check_reports_a_folder_beside_the_fixtures(corpus: Path, lock: Lock) -> None:
    """Files that nothing reads may be hidden in it."""
    (corpus / "notes").mkdir()
    lock(corpus / "notes")
    ended = call("corpus", "check", corpus=corpus)
    assert ended.returncode == 1
    assert line_of(corpus / "notes") in ended.stdout


def test_check_reports_where_nothing_may_be_read(corpus: Path, lock: Lock) -> None:
    """It does not say that there are no fixtures."""
    lock(corpus / "fixtures")
    ended = call("corpus", "check", corpus=corpus)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert line_of(corpus / "fixtures") in ended.stdout


@pytest.mark.parametrize(
    "command",
    ["corpus stats", "corpus format", "corpus liveness", "corpus minimise", "run --cases 1 --front-end corpus"],
)
def test_other_commands_end_with_one_line(command: str, corpus: Path, lock: Lock) -> None:
    """Figures without the fixtures of that folder would be wrong."""
    folder = corpus / "fixtures" / "money"
    lock(folder)
    require_one_line(call(*command.split(), corpus=corpus), folder)


@pytest.mark.parametrize("command", ["promote --pending", "promote"])
def test_promote_ends_with_one_line_where_findings_may_not_be_read(command: str, corpus: Path, lock: Lock) -> None:
    """It does not say that none waits."""
    lock(corpus / "findings")
    require_one_line(call(*command.split(), corpus=corpus), corpus / "findings")


def test_doctor_names_what_may_not_be_read(corpus: Path, lock: Lock) -> None:
    """Both the fixtures and the findings."""
    lock(corpus / "fixtures" / "money")
    lock(corpus / "findings")
    ended = call("doctor", corpus=corpus)
    assert ended.returncode == 3
    for folder in (corpus / "fixtures" / "money", corpus / "findings"):
        assert line_of(folder) in ended.stdout


def test_check_reports_what_is_no_file(corpus: Path) -> None:
    """A pipe is not waited for, and a link that leads nowhere is not left out."""
    os.mkfifo(corpus / "fixtures" / "pipe.json")
    (corpus / "fixtures" / "link.json").symlink_to("nowhere.json")
    ended = call("corpus", "check", corpus=corpus)
    assert ended.returncode == 1
    assert "pipe.json: cannot be read: it is no regular file" in ended.stdout
    assert "link.json: cannot be read: No such file or directory" in ended.stdout
    assert "2 fixtures, " in ended.stdout


def test_a_folder_that_is_not_there_holds_no_files(tmp_path: Path) -> None:
    """Nor does a file: neither is refused by the system."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert files_below(tmp_path / "nowhere") == []
    assert files_below(tmp_path / "file") == []


def test_findings_lie_flat(tmp_path: Path, lock: Lock) -> None:
    """A folder within is not looked into for findings, and the store refuses to guess what it may not read."""
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "other.json").write_text("{}", encoding="utf-8")
    (tmp_path / "one.json").write_text("{}", encoding="utf-8")
    assert FindingStore(tmp_path).paths() == [tmp_path / "one.json"]
    lock(tmp_path)
    with pytest.raises(CorpusError, match="cannot be read: Permission denied"):
        FindingStore(tmp_path).paths()


def require_one_line(ended: Ended, folder: Path) -> None:
    """Fail unless the command ended as one that was given something unreadable."""
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"cracktrader_fuzz: {line_of(folder)}\n"
