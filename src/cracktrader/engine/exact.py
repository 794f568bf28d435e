"""Reading back what a component handed out: a snapshot is taken only when it is exactly that.

Promises: the helpers raise `malformed_field` for every fault but a snapshot that is no dict; a document that
passes `refuse_difference` equals what would be written, in types and values. Does not know any snapshot: each
component has its own reader. Costs in proportion to what is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from cracktrader.engine.error import MalformedInputError, quoted, refusal

_Value = TypeVar("_Value")
_State = TypeVar("_State")


def fault(message: str) -> MalformedInputError:
    """The exception for a fault of a document's content, to be raised by the caller."""
    return MalformedInputError(message, "malformed_field")


def exact_dict(value: object, field: str) -> dict[Any, Any]:
    """The dict itself; `malformed_field` for anything else."""
    if type(value) is not dict:
        raise refusal("malformed_field", field, "a dict", value)
    return value


def exact_list(value: object, field: str) -> list[Any]:
    """The list itself; `malformed_field` for anything else."""
    if type(value) is not list:
        raise refusal("malformed_field", field, "a list", value)
    return value


def read_map(
    value: object,
    field: str,
    parse_key: Callable[[object, str], str],
    parse_value: Callable[[object, str], _Value],
) -> dict[str, _Value]:
    """A new dict of parsed keys and values; every value is parsed under the name of its key."""
    return {
        parse_key(key, f"a key of {field}"): parse_value(item, key) for key, item in exact_dict(value, field).items()
    }


def read_exactly(
    owner: str, document: object, read: Callable[[dict[str, Any]], _State], write: Callable[[_State], object]
) -> _State:
    """The state that `read` makes of a snapshot, if `write` makes the same snapshot of it again.

    MalformedInputError: `malformed_type` for anything but a dict, `malformed_field` for every other fault.
    """
    if type(document) is not dict:
        raise refusal("malformed_type", "a snapshot", "a dict", document)
    try:
        state = read(document)
        refuse_difference("the snapshot", document, write(state))
    except MalformedInputError as error:
        raise fault(f"not a snapshot of {owner}: {error}") from None
    return state


def refuse_difference(path: str, given: object, written: object) -> None:
    """Raise when the two are not the same in types and values, the order of keys aside."""
    if type(given) is not type(written):
        raise refusal("malformed_field", path, quoted(written), given)
    if type(written) is dict and type(given) is dict:
        if given.keys() != written.keys():
            raise fault(f"{path} must have the keys {', '.join(written)}")
        for key, value in written.items():
            refuse_difference(f"{path}.{key}", given[key], value)
    elif type(written) is list and type(given) is list:
        if len(given) != len(written):
            raise fault(f"{path} must have {len(written)} entries, not {len(given)}")
        for index, value in enumerate(written):
            refuse_difference(f"{path}[{index}]", given[index], value)
    elif given != written:
        raise refusal("malformed_field", path, quoted(written), given)
