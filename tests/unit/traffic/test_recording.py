"""The check of a core against the venue's own words, with results made by hand."""

from typing import Any

import pytest

from cracktrader_strategies.traffic import Recording, check_statements
from cracktrader_strategies.traffic.writer import StepWriter

MARKET = ("V", "I")


def result(outcome: str = "applied", code: str = "ok", **changes: Any) -> dict[str, Any]:
    """A result of a core, as far as the check looks at it."""
    return {
        "outcome": outcome,
        "code": code,
        "transitions": [],
        "position_delta": "0",
        "realised_delta": "0",
    } | changes


def filled(cumulative: str, status: str = "PARTIALLY_FILLED") -> dict[str, Any]:
    """The result of a fill of order o."""
    return result(transitions=[{"order_id": "o", "to": status, "cumulative": cumulative}], position_delta=cumulative)


def one_fill(dirt: str | None = None) -> Recording:
    """A fill after which the venue says 0.5 filled, a position of 2.5 and a profit of 1."""
    writer = StepWriter("sample", "by hand")
    writer.begin(7, 1, 2)
    if dirt is not None:
        writer.dirt(dirt)
    fill = {"last_quantity": "0.5", "last_price": "1", "fee": "0", "fee_asset": "quote"}
    writer.report(MARKET, "order_fill", "k", "o", **fill)
    writer.state_order("o", "0.5", "PARTIALLY_FILLED")
    writer.state_position(MARKET, "2.5", 8)
    writer.state_realised(MARKET, "1")
    writer.end()
    return writer.recording()


def test_agreement_is_silent() -> None:
    """Equal totals in another spelling, the same status, and a position from an unknown start agree."""
    assert check_statements(one_fill(), [filled("0.50") | {"realised_delta": "1"}]) == []


def test_a_wrong_total_and_status_are_told_in_words() -> None:
    """Each field that differs is a mismatch that quotes both sides and the line."""
    found = check_statements(one_fill(), [filled("0.4", "FILLED") | {"realised_delta": "1"}])
    assert [str(mismatch) for mismatch in found] == [
        "step 0 (line 7): o: cumulative: venue says 0.5, core says 0.4: UNEXPLAINED",
        "step 0 (line 7): o: status: venue says PARTIALLY_FILLED, core says FILLED: UNEXPLAINED",
    ]


def test_dirt_explains_only_what_its_kind_names() -> None:
    """A late update explains a wrong total; a changed price does not."""
    results = [filled("0.4") | {"realised_delta": "1"}]
    assert [mismatch.explained_by for mismatch in check_statements(one_fill("update_after_end"), results)] == [
        "update_after_end"
    ]
    assert [mismatch.explained_by for mismatch in check_statements(one_fill("price_change"), results)] == [None]


@pytest.mark.parametrize(
    ("dirt", "code", "explained_by"),
    [
        ("unknown_order", "unknown_order", "unknown_order"),
        ("unknown_order", "overfill", None),
        (None, "unknown_order", None),
    ],
)
def test_a_refusal_needs_dirt_that_names_its_code(dirt: str | None, code: str, explained_by: str | None) -> None:
    """A refused step is a mismatch too, and its order is missing at the core."""
    found = check_statements(one_fill(dirt), [result("rejected", code)])
    assert [(mismatch.field, mismatch.core) for mismatch in found] == [
        ("code", code),
        ("existence", "no such order"),
    ]
    assert found[0].explained_by == explained_by


@pytest.mark.parametrize(("realised", "explained_by"), [("1.00000001", "venue_rounding"), ("1.00000002", None)])
def test_a_profit_may_be_one_unit_off(realised: str, explained_by: str | None) -> None:
    """The venue's last decimal is not held against the core, and the next unit is."""
    recording = one_fill()
    recording.positions.clear()
    (found,) = check_statements(recording, [filled("0.5") | {"realised_delta": realised}])
    assert (found.field, found.venue, found.core, found.explained_by) == (
        "realised",
        "1",
        realised,
        explained_by,
    )


def test_a_profit_on_an_opening_position_is_not_comparable() -> None:
    """What was held before the recording had a price that nobody knows here."""
    (found,) = check_statements(one_fill(), [filled("0.5") | {"realised_delta": "3"}])
    assert found.explained_by == "opening_position"


def test_a_position_change_that_differs_is_told_once() -> None:
    """The first statement sets the start; one wrong change is one mismatch."""
    writer = StepWriter("sample", "by hand")
    fill = {"last_quantity": "1", "last_price": "1", "fee": "0", "fee_asset": "quote"}
    for line, held in enumerate(("5", "6", "7"), start=1):
        writer.begin(line, line, line)
        writer.report(MARKET, "order_fill", f"k{line}", "o", **fill)
        writer.state_position(MARKET, held, line)
        writer.end()
    found = check_statements(writer.recording(), [filled("1"), filled("0.9"), filled("1")])
    assert [str(mismatch) for mismatch in found] == [
        "step 1 (line 2): V:I: position: venue says 6, core says 5.9: UNEXPLAINED"
    ]


def test_a_wrong_number_of_results_is_refused() -> None:
    """Results of another recording cannot be compared by chance."""
    with pytest.raises(ValueError, match="0 results for 1 steps of sample"):
        check_statements(one_fill(), [])
