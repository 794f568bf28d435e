"""The fingerprint of an event: what its idempotency key is remembered with, and what keys are made of.

Promises: a function of the content alone, as docs/engine.md, section 2, writes it; the same on every machine and in
the Rust core. Does not see `seq_id`, `ingest_time` and the key, which are no content. Costs 1 us.
"""

from __future__ import annotations

import hashlib

from cracktrader.engine.events import SHAPE_OF_TYPE, ParsedEvent


def fingerprint(event: ParsedEvent) -> str:
    """32 hexadecimal digits of SHA-256 over the content: all but `seq_id`, `ingest_time` and the key."""
    _, _, event_time, source, venue, instrument, event_type, values = event
    content = SHAPE_OF_TYPE[event_type].to_content(values)
    text = f"{event_time} {source} {venue} {instrument} {event_type} {content}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
