"""Reading exactly: documents are compared in types and values, at any depth."""

from __future__ import annotations

from typing import Any

import pytest

from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.exact import exact_dict, exact_list, read_exactly, read_map, refuse_difference


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (1, True),
        (1, 1.0),
        ("1", 1),
        ([1], [1, 2]),
        ([1, True], [1, 1]),
        ((1,), [1]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1.0}]}),
        ({"a": 1}, {"a": 1, "b": None}),
        (None, False),
    ],
)
def test_differences_are_refused(given: Any, written: Any) -> None:
    """Whatever differs in type or value is `malformed_field`."""
    with pytest.raises(MalformedInputError) as caught:
        refuse_difference("x", given, written)
    assert caught.value.code == "malformed_field"


def test_a_difference_is_told_by_its_path() -> None:
    """The message leads to the place."""
    with pytest.raises(MalformedInputError, match=r"x\.a\[1\]\.b must be 2"):
        refuse_difference("x", {"a": [0, {"b": 3}]}, {"a": [0, {"b": 2}]})


def test_order_of_keys_is_free() -> None:
    """Dicts are equal whatever the order of their keys; lists are not."""
    refuse_difference("x", {"a": 1, "b": 2}, {"b": 2, "a": 1})
    with pytest.raises(MalformedInputError):
        refuse_difference("x", [1, 2], [2, 1])


def test_read_exactly_takes_what_would_be_written() -> None:
    """A state is given only if writing it gives the document again."""
    assert read_exactly("a thing", {"n": 5}, lambda document: int(document["n"]), lambda state: {"n": state}) == 5
    with pytest.raises(MalformedInputError, match="not a snapshot of a thing") as caught:
        read_exactly("a thing", {"n": "5"}, lambda document: int(document["n"]), lambda state: {"n": state})
    assert caught.value.code == "malformed_field"
    with pytest.raises(MalformedInputError) as caught:
        read_exactly("a thing", [], dict, dict)
    assert caught.value.code == "malformed_type"


def test_exact_containers() -> None:
    """Subclasses and look-alikes are refused, and a map is read by its parsers."""
    for call in (lambda: exact_dict([], "x"), lambda: exact_list((), "x")):
        with pytest.raises(MalformedInputError, match="x must be a"):
            call()
    read = read_map({"a": 1}, "x", lambda key, _: str(key).upper(), lambda value, name: (name, value))
    assert read == {"A": ("a", 1)}
