"""NautilusTrader's steps, as far as the shrinker needs to know them."""

from cracktrader_fuzz.case.model import Step
from cracktrader_fuzz.subjects.grammar import Choice, Counter, Decimal, Grammar, Name
from nautilus_strategies.objects import ABOUT_POSITIONS, ORDER_CLASSES

CURRENCIES = ("USD", "BTC", "EUR")
TIMES_IN_FORCE = ("gtc", "ioc", "fok", "day", "gtd")
PLAIN = ("1", "2", "3", "10", "100")
AMOUNT = Decimal(PLAIN)
OPTIONAL = Decimal(PLAIN, optional=True)
FLAG = Choice((False, True))


STRAY = "stray_event"


def step_kind(step: Step) -> str:
    """The event that the step is; one kind for all events that reach an order which they are not about."""
    is_stray = step.get("addressed_to") not in (None, step.get("order_id")) and step.get("event") != ABOUT_POSITIONS
    return STRAY if is_stray else str(step.get("event"))


GRAMMAR = Grammar(
    kind=step_kind,
    rules={
        "order_id": Name("o"),
        "addressed_to": Name("o", optional=True),
        "venue_order_id": Name("v"),
        "trade_id": Name("t"),
        "position_id": Name("p", optional=True),
        "instrument": Name("i"),
        "order_type": Choice(tuple(ORDER_CLASSES)),
        "side": Choice(("buy", "sell")),
        "time_in_force": Choice(TIMES_IN_FORCE),
        "expire_time": Choice((None, 1)),
        "currency": Choice(CURRENCIES),
        "quantity": AMOUNT,
        "display_qty": OPTIONAL,
        "price": AMOUNT,
        "trigger_price": AMOUNT,
        "new_quantity": AMOUNT,
        "new_price": OPTIONAL,
        "new_trigger_price": OPTIONAL,
        "last_qty": AMOUNT,
        "last_px": AMOUNT,
        "commission": Decimal(("0", *PLAIN)),
        "post_only": FLAG,
        "reduce_only": FLAG,
        "ts_event": Counter(),
    },
    keyed=frozenset({"orders", "positions"}),
)
