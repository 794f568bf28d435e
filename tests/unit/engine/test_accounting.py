"""Money: trades and fees by hand, and the identities that hold for any run of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cracktrader.engine.accounting import FLAT, Ledger, Position, pay_base_fee, trade
from cracktrader.engine.domain import MONEY_MAX, POSITION_MAX, PRICE_MAX, QUANTITY_MAX


@pytest.mark.parametrize(
    ("position", "quantity", "price", "after"),
    [
        (FLAT, 10, 5, (10, 50, 0)),
        (FLAT, -10, 5, (-10, -50, 0)),
        ((10, 50, 0), 10, 7, (20, 120, 0)),
        ((-10, -50, 0), -10, 7, (-20, -120, 0)),
        ((10, 50, 0), -4, 7, (6, 30, 8)),
        ((-10, -50, 0), 4, 7, (-6, -30, -8)),
        ((10, 50, 3), -10, 7, (0, 0, 23)),
        ((-10, -50, 0), 10, 7, (0, 0, -20)),
        ((10, 50, 0), -15, 7, (-5, -35, 20)),
        ((-10, -50, 0), 15, 7, (5, 35, -20)),
        ((10, -50, 0), -10, -7, (0, 0, -20)),
        ((0, 0, 9), 1, 0, (1, 0, 9)),
    ],
)
def test_trade(position: Position, quantity: int, price: int, after: Position) -> None:
    """Opening, adding, reducing, closing and going through zero, on both sides and at negative prices."""
    assert trade(position, quantity, price) == after


@pytest.mark.parametrize(
    ("open_cost", "released"), [(1, 0), (3, 2), (5, 2), (-1, 0), (-3, -2), (-5, -2), (2, 1), (-2, -1)]
)
def test_released_cost_is_rounded_half_to_even(open_cost: int, released: int) -> None:
    """Half of an odd cost goes to the even neighbour, whatever its sign."""
    assert trade((2, open_cost, 0), -1, 0) == (1, open_cost - released, -released)
    assert trade((-2, open_cost, 0), 1, 0) == (-1, open_cost - released, -released)


@pytest.mark.parametrize(
    ("position", "fee", "after"),
    [
        ((10, 50, 0), 4, (6, 50, 0)),
        ((10, 50, 0), -4, (14, 50, 0)),
        ((10, 50, 1), 10, (0, 0, -49)),
        ((10, 50, 1), 11, (-1, 0, -49)),
        ((-10, -50, 1), -10, (0, 0, 51)),
        ((-10, -50, 1), -11, (1, 0, 51)),
        ((0, 0, 1), 3, (-3, 0, 1)),
        ((10, 50, 0), 0, (10, 50, 0)),
        (FLAT, 0, FLAT),
    ],
)
def test_pay_base_fee(position: Position, fee: int, after: Position) -> None:
    """A base fee takes at no price; only reaching zero from elsewhere realises the open cost."""
    assert pay_base_fee(position, fee) == after


def _facts(ledger: Ledger) -> tuple[object, ...]:
    return ledger.cash, dict(ledger.positions), dict(ledger.fees)


def test_fill_with_a_quote_fee() -> None:
    """The fee falls from cash, and the deltas tell it."""
    ledger = Ledger(1000)
    assert ledger.book_fill("V:I", 10, 5, 3, "quote") == (-53, 10, 0)
    assert _facts(ledger) == (947, {"V:I": (10, 50, 0)}, {})


def test_fill_with_a_base_fee() -> None:
    """The fee falls from the position, on buys and on sells."""
    ledger = Ledger(1000)
    assert ledger.book_fill("V:I", 10, 5, 3, "base") == (-50, 7, 0)
    assert ledger.book_fill("V:I", -5, 5, 1, "base") == (25, -6, 25 - 36)
    assert _facts(ledger) == (975, {"V:I": (1, 14, -11)}, {})


def test_fill_with_a_fee_in_a_third_asset() -> None:
    """The fee only adds to its total, and a total of exactly zero is not listed."""
    ledger = Ledger(1000)
    assert ledger.book_fill("V:I", 10, 5, 3, "BNB") == (-50, 10, 0)
    assert ledger.fees == {"BNB": 3}
    ledger.book_fill("V:I", 10, 5, -3, "BNB")
    assert ledger.fees == {}


def test_position_stays_listed_when_flat() -> None:
    """A position exists from its first fill on."""
    ledger = Ledger(0)
    ledger.book_fill("V:I", 10, 5, 0, "quote")
    ledger.book_fill("V:I", -10, 5, 0, "quote")
    assert ledger.positions == {"V:I": (0, 0, 0)}
    assert ledger.quantity_of("V:J") == 0


@pytest.mark.parametrize(
    ("cash", "position", "fees", "fill"),
    [
        (-MONEY_MAX, FLAT, {}, (1, 1, 0, "quote")),
        (0, (POSITION_MAX, 0, 0), {}, (1, 0, 0, "quote")),
        (0, (1, MONEY_MAX, 0), {}, (1, 1, 0, "quote")),
        (0, (1, 0, MONEY_MAX), {}, (-1, 1, 0, "quote")),
        (0, FLAT, {"BNB": MONEY_MAX}, (1, 1, 1, "BNB")),
        (0, (-POSITION_MAX, 0, 0), {}, (1, 0, 2, "base")),
    ],
)
def test_out_of_range_leaves_no_trace(
    cash: int, position: Position, fees: dict[str, int], fill: tuple[int, int, int, str]
) -> None:
    """A fill that would lead out of any bound is not booked at all."""
    ledger = Ledger(cash, {"V:I": position}, fees)
    before = _facts(ledger)
    assert ledger.book_fill("V:I", *fill) is None
    assert _facts(ledger) == before


def test_bounds_hold_at_the_end_of_the_step_only() -> None:
    """A trade beyond the position's bound is fine when its base fee leads back to the bound."""
    ledger = Ledger(0, {"V:I": (POSITION_MAX, 0, 0)})
    assert ledger.book_fill("V:I", 5, 0, 5, "base") == (0, 0, 0)
    assert ledger.quantity_of("V:I") == POSITION_MAX


