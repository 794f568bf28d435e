"""Comparison is exact in type and value, and names the first place."""

from __future__ import annotations

import enum
from decimal import Decimal
from typing import Any

import pytest

from cracktrader_fuzz.lockstep.compare import Difference, canonical_bytes, first_difference, same


class Status(enum.StrEnum):
    """Text that is not plain text."""

    FILLED = "FILLED"


DIFFERENT: list[tuple[Any, Any, Any, str]] = [
    (1, 1.0, (), "type"),
    (1, True, (), "type"),
    (0.0, -0.0, (), "value"),
    ("1", 1, (), "type"),
    (None, False, (), "type"),
    ("a", "b", (), "value"),
    (2**70, 2**70 + 1, (), "value"),
    ("\ud800", "\ud801", (), "value"),
    ([1, 2], [1, 3], (1,), "value"),
    ([1, 2], [1], (), "length"),
    ([1, 2], (1, 2), (), "type"),
    ({"to": "FILLED"}, {"to": Status.FILLED}, ("to",), "type"),
    ({"cash": "1"}, {"cash": Decimal(1)}, ("cash",), "type"),
    ({"a": 1}, {}, ("a",), "missing"),
    ({}, {"a": 1}, ("a",), "extra"),
    ({"a": {"b": [0, {"c": 1}]}}, {"a": {"b": [0, {"c": 2}]}}, ("a", "b", 1, "c"), "value"),
    ({"a": 1, "b": 2}, {"b": 3, "c": 1}, ("a",), "missing"),
]
NOT_JSON = (tuple, dict)
SAME: list[tuple[Any, Any]] = [
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    (float("nan"), float("nan")),
    (2**70, 2**70),
    ("\ud800", "\ud800"),
    ([1, [2.5, None]], [1, [2.5, None]]),
]


@pytest.mark.parametrize(("left", "right", "path", "kind"), DIFFERENT, ids=str)
def test_first_difference_is_named(left: Any, right: Any, path: tuple[Any, ...], kind: str) -> None:
    """Two values that differ are not the same in any of the three ways, and the place and kind are right."""
    found = first_difference(left, right)
    assert found is not None
    assert (found.path, found.kind) == (path, kind)
    assert not same(left, right)


@pytest.mark.parametrize(("left", "right"), [row[:2] for row in DIFFERENT if not isinstance(row[1], NOT_JSON)], ids=str)
def test_canonical_bytes_tell_json_apart(left: Any, right: Any) -> None:
    """Two JSON values that differ have other bytes."""
    assert canonical_bytes(left) != canonical_bytes(right)


@pytest.mark.parametrize(("left", "right"), SAME, ids=str)
def test_same_values_are_the_same(left: Any, right: Any) -> None:
    """Order of keys, and how a value can be packed, are no difference."""
    assert first_difference(left, right) is None
    assert same(left, right)
    assert canonical_bytes(left) == canonical_bytes(right)


def test_difference_carries_both_values() -> None:
    """A difference shows what each side has, below the path that was given."""
    assert first_difference({"a": "x"}, {"a": "y"}, ("state",)) == Difference(("state", "a"), "value", "x", "y")
