"""What a venue reports about orders, as rules: in and out of order, on time and late, once and twice."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, rule

from cracktrader_fuzz.case.model import Step
from cracktrader_strategies.machine_session import (
    KEYED,
    ORDERS,
    Fee,
    Session,
    fees,
    prices,
    prices_of,
    quantities,
)

ONE_UNIT = Decimal("0.00000001")  # the grid of quantities (section 1 of `docs/engine.md`), so the smallest difference

new_answers = st.sampled_from(("order_accepted", "order_submitted", "order_rejected"))
cancel_answers = st.sampled_from(("order_cancel_pending", "order_cancelled", "order_cancel_rejected"))
replace_answers = st.sampled_from(("order_replace_pending", "order_replace_rejected"))
endings = st.sampled_from(("order_triggered", "order_triggered", "order_expired"))
late_answers = st.sampled_from(("order_accepted", "order_cancelled"))


class Lifecycle(Session):
    """Every report but fills."""

    @rule(order_id=ORDERS, event_type=new_answers)
    def answer_order(self, order_id: str, event_type: str) -> None:
        """An answer to a new order, perhaps a late one."""
        self.take(self.report(order_id, event_type, reason="late"))

    @rule(order_id=ORDERS, event_type=cancel_answers, cancel_requested=st.booleans())
    def answer_cancel(self, order_id: str, event_type: str, cancel_requested: bool) -> None:
        """A step on the way of a cancel, with or without a request."""
        if cancel_requested:
            self.intent("cancel_order", order_id=order_id)
        self.take(self.report(order_id, event_type))

    @rule(order_id=ORDERS, event_type=replace_answers)
    def answer_replace(self, order_id: str, event_type: str) -> None:
        """A step on the way of a replace, but for its success."""
        self.take(self.report(order_id, event_type))

    @rule(order_id=ORDERS, above=st.sampled_from((-ONE_UNIT, 0, ONE_UNIT, 5)), price=prices)
    def replaced(self, order_id: str, above: Decimal | int, price: object) -> None:
        """A replace to below, at or above what is filled, requested just before if none is pending."""
        order = self.order(order_id)
        if not order["replace_pending"]:
            self.intent("replace_order", order_id=order_id, quantity="9999")
        terms = prices_of(order["order_type"], price, price)
        total = _total(order["cumulative"], above)
        self.take(self.report(order_id, "order_replaced", quantity=total, **terms))

    @rule(order_id=ORDERS, above=st.sampled_from((-ONE_UNIT, 0, 2)))
    def restated(self, order_id: str, above: Decimal | int) -> None:
        """A new total by the venue's own will: below, at or above what is filled."""
        total = _total(self.order(order_id)["cumulative"], above)
        self.take(self.report(order_id, "order_restated", quantity=total))

    @rule(order_id=ORDERS, event_type=endings)
    def trigger_or_expire(self, order_id: str, event_type: str) -> None:
        """The stop is hit, or time is up."""
        self.take(self.report(order_id, event_type))

    @rule(order_id=ORDERS, event_type=late_answers, back=st.sampled_from((1, 2, 9)))
    def stale(self, order_id: str, event_type: str, back: int) -> None:
        """A report under a sequence number that has passed."""
        step = self.report(order_id, event_type)
        self.take({**step, "seq_id": max(0, step["seq_id"] - back)})

    @rule(order_id=ORDERS, event_type=late_answers, known=st.booleans())
    def misdirected(self, order_id: str, event_type: str, known: bool) -> None:
        """A report on an instrument that is not the order's, or about an order that was never placed."""
        step = self.report(order_id, event_type)
        wrong: Step = {"instrument": "i9"} if known else {"payload": {"order_id": "o0"}}
        self.take(step | wrong)


class Fills(Session):
    """Fills, and events that come twice."""

    def fill(self, order_id: str, quantity: object, price: object, fee: Fee) -> Step | MultipleResults[Step]:
        """Send a fill under an execution id of its own."""
        asset, amount = fee
        payload = {"last_quantity": quantity, "last_price": price, "fee": amount, "fee_asset": asset}
        return self.keyed(self.report(order_id, "order_fill", f"k{self.seq_id}", **payload))

    @rule(target=KEYED, order_id=ORDERS, quantity=quantities, price=prices, fee=fees)
    def fill_some(self, order_id: str, quantity: object, price: object, fee: Fee) -> Step | MultipleResults[Step]:
        """Some quantity, whatever the order's status: early, overfilling and late fills are among them."""
        return self.fill(order_id, quantity, price, fee)

    @rule(target=KEYED, order_id=ORDERS, part=st.sampled_from((2, 3, 7)), price=prices, fee=fees)
    def fill_part(self, order_id: str, part: int, price: object, fee: Fee) -> Step | MultipleResults[Step]:
        """A part of what is left."""
        quantity = (self._left(order_id) / part).quantize(ONE_UNIT)
        return self.fill(order_id, f"{max(quantity, ONE_UNIT):f}", price, fee)

    @rule(target=KEYED, order_id=ORDERS, beyond=st.sampled_from((0, 0, 0, ONE_UNIT)), price=prices, fee=fees)
    def fill_rest(self, order_id: str, beyond: Decimal | int, price: object, fee: Fee) -> Step | MultipleResults[Step]:
        """All that is left, also of a closed order; sometimes the smallest unit more."""
        return self.fill(order_id, f"{max(self._left(order_id) + beyond, ONE_UNIT):f}", price, fee)

    @rule(event=KEYED, later=st.booleans())
    def resend(self, event: Step, later: bool) -> None:
        """An event that was applied comes again, under its old sequence number or a new one."""
        self.seq_id += later
        self.take({**event, "seq_id": self.seq_id if later else event["seq_id"]})

    @rule(event=KEYED)
    def conflict(self, event: Step) -> None:
        """A known key with other content."""
        self.take({**event, "seq_id": self.seq_id + 1, "event_time": event["event_time"] + 1})

    def _left(self, order_id: str) -> Decimal:
        order = self.order(order_id)
        return Decimal(order["quantity"]) - Decimal(order["cumulative"])


def _total(cumulative: str, above: Decimal | int) -> str:
    return f"{max(Decimal(cumulative) + above, ONE_UNIT):f}"
