"""What the rules of the order machine share: bundles, pools of concrete values, envelopes, and how an order begins.

`ORDERS` are the ids of orders that the core has taken, `KEYED` the events that it has applied under an
idempotency key. The pools are small, so that numbers and names meet again within fifty steps.
"""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, multiple

from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_strategies.grammar import CONTROL_TYPES, MARKET_TYPES
from cracktrader_strategies.machine import LockstepMachine
from cracktrader_strategies.numbers import BASE_FEES, FEES, PRICES, QUANTITIES

Fee = tuple[str, object]

ORDERS = Bundle("orders")
KEYED = Bundle("keyed")

quantities = st.sampled_from(QUANTITIES[:9])
prices = st.sampled_from(PRICES[:10])
fees: st.SearchStrategy[Fee] = st.sampled_from(
    [("quote", fee) for fee in FEES[:7]] + [("base", fee) for fee in BASE_FEES[:7]] + [("BNB", fee) for fee in FEES[:5]]
)
instruments = st.sampled_from(("i1", "i2"))


@st.composite
def new_terms(draw: st.DrawFn) -> Step:
    """The terms of an order that can be placed; an order in eight is reduce-only."""
    order_type = draw(st.sampled_from(("limit", "market", "stop", "stop_limit")))
    return {
        "venue": "v1",
        "instrument": draw(instruments),
        "side": draw(st.sampled_from(("buy", "sell"))),
        "order_type": order_type,
        "quantity": draw(quantities),
        "reduce_only": draw(st.sampled_from((None, *(False,) * 6, True))),
        **prices_of(order_type, draw(prices), draw(prices)),
    }


def prices_of(order_type: str, limit_price: object, stop_price: object) -> Step:
    """The prices that an order of the type has."""
    limit = {"limit_price": limit_price} if order_type.endswith("limit") else {}
    return limit | ({"stop_price": stop_price} if order_type.startswith("stop") else {})


class Session(LockstepMachine):
    """Ways to send."""

    def __init__(self) -> None:
        super().__init__()
        self.seq_id = 0
        self.time = 10

    def intent(self, intent_type: str, **payload: object) -> Outcome:
        """Send an intent."""
        return self.take({"intent_type": intent_type, "payload": payload, "strategy_id": "s1"})

    def event(self, event_type: str, instrument: str = "-", key: str | None = None, **payload: object) -> Step:
        """Make an event, with the next sequence number and time."""
        self.seq_id += 1
        self.time += 1
        return {
            "seq_id": self.seq_id,
            "event_time": self.time,
            "ingest_time": self.time,
            "source": _source(event_type),
            "venue": "-" if instrument == "-" else "v1",
            "instrument": instrument,
            "event_type": event_type,
            "payload": payload,
            "idempotency_key": key,
        }

    def report(self, order_id: str, event_type: str, key: str | None = None, **payload: object) -> Step:
        """Make a report about an order, on the order's own instrument."""
        return self.event(event_type, self.order(order_id)["instrument"], key, order_id=order_id, **payload)

    def keyed(self, step: Step) -> Step | MultipleResults[Step]:
        """Send an event that has a key; what was applied goes to the bundle, for sending again."""
        return step if self.take(step)["outcome"] == "applied" else multiple()

    def begin(self, terms: Step, answers: int) -> str | MultipleResults[str]:
        """Place an order and let the venue submit (1) and accept (2) it; its id goes to the bundle if it is taken."""
        order_id = f"o{len(self.state['orders']) + 1}"
        if self.intent("place_order", order_id=order_id, **terms)["outcome"] != "applied":
            return multiple()
        for event_type in ("order_submitted", "order_accepted")[:answers]:
            self.take(self.report(order_id, event_type))
        return order_id

    def order(self, order_id: str) -> dict[str, Any]:
        """The order as the cores show it."""
        order: dict[str, Any] = self.state["orders"][order_id]
        return order


def _source(event_type: str) -> str:
    if event_type in MARKET_TYPES:
        return "market_data"
    if event_type in CONTROL_TYPES:
        return "control"
    return "timer" if event_type == "timer" else "broker_report"
