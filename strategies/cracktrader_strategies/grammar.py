"""What the shrinker may know of Cracktrader's steps: plainest values first, identifiers by first use."""

from cracktrader.engine.domain import MONEY_DECIMALS, UNIT_DECIMALS
from cracktrader_fuzz.case.model import Step
from cracktrader_fuzz.target.grammar import ChoiceRule, DecimalRule, Grammar, IntegerRule, NameRule, Rule

INTENT_TYPES = ("place_order", "cancel_order", "replace_order", "set_risk_flag", "no_op")
REPORT_TYPES = (
    "order_submitted",
    "order_accepted",
    "order_rejected",
    "order_triggered",
    "order_fill",
    "order_cancel_pending",
    "order_cancelled",
    "order_cancel_rejected",
    "order_replace_pending",
    "order_replaced",
    "order_replace_rejected",
    "order_restated",
    "order_expired",
)
MARKET_TYPES = ("trade", "bar", "quote")
CONTROL_TYPES = ("cash_adjustment", "risk_flag")
EVENT_TYPES = (*REPORT_TYPES, *MARKET_TYPES, "timer", *CONTROL_TYPES)
STEP_KINDS = (*INTENT_TYPES, *EVENT_TYPES)
ODD_KIND = "odd"

_KNOWN = frozenset(STEP_KINDS)
# The bounds and the grids of docs/engine.md, section 1.
_QUANTITIES = ("0", "0.00000001", "10000000000", "90000000000")
_PRICES = ("0", "0.00000001", "-0.00000001", "10000000000", "-10000000000")
_AMOUNTS = ("0.0000000000000001", "-0.0000000000000001", "0.00000001", "1000000000000000000000")
_QUANTITY = DecimalRule(("1", "2", "3", "10"), limits=_QUANTITIES)
_QUANTITY_IF_ANY = DecimalRule(("1", "2", "3", "10"), optional=True, limits=_QUANTITIES)
_PRICE = DecimalRule(("1", "0", "2", "3", "10", "100"), limits=_PRICES)
_PRICE_IF_ANY = DecimalRule(("1", "0", "2", "3", "10", "100"), optional=True, limits=_PRICES)
_AMOUNT = DecimalRule(("0", "1", "2", "-1"), limits=_AMOUNTS)


def step_kind(step: Step) -> str:
    """The event's or intent's type; `odd` for a step that has none of the known ones."""
    kind = step.get("event_type") or step.get("intent_type")
    return kind if type(kind) is str and kind in _KNOWN else ODD_KIND


_RULES: dict[str, Rule] = {
    "event_type": ChoiceRule(("order_submitted", "order_accepted", "order_cancelled", "order_expired")),
    "seq_id": IntegerRule(),
    "event_time": IntegerRule(),
    "ingest_time": IntegerRule(),
    "venue": NameRule("v"),
    "instrument": NameRule("i"),
    "strategy_id": NameRule("s"),
    "order_id": NameRule("o"),
    "idempotency_key": NameRule("k", optional=True),
    "name": NameRule("t"),
    "side": ChoiceRule(("buy", "sell")),
    "order_type": ChoiceRule(("limit", "market", "stop", "stop_limit")),
    "time_in_force": ChoiceRule((None, "gtc", "day", "ioc", "fok")),
    "reduce_only": ChoiceRule((None, False, True)),
    "on": ChoiceRule((True, False)),
    "flag": ChoiceRule(("halt", "reduce_only")),
    "quantity": _QUANTITY_IF_ANY,
    "last_quantity": _QUANTITY,
    "limit_price": _PRICE_IF_ANY,
    "stop_price": _PRICE_IF_ANY,
    "last_price": _PRICE,
    "price": _PRICE,
    "open": _PRICE,
    "high": _PRICE,
    "low": _PRICE,
    "close": _PRICE,
    "bid": _PRICE,
    "ask": _PRICE,
    "volume": _AMOUNT,
    "fee": _AMOUNT,
    "fee_asset": ChoiceRule(("quote", "base", "BNB")),
    "amount": DecimalRule(("1", "2", "0", "-1"), limits=_AMOUNTS),  # an adjustment by nothing hides what it does
    "reason": ChoiceRule((None, "deposit", "withdrawal", "funding")),
}

# The grids of docs/engine.md, section 1: what the answers and the state hold, by the names of their fields.
_ON_QUANTITY_GRID = (
    *("quantity", "cumulative", "leaves", "position_delta", "marks"),
    *("limit_price", "stop_price", "last_quantity", "last_price", "price"),
)
_ON_MONEY_GRID = ("cash", "cash_delta", "realised", "realised_delta", "open_cost", "fees")
SCALES = {**dict.fromkeys(_ON_QUANTITY_GRID, UNIT_DECIMALS), **dict.fromkeys(_ON_MONEY_GRID, MONEY_DECIMALS)}

GRAMMAR = Grammar(
    kind=step_kind,
    rules=_RULES,
    keyed=frozenset({"orders", "positions", "fees", "marks", "clock", "idempotency_keys"}),
    positional="seq_id",
    scales=SCALES,
)
