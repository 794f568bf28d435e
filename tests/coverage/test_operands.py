"""From comparisons back to values."""

from __future__ import annotations

from typing import Any

import pytest

from cracktrader_fuzz.coverage.operands import candidates, signed
from cracktrader_fuzz.target.fields import Field
from cracktrader_fuzz.target.grammar import DecimalRule, IntegerRule, NameRule, Rule

MONEY = DecimalRule(limits=("0.0000000000000001", "1"))

# value            | rule      | compared                          | what could stand there instead
TABLE = (
    ("2",            DecimalRule(), (475_318_642, 200_000_000),         ["4.75318642"]),
    ("2",            DecimalRule(), (200_000_000, -5),                  ["-0.00000005"]),
    ("-2.5",         DecimalRule(), (-25 * 10**15, 3 * 10**13),         ["0.0030000000000000"]),
    ("2",            DecimalRule(), (7, 2),                             []),
    ("0",            MONEY,     (27_182_800_000_000, 0),            ["0.0027182800000000", "27182800000000"]),
    ("0",            MONEY,     (12, 0),                            []),
    (2,              DecimalRule(), (475_318_642, 200_000_000),         ["4.75318642"]),
    (70_000,         IntegerRule(), (123_456, 70_000),                  [123_456]),
    ("o1",           NameRule("o"), ("halt", "o1"),                     ["halt"]),
    ("o1",           NameRule("o"), ("halt", "o2"),                     []),
    (None,           DecimalRule(), (5_000, 6_000),                     []),
)  # fmt: skip


@pytest.mark.parametrize(("value", "rule", "compared", "wanted"), TABLE)
def test_other_side_of_a_comparison(value: Any, rule: Rule, compared: tuple[Any, Any], wanted: list[Any]) -> None:
    """A value that was compared in some unit gives way to what it was compared with, in its unit."""
    place = Field(0, ("payload", "key"), "key", rule, value)
    for pair in (compared, compared[::-1]):
        found = candidates([place], [pair])
        assert sorted((each for _, each in found), key=str) == sorted(wanted, key=str)


def test_words_have_a_sign() -> None:
    """A word of 64 bits is a two's complement."""
    assert [signed(word) for word in (0, 1, 2**63 - 1, 2**63, 2**64 - 1)] == [0, 1, 2**63 - 1, -(2**63), -1]
