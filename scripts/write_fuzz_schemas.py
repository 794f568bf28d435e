"""Write the JSON Schemas of the harness's documents, `schemas/fuzz/*.schema.json`, from the structs that they are.

    python scripts/write_fuzz_schemas.py [FOLDER]

Types come from the annotations, the description of a document from its docstring, that of a property from the text
below its field. There is a schema for every kind of `Document` that a command prints, and for every file in `STORED`.

A printed document has all its properties, so all are required. A stored file is described as it is read: a property
with a default may be missing. An object with fixed properties is closed either way; one that maps names to values, or
that is in a target's own form, is open.
"""

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

import cracktrader_fuzz.cli.main  # noqa: F401 - with the commands, every kind of document is defined
from cracktrader_fuzz.campaign.checkpoint import Checkpoint
from cracktrader_fuzz.corpus.documents import Finding, Fixture
from cracktrader_fuzz.corpus.ledger import KnownDivergences
from cracktrader_fuzz.document import PREFIX, Document

FOLDER = Path(__file__).resolve().parents[1] / "schemas" / "fuzz"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
HEAD = "Which kind of document this is, and its version."
STORED: dict[str, type[msgspec.Struct]] = {
    f"{PREFIX}/finding/1": Finding,
    f"{PREFIX}/fixture/1": Fixture,
    f"{PREFIX}/state/1": Checkpoint,
    f"{PREFIX}/known-divergences/1": KnownDivergences,
}


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by the name of its file."""
    kinds = {**STORED, **dict(printed())}
    return {f"{name.split('/')[1]}.schema.json": schema(name, kind) for name, kind in sorted(kinds.items())}


def printed() -> Iterator[tuple[str, type[Document]]]:
    """Every kind of document that a command prints, by its head."""
    for kind in Document.__subclasses__():
        yield str(kind.__struct_config__.tag), kind


def schema(name: str, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of a document, whose name is that of its head."""
    words, version = name.split("/")[1:]
    whole = msgspec.json.schema(kind)
    parts = whole["$defs"]
    for each in structs(kind):
        describe(parts[each.__name__], each, is_printed=issubclass(kind, Document))
    top = parts.pop(kind.__name__)
    title = f"{words.replace('-', ' ').capitalize()}, version {version}"
    head = {"$schema": DRAFT, "$id": f"urn:{PREFIX}:{words}:{version}", "title": title}
    return {
        **head,
        **{key: value for key, value in top.items() if key != "title"},
        **({"$defs": parts} if parts else {}),
    }


def structs(kind: type[Any]) -> Iterator[type[Any]]:
    """The struct or dataclass, and all that it is made of."""
    found: list[type[Any]] = [kind]
    for each in found:
        yield each
        for inner in inner_types(msgspec.inspect.type_info(each)):
            if inner not in found:
                found.append(inner)


def inner_types(info: Any) -> Iterator[type[Any]]:
    """The structs and dataclasses that the fields of one name directly."""
    waiting = [field.type for field in info.fields]
    while waiting:
        each = waiting.pop()
        if isinstance(each, msgspec.inspect.StructType | msgspec.inspect.DataclassType):
            yield each.cls
            continue
        for name in ("types", "item_types"):
            waiting += getattr(each, name, ())
        for name in ("item_type", "key_type", "value_type", "type"):
            if isinstance(inner := getattr(each, name, None), msgspec.inspect.Type):
                waiting.append(inner)


def describe(part: dict[str, Any], kind: type[Any], *, is_printed: bool) -> None:
    """Add what `msgspec` does not know. Raises SystemExit for a field without a text below it."""
    texts = {"schema": HEAD, **field_texts(kind)}
    part["description"] = " ".join(str(part["description"]).split())
    for name, value in part["properties"].items():
        if name not in texts:
            sys.exit(f"{kind.__module__}.{kind.__name__}.{name}: write below the field what it is")
        described = {"description": texts[name], **value}
        if is_printed:
            described.pop("default", None)
        part["properties"][name] = described
    if is_printed:
        part["required"] = list(part["properties"])
        part["additionalProperties"] = False


def field_texts(kind: type[Any]) -> dict[str, str]:
    """The text below each field of a class and of those that it is derived from."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("cracktrader_fuzz"):
            (body,) = ast.parse(textwrap.dedent(inspect.getsource(base))).body
            assert isinstance(body, ast.ClassDef)
            for field, text in zip(body.body, body.body[1:], strict=False):
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    match text:
                        case ast.Expr(value=ast.Constant(value=str() as words)):
                            found[field.target.id] = " ".join(words.split())
    return found


def text_of(document: dict[str, Any]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(document, indent=2) + "\n"


def main(folder: Path) -> None:
    """Write every schema, and take away those of documents that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = schemas()
    for path in folder.glob("*.schema.json"):
        if path.name not in wanted:
            path.unlink()
    for name, document in wanted.items():
        (folder / name).write_text(text_of(document), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
