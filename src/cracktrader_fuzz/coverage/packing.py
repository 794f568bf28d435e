"""Cases as bytes, for a fuzzer that keeps its corpus in files.

MessagePack of [configuration, steps] where it can hold everything; a case with a lone surrogate, a larger integer or
deeper nesting is JSON instead. Any bytes may be read: those that are no case give None.
"""

from typing import Any

import msgspec

from cracktrader_fuzz.case.codec import canonical_json, parse_document
from cracktrader_fuzz.case.model import Case

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode
_JSON_FIRST = b"{"  # as MessagePack this byte would be the number 123, which is no case
_NOT_PACKABLE = (TypeError, OverflowError, ValueError, RecursionError, msgspec.MsgspecError)


def pack(case: Case) -> bytes:
    """The bytes of a case; the target is not among them."""
    try:
        return _encode((case.config, case.steps))
    except _NOT_PACKABLE:
        return canonical_json({"config": case.config, "steps": case.steps}).encode("ascii")


def unpack(data: bytes, target: str) -> Case | None:
    """The case that the bytes are, of a target; None when they are none."""
    try:
        if data[:1] == _JSON_FIRST:
            document = parse_document(data.decode("ascii"), "a packed case")
            config, steps = document["config"], document["steps"]
        else:
            config, steps = _decode(data)
    except (*_NOT_PACKABLE, KeyError):
        return None
    return Case(target, config, steps) if _is_case(config, steps) else None


def _is_case(config: Any, steps: Any) -> bool:
    return type(config) is dict and type(steps) is list and bool(steps) and all(type(step) is dict for step in steps)
