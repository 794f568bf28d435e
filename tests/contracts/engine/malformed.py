"""Sending what may be malformed: the code of the answer, and the promise that nothing moves."""

from __future__ import annotations

from typing import Any

from scenario import Wire

ACCEPTED = "ok"


def code_of(core: Any, step: Any, send: str = "") -> str:
    """`ok` when the core takes the shape of `step`, else the code of its MalformedInputError.

    Holds besides that a malformed step leaves the digest as it was, and any step the caller's dict.
    """
    from cracktrader.engine.error import MalformedInputError

    method = send or ("apply_event" if type(step) is dict and "event_type" in step else "process_intent")
    before, digest = contents(step), core.state_digest()
    try:
        getattr(core, method)(step)
    except MalformedInputError as error:
        assert core.state_digest() == digest, "a malformed input moved the state"
        assert contents(step) == before, "a malformed input was changed"
        return error.code
    assert contents(step) == before, "an accepted input was changed"
    return ACCEPTED


def contents(step: Any) -> list[tuple[int, int]]:
    """The identities of the keys and values of a step and of its payload, in order; none without a dict."""
    if not isinstance(step, dict):
        return []
    payload = step.get("payload")
    inner = list(payload.items()) if isinstance(payload, dict) else []
    return [(id(key), id(value)) for key, value in (*step.items(), *inner)]


def with_field(step: Wire, field: str, value: Any) -> Wire:
    """The step with one field changed: one of its own where it has such a field, else the payload's."""
    if field in step:
        return step | {field: value}
    return step | {"payload": step["payload"] | {field: value}}
