"""Rules: every candidate is cheaper than the value, so that shrinking ends, and the plainest comes first."""

from __future__ import annotations

from typing import Any

import pytest

from cracktrader_fuzz.target.grammar import ChoiceRule, DecimalRule, IntegerRule, NameRule, Rule

VALUES: list[Any] = [
    *(None, True, False, 0, 1, 7, 900, 10**6, -3, 2**70, 0.5, -0.0),
    *("", "1", "2", "10", "-1", "0.5", "007", "33.33333333", "-12.25", "9" * 64, "1e3", "\u0661"),
    *("o1", "o2", "o77", "o100", "x", "buy", "sell", "short", [], {}),
]
RULES: list[Rule] = [
    *(ChoiceRule(("buy", "sell")), ChoiceRule((None, False, True)), IntegerRule()),
    *(DecimalRule(), DecimalRule(optional=True), NameRule("o"), NameRule("o", optional=True)),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("value", VALUES, ids=str)
def test_candidates_cost_less_and_come_plainest_first(rule: Rule, value: Any) -> None:
    """Whatever a value is, its candidates cost strictly less, in rising order."""
    cost, candidates = rule.cost(value), rule.simpler(value)
    costs = [rule.cost(candidate) for candidate in candidates]
    assert all(each < cost for each in costs)
    assert costs == sorted(costs)


@pytest.mark.parametrize(
    ("rule", "value", "first"),
    [
        (ChoiceRule(("buy", "sell")), "sell", "buy"),
        (ChoiceRule((None, False, True)), True, None),
        (DecimalRule(("1", "2")), "33.3", "1"),
        (DecimalRule(("1", "2"), optional=True), "1", None),
        (IntegerRule(), 17, 0),
        (NameRule("o"), "o7", "o1"),
        (NameRule("k", optional=True), "k1", None),
    ],
    ids=str,
)
def test_plainest_candidate(rule: Rule, value: Any, first: Any) -> None:
    """The first candidate is the plainest value of the rule."""
    assert rule.simpler(value)[0] == first
    assert rule.simpler(first) == []


def test_decimal_loses_digits() -> None:
    """A number that is not plain is also offered with fewer digits, and without its sign."""
    candidates = DecimalRule(("1",)).simpler("-12.25")
    assert {"12.25", "12", "12.2", "-12", "-1"} <= set(candidates)


def test_choice_tells_types_apart() -> None:
    """`True` is not 1 and `0` is not `False`."""
    assert ChoiceRule((False, True)).cost(1) == 3
    assert ChoiceRule((0, 1)).cost(True) == 3
