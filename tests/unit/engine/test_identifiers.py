"""Identifiers: the characters and lengths that are taken, and the keys made of them."""

from __future__ import annotations

import pytest

from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.identifiers import parse_identifier, parse_instrument_key, parse_venue


class _Text(str):
    __slots__ = ()


def _is_taken(value: str) -> bool:
    try:
        parse_identifier(value, "order_id")
    except MalformedInputError:
        return False
    return True


@pytest.mark.parametrize("value", ["a", "-", "!", "~", "A:b", "x" * 64, '"\\'])
def test_identifier_is_taken(value: str) -> None:
    """One to 64 visible ASCII characters are an identifier."""
    assert parse_identifier(value, "order_id") == value


def test_the_alphabet_is_exactly_visible_ascii() -> None:
    """Of all one-character strings of the first planes, exactly `!` to `~` pass."""
    assert [point for point in range(0x3000) if _is_taken(chr(point))] == list(range(0x21, 0x7F))


@pytest.mark.parametrize(
    "value", ["", "x" * 65, "a b", "a\n", "\u00e9", "\ud800", pytest.param("x" * 10_000_000, id="huge")]
)
def test_identifier_is_refused(value: str) -> None:
    """Another length or character is malformed_identifier, in a message of bounded length."""
    with pytest.raises(MalformedInputError) as caught:
        parse_identifier(value, "order_id")
    assert caught.value.code == "malformed_identifier"
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("value", [1, None, True, b"a", _Text("a")])
def test_other_types_are_no_identifiers(value: object) -> None:
    """Only an exact str can be an identifier."""
    with pytest.raises(MalformedInputError) as caught:
        parse_identifier(value, "order_id")
    assert caught.value.code == "malformed_type"


def test_venue_holds_no_colon() -> None:
    """A colon is fine in an instrument and refused in a venue."""
    assert parse_identifier("a:b", "instrument") == "a:b"
    with pytest.raises(MalformedInputError) as caught:
        parse_venue("a:b", "venue")
    assert caught.value.code == "malformed_identifier"


def test_instrument_key_splits_at_the_first_colon() -> None:
    """The instrument may hold colons; the key needs both parts."""
    assert parse_instrument_key("V:I:J", "key") == "V:I:J"
    for bad in ("V", "V:", ":I", "V:" + "x" * 65):
        with pytest.raises(MalformedInputError):
            parse_instrument_key(bad, "key")
