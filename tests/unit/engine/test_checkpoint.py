"""Checkpoints: written whole, read back equal, and every damage told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cracktrader.engine.checkpoint import CHECKPOINT_CODES, Checkpoint
from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import CheckpointError
from cracktrader.engine.invariants import InvariantChecker
from cracktrader.engine.runner import EngineRunner


@pytest.fixture
def checkpoint(bar_feed: Any, trading: Any) -> Checkpoint:
    """A checkpoint after a run of two bars."""
    runner = EngineRunner(DeterministicCore(1000), checker=InvariantChecker(1000), **trading)
    runner.run(bar_feed([10, 20]))
    return runner.checkpoint()


@pytest.fixture
def path(tmp_path: Path, checkpoint: Checkpoint) -> Path:
    """Its file."""
    target = tmp_path / "checkpoint.json"
    checkpoint.write(target)
    return target


def code_of(path: Path) -> str:
    """The code with which a file is refused."""
    with pytest.raises(CheckpointError) as caught:
        Checkpoint.read(path)
    assert str(path) in str(caught.value)
    return caught.value.code


def test_round_trip(checkpoint: Checkpoint, path: Path) -> None:
    """What is read equals what was written, and nothing else is left in the folder."""
    assert Checkpoint.read(path) == checkpoint
    assert (checkpoint.step, checkpoint.until, checkpoint.initial_cash, checkpoint.broker) == (8, 20, "1000", None)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_core_comes_back(checkpoint: Checkpoint) -> None:
    """A core that is brought to a checkpoint has its digest."""
    core = DeterministicCore()
    checkpoint.restore_core(core)
    assert core.state_digest() == checkpoint.digest


def test_cut_anywhere(path: Path) -> None:
    """A file that was cut is torn, wherever the cut."""
    content = path.read_bytes()
    for cut in (0, 1, len(content) // 2, len(content) - 2):
        path.write_bytes(content[:cut])
        assert code_of(path) == "torn_checkpoint"


def test_altered_content(path: Path) -> None:
    """A changed figure does not fit the checksum, and neither does a document of another kind."""
    document = json.loads(path.read_bytes())
    path.write_text(json.dumps(document | {"step": 7}))
    assert code_of(path) == "torn_checkpoint"
    for text in ("[]", "NaN", "{}", "[" * 100_000):
        path.write_text(text)
        assert code_of(path) == "torn_checkpoint"


def test_another_version(path: Path) -> None:
    """Another version is told as that, ahead of the checksum."""
    document = json.loads(path.read_bytes())
    path.write_text(json.dumps(document | {"schema_version": 2}))
    assert code_of(path) == "schema_version"


@pytest.mark.parametrize(
    "change",
    [
        {"step": -1},
        {"step": "8"},
        {"until": 1.5},
        {"checker": []},
        {"core": None},
        {"initial_cash": 5},
        {"placed": {}},
        {"extra": 1},
    ],
)
def test_wrong_types_under_a_right_checksum(checkpoint: Checkpoint, tmp_path: Path, change: dict[str, Any]) -> None:
    """Keys and types are checked even when the checksum fits."""

    class Bent(Checkpoint):
        """Writes something else under its own checksum."""

        def to_dict(self) -> dict[str, Any]:
            """The document with the change, sealed again."""
            from cracktrader.engine.checkpoint import _checksum

            body = super().to_dict() | change
            del body["checksum"]
            return body | {"checksum": _checksum(body)}

    fields = {name: getattr(checkpoint, name) for name in checkpoint.__dataclass_fields__}
    Bent(**fields).write(tmp_path / "bent")
    assert code_of(tmp_path / "bent") == "malformed_checkpoint"


def test_a_core_that_does_not_fit(checkpoint: Checkpoint) -> None:
    """A state that no core hands out, and one with another digest, are told."""
    other = DeterministicCore(5).snapshot()
    for core, placed, code in (
        ({}, [], "malformed_checkpoint"),
        (checkpoint.core, ["o0"], "malformed_checkpoint"),
        (dict(other), [], "digest_mismatch"),
    ):
        fields = {name: getattr(checkpoint, name) for name in checkpoint.__dataclass_fields__}
        fields |= {"core": core, "placed": placed}
        with pytest.raises(CheckpointError) as caught:
            Checkpoint(**fields).restore_core(DeterministicCore())
        assert caught.value.code == code


def test_a_failed_write_keeps_the_old_one(path: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the new file cannot be made safe, the old one is as it was."""
    before = path.read_bytes()

    def no_sync(_: int) -> None:
        raise OSError("disk is full")

    monkeypatch.setattr("os.fsync", no_sync)
    with pytest.raises(OSError, match="full"):
        checkpoint.write(path)
    assert path.read_bytes() == before


def test_written_every_so_often(tmp_path: Path, bar_feed: Any) -> None:
    """A run writes one every so many steps, and one at its end."""
    target = tmp_path / "checkpoint"
    seen: list[int] = []
    runner = EngineRunner(
        DeterministicCore(),
        checkpoints=target,
        checkpoint_every=2,
        observers=[lambda *_: seen.append(Checkpoint.read(target).step if target.exists() else 0)],
    )
    runner.run(bar_feed([1, 2, 3, 4, 5]))
    assert seen == [0, 2, 2, 4, 4]
    assert Checkpoint.read(target).step == 5


def test_codes_are_closed() -> None:
    """These tests see every code."""
    assert set(CHECKPOINT_CODES) == {"torn_checkpoint", "schema_version", "malformed_checkpoint", "digest_mismatch"}