def test_adjust_cash_stops_at_the_bound() -> None:
    """Cash may reach its bound and not pass it."""
    ledger = Ledger(0)
    assert ledger.adjust_cash(-MONEY_MAX)
    assert not ledger.adjust_cash(-1)
    assert ledger.cash == -MONEY_MAX


FILLS = st.lists(
    st.tuples(
        st.integers(-QUANTITY_MAX, QUANTITY_MAX).filter(bool),
        st.integers(-PRICE_MAX // 10**6, PRICE_MAX // 10**6),
        st.integers(-1000, 1000),
        st.sampled_from(["quote", "base", "BNB"]),
    ),
    max_size=30,
)


def _fees(fills: list[tuple[int, int, int, str]], wanted: str) -> int:
    return sum(fee for _, _, fee, asset in fills if asset == wanted)


@given(FILLS)
def test_identities_hold_for_any_run_of_fills(fills: list[tuple[int, int, int, str]]) -> None:
    """Realised - open_cost + sum(q x p) is zero; cash, position and fees are sums of what moved them."""
    ledger = Ledger(0)
    booked = [fill for fill in fills if ledger.book_fill("V:I", *fill) is not None]
    quantity, open_cost, realised = ledger.positions.get("V:I", FLAT)
    turnover = sum(q * p for q, p, _, _ in booked)
    assert realised - open_cost + turnover == 0
    assert ledger.cash == -turnover - _fees(booked, "quote")
    assert quantity == sum(q for q, _, _, _ in booked) - _fees(booked, "base")
    assert ledger.fees.get("BNB", 0) == _fees(booked, "BNB")


@given(FILLS)
def test_deltas_are_differences(fills: list[tuple[int, int, int, str]]) -> None:
    """What a fill says it moved is what moved."""
    ledger = Ledger(0)
    for fill in fills:
        cash, (held, _, realised) = ledger.cash, ledger.positions.get("V:I", FLAT)
        deltas = ledger.book_fill("V:I", *fill)
        after = ledger.positions.get("V:I", FLAT)
        assert (deltas or (0, 0, 0)) == (ledger.cash - cash, after[0] - held, after[2] - realised)
