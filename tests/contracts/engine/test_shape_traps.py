"""The shape of events and intents: keys, containers, words, and which of two faults gives the code.

How to read `PRECEDENCE`: a step, two faults in it written `field = JSON` (`gone` removes a key), and the
code, which is the first fault's by the order of docs/engine.md 2 (D8); the second fault's own code is another
one, or the same row stands there the other way round. What single values do is in test_number_traps.py.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from malformed import ACCEPTED, code_of, with_field
from scenario import PAYLOADS, REASON_ONLY, Wire, table, wire

PRECEDENCE = """
# step                | faults                                                   | code
# -- a key missing or too many, before any field
trade                 | ingest_time = gone; seq_id = "1"                         | malformed_field
trade                 | message = 1; seq_id = "1"                                | malformed_field
place                 | strategy_id = gone; intent_type = 5                      | malformed_field
# -- the envelope in its order, each its type, then its value
trade                 | seq_id = -1; event_time = "1"                            | malformed_number
trade                 | seq_id = "1"; event_time = -1                            | malformed_type
trade                 | event_time = -1; ingest_time = true                      | malformed_number
trade                 | ingest_time = -1; source = 5                             | malformed_number
trade                 | source = "web"; venue = 5                                | malformed_field
trade                 | source = 5; venue = "a b"                                | malformed_type
trade                 | venue = "a:b"; instrument = 5                            | malformed_identifier
trade                 | instrument = ""; event_type = 5                          | malformed_identifier
trade                 | event_type = "Trade"; payload = 5                        | malformed_field
trade                 | payload = []; idempotency_key = ""                       | malformed_type
trade                 | idempotency_key = ""; source = "timer"                   | malformed_identifier
place                 | intent_type = "PLACE"; payload = 5                       | malformed_field
place                 | payload = null; strategy_id = ""                         | malformed_type
place                 | strategy_id = ""; quantity = "x"                         | malformed_identifier
# -- the whole envelope, before the payload
trade                 | idempotency_key = 5; message = 1; price = "x"            | malformed_field
trade                 | idempotency_key = 5; price = "x"                         | malformed_type
trade                 | source = "timer"; price = "x"                            | malformed_field
trade                 | source = "timer"; price = true                           | malformed_field
# -- the payload's keys, before its fields
trade                 | payload/quantity = gone; price = true                    | malformed_field
trade                 | payload/message = 1; price = true                        | malformed_field
cancel                | payload/reason = null; order_id = 5                      | malformed_field
# -- the payload's fields in their order
place                 | order_id = ""; venue = 5                                 | malformed_identifier
place                 | payload/venue = "a:b"; payload/instrument = 5            | malformed_identifier
place                 | payload/instrument = 5; side = "both"                    | malformed_type
place                 | side = "both"; order_type = 5                            | malformed_field
place                 | order_type = 5; time_in_force = "gtd"                    | malformed_type
place                 | time_in_force = "gtd"; quantity = true                   | malformed_field
place                 | quantity = true; limit_price = "x"                       | malformed_type
place                 | limit_price = "x"; stop_price = true                     | malformed_number
place                 | stop_price = true; reduce_only = "x"                     | malformed_type
place                 | stop_price = "x"; reduce_only = 1                        | malformed_number
replace               | order_id = ""; quantity = true                           | malformed_identifier
replace               | quantity = "0"; limit_price = true                       | malformed_number
replace               | limit_price = true; stop_price = "x"                     | malformed_type
set_risk_flag         | flag = "stop"; on = 1                                    | malformed_field
fill                  | order_id = ""; last_quantity = true                      | malformed_identifier
fill                  | last_quantity = true; last_price = "x"                   | malformed_type
fill                  | last_price = "x"; fee_asset = 5                          | malformed_number
fill                  | fee_asset = ""; fee = true                               | malformed_identifier
fill                  | fee_asset = 5; fee = "x"                                 | malformed_type
replaced              | quantity = "0"; stop_price = true                        | malformed_number
restated              | order_id = 5; quantity = "0"                             | malformed_type
submitted             | order_id = ""; reason = 5                                | malformed_identifier
trade                 | price = "x"; quantity = true                             | malformed_number
bar                   | open = "x"; high = true                                  | malformed_number
bar                   | high = true; low = "x"                                   | malformed_type
bar                   | low = "x"; close = true                                  | malformed_number
bar                   | close = true; volume = "x"                               | malformed_type
quote                 | bid = "x"; ask = true                                    | malformed_number
cash                  | amount = true; payload/reason = "gift"                   | malformed_type
cash                  | amount = "x"; payload/reason = 5                         | malformed_number
risk_flag             | flag = 5; on = 1                                         | malformed_type
"""

WORDS = """
# step        | field         | words that are taken         | words that are not: malformed_field
trade         | source        | market_data                  | broker_report timer control MARKET_DATA market
trade         | event_type    | trade                        | order_fill timer risk_flag Trade trades no_op
submitted     | source        | broker_report                | market_data timer control
timer         | source        | timer                        | market_data control broker_report
cash          | source        | control                      | market_data timer broker_report
place         | intent_type   | place_order                  | cancel_order no_op Place_order place order_fill
place         | side          | buy sell                     | Buy BUY long b
place         | order_type    | limit market stop stop_limit | Limit stop-limit trailing
place         | time_in_force | gtc day ioc fok              | GTC gtd
set_risk_flag | flag          | halt reduce_only             | Halt reduceonly
risk_flag     | flag          | halt reduce_only             | resume
cash          | reason        | deposit withdrawal funding   | Deposit gift
"""

OPTIONAL: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(PAYLOADS, ()),
    **dict.fromkeys(REASON_ONLY, ("reason",)),
    "place_order": ("time_in_force", "limit_price", "stop_price", "reduce_only"),
    "replace_order": ("quantity", "limit_price", "stop_price"),
    "order_replaced": ("quantity", "limit_price", "stop_price"),
}

STEP_TYPES = tuple(PAYLOADS)

STRANGE_KEYS: list[Any] = [
    "message", "", "Payload", "\ud800", "x" * 10_000_000, 0, None, True, b"payload", ("payload",), 1.5,
]  # fmt: skip


def faulty(text: str, faults: str) -> Wire:
    """The step with each fault; `payload/name` is the payload's field where the envelope has one too."""
    step = wire(text)
    for fault in faults.split("; "):
        name, _, value = fault.partition(" = ")
        _, inside, field = name.rpartition("payload/")
        record = step["payload"] if inside or not (name in step or name in ("message", "intent_type")) else step
        if value == "gone":
            del record[field]
        else:
            record[field] = json.loads(value)
    return step


