"""The head that every document for a program begins with: `"schema": "cracktrader-fuzz/NAME/VERSION"`.

A kind of document is a struct derived from `Document`, whose tag is that head. Its JSON Schema is
`schemas/fuzz/NAME.schema.json`, which `scripts/write_fuzz_schemas.py` writes from the struct: types from the
annotations, descriptions from the text below each field. Every field is always written, also one that has a default.
"""

import json

import msgspec

PREFIX = "cracktrader-fuzz"
INDENT = 1  # enough to read a document by eye, and the least that a large one grows by


class Document(msgspec.Struct, forbid_unknown_fields=True, tag_field="schema"):
    """What all documents share. A kind of document names itself: `class RunDocument(Document, tag=head("run", 1))`."""


def head(name: str, version: int) -> str:
    """The head of a kind of document."""
    return f"{PREFIX}/{name}/{version}"


def text_of_document(document: Document) -> str:
    """The document as it is printed or stored: the head first, then the fields as they are declared."""
    return json.dumps(msgspec.to_builtins(document), indent=INDENT) + "\n"
