"""The schemas of `schemas/fuzz`: written from the code, closed, described, and kept by every file of the corpus."""

from __future__ import annotations

import copy
import datetime
import json
import re
import runpy
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from documents import SCHEMAS, faults, stored
from program import REBATE, ROOT

from cracktrader_fuzz.cli.main import commands

FILES = sorted(SCHEMAS.glob("*"))
FIXTURES = sorted(
    path
    for corpus in (ROOT / "corpus", ROOT / "corpus" / "nautilus")
    for folder in ("fixtures", "regressions")
    for path in (corpus / folder).rglob("*.json")
)
LEDGERS = sorted((ROOT / "corpus").rglob("known_divergences.toml"))

PAGE = (ROOT / "docs" / "reference" / "json.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^### `([\w-]+)`$.*?^```json\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_files_are_what_the_script_writes() -> None:
    """Whoever changes a document runs the script: schema and code are the same."""
    script = runpy.run_path(str(ROOT / "scripts" / "write_fuzz_schemas.py"))
    wanted = {name: script["text_of"](schema) for name, schema in script["schemas"]().items()}
    assert {path.name: path.read_text(encoding="utf-8") for path in FILES} == wanted


def names_of_commands() -> Iterator[str]:
    """Every command's name, those of a group with the group's."""
    for name, command in commands.commands.items():
        inner = getattr(command, "commands", None)
        yield from [name] if inner is None else (f"{name}-{each}" for each in inner)


def test_every_command_has_a_document() -> None:
    """Each command takes `--json` and has a schema of its name."""
    assert set(names_of_commands()) <= {path.name.removesuffix(".schema.json") for path in FILES}
    for command in commands.commands.values():
        for each in getattr(command, "commands", {"": command}).values():
            assert "wants_json" in {option.name for option in each.params}, each.name


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema, and those of the objects that it is made of."""
    yield schema
    yield from schema.get("$defs", {}).values()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_schema_is_whole(path: Path) -> None:
    """Valid by its draft, with a name and a version, closed, with a title and every property described."""
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema_rs.meta.validate(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:cracktrader-fuzz:{path.name.removesuffix('.schema.json')}:1"
    for part in parts(schema):
        assert part["additionalProperties"] is False
        assert part["title"]
        for text in (part["description"], *(each["description"] for each in part["properties"].values())):
            assert text[0].isupper() or text[0] == "`"
            assert text.endswith(".")
        assert set(part.get("required", ())) <= set(part["properties"])


def test_every_fixture_is_valid() -> None:
    """What lies in the corpus is what the schema says."""
    assert len(FIXTURES) > 200
    for path in FIXTURES:
        stored(path, "fixture")


def test_every_ledger_is_valid() -> None:
    """The known divergences, as the data that TOML makes of them."""
    assert LEDGERS
    for path in LEDGERS:
        assert faults(as_json(tomllib.loads(path.read_text(encoding="utf-8"))), "known-divergences") == []


def as_json(value: Any) -> Any:
    """What TOML holds as JSON has it: a date is its text."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


Damage = Callable[[dict[str, Any]], object]
WRONG: dict[str, Damage] = {
    "a property too many": lambda document: document.update(note="x"),
    "one too many further in": lambda document: document["provenance"].update(note="x"),
    "a property too few": lambda document: document.pop("verdict"),
    "another format": lambda document: document.update(format=2),
    "a number for a text": lambda document: document.update(sentence=1),
    "null where nothing may be null": lambda document: document.update(steps=None),
    "a step that is none": lambda document: document["steps"].append("place"),
}


@pytest.mark.parametrize("damage", WRONG.values(), ids=WRONG)
def test_wrong_fixture_fails(damage: Damage) -> None:
    """What the program would refuse to read, an editor marks."""
    document = json.loads(REBATE.read_text(encoding="utf-8"))
    wrong = copy.deepcopy(document)
    damage(wrong)
    assert (faults(document, "fixture"), faults(wrong, "fixture") != []) == ([], True)


def test_page_has_an_example_of_each() -> None:
    """`docs/reference/json.md` shows one document of each schema, and each is valid."""
    examples = {name: json.loads(text) for name, text in EXAMPLE.findall(PAGE)}
    assert sorted(f"{name}.schema.json" for name in examples) == [path.name for path in FILES]
    assert {name: wrong for name, example in examples.items() if (wrong := faults(example, name))} == {}


HEADS: dict[str, dict[str, Any]] = {
    "whole": {"schema": "cracktrader-fuzz/corpus-format/1", "written": ["a.json"]},
    "no head": {"written": []},
    "another version": {"schema": "cracktrader-fuzz/corpus-format/2", "written": []},
    "another document": {"schema": "cracktrader-fuzz/corpus-check/1", "written": []},
    "a property too few": {"schema": "cracktrader-fuzz/corpus-format/1"},
    "a property too many": {"schema": "cracktrader-fuzz/corpus-format/1", "written": [], "count": 0},
    "a number for a path": {"schema": "cracktrader-fuzz/corpus-format/1", "written": [1]},
}


@pytest.mark.parametrize("what", HEADS)
def test_printed_document_is_held_by_its_head(what: str) -> None:
    """Only the document of this name and version, with all of its properties and no other."""
    assert (faults(HEADS[what], "corpus-format") == []) == (what == "whole")