@pytest.mark.parametrize(("step", "faults", "code"), table(PRECEDENCE))
def test_first_fault_gives_the_code(core_of: Any, step: str, faults: str, code: str) -> None:
    """Of two faults in a shape, the one that stands first in the page's order gives the code."""
    assert code_of(core_of(), faulty(step, faults)) == code


@pytest.mark.parametrize(("step", "field", "taken", "refused"), table(WORDS))
def test_words(core_of: Any, step: str, field: str, taken: str, refused: str) -> None:
    """An enum field takes its own words, in lower case, and an event type only its own source."""
    words = dict.fromkeys(taken.split(), ACCEPTED) | dict.fromkeys(refused.split(), "malformed_field")
    assert {word: code_of(core_of(), with_field(wire(step), field, word)) for word in words} == words


@pytest.mark.parametrize("name", STEP_TYPES)
def test_keys_of_the_envelope(core_of: Any, name: str) -> None:
    """Each key of the envelope must be there, and no other, be it a string or not."""
    step = wire(name)
    assert code_of(core_of(), step) == ACCEPTED
    send = "apply_event" if "event_type" in step else "process_intent"
    for key in step:
        assert code_of(core_of(), {k: v for k, v in step.items() if k != key}, send) == "malformed_field", key
    for strange in STRANGE_KEYS:
        assert code_of(core_of(), {**step, strange: None}, send) == "malformed_field"
        renamed = {(strange if k == "payload" else k): v for k, v in step.items()}
        assert code_of(core_of(), renamed, send) == "malformed_field"


@pytest.mark.parametrize("name", STEP_TYPES)
def test_keys_of_the_payload(core_of: Any, name: str) -> None:
    """Each field that is not optional must be there, and no other; an optional one may be absent or null."""
    step = wire(name)
    for field in {**step["payload"], **dict.fromkeys(OPTIONAL[name])}:
        rest = {other: value for other, value in step["payload"].items() if other != field}
        absent, null = code_of(core_of(), step | {"payload": rest}), step | {"payload": rest | {field: None}}
        optional = field in OPTIONAL[name]
        assert absent == (ACCEPTED if optional else "malformed_field"), field
        assert code_of(core_of(), null) == (ACCEPTED if optional else "malformed_type"), field
    for key in ("message", "Order_id", "seq_id", "\ud800", 0, None, b"order_id"):
        strange = step | {"payload": {**step["payload"], key: None}}
        assert code_of(core_of(), strange) == "malformed_field", key


@pytest.mark.parametrize("name", STEP_TYPES)
def test_containers_are_exact_dicts(core_of: Any, name: str) -> None:
    """A step that is no object and no exact dict, and such a payload, are `malformed_type`."""
    step = wire(name)
    subclass = type("Wire", (dict,), {})
    send = "apply_event" if "event_type" in step else "process_intent"
    for other in (
        subclass(step),
        None,
        [],
        list(step.items()),
        tuple(step),
        json.dumps(step),
        b"{}",
        5,
        type,
        object(),
    ):
        assert code_of(core_of(), other, send) == "malformed_type"
    for payload in (subclass(step["payload"]), None, [], list(step["payload"].items()), "", 5, True):
        assert code_of(core_of(), step | {"payload": payload}, send) == "malformed_type"


def test_events_and_intents_are_not_each_other(core_of: Any) -> None:
    """An intent is no event and an event no intent: `malformed_field`; as objects: `malformed_type`."""
    from cracktrader.engine.events import EngineEvent
    from cracktrader.engine.intents import EngineIntent

    event, intent = wire("trade"), wire("no_op")
    assert code_of(core_of(), intent, "apply_event") == code_of(core_of(), event, "process_intent") == "malformed_field"
    objects = EngineEvent.from_dict(event), EngineIntent.from_dict(intent)
    assert code_of(core_of(), objects[1], "apply_event") == "malformed_type"
    assert code_of(core_of(), objects[0], "process_intent") == "malformed_type"


@pytest.mark.parametrize(("step", "venue_of"), [("trade", "event"), ("place", "payload")])
def test_colons(core_of: Any, step: str, venue_of: str) -> None:
    """A venue holds no colon, an instrument may; so may order ids, keys, strategies and fee assets."""
    wired = wire(step)
    record = wired if venue_of == "event" else wired["payload"]
    for field, code in (("venue", "malformed_identifier"), ("instrument", ACCEPTED)):
        kept = record[field]
        for value in ("a:b", ":", ":a", "a:"):
            record[field] = value
            assert code_of(core_of(), wired) == code
        record[field] = kept
    for text in ("cancel id=a:b", "no_op strategy_id=:", "trade key=::", "fill 1 fee_asset=a:b"):
        assert code_of(core_of(), wire(text)) == ACCEPTED
