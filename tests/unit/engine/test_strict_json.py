"""The strict reader: what it refuses, with which code, and that its limits do not depend on the stack."""

from __future__ import annotations

import pytest

from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.strict_json import DEPTH_MAX, TEXT_LENGTH_MAX, read_object


def test_reads_an_object() -> None:
    """Plain JSON comes out as it is, numbers with their types."""
    assert read_object('{"a": [1, 1.5, "x", null, true]}') == {"a": [1, 1.5, "x", None, True]}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": 1, "a": 1}', "malformed_field"),
        ('{"p": {"a": 1, "a": 2}}', "malformed_field"),
        ('{"a": NaN}', "malformed_number"),
        ('{"a": Infinity}', "malformed_number"),
        ('{"a": -Infinity}', "malformed_number"),
        pytest.param('{"a": ' + "9" * 5000 + "}", "malformed_number", id="endless integer"),
        ("", "malformed_field"),
        ('{"a": 1} x', "malformed_field"),
        ('{"a": "', "malformed_field"),
        ("[1]", "malformed_type"),
        ("1", "malformed_type"),
        pytest.param("[" * 50_000, "malformed_field", id="deep and open"),
        pytest.param('{"a":' * 20 + "1" + "}" * 20, "malformed_field", id="deep"),
        pytest.param('{"a": "' + "x" * TEXT_LENGTH_MAX + '"}', "malformed_field", id="long"),
    ],
)
def test_refuses(text: str, code: str) -> None:
    """Each fault has its code, and none of them is a crash."""
    with pytest.raises(MalformedInputError) as caught:
        read_object(text)
    assert caught.value.code == code


@pytest.mark.parametrize("value", [b"{}", None, {}, 1])
def test_takes_only_a_string(value: object) -> None:
    """Bytes and parsed values are malformed_type."""
    with pytest.raises(MalformedInputError) as caught:
        read_object(value)
    assert caught.value.code == "malformed_type"


def test_brackets_in_strings_are_no_depth() -> None:
    """Only brackets outside strings nest, also after an escaped quote."""
    text = '{"a": "\\"' + "[" * 100 + '"}'
    assert read_object(text) == {"a": '"' + "[" * 100}


def test_depth_limit_is_exact() -> None:
    """As deep as the limit passes, one deeper does not."""
    allowed = '{"a":' * DEPTH_MAX + "1" + "}" * DEPTH_MAX
    assert read_object(allowed)
    with pytest.raises(MalformedInputError, match="nested"):
        read_object('{"b":' + allowed + "}")
