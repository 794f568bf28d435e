"""Identifiers: exact ASCII strings of 1 to 64 visible characters, the keys made of them, and digests.

Promises: what passes here sorts the same as text and as bytes, and `"venue:instrument"` splits at its first
colon, since a venue holds none. Does not know which identifiers exist. Costs some 0.15 us an identifier, with
no cache.
"""

from __future__ import annotations

import re

from cracktrader.engine.domain import IDENTIFIER_LENGTH_MAX
from cracktrader.engine.error import refusal

_match_digest = re.compile(r"[0-9a-f]{64}").fullmatch


def parse_identifier(value: object, field: str) -> str:
    """The identifier itself; `malformed_type` for no string, `malformed_identifier` for a wrong one."""
    if type(value) is not str:
        raise refusal("malformed_type", field, "a string", value)
    # Printable ASCII is the space and the visible characters; by its length, a huge text costs nothing.
    if 0 < len(value) <= IDENTIFIER_LENGTH_MAX and value.isascii() and value.isprintable() and " " not in value:
        return value
    raise refusal("malformed_identifier", field, f"1 to {IDENTIFIER_LENGTH_MAX} visible ASCII characters", value)


def parse_venue(value: object, field: str) -> str:
    """An identifier without a colon."""
    venue = parse_identifier(value, field)
    if ":" in venue:
        raise refusal("malformed_identifier", field, "without ':'", venue)
    return venue


def instrument_key(venue: str, instrument: str) -> str:
    """The key of positions and marks: `"venue:instrument"`."""
    return f"{venue}:{instrument}"


def parse_instrument_key(value: object, field: str) -> str:
    """A well-formed `"venue:instrument"`, given back as it is."""
    if type(value) is not str:
        raise refusal("malformed_type", field, "a string", value)
    venue, colon, instrument = value.partition(":")
    if not colon:
        raise refusal("malformed_identifier", field, "'venue:instrument'", value)
    parse_venue(venue, field)
    parse_identifier(instrument, field)
    return value


def parse_digest(value: object, field: str) -> str:
    """The value itself when it is 64 lower-case hexadecimal digits."""
    if type(value) is not str:
        raise refusal("malformed_type", field, "a string", value)
    if not _match_digest(value):
        raise refusal("malformed_field", field, "64 lower-case hexadecimal digits", value)
    return value
