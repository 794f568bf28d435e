"""NautilusTrader's steps, as far as the shrinker needs to know them."""

from cracktrader_fuzz.case.model import Step
from cracktrader_fuzz.target.grammar import ChoiceRule, DecimalRule, Grammar, IntegerRule, NameRule
from nautilus_strategies.objects import ABOUT_POSITIONS, ORDER_CLASSES

CURRENCIES = ("USD", "BTC", "EUR")
TIMES_IN_FORCE = ("gtc", "ioc", "fok", "day", "gtd")
PLAIN = ("1", "2", "3", "10", "100")
AMOUNT = DecimalRule(PLAIN)
OPTIONAL = DecimalRule(PLAIN, optional=True)
FLAG = ChoiceRule((False, True))
AMOUNT_DECIMALS = 8  # what is shown as the text of a float: closer than this no two amounts of a case are


STRAY = "stray_event"


def step_kind(step: Step) -> str:
    """The event that the step is; one kind for all events that reach an order which they are not about."""
    is_stray = step.get("addressed_to") not in (None, step.get("order_id")) and step.get("event") != ABOUT_POSITIONS
    return STRAY if is_stray else str(step.get("event"))


GRAMMAR = Grammar(
    kind=step_kind,
    rules={
        "order_id": NameRule("o"),
        "addressed_to": NameRule("o", optional=True),
        "venue_order_id": NameRule("v"),
        "trade_id": NameRule("t"),
        "position_id": NameRule("p", optional=True),
        "instrument": NameRule("i"),
        "order_type": ChoiceRule(tuple(ORDER_CLASSES)),
        "side": ChoiceRule(("buy", "sell")),
        "time_in_force": ChoiceRule(TIMES_IN_FORCE),
        "expire_time": ChoiceRule((None, 1)),
        "currency": ChoiceRule(CURRENCIES),
        "quantity": AMOUNT,
        "display_qty": OPTIONAL,
        "price": AMOUNT,
        "trigger_price": AMOUNT,
        "new_quantity": AMOUNT,
        "new_price": OPTIONAL,
        "new_trigger_price": OPTIONAL,
        "last_qty": AMOUNT,
        "last_px": AMOUNT,
        "commission": DecimalRule(("0", *PLAIN)),
        "post_only": FLAG,
        "reduce_only": FLAG,
        "ts_event": IntegerRule(),
    },
    keyed=frozenset({"orders", "positions"}),
    scales=dict.fromkeys(("signed_qty", "avg_px", "avg_px_open", "avg_px_close", "slippage"), AMOUNT_DECIMALS),
)
