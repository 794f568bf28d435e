"""Documents held against the schemas of `schemas/fuzz`, by the head that they begin with or by the name of a file."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from program import ROOT

SCHEMAS = ROOT / "schemas" / "fuzz"


@cache
def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    """What a schema allows; `name` is that of its file, without the endings."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(schema)


def faults(document: object, name: str) -> list[str]:
    """What a schema does not allow in a document, and where; nothing if it is valid."""
    errors = validator(name).iter_errors(document)
    return [f"{'/'.join(map(str, each.instance_path))}: {each.message}" for each in errors]


def printed(text: str, name: str) -> dict[str, Any]:
    """The one document that a command printed, which has the head of this name and is valid."""
    document: dict[str, Any] = json.loads(text, parse_constant=no_constant)
    assert next(iter(document)) == "schema"
    assert document["schema"] == f"cracktrader-fuzz/{name}/1"
    assert faults(document, name) == []
    return document


def stored(path: Path, name: str) -> dict[str, Any]:
    """The document in a file, which is valid."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), parse_constant=no_constant)
    assert faults(document, name) == [], path
    return document


def no_constant(name: str) -> None:
    """`NaN` and its like, which Python reads and no other program does."""
    raise AssertionError(f"{name} is not JSON")
