"""Payload shapes: keys before fields, fields in order, and the special shapes against the general one."""

from __future__ import annotations

from typing import Any

import pytest

from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.fields import (
    FLAG,
    FREE_TEXT,
    IDENTIFIER,
    PRICE,
    QUANTITY,
    Field,
    FillShape,
    PayloadShape,
    ReportShape,
    enum_kind,
)

SHAPE = PayloadShape(
    Field("id", IDENTIFIER),
    Field("price", PRICE, optional=True),
    Field("side", enum_kind(("buy", "sell")), optional=True, default="buy"),
    Field("on", FLAG),
)


def _code(shape: PayloadShape, payload: dict[Any, Any]) -> str:
    with pytest.raises(MalformedInputError) as caught:
        shape.parse(payload)
    return caught.value.code


@pytest.mark.parametrize("absent", [{}, {"price": None}, {"price": None, "side": None}])
def test_null_and_left_out_mean_the_same(absent: dict[str, None]) -> None:
    """An optional field has its default either way."""
    assert SHAPE.parse({"on": True, "id": "a", **absent}) == ("a", None, "buy", True)


@pytest.mark.parametrize(
    "payload",
    [{}, {"id": "a"}, {"id": "a", "on": True, "x": 1}, {"id": "a", "on": 1, 5: 1}, {"id": 5, "side": "x"}],
)
def test_keys_are_checked_before_fields(payload: dict[Any, Any]) -> None:
    """A missing or unknown key is malformed_field, whatever the values are."""
    assert _code(SHAPE, payload) == "malformed_field"


def test_first_faulty_field_gives_the_code() -> None:
    """Of several faults, that of the field listed first is told, not that of the first key in the dict."""
    assert _code(SHAPE, {"on": 1, "side": "x", "price": "y", "id": "z z"}) == "malformed_identifier"
    assert _code(SHAPE, {"on": 1, "side": "x", "price": "y", "id": "z"}) == "malformed_number"
    assert _code(SHAPE, {"on": 1, "side": "x", "price": 1, "id": "z"}) == "malformed_field"
    assert _code(SHAPE, {"on": 1, "side": "buy", "price": 1, "id": "z"}) == "malformed_type"


def test_null_in_a_required_field_is_a_wrong_type() -> None:
    """Only an optional field may be null."""
    assert _code(SHAPE, {"id": None, "on": True}) == "malformed_type"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 257, "malformed_field"),
        ("\ud800", "malformed_field"),
        (1, "malformed_type"),
        (True, "malformed_type"),
    ],
)
def test_free_text_is_refused(text: object, code: str) -> None:
    """Free text is at most 256 code points of Unicode proper."""
    assert FREE_TEXT.parse("\U0001f600" * 256, "reason") == "\U0001f600" * 256
    with pytest.raises(MalformedInputError) as caught:
        FREE_TEXT.parse(text, "reason")
    assert caught.value.code == code


def test_content_text() -> None:
    """Numbers are units, an absent one `~`, flags words, and an absent reason differs from an empty one."""
    assert SHAPE.to_content(("a", None, "buy", True)) == "a ~ buy true"
    assert SHAPE.to_content(("a", -5, "sell", False)) == "a -5 sell false"
    assert [FREE_TEXT.to_content(text) for text in (None, "", "x y")] == ["", "=", "=x y"]


def test_canonical_payload() -> None:
    """The canonical payload holds every field, in order, with numbers as text."""
    payload = SHAPE.to_wire(SHAPE.parse({"on": False, "id": "a", "price": 0.5}))
    assert list(payload.items()) == [("id", "a"), ("price", "0.5"), ("side", "buy"), ("on", False)]


@pytest.mark.parametrize(
    "payload", [{"order_id": "o"}, {"order_id": "o", "reason": "x"}, {"reason": None, "order_id": "o"}]
)
def test_report_shape_is_the_general_one(payload: dict[str, Any]) -> None:
    """The short way of the reports gives what the general way gives."""
    general = PayloadShape(*ReportShape().fields)
    values = ReportShape().parse(payload)
    assert values == general.parse(payload)
    assert ReportShape().to_content(values) == general.to_content(values)


@pytest.mark.parametrize("payload", [{}, {"reason": "x"}, {"order": "o"}, {"order_id": "o", "x": 1}])
def test_report_shape_refuses_wrong_keys(payload: dict[str, Any]) -> None:
    """The short way is taken only for exactly the order id."""
    assert _code(ReportShape(), payload) == "malformed_field"


FILL = {"order_id": "o", "last_quantity": "1", "last_price": "2", "fee": "0.000000001", "fee_asset": "quote"}


def test_fee_grid_follows_its_asset() -> None:
    """A fee in the base asset is on the grid of quantities, any other on that of money."""
    assert FillShape().parse(FILL) == ("o", 10**8, 2 * 10**8, 10**7, "quote")
    assert _code(FillShape(), FILL | {"fee_asset": "base"}) == "malformed_number"
    assert FillShape().parse(FILL | {"fee_asset": "base", "fee": "0.5"})[3] == 5 * 10**7
    assert _code(FillShape(), FILL | {"fee_asset": "base", "fee": 10**10 + 1}) == "malformed_number"


def test_fee_asset_is_checked_before_the_fee() -> None:
    """With both at fault, the asset gives the code; with the price at fault too, the price does."""
    assert _code(FillShape(), FILL | {"fee_asset": "a b", "fee": []}) == "malformed_identifier"
    assert _code(FillShape(), FILL | {"fee_asset": "a b", "last_price": []}) == "malformed_type"


def test_fill_is_written_on_the_grid_of_its_fee() -> None:
    """Canonical payload and content text show the fee in units of its own grid."""
    for asset in ("base", "quote", "BNB"):
        values = FillShape().parse(FILL | {"fee_asset": asset, "fee": "-0.25"})
        assert FillShape().to_wire(values)["fee"] == "-0.25"
        assert FillShape().to_content(values) == PayloadShape(*FillShape().fields).to_content(values)


def test_quantity_is_positive() -> None:
    """Zero is no quantity."""
    with pytest.raises(MalformedInputError):
        QUANTITY.parse(0, "quantity")
