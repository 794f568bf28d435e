"""Both sides take the same steps and are shown in the same forms."""

import sys
from typing import Any

import pytest
from nautilus_steps import Step, event, fill, order, position_fill

from cracktrader_fuzz.errors import SubjectMissingError
from nautilus_strategies import sides
from nautilus_strategies.objects import ORDER_CLASSES
from nautilus_strategies.seat import NautilusSeat
from nautilus_strategies.views import amount, number_if_any, trigger

BOTH = ("cython", "rust")


def ran(side: str, steps: list[Step]) -> tuple[list[str], dict[str, Any]]:
    """The codes, and the state after the steps."""
    seat = NautilusSeat(side)
    seat.start({"fields": "all"})
    return [seat.step(step)["code"] for step in steps], seat.observe()


@pytest.mark.parametrize("order_type", ORDER_CLASSES)
def test_both_sides_make_and_accept_every_order_type(order_type: str) -> None:
    """A new order of each type, submitted and accepted, is the same on both sides."""
    steps = [order(order_type=order_type), event("order_submitted"), event("order_accepted")]
    cython, rust = (ran(side, steps) for side in BOTH)
    assert cython == rust
    assert cython[0] == ["ok", "ok", "ok"]


@pytest.mark.parametrize("side", BOTH)
def test_a_position_follows_the_fills_of_its_order(side: str) -> None:
    """A fill that names a position opens it; one that names none does not."""
    steps = [order(), event("order_submitted"), fill(last_qty="4", position_id="p1")]
    codes, state = ran(side, steps)
    assert codes == ["ok", "ok", "ok"]
    assert state["positions"]["p1"]["quantity"] == "4"
    assert ran(side, [*steps[:2], fill(last_qty="4")])[1]["positions"] == {}


@pytest.mark.parametrize("side", BOTH)
def test_a_refusal_is_one_code_whatever_its_class(side: str) -> None:
    """Cython raises InvalidStateTrigger and Rust RuntimeError for a late denial: both refuse."""
    assert ran(side, [order(), event("order_submitted"), event("order_denied")])[0][-1] == "refused"


@pytest.mark.parametrize("side", BOTH)
@pytest.mark.parametrize(
    ("step", "code"),
    [
        (event("order_accepted", order_id="o2"), "unknown_order"),
        (order(), "known_order"),
        (fill(last_qty="1e5"), "malformed"),
        (fill(last_qty=1), "malformed"),
        (fill(surprise=1), "malformed"),
        (position_fill(position_id=None), "malformed"),
        (order(order_id="o2", side="sideways"), "malformed"),
        ({}, "malformed"),
    ],
)
def test_what_never_reaches_a_side_is_told_alike(side: str, step: Step, code: str) -> None:
    """Unknown and known names and steps of another form are answered by the harness."""
    assert ran(side, [order(), step])[0] == ["ok", code]


def test_a_case_that_looks_at_few_fields_shows_no_others() -> None:
    """What a case does not look at cannot end it."""
    seat = NautilusSeat("rust")
    seat.start({"fields": ["quantity"]})
    seat.step(order())
    assert seat.observe() == {"orders": {"o1": {"quantity": "10"}}, "positions": {}}


def test_presentation_is_made_alike_and_values_are_not() -> None:
    """Zeros at the end, 0.0 for none and NO_TRIGGER are forms; other values stay."""
    assert [amount("2.50"), amount("100"), amount("0.00"), amount(None)] == ["2.5", "100", "0", None]
    assert [number_if_any(0.0), number_if_any("2"), number_if_any(-1.0)] == [None, "2.0", "-1.0"]
    assert [trigger("NO_TRIGGER"), trigger("BID_ASK")] == [None, "BID_ASK"]


def test_without_the_package_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The target can be loaded without NautilusTrader; a subject cannot be made, and says what to install."""
    monkeypatch.setitem(sys.modules, "nautilus_trader.core.nautilus_pyo3", None)
    sides.rust_names.cache_clear()
    with pytest.raises(SubjectMissingError, match=r"pip install \.\[nautilus\]"):
        NautilusSeat("rust")
