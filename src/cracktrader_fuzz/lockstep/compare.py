"""Exact comparison of JSON-like values.

Exact means type and value: `1`, `1.0` and `True` differ, `0.0` and `-0.0` differ; there is no tolerance. The order of
an object's keys is not part of its value. `same` packs both sides and compares bytes; `first_difference` is the slow
way, taken only where bytes differ: the first in reading order of the left side wins, then what only the right side has.
`alike` is faster, and takes a tuple for a list and a Decimal for its text: for long runs, where one outcome in a block
is compared exactly too. A wrong type of that kind is never that of one step only.
"""

import json
import marshal
import math
from typing import Any

import msgspec

from cracktrader_fuzz.case.model import ValuePath

# Marshal takes exact built-in types only and tells them apart, where msgpack makes one thing of a list and a tuple, of
# text, an enum member and a Decimal. Version 2 is the last that writes equal values as equal bytes.
MARSHAL_VERSION = 2
_encode = msgspec.msgpack.Encoder().encode
_encode_sorted = msgspec.msgpack.Encoder(order="deterministic").encode
_NOT_PACKABLE = (TypeError, OverflowError, ValueError, msgspec.MsgspecError)


class Difference(msgspec.Struct, frozen=True):
    """Where two values first differ: in type, value, length, or missing (right lacks it) or extra (left does)."""

    path: ValuePath
    kind: str
    left: Any
    right: Any


def same(left: Any, right: Any) -> bool:
    """Whether two values are the same in type and value."""
    try:
        if marshal.dumps(left, MARSHAL_VERSION) == marshal.dumps(right, MARSHAL_VERSION):
            return True
    except ValueError:
        pass  # types that are not plain, subclasses among them: first_difference knows them all
    return first_difference(left, right) is None


def alike(left: Any, right: Any) -> int:
    """The number of bytes that both sides pack to, 0 when they differ."""
    try:
        one, other = _encode(left), _encode(right)
        if one == other:
            return len(one)
    except _NOT_PACKABLE:
        pass
    return len(canonical_bytes(left)) if same(left, right) else 0


def canonical_bytes(value: Any) -> bytes:
    """Bytes that are equal for the same values, in any order of keys."""
    try:
        return _encode_sorted(value)
    except _NOT_PACKABLE:
        return json.dumps(value, sort_keys=True, default=repr).encode("ascii")


def first_difference(left: Any, right: Any, path: ValuePath = ()) -> Difference | None:
    """The first place where the values differ, or None."""
    if type(left) is not type(right):
        return Difference(path, "type", left, right)
    if isinstance(left, dict):
        return _first_in_objects(left, right, path)
    if isinstance(left, list | tuple):
        return _first_in_lists(left, right, path)
    return None if _same_scalar(left, right) else Difference(path, "value", left, right)


def _first_in_objects(left: dict[Any, Any], right: dict[Any, Any], path: ValuePath) -> Difference | None:
    for key, value in left.items():
        if key not in right:
            return Difference((*path, key), "missing", value, None)
        found = first_difference(value, right[key], (*path, key))
        if found is not None:
            return found
    for key, value in right.items():
        if key not in left:
            return Difference((*path, key), "extra", None, value)
    return None


def _first_in_lists(left: Any, right: Any, path: ValuePath) -> Difference | None:
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        found = first_difference(one, other, (*path, index))
        if found is not None:
            return found
    return None if len(left) == len(right) else Difference(path, "length", len(left), len(right))


def _same_scalar(left: Any, right: Any) -> bool:
    if isinstance(left, float):
        if math.isnan(left) or math.isnan(right):
            return math.isnan(left) and math.isnan(right)
        return left == right and math.copysign(1.0, left) == math.copysign(1.0, right)
    return bool(left == right)
