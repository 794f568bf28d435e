"""Documents: one canonical text, and a reader that refuses whatever is not plain JSON, with the place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cracktrader_fuzz.case import codec
from cracktrader_fuzz.case.codec import canonical_json, content_hash, document_text, parse_document, read_document
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.errors import DocumentError

CASE = Case("t", {"a": 1}, [{"k": "v"}, {"k": 2.5}])


def test_canonical_json_sorts_keys_and_stays_in_ascii() -> None:
    """Keys are sorted, nothing is white, and a lone surrogate survives as an escape."""
    assert canonical_json({"b": [1, 1.0, True, None], "a": "\ud800é"}) == '{"a":"\\ud800\\u00e9","b":[1,1.0,true,null]}'


@pytest.mark.parametrize(
    "other",
    [
        Case("u", {"a": 1}, [{"k": "v"}, {"k": 2.5}]),
        Case("t", {"a": 1.0}, [{"k": "v"}, {"k": 2.5}]),
        Case("t", {"a": 1}, [{"k": 2.5}, {"k": "v"}]),
        Case("t", {"a": 1}, [{"k": "v"}]),
    ],
    ids=["target", "type of a number", "order of steps", "number of steps"],
)
def test_content_hash_tells_cases_apart(other: Case) -> None:
    """Anything that changes the run changes the hash."""
    assert content_hash(other) != content_hash(CASE)


def test_content_hash_does_not_see_the_order_of_keys() -> None:
    """Two spellings of the same object are the same content."""
    assert content_hash(Case("t", {}, [{"a": 1, "b": 2}])) == content_hash(Case("t", {}, [{"b": 2, "a": 1}]))


def test_document_text_reads_back_with_one_step_a_line() -> None:
    """What is written is what is read, in the same order, each step on a line of its own."""
    document = {"z": 1, "steps": [{"b": 1}, {"a": "é"}], "expected": {"state": {}, "outcomes": [{"c": 1}]}}
    text = document_text(document)
    assert json.loads(text) == document
    assert list(json.loads(text)) == ["z", "steps", "expected"]
    assert '    {"b": 1},\n    {"a": "\\u00e9"}\n' in text
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f:1:1: not JSON"),
        ('{"a": 1;}', "f:1:8: not JSON"),
        ("[1]", "f: a JSON object is expected, this is a list"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ('{"x": {"b": 1, "c": 2, "b": 3}}', "the key 'b' stands twice"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ('{"a": -Infinity}', "-Infinity is not a JSON number"),
        ('{"a": [-1e999]}', "-1e999 is past what a number can hold: write it as text"),
        ('{"a": ' + "[" * 40 + "]" * 40 + "}", "nested deeper than 32 levels"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    ],
)
def test_bad_documents_are_refused_with_the_place(text: str, message: str) -> None:
    """Each kind of bad text is a DocumentError that says where and what."""
    with pytest.raises(DocumentError) as error:
        parse_document(text, "f")
    assert message in str(error.value)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file, one that is not UTF-8 and one that is too large each give a DocumentError with the path."""
    latin, large = tmp_path / "latin.json", tmp_path / "large.json"
    latin.write_bytes(b'{"a": "\xe9"}')
    large.write_text('{"a": 12345}', encoding="utf-8")
    monkeypatch.setattr(codec, "BYTES_MAX", 11)
    for path, message in ((tmp_path / "none", "cannot be read"), (latin, "not UTF-8 at byte 7"), (large, "12 bytes")):
        with pytest.raises(DocumentError) as error:
            read_document(path)
        assert str(path) in str(error.value)
        assert message in str(error.value)
