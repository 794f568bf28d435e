"""The fingerprint of an event: the page's text, and nothing but the content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from cracktrader.engine.events import parse_event
from cracktrader.engine.fingerprint import fingerprint

Wire = dict[str, Any]


def test_fingerprint_is_the_documented_text(event: Callable[..., Wire]) -> None:
    """The digest is over the page's text, spelled out here for four kinds of payload."""
    cases = {
        "7 broker_report V I order_fill o 50000000 -100000000 1000000000000000 quote": event(
            1,
            "order_fill",
            {"order_id": "o", "last_quantity": 0.5, "last_price": -1, "fee": "0.1", "fee_asset": "quote"},
            event_time=7,
        ),
        "7 broker_report V I order_accepted o ": event(1, "order_accepted", {"order_id": "o"}, event_time=7),
        "7 broker_report V I order_accepted o =\u00e9 x": event(
            1, "order_accepted", {"order_id": "o", "reason": "\u00e9 x"}, event_time=7
        ),
        "7 broker_report V I order_replaced o ~ 100000000 ~": event(
            1, "order_replaced", {"order_id": "o", "limit_price": 1, "stop_price": None}, event_time=7
        ),
        "7 control V I risk_flag halt true": event(1, "risk_flag", {"flag": "halt", "on": True}, event_time=7),
        "7 control V I cash_adjustment 10000000000000000 deposit": event(
            1, "cash_adjustment", {"amount": 1, "reason": "deposit"}, event_time=7
        ),
    }
    for text, wire in cases.items():
        assert fingerprint(parse_event(wire)) == hashlib.sha256(text.encode()).hexdigest()[:32]


def test_fingerprint_sees_content_only(event: Callable[..., Wire], fill: Callable[..., Wire]) -> None:
    """Spelling, sequence and ingest time do not count; everything else does."""
    base = fingerprint(parse_event(fill(1, "0.5", "2")))
    assert fingerprint(parse_event(fill(1, 0.5, "2.00") | {"seq_id": 9, "ingest_time": 9})) == base
    assert fingerprint(parse_event(fill(1, "0.5", "2") | {"idempotency_key": "k"})) == base
    for change in ({"event_time": 2}, {"venue": "W"}, {"instrument": "J"}):
        assert fingerprint(parse_event(fill(1, "0.5", "2") | change)) != base
