"""NautilusTrader's steps and answers on one line, for timelines and reviews.

Only steps that reach a side have a description, without what their order type or event does not use. Any other step
raises, and the caller shows its bare fields.
"""

from cracktrader_fuzz.case.model import Outcome, Step
from nautilus_strategies.objects import ABOUT_POSITIONS, LOCAL, PRICED, TRIGGERED, WITHOUT_VENUE_ID
from nautilus_strategies.seat import NOTHING
from nautilus_strategies.wire import is_well_formed


def describe_step(step: Step) -> str:
    """`order_filled o1: buy 2 at 1, commission 0 USD, trade t1  [v1 t0]`. Raises LookupError for a malformed step."""
    if not is_well_formed(step):
        raise LookupError("a step that no side is shown")
    kind, order_id = step["event"], step["order_id"]
    if kind == "order_initialized":
        return f"{kind} {order_id}: {_listed(_terms(step))}"
    about, fields = order_id, []
    if kind == ABOUT_POSITIONS:
        about, fields = step["position_id"], [*_fill(step), f"order {order_id}", step["instrument"]]
    elif kind == "order_filled":
        fields = [*_fill(step), *_fields(step, "position_id")]
    elif kind == "order_updated":
        fields = [f"quantity {step['new_quantity']}", *_fields(step, "new_price", "new_trigger_price")]
    fields += [f"addressed to {step['addressed_to']}"] if step["addressed_to"] is not None else []
    head = f"{kind} {about}: {_listed(fields)}" if fields else f"{kind} {about}"
    where = [] if kind in WITHOUT_VENUE_ID else [step["venue_order_id"]]
    where += [] if kind in LOCAL else [f"t{step['ts_event']}"]
    return f"{head}  [{' '.join(where)}]" if where else head


def describe_outcome(outcome: Outcome) -> str:
    """`SUBMITTED`: the order's status or the position's side, nothing where there is neither. KeyError without one."""
    status = str(outcome["status"])
    return "" if status == NOTHING else status


def _terms(step: Step) -> list[str]:
    """What an order is made of."""
    kind = step["order_type"]
    names = [*(["price"] if kind in PRICED else []), *(["trigger_price"] if kind in TRIGGERED else [])]
    names += ["display_qty", "expire_time"]
    flags = [name.replace("_", " ") for name in ("post_only", "reduce_only") if step[name]]
    head = f"{step['side']} {step['quantity']} {kind} {step['instrument']}"
    return [head, *_fields(step, *names), step["time_in_force"], *flags]


def _fill(step: Step) -> list[str]:
    commission = f"commission {step['commission']} {step['currency']}"
    return [f"{step['side']} {step['last_qty']} at {step['last_px']}", commission, f"trade {step['trade_id']}"]


def _fields(step: Step, *names: str) -> list[str]:
    """The fields of those names that hold something."""
    return [f"{_label(name)} {step[name]}" for name in names if step[name] is not None]


def _label(name: str) -> str:
    return name.removeprefix("new_").removesuffix("_id").replace("_qty", " quantity").replace("_", " ")


def _listed(parts: list[str]) -> str:
    return ", ".join(parts)
