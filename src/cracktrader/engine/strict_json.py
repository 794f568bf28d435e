"""JSON text to one dict, strictly.

Promises: a duplicate key, NaN or Infinity, too deep a nesting and too long a text are refused instead of
being guessed at, by limits that do not depend on the interpreter or on the stack. Does not check the shape of
what it reads: `events` and `intents` do. Costs one pass for the nesting and one for the values.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from cracktrader.engine.error import MalformedInputError, quoted, refusal

TEXT_LENGTH_MAX = 65_536  # many times the longest event or intent, which is all that comes as text
DEPTH_MAX = 16  # several times the levels of an event; deeper ones would only cost stack
INTEGER_DIGITS_MAX = 64  # as many as a decimal text may have; Python's own limit depends on its settings

_bracket_or_string = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)


def read_object(text: object) -> dict[str, Any]:
    """The JSON object that the text holds.

    `malformed_type` for no string and for a text that is no object, `malformed_number` for NaN, Infinity and
    endless integers, `malformed_field` for everything else.
    """
    if type(text) is not str:
        raise refusal("malformed_type", "JSON", "a string", text)
    if len(text) > TEXT_LENGTH_MAX:
        raise refusal("malformed_field", "JSON", f"at most {TEXT_LENGTH_MAX} characters long", text)
    if _depth(text) > DEPTH_MAX:
        raise refusal("malformed_field", "JSON", f"nested at most {DEPTH_MAX} deep", text)
    try:
        value = json.loads(
            text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant, parse_int=_read_integer
        )
    except json.JSONDecodeError as error:
        raise MalformedInputError(f"not JSON: {error}", "malformed_field") from None
    if type(value) is not dict:
        raise refusal("malformed_type", "JSON", "an object", value)
    return value


def _depth(text: str) -> int:
    deepest = depth = 0
    for match in _bracket_or_string.finditer(text):
        bracket = match.group()
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in "]}":
            depth -= 1
    return deepest


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key, value in pairs:
        if key in mapping:
            raise MalformedInputError(f"JSON must not name a key twice: {quoted(key)}", "malformed_field")
        mapping[key] = value
    return mapping


def _refuse_constant(literal: str) -> NoReturn:
    raise MalformedInputError(f"JSON must not hold {literal}; write a decimal string", "malformed_number")


def _read_integer(digits: str) -> int:
    if len(digits) > INTEGER_DIGITS_MAX:
        raise refusal("malformed_number", "an integer", f"at most {INTEGER_DIGITS_MAX} digits long", digits)
    return int(digits)
