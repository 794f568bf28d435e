"""The order lifecycle as a state machine: a readable second opinion on the decoder, one rule a thing that happens.

`OrderLifecycle` is the machine to run; the venue's reports are rules of `machine_reports`, the rest stands here.
"""

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, initialize, rule

from cracktrader_fuzz.case.model import Step
from cracktrader_strategies.grammar import MARKET_TYPES
from cracktrader_strategies.machine_reports import Fills, Lifecycle
from cracktrader_strategies.machine_session import (
    KEYED,
    ORDERS,
    Session,
    instruments,
    new_terms,
    prices,
    prices_of,
    quantities,
)
from cracktrader_strategies.numbers import AMOUNTS

REASONS = ("deposit", "withdrawal", "funding")
FLAGS = ("halt", "reduce_only")

small_intents = st.sampled_from(
    [("no_op", {})]
    + [("set_risk_flag", {"flag": flag, "on": on}) for flag in FLAGS for on in (True, False, False, False)]
)
controls = st.sampled_from(
    [("cash_adjustment", {"amount": amount, "reason": reason}) for amount in AMOUNTS for reason in REASONS]
    + [("risk_flag", {"flag": flag, "on": on}) for flag in FLAGS for on in (True, False, False, False)]
)
now_or_back = st.sampled_from((0, 0, 9))


class Requests(Session):
    """The requests of a strategy."""

    @initialize(target=ORDERS, terms=new_terms())
    def first_order(self, terms: Step) -> str | MultipleResults[str]:
        """An order to begin with, at work: most of what can happen needs one."""
        return self.begin(terms | {"reduce_only": False}, answers=2)

    @rule(target=ORDERS, terms=new_terms(), answers=st.sampled_from((0, 1, 2, 2)))
    def place(self, terms: Step, answers: int) -> str | MultipleResults[str]:
        """A new order, and how far the venue takes it at once."""
        return self.begin(terms, answers)

    @rule(order_id=ORDERS, terms=new_terms())
    def place_again(self, order_id: str, terms: Step) -> None:
        """An order under an id that is taken."""
        self.intent("place_order", order_id=order_id, **terms)

    @rule(order_id=ORDERS)
    def cancel(self, order_id: str) -> None:
        """A request to cancel."""
        self.intent("cancel_order", order_id=order_id)

    @rule(order_id=ORDERS, quantity=quantities | st.none(), price=prices)
    def replace(self, order_id: str, quantity: object, price: object) -> None:
        """A request for other terms."""
        terms = prices_of(self.order(order_id)["order_type"], price, price)
        self.intent("replace_order", order_id=order_id, quantity=quantity, **terms)

    @rule(intent=small_intents)
    def ask(self, intent: tuple[str, Step]) -> None:
        """A flag, or nothing at all."""
        intent_type, payload = intent
        self.intent(intent_type, **payload)


class Surroundings(Session):
    """Market data, timers, control."""

    @rule(instrument=instruments, name=st.sampled_from(MARKET_TYPES), one=prices, other=prices, back=now_or_back)
    def market(self, instrument: str, name: str, one: object, other: object, back: int) -> None:
        """A trade, a bar or a quote, crossed ones too, now or from the past."""
        payload: dict[str, Step] = {
            "trade": {"price": one, "quantity": "1"},
            "bar": {"open": one, "high": other, "low": one, "close": other, "volume": "7"},
            "quote": {"bid": one, "ask": other},
        }
        step = self.event(name, instrument, **payload[name])
        self.take({**step, "event_time": step["event_time"] - back})

    @rule(target=KEYED, back=now_or_back)
    def timer(self, back: int) -> Step | MultipleResults[Step]:
        """A timer, now or from the past."""
        step = self.event("timer", key=f"t{self.seq_id}", name="t1")
        return self.keyed({**step, "event_time": step["event_time"] - back})

    @rule(target=KEYED, control=controls)
    def control(self, control: tuple[str, Step]) -> Step | MultipleResults[Step]:
        """Cash from outside, or a flag."""
        event_type, payload = control
        return self.keyed(self.event(event_type, key=f"c{self.seq_id}", **payload))


class OrderLifecycle(Requests, Lifecycle, Fills, Surroundings):
    """All rules, and what may be done to a core between two steps."""

    @rule()
    def exchange_states(self) -> None:
        """Each core goes on from the other's snapshot."""
        self.swap_states()

    @rule()
    def destroy_objects(self) -> None:
        """The caller clears every object that it passed in or that was returned to it."""
        self.clear_shared_objects()
