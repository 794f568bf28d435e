"""Checkpoints: all that a run needs to go on, in one file.

Promises: a file is the old checkpoint or the new one, never half of one; what was cut or altered is found by its
checksum. Does not hold what callbacks keep for themselves, but for a broker that has `snapshot` and `restore`. Costs in
proportion to the state.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, fields
from os import PathLike
from pathlib import Path
from typing import Any

from cracktrader.engine.backends import CoreProtocol
from cracktrader.engine.error import CheckpointError, MalformedInputError, quoted
from cracktrader.engine.snapshot import canonical_json

CHECKPOINT_VERSION = 1  # of the file's format; another one is refused
CHECKPOINT_CODES: tuple[str, ...] = ("torn_checkpoint", "schema_version", "malformed_checkpoint", "digest_mismatch")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A run after `step` committed steps, which began with `initial_cash` (decimal text).

    `until` is the highest event_time that the feed gave, in nanoseconds; `placed` the ids of the core's orders in the
    order of placing, which the core does not keep.
    """

    step: int
    initial_cash: str
    until: int | None
    digest: str
    placed: list[str]
    core: dict[str, Any]
    sequencer: dict[str, Any]
    checker: dict[str, Any] | None
    broker: dict[str, Any] | None

    def to_dict(self) -> dict[str, Any]:
        """The file's object."""
        body = {"kind": "checkpoint", "schema_version": CHECKPOINT_VERSION, **asdict(self)}
        return {**body, "checksum": _checksum(body)}

    def write(self, path: str | PathLike[str]) -> None:
        """Write it in the place of what is at `path`, all at once."""
        target = Path(path)
        draft = target.with_name(f"{target.name}.new")
        with draft.open("wb") as file:
            file.write(f"{canonical_json(self.to_dict())}\n".encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)

    def restore_core(self, core: CoreProtocol) -> None:
        """Bring a core to this state; CheckpointError when that is not possible, or when its digest differs."""
        try:
            core.restore(self.core)
        except MalformedInputError as error:
            raise CheckpointError(f"the core of step {self.step}: {error}", "malformed_checkpoint") from error
        if sorted(map(str, self.placed)) != list(core.snapshot()["orders"]):
            raise CheckpointError(f"the orders placed by step {self.step} are not the core's", "malformed_checkpoint")
        digest = core.state_digest()
        if digest != self.digest:
            raise CheckpointError(
                f"the core of step {self.step} has the digest {digest}, and the checkpoint says {self.digest}; "
                "use an earlier one",
                "digest_mismatch",
            )

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Checkpoint:
        """The checkpoint at `path`; CheckpointError, with one of `CHECKPOINT_CODES`, when it cannot be used."""
        document = _read_document(Path(path))
        version, checksum = document.get("schema_version"), document.pop("checksum", None)
        if type(version) is int and version != CHECKPOINT_VERSION:
            raise CheckpointError(
                f"{path} has version {version}, and this reads {CHECKPOINT_VERSION}; start again from the log",
                "schema_version",
            )
        if checksum != _checksum(document):
            raise CheckpointError(f"{path} is torn or altered: its checksum differs; use an earlier one", _TORN)
        return cls(**_checked(document, path))


_TORN = "torn_checkpoint"
_TYPES: dict[str, tuple[type, ...]] = {
    "step": (int,),
    "initial_cash": (str,),
    "until": (int, type(None)),
    "digest": (str,),
    "placed": (list,),
    "core": (dict,),
    "sequencer": (dict,),
    "checker": (dict, type(None)),
    "broker": (dict, type(None)),
}


def _checksum(body: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(body).encode("ascii")).hexdigest()


def _read_document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
        canonical_json(document)  # refuses NaN, which has no canonical form
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is torn: it is no JSON ({error}); use an earlier one", _TORN) from None
    if type(document) is not dict:
        raise CheckpointError(f"{path} is torn: it holds no JSON object; use an earlier one", _TORN)
    return document


def _checked(document: dict[str, Any], path: str | PathLike[str]) -> dict[str, Any]:
    names = {field.name for field in fields(Checkpoint)}
    if document.keys() != names | {"kind", "schema_version"} or document["kind"] != "checkpoint":
        raise CheckpointError(f"{path} has not the keys of a checkpoint", "malformed_checkpoint")
    for name, types in _TYPES.items():
        if type(document[name]) not in types:
            raise CheckpointError(f"{path}: {name} must not be {quoted(document[name])}", "malformed_checkpoint")
    if document["step"] < 0 or type(document["schema_version"]) is not int:
        raise CheckpointError(f"{path}: step and schema_version must be counts", "malformed_checkpoint")
    return {name: document[name] for name in names}
