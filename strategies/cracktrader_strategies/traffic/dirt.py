"""What recorded order flow does that a clean venue would not.

Promises: every unusual input of a reader has a kind here, which says what it is, how it is fed, and what a
correct core may answer to it. `opening_position` and `venue_rounding` show only beside a core: the check
finds them. Does not: judge. An answer that no kind at its step names stays unexplained. Costs: a dictionary
look-up.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DirtKind:
    """One kind: its `meaning`, and the `codes` of refusals and `fields` of disagreements that it explains."""

    meaning: str
    codes: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


def _kind(meaning: str, codes: str = "", fields: str = "") -> DirtKind:
    return DirtKind(meaning, frozenset(codes.split()), frozenset(fields.split()))


DIRT: dict[str, DirtKind] = {
    "repeated_row": _kind("the same report again: its events are fed once more under the same keys"),
    "created_again": _kind(
        "a second, different creation of an order that is known: placed and accepted again",
        "duplicate_order_id illegal_transition",
        "cumulative status",
    ),
    "unknown_order": _kind(
        "a report on an order whose creation was not recorded (yet): a deletion is fed as order_cancelled, a "
        "change as order_restated",
        "unknown_order",
        "existence",
    ),
    "delete_before_create": _kind(
        "the creation of an order whose deletion came first: fed in order of arrival, so the order stays live"
    ),
    "update_after_end": _kind(
        "a report on an order that has ended: a lower volume is fed as a late fill, all else as if it lived",
        "order_closed illegal_transition nothing_pending",
        "cumulative status",
    ),
    "price_change": _kind("the venue moved the order to another price: replace_order and order_replaced"),
    "volume_rise": _kind("more volume is left than before: order_restated"),
    "no_change": _kind("a change that changes nothing: order_restated with the present quantity"),
    "fill_in_delete": _kind("a deletion with less left than before: an order_fill, then order_cancelled"),
    "unusable_row": _kind("a quantity or price that no order can have: counted, and nothing is fed"),
    "fill_without_trade": _kind("no recorded trade has the size of this fill: it is fed at the order's own price"),
    "trade_without_fill": _kind("a recorded trade that no order's change matches: fed as market data only"),
    "rounded_trade": _kind("a trade printed as a binary float: rounded to 8 decimals"),
    "one_sided_book": _kind("a book with an empty side has no quote: counted, and nothing is fed"),
    "joined_midway": _kind("the first report on an order is not its creation: placed and accepted before it is fed"),
    "missed_fill": _kind("the venue's total exceeds the fills seen: one order_fill, at the same price, for the gap"),
    "total_falls": _kind("the venue's total falls short of the fills seen: fed as it is", "overfill", "cumulative"),
    "unknown_order_type": _kind("an order type that we have no name for: limit when it has a price, else market"),
    "unknown_time_in_force": _kind("a time in force that we have no name for: gtc"),
    "unknown_execution": _kind("a kind of report that we have no event for: counted, and nothing is fed"),
    "no_fee": _kind("a fill without a fee: fed as a fee of zero in the quote asset"),
    "other_adjustment": _kind("a change of balance with an unusual cause: deposit or withdrawal by its sign"),
    "other_asset": _kind("a change of the balance of an asset that is not cash: counted, and nothing is fed"),
    "opening_position": _kind(
        "a profit on a position that was open before the recording began, at a price not known here",
        fields="realised",
    ),
    "venue_rounding": _kind("a profit that the venue tells one unit off, at most", fields="realised"),
    "position_without_fill": _kind("an account report whose fill was not recorded: no statement is made of it"),
}
"""Kind -> meaning, and what it explains."""
