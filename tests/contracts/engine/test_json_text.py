"""`from_json`: JSON text to an event or an intent, strictly, and never by guessing.

How to read the table: the text, in which `EVENT` and `FIELDS` stand for a sound timer event and its fields,
and the code. The codes are those of the reader's docstring: no object or no text `malformed_type`, a literal
that is no number `malformed_number`, every other fault of the text `malformed_field`; then those of the
shape.
"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from scenario import table, wire

EVENT = json.dumps(wire("timer"))
FIELDS = EVENT[1:-1]

TEXTS = """
# text                                         | code
{FIELDS, "seq_id": 2}                          | malformed_field
{"seq_id": 2, FIELDS}                          | malformed_field
{FIELDS, "seq\\u005fid": 2}                    | malformed_field
{"venue": {"a": 1, "a": 1}, FIELDS}            | malformed_field
EVENT EVENT                                    | malformed_field
EVENT,                                         | malformed_field
{FIELDS,}                                      | malformed_field
{FIELDS                                        | malformed_field
{'seq_id': 1}                                  | malformed_field
// EVENT                                       | malformed_field
nothing                                        | malformed_field
{}                                             | malformed_field
[EVENT]                                        | malformed_type
"EVENT"                                        | malformed_field
"text"                                         | malformed_type
null                                           | malformed_type
5                                              | malformed_type
NaN                                            | malformed_number
{"price": NaN}                                 | malformed_number
{"price": Infinity}                            | malformed_number
{"price": -Infinity}                           | malformed_number
"""

STEPS = ["cash amount=0.5 key=k", "place", "fill 1@2 key=k", "rejected reason=Größe", "no_op"]


def reader(step: Any) -> Any:
    """The class whose `from_json` reads the step."""
    from cracktrader.engine.events import EngineEvent
    from cracktrader.engine.intents import EngineIntent

    return EngineEvent if "event_type" in step else EngineIntent


def refused(text: Any) -> str:
    """The code with which `EngineEvent.from_json` refuses the text."""
    from cracktrader.engine.error import MalformedInputError

    with pytest.raises(MalformedInputError) as caught:
        reader({"event_type": ""}).from_json(text)
    code: str = caught.value.code
    return code


@pytest.mark.parametrize(("text", "code"), table(TEXTS))
def test_text_is_refused(text: str, code: str) -> None:
    """JSON with a key twice, a literal that is no number, anything around it or none at all is refused."""
    assert refused(text.replace("EVENT", EVENT).replace("FIELDS", FIELDS)) == code


@pytest.mark.parametrize("value", [None, 5, EVENT.encode(), bytearray(b"{}"), wire("timer"), [EVENT]], ids=str)
def test_only_a_string_is_text(value: Any) -> None:
    """What is no string is `malformed_type`."""
    assert refused(value) == "malformed_type"


@pytest.mark.parametrize(("number", "code"), [
    ("1e400", "malformed_type"), ("1.0", "malformed_type"), ("-1", "malformed_number"),
    ("true", "malformed_type"),
    ("9223372036854775808", "malformed_number"), ("1" * 5000, "malformed_number"),
    ("-" + "1" * 5000, "malformed_number"),
], ids=lambda value: f"{value:.12}")  # fmt: skip
def test_numbers_in_text(number: str, code: str) -> None:
    """A float in JSON is no seq_id, and an endless integer is out of range."""
    assert refused(EVENT.replace('"seq_id": 1', f'"seq_id": {number}')) == code


@pytest.mark.parametrize("text", [
    "[" * 100_000, "{\"a\":" * 100_000, "[" * 100_000 + "]" * 100_000,
    EVENT.replace('{"name": "close"}', "[" * 5_000 + "]" * 5_000),
    "\"" + "\\\"" * 5_000_000, "\"" * 5_000_001, " " * 10_000_000, "1" * 10_000_000,
    "{" + '"a":1,' * 1_000_000 + '"a":1}',
], ids=lambda text: f"{text[:6]} {len(text)}")  # fmt: skip
def test_hostile_text(text: str) -> None:
    """Deep nesting and megabytes of text are refused at once, not by a RecursionError or after a while."""
    started = time.perf_counter()
    assert refused(text) in ("malformed_field", "malformed_type", "malformed_number")
    assert time.perf_counter() - started < 5.0


@pytest.mark.parametrize("step", STEPS)
def test_sound_text(step: str) -> None:
    """Sound text gives the object that its dict gives, in ASCII or not, with white space or without."""
    sent = wire(step)
    kind = reader(sent)
    for text in (
        json.dumps(sent),
        json.dumps(sent, ensure_ascii=False, indent=2),
        json.dumps(sent, separators=(",", ":")),
    ):
        assert kind.from_json(text) == kind.from_dict(sent)
