"""One side of NautilusTrader as a subject: its orders by id, its positions by id, and the same steps for both sides.

A step makes an order, or makes an event and applies it to an order; a fill that names a position goes to that position
as well, once the order has taken it, as NautilusTrader's own engine does. `position_filled` goes to a position alone.

An exception of a class in `REFUSALS` is a refusal: the documented ways in which `apply` and the constructors refuse.
Neither its message nor its class counts: Cython has three, Rust one. Whether a side that refused has changed
something is seen in the state. Any other exception is a crash. A case's `fields` are what is looked at: a case that
looks at few of them sees past a difference in the others.
"""

from typing import Any

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.target.protocol import BuildIdentity
from nautilus_strategies.construction import Builder
from nautilus_strategies.objects import ABOUT_POSITIONS, event_of, instrument_of, order_of
from nautilus_strategies.sides import cython_identity, cython_names, rust_identity, rust_names
from nautilus_strategies.views import FIELDS, Views
from nautilus_strategies.wire import is_well_formed

REFUSALS = frozenset({"InvalidStateTrigger", "KeyError", "RuntimeError", "ValueError"})
ALL_FIELDS = "all"
OK = "ok"
NOTHING = "-"


class NautilusSeat:
    """The side of that name, `cython` or `rust`. Raises SubjectMissingError where NautilusTrader is not installed."""

    def __init__(self, side: str) -> None:
        self._side = side
        names = cython_names() if side == "cython" else rust_names()
        self._position_class = names["Position"]
        self._builder = Builder(names)
        self._views = Views(names, side)

    def start(self, config: Config) -> None:
        """No orders and no positions."""
        fields = config["fields"]
        self._fields = frozenset(FIELDS if fields == ALL_FIELDS else fields)
        self._orders: dict[str, tuple[Any, Step]] = {}
        self._positions: dict[str, Any] = {}

    def step(self, step: Step) -> Outcome:
        """Make the order or the event of the step, and apply it."""
        if not is_well_formed(step):
            return {"outcome": "refused", "code": "malformed", "status": NOTHING}
        kind, order_id = step["event"], step["order_id"]
        if kind == "order_initialized" and order_id in self._orders:
            return {"outcome": "refused", "code": "known_order", "status": NOTHING}
        if kind not in ("order_initialized", ABOUT_POSITIONS) and order_id not in self._orders:
            return {"outcome": "refused", "code": "unknown_order", "status": NOTHING}
        code = self._code(step)
        return {"outcome": "applied" if code == OK else "refused", "code": code, "status": self._status(step)}

    def observe(self) -> State:
        """Every order and every position, as far as the case looks at them."""
        views, fields = self._views, self._fields
        return {
            "orders": {
                order_id: views.order(order, terms["order_type"], fields)
                for order_id, (order, terms) in self._orders.items()
            },
            "positions": {key: views.position(position, fields) for key, position in self._positions.items()},
        }

    def digest(self) -> str:
        """Empty: NautilusTrader has no digest of an order."""
        return ""

    def identity(self) -> BuildIdentity:
        """The files that were loaded."""
        return cython_identity() if self._side == "cython" else rust_identity()

    def _code(self, step: Step) -> str:
        """What became of the step: `ok`, or a code of refusal. Raises what is no refusal."""
        try:
            made = self._made(step)
        except Exception as error:  # noqa: BLE001 - raised again if it is no refusal
            return _refusal(error, "refused")
        if step["event"] == "order_initialized":
            self._orders[step["order_id"]] = made, step
            return OK
        return self._apply(step, made)

    def _made(self, step: Step) -> Any:
        """The order or the event of a step."""
        kind, side = step["event"], self._side
        if kind == "order_initialized":
            return self._builder.build(order_of(step, side))
        if kind == ABOUT_POSITIONS:
            step = {**step, "event": "order_filled"}
            return self._builder.build(event_of(step, side, step["instrument"], "market"))
        _, terms = self._orders[step["order_id"]]
        return self._builder.build(event_of(step, side, terms["instrument"], terms["order_type"]))

    def _apply(self, step: Step, event: Any) -> str:
        """Apply an event to its order, and a fill that its order has taken to its position."""
        code, instrument = "refused", step.get("instrument", "")
        try:
            if step["event"] != ABOUT_POSITIONS:
                order, terms = self._orders[step["order_id"]]
                order.apply(event)
                code, instrument = "refused_by_position", terms["instrument"]
            if step.get("position_id") is not None:
                self._book(step["position_id"], instrument, event)
        except Exception as error:  # noqa: BLE001 - raised again if it is no refusal
            return _refusal(error, code)
        return OK

    def _book(self, position_id: str, instrument: str, fill: Any) -> None:
        position = self._positions.get(position_id)
        if position is None:
            made = self._builder.build(instrument_of(instrument))
            self._positions[position_id] = self._position_class(made, fill)
        else:
            position.apply(fill)

    def _status(self, step: Step) -> str:
        """The status of the order that the step was about, or the side of the position."""
        if step["event"] == ABOUT_POSITIONS:
            position = self._positions.get(step["position_id"])
            return NOTHING if position is None else self._views.side(position)
        order = self._orders.get(step["order_id"])
        return NOTHING if order is None else self._views.status(order[0])


def _refusal(error: Exception, code: str) -> str:
    """The code, if this is a refusal; else the exception is raised again."""
    if type(error).__name__ in REFUSALS:
        return code
    raise error
