"""Schema contracts: documents held against the JSON Schemas of the boundary.

Promises: the six schemas of schemas/engine (JSON Schema 2020-12), found by name; nothing is fetched from anywhere.
Needs the extra `schemas` (jsonschema-rs), and a checkout or a directory that is named; nothing else here imports it.
Does not replace the engine's own checks, which are exact about bounds. Costs some 20 us a document.
"""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

import jsonschema_rs

SchemaName = Literal[
    "engine_event",
    "engine_intent",
    "order_transition",
    "transition_result",
    "execution_step_result",
    "core_snapshot",
]
SCHEMA_NAMES: tuple[SchemaName, ...] = get_args(SchemaName)
SCHEMA_DIRECTORY = Path(__file__).parents[3] / "schemas" / "engine"


class SchemaViolationError(ValueError):
    """A document that its schema does not allow; `schema` is the schema's name, `path` leads to the fault."""

    def __init__(self, schema: str, path: str, message: str) -> None:
        super().__init__(schema, path, message)
        self.schema = schema
        self.path = path
        self.message = message

    def __str__(self) -> str:
        return f"no {self.schema}: at {self.path}: {self.message}"


class SchemaContracts:
    """The schemas of a directory, compiled; FileNotFoundError where one is missing."""

    def __init__(self, directory: str | PathLike[str] = SCHEMA_DIRECTORY) -> None:
        self.schemas = {name: _load(Path(directory), name) for name in SCHEMA_NAMES}
        registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in self.schemas.values()])
        self._validators = {
            name: jsonschema_rs.Draft202012Validator(schema, registry=registry) for name, schema in self.schemas.items()
        }
        reference = {"$ref": f"{self.schemas['engine_event']['$id']}#/$defs/unsequenced"}
        self._unsequenced = jsonschema_rs.Draft202012Validator(reference, registry=registry)

    def check(self, schema: SchemaName, document: object) -> None:
        """Raise SchemaViolationError unless the document is what this schema allows."""
        _check(schema, self._validators[schema], document)

    def check_unsequenced(self, document: object) -> None:
        """The same for an event without its `seq_id`."""
        _check("engine_event#/$defs/unsequenced", self._unsequenced, document)


def _load(directory: Path, name: SchemaName) -> dict[str, Any]:
    path = directory / f"{name}.schema.json"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: name the directory that holds the engine's schemas")
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _check(schema: str, validator: jsonschema_rs.Draft202012Validator, document: object) -> None:
    error = next(iter(validator.iter_errors(document)), None)
    if error is not None:
        raise SchemaViolationError(schema, "/".join(["", *map(str, error.instance_path)]) or "/", error.message)
