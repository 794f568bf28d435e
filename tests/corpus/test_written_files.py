"""What a written file is afterwards: its mode is the user's to choose, and what is no file is never replaced by one."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cracktrader_fuzz.corpus.store import write_atomically
from cracktrader_fuzz.errors import CorpusError


def mode_of(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_a_new_file_has_the_mode_of_the_umask(tmp_path: Path, mask: int, mode: int) -> None:
    """As any program's file: a build server reads a report as another user."""
    before = os.umask(mask)
    try:
        write_atomically(tmp_path / "report.xml", "text")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "report.xml") == mode


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    """What a user set with chmod is not taken back by writing the file again."""
    path = tmp_path / "fixture.json"
    path.write_text("old", encoding="utf-8")
    path.chmod(mode)
    write_atomically(path, "new")
    assert (path.read_text(encoding="utf-8"), mode_of(path)) == ("new", mode)


def test_a_link_is_followed(tmp_path: Path) -> None:
    """Its target has the text, and the link is a link still."""
    target, link = tmp_path / "target.xml", tmp_path / "link.xml"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target.name)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    assert sorted(tmp_path.iterdir()) == [link, target]


def test_a_link_to_nothing_is_followed(tmp_path: Path) -> None:
    """The file that it leads to is made."""
    link = tmp_path / "link.xml"
    link.symlink_to("target.xml")
    write_atomically(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "target.xml").read_text(encoding="utf-8") == "new"


def test_links_in_a_circle_are_an_error(tmp_path: Path) -> None:
    """They lead to no file: one line with the path, and both links stay."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to("other")
    other.symlink_to("one")
    with pytest.raises(CorpusError, match="one: cannot be written: "):
        write_atomically(one, "new")
    assert one.is_symlink()
    assert other.is_symlink()


@pytest.mark.parametrize("linked", [False, True], ids=["itself", "by a link"])
def test_a_pipe_is_written_through(tmp_path: Path, *, linked: bool) -> None:
    """Its reader gets the text; it is a pipe afterwards as well, and no other file is left beside it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    name = tmp_path / "link" if linked else pipe
    if linked:
        name.symlink_to("pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")), daemon=True)
    reader.start()
    write_atomically(name, "text")
    assert stat.S_ISFIFO(pipe.stat().st_mode), "the pipe was replaced by a file"
    reader.join(10)
    assert read == ["text"]
    assert sorted(tmp_path.iterdir()) == sorted({pipe, name})


def test_a_pipe_without_a_reader_is_an_error(tmp_path: Path) -> None:
    """One line without the promise that old text is intact: a pipe holds none."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    handle = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    closer = threading.Timer(0.2, os.close, (handle,))
    closer.start()
    with pytest.raises(CorpusError) as refused:
        write_atomically(pipe, "x" * 10_000_000)  # more than a pipe holds, so the writer waits until it is closed
    closer.join()
    assert str(refused.value) == f"{pipe}: cannot be written: Broken pipe"


def test_a_folder_is_an_error(tmp_path: Path) -> None:
    """It is neither replaced nor written into."""
    with pytest.raises(CorpusError, match="cannot be written: Is a directory"):
        write_atomically(tmp_path, "text")


@pytest.mark.parametrize("kept_in", ["a file", "a pipe"])
def test_the_output_of_the_process_is_written_behind_what_was_printed(tmp_path: Path, kept_in: str) -> None:
    """`--junit /dev/stdout` takes away nothing of what stands in the output, also where that is a regular file."""
    script = (
        "from pathlib import Path; from cracktrader_fuzz.corpus.store import write_atomically\n"
        "print('before'); write_atomically(Path('/dev/stdout'), 'text\\n'); print('after')"
    )
    command = [sys.executable, "-c", script]
    if kept_in == "a pipe":
        written = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=60, check=True).stdout
    else:
        with (tmp_path / "out.txt").open("w", encoding="utf-8") as stream:
            subprocess.run(command, stdout=stream, timeout=60, check=True)
        written = (tmp_path / "out.txt").read_text(encoding="utf-8")
    assert written == "before\ntext\nafter\n"
