"""Fees: what the simulated broker charges, and that both cores book it to the last digit."""

from __future__ import annotations

from typing import Any

import pytest
from playback import flat, place, play

from cracktrader import FeeModel, MalformedInputError

REFUSED_MODELS: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"maker": "1.1"}, MalformedInputError, "'1.1'"),
    ({"taker": "-1.00000001"}, MalformedInputError, "'-1.00000001'"),
    ({"taker": "0.000000001"}, MalformedInputError, "'0.000000001'"),
    ({"taker": True}, MalformedInputError, "True"),
    ({"flat": "1e3"}, MalformedInputError, "'1e3'"),
    ({"asset": "BNB"}, ValueError, "'BNB'"),
    ({"asset": "base", "flat": "1"}, ValueError, "'1'"),
]


def test_without_a_model_fills_are_free(backend: Any) -> None:
    """Cash falls by quantity x price alone."""
    played = play(backend, [flat(100), flat(101)], {0: [place(quantity="2")]}, cash=1000)
    assert played.fills() == [("2", "101", "0")]
    assert played.summary.cash == "798"


def test_a_taker_pays_the_takers_rate(backend: Any) -> None:
    """A market order takes: 2 x 101 x 0.001."""
    played = play(backend, [flat(100), flat(101)], {0: [place(quantity="2")]}, 1000, fees=FeeModel("0", "0.001"))
    assert played.fills() == [("2", "101", "0.202")]
    assert played.summary.cash == "797.798"


def test_a_maker_pays_the_makers_rate_within_the_bar(backend: Any) -> None:
    """A limit order that the bar comes down to makes, and may be paid for it."""
    rows = [flat(100), (100, 101, 98, 100, 10)]
    order = place(order_type="limit", limit_price="99", quantity="3")
    played = play(backend, rows, {0: [order]}, 1000, fees=FeeModel("-0.0005", "0.001"))
    assert played.fills() == [("3", "99", "-0.1485")]
    assert played.summary.cash == "703.1485"


def test_a_limit_that_the_open_satisfies_takes(backend: Any) -> None:
    """At the open a limit order fills at the better price, as a taker."""
    order = place(order_type="limit", limit_price="105")
    played = play(backend, [flat(100), flat(101)], {0: [order]}, 1000, fees=FeeModel("0", "0.01"))
    assert played.fills() == [("1", "101", "1.01")]


def test_a_flat_fee_is_charged_a_fill(backend: Any) -> None:
    """Two part fills cost it twice."""
    rows = [flat(100), flat(100, 1), flat(100, 1)]
    played = play(backend, rows, {0: [place(quantity="2")]}, 1000, fees=FeeModel(flat="0.25"), participation=1)
    assert played.fills() == [("1", "100", "0.25"), ("1", "100", "0.25")]
    assert played.summary.cash == "799.5"


def test_a_fee_in_base_is_taken_from_the_position(backend: Any) -> None:
    """The position falls by the fee, and cash does not know of it."""
    played = play(
        backend, [flat(100), flat(100)], {0: [place(quantity="2")]}, 1000, fees=FeeModel("0", "0.001", asset="base")
    )
    assert played.fills() == [("2", "100", "0.002")]
    assert played.summary.cash == "800"
    assert played.summary.positions == {"V:I": "1.998"}


@pytest.mark.parametrize(
    ("price", "fee"),
    [("0.00000005", "0"), ("0.00000015", "0.00000002"), ("0.00000025", "0.00000002"), ("0.00000016", "0.00000002")],
)
def test_the_product_is_rounded_half_to_even(backend: Any, price: str, fee: str) -> None:
    """A tenth of the price, on the grid of 8 decimals, ties to the even digit."""
    played = play(backend, [flat(price), flat(price)], {0: [place()]}, fees=FeeModel("0", "0.1"))
    assert played.fills() == [("1", price, fee)]


def test_a_sell_pays_like_a_buy(backend: Any) -> None:
    """The fee is on the amount, whatever its sign, also at a negative price."""
    played = play(backend, [flat(-10), flat(-10)], {0: [place(side="sell")]}, 1000, fees=FeeModel("0", "0.01"))
    assert played.fills() == [("1", "-10", "0.1")]
    assert played.summary.cash == "989.9"


@pytest.mark.parametrize(("arguments", "error", "quoted"), REFUSED_MODELS)
def test_a_model_that_makes_no_sense_is_refused(arguments: dict[str, Any], error: type[Exception], quoted: str) -> None:
    """The message quotes the value."""
    with pytest.raises(error) as caught:
        FeeModel(**arguments)
    assert quoted in str(caught.value)
