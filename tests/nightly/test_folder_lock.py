"""A folder for one process at a time: nothing is left of one that was made for a night that never began."""

from __future__ import annotations

from pathlib import Path

import pytest

from cracktrader_fuzz.campaign.folder_lock import locked_folder
from cracktrader_fuzz.errors import CorpusError


def end_in(folder: Path, file: str = "") -> None:
    """A block over the folder that is interrupted, after it wrote a file if one is named."""
    with locked_folder(folder):
        assert folder.is_dir()
        if file:
            (folder / file).touch()
        raise KeyboardInterrupt


def test_folders_of_a_refused_block_go(tmp_path: Path) -> None:
    """Each folder that was made goes with the block that failed; those that were there stay."""
    (tmp_path / "there").mkdir()
    with pytest.raises(KeyboardInterrupt):
        end_in(tmp_path / "there" / "new" / "night")
    assert list(tmp_path.rglob("*")) == [tmp_path / "there"]


def test_folder_with_a_file_stays(tmp_path: Path) -> None:
    """A block that failed after it wrote keeps what it wrote, and one that did not fail keeps its folder."""
    with pytest.raises(KeyboardInterrupt):
        end_in(tmp_path / "night", "state.json")
    with locked_folder(tmp_path / "other"):
        pass
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["night", "other", "state.json"]


def test_second_block_is_refused(tmp_path: Path) -> None:
    """A folder that another block holds is refused with its path, and stays, empty as it may be."""
    with locked_folder(tmp_path / "night"):
        with (
            pytest.raises(CorpusError, match="night: another night is still writing here"),
            locked_folder(tmp_path / "night"),
        ):
            pass
        assert (tmp_path / "night").is_dir()
