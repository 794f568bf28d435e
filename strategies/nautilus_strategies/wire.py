"""Which steps are steps: the fields of each kind and what they may hold.

A step of another form, as mutation makes them, is `malformed` for both sides alike and never reaches them: which types
Python lets through at a constructor is not what is compared here.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from cracktrader_fuzz.case.model import Step
from nautilus_strategies.grammar import CURRENCIES, TIMES_IN_FORCE
from nautilus_strategies.objects import ABOUT_POSITIONS, EVENT_CLASSES, ORDER_CLASSES

DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?")
NAME = re.compile(r"[!-~]{1,32}")
TIME_MAX = 2**63 - 1  # in the year 2262, where nanoseconds in 64 bits with a sign end, and most date types

_ORDER = frozenset(
    {"event", "order_id", "instrument", "order_type", "side", "quantity", "price", "trigger_price", "display_qty"}
    | {"time_in_force", "expire_time", "post_only", "reduce_only"}
)
_EVENT = frozenset({"event", "order_id", "addressed_to", "venue_order_id", "ts_event"})
_FILL = _EVENT | {"trade_id", "side", "last_qty", "last_px", "commission", "currency", "position_id"}
_KEYS = {
    **dict.fromkeys(EVENT_CLASSES, _EVENT),
    "order_initialized": _ORDER,
    "order_updated": _EVENT | {"new_quantity", "new_price", "new_trigger_price"},
    "order_filled": _FILL,
    ABOUT_POSITIONS: _FILL | {"instrument"},
}


def _text(form: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and form.fullmatch(value) is not None


def _or_none(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def _one_of(values: Any) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and value in values


def _is_time(value: Any) -> bool:
    return type(value) is int and 0 <= value <= TIME_MAX


def _is_flag(value: Any) -> bool:
    return type(value) is bool


_name, _decimal = _text(NAME), _text(DECIMAL)
_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("event", "order_id", "venue_order_id", "trade_id"), _name),
    **dict.fromkeys(("addressed_to", "position_id"), _or_none(_name)),
    **dict.fromkeys(
        ("quantity", "price", "trigger_price", "new_quantity", "last_qty", "last_px", "commission"), _decimal
    ),
    **dict.fromkeys(("display_qty", "new_price", "new_trigger_price"), _or_none(_decimal)),
    **dict.fromkeys(("post_only", "reduce_only"), _is_flag),
    "ts_event": _is_time,
    "expire_time": _or_none(_is_time),
    "instrument": _one_of(("i1", "i2")),
    "order_type": _one_of(ORDER_CLASSES),
    "side": _one_of(("buy", "sell")),
    "time_in_force": _one_of(TIMES_IN_FORCE),
    "currency": _one_of(CURRENCIES),
}


def is_well_formed(step: Step) -> bool:
    """Whether the step has the fields of its kind, each with a value of its kind."""
    kind = step.get("event")
    if type(kind) is not str or step.keys() != _KEYS.get(kind):
        return False
    if kind == ABOUT_POSITIONS and step["position_id"] is None:
        return False
    return all(_CHECKS[key](value) for key, value in step.items())
