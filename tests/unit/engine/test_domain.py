"""The closed sets are closed: the tuples and the literal types hold the same words."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from cracktrader.engine import domain
from cracktrader.engine.backends import BACKENDS, Backend
from cracktrader.engine.results import OUTCOMES, Outcome


@pytest.mark.parametrize(
    ("words", "literal"),
    [
        (domain.SOURCES, domain.Source),
        (domain.SIDES, domain.Side),
        (domain.ORDER_TYPES, domain.OrderType),
        (domain.TIMES_IN_FORCE, domain.TimeInForce),
        (domain.PHASES, domain.Phase),
        (domain.STATUSES, domain.Status),
        (domain.RISK_FLAGS, domain.RiskFlag),
        (domain.ADJUSTMENT_REASONS, domain.AdjustmentReason),
        (BACKENDS, Backend),
        (OUTCOMES, Outcome),
    ],
)
def test_tuple_and_literal_agree(words: tuple[str, ...], literal: Any) -> None:
    """Each tuple lists its literal's members, in the same order, once each."""
    assert words == get_args(literal)


def test_subsets_are_subsets() -> None:
    """The derived sets name no word of their own."""
    assert set(domain.ORDER_TYPES) >= domain.STOP_TYPES
    assert set(domain.PHASES) >= domain.LIVE_PHASES
    assert set(domain.STATUSES) >= domain.TERMINAL_STATUSES


def test_quantity_times_price_is_money() -> None:
    """A product of units needs no rounding, and the largest trade is within the bound of money."""
    assert domain.UNIT_SCALE**2 == domain.MONEY_SCALE
    assert domain.QUANTITY_MAX * domain.PRICE_MAX <= domain.MONEY_MAX
