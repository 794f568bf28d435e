"""The temporary folder of a run: gone with the run, and swept by the next one where the run was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from cracktrader_fuzz.campaign.journal import FOLDER_PREFIX, STALE_SECONDS, journal_folder

RUN = """
import sys, time
from cracktrader_fuzz.campaign.journal import journal_folder
with journal_folder() as folder:
    (folder / "1").touch()
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that only this test has."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def left_over(temporary: Path, name: str = f"{FOLDER_PREFIX}abc") -> Path:
    """What a killed run has left, long ago."""
    folder = temporary / name
    (folder / "search-1").mkdir(parents=True)
    (folder / "1").touch()
    (folder / "search-1" / "input").touch()
    age(folder)
    return folder


def age(folder: Path) -> None:
    """Let a folder be older than any that is spared for its age."""
    long_ago = time.time() - STALE_SECONDS - 60
    os.utime(folder, (long_ago, long_ago))


def sweep() -> None:
    """Begin and end a run."""
    with journal_folder() as folder:
        assert folder.is_dir()
    assert not folder.exists()


def test_what_a_killed_run_left_is_swept(temporary: Path) -> None:
    """With all that is in it."""
    left_over(temporary)
    sweep()
    assert list(temporary.iterdir()) == []


def test_a_folder_is_kept_while_its_process_lives(temporary: Path) -> None:
    """However old it is; killed with -9, its process holds it no longer."""
    with subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            folder = Path(process.stdout.readline().strip())
            assert folder.parent == temporary
            age(folder)
            sweep()
            assert (folder / "1").is_file()
        finally:
            process.kill()
    assert (folder / "1").is_file()
    sweep()
    assert not folder.exists()


def test_a_young_folder_is_kept(temporary: Path) -> None:
    """It may not be locked yet, or a worker may still be at its last job."""
    folder = left_over(temporary)
    os.utime(folder)
    sweep()
    assert (folder / "search-1" / "input").is_file()


def test_a_folder_of_another_user_is_kept(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root could take it away, and does not."""
    folder, own = left_over(temporary), os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: own + 1)
    sweep()
    assert (folder / "1").is_file()


def test_what_only_bears_such_a_name_is_kept(temporary: Path, tmp_path: Path) -> None:
    """A link is not followed, a file is no folder, and other names are not ours."""
    target = left_over(tmp_path, "target")
    link, file = temporary / f"{FOLDER_PREFIX}link", temporary / f"{FOLDER_PREFIX}file"
    link.symlink_to(target)
    file.touch()
    age(file)
    other = left_over(temporary, "cracktrader-fuzz-other")
    sweep()
    assert (target / "1").is_file()
    assert link.is_symlink()
    assert file.is_file()
    assert (other / "1").is_file()
