"""NautilusTrader's opinion as a subject: its own answer where its rules are ours, and the core's elsewhere.

It follows another subject, a core: each step is given to that core and, if it is about an order, applied to
NautilusTrader's order as well. Where the two agree, the outcome is the core's; where they differ, NautilusTrader's. So
a plain lockstep of a core with the opinion on it shows every difference, which is run again, shrunk and certified like
any other, also a mistake that all our cores share. `tally` counts the steps that were judged, and the reasons why the
others were not. What it costs: `docs/oracle.md`.
"""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.subjects.oracle import JUDGED
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_fuzz.target.protocol import BuildIdentity, Subject
from cracktrader_strategies.oracle.account import Account, cash_of, moved_by
from cracktrader_strategies.oracle.mapping import ABOUT_ORDERS, departure_of, event_of, fill_of, partly
from cracktrader_strategies.oracle.model import Model
from cracktrader_strategies.oracle.nautilus import nautilus
from cracktrader_strategies.oracle.reading import number, text
from nautilus_strategies.sides import cython_identity

# The codes of rules about the order itself: all that NautilusTrader can judge.
ORDER_CODES = frozenset(
    {
        *("ok", "illegal_transition", "order_closed", "nothing_pending", "fill_before_acceptance", "fill_on_rejected"),
        *("overfill", "cancel_already_pending", "replace_already_pending"),
    }
)
KEYED = frozenset({"duplicate_event", "idempotency_conflict"})


class NautilusOpinion(SubjectWrapper[Subject]):
    """The opinion on a subject. Raises SubjectMissingError where NautilusTrader is not installed."""

    def __init__(self, subject: Subject) -> None:
        nautilus()
        super().__init__(subject)

    def start(self, config: Config) -> None:
        """No orders; the cash of the configuration."""
        self._subject.start(config)
        self._models: dict[str, Model] = {}
        self._trade_ids: dict[str, str] = {}
        self._unkeyed = 0
        self._account = Account(number(config["initial_cash"]))
        self._tally: Counter[str] = Counter()

    def step(self, step: Step) -> Outcome:
        """The core's outcome, or NautilusTrader's where they differ."""
        kind = step.get("event_type") or step.get("intent_type")
        model = self._model_of(step) if type(kind) is str and kind in ABOUT_ORDERS else None
        if model is not None and model.lost:
            model.follow(self._subject.observe()["orders"][model.order_id])
        outcome = self._subject.step(step)
        if outcome["outcome"] != "applied" and outcome["code"] not in ORDER_CODES | KEYED:
            self._tally["not-asked"] += 1
            return outcome
        if kind == "place_order":
            return self._placed(step["payload"], outcome)
        if model is None:
            return self._elsewhere(outcome)
        return self._judged(str(kind), model, step, outcome)

    def observe(self) -> State:
        """The core's state, with NautilusTrader's statuses, quantities, cash and positions in it."""
        state = self._subject.observe()
        orders = {order_id: self._order_state(order_id, order) for order_id, order in state["orders"].items()}
        positions = {key: self._position_state(key, position) for key, position in state["positions"].items()}
        return {**state, "cash": text(self._account.cash), "positions": positions, "orders": orders}

    def identity(self) -> BuildIdentity:
        """NautilusTrader's build."""
        return cython_identity().named("nautilus")

    def tally(self) -> Mapping[str, int]:
        """Since `start`: how many steps were judged, and how many not, by departure."""
        return self._tally

    # -- steps ------------------------------------------------------------------------------------------------------

    def _placed(self, terms: Step, outcome: Outcome) -> Outcome:
        model = Model(terms["order_id"], terms["side"], number(terms["quantity"]))
        self._models[terms["order_id"]] = model
        self._tally[JUDGED] += 1
        return _with_view(model, None, outcome, "")

    def _elsewhere(self, outcome: Outcome) -> Outcome:
        """A step about no order: what it does to cash is taken over."""
        self._account.move(Decimal(outcome["cash_delta"]))
        self._tally["no-order"] += 1
        return outcome

    def _judged(self, kind: str, model: Model, step: Step, outcome: Outcome) -> Outcome:
        payload = step["payload"]
        fill = fill_of(model, payload, self._trade_id(step)) if kind == "order_fill" else None
        reason = model.lost or departure_of(kind, model, payload)
        if not reason and outcome["code"] in KEYED and not _knows(model, fill):
            reason = "key-space"
        if reason:
            return self._left(reason, model, step, outcome, fill)
        before = model.view
        refusal = model.apply(event_of(kind, model, payload) if fill is None else fill)
        partial = "" if refusal else partly(kind, before[0])
        self._tally[partial or JUDGED] += 1
        if not refusal and model.view != before:
            judged = _with_effect(model, before[0], outcome, partial)
        else:
            judged = _without_effect(model, outcome, refusal)
        model.lost = partial
        return judged if fill is None else self._with_money(step, judged, fill)

    def _left(self, reason: str, model: Model, step: Step, outcome: Outcome, fill: Any) -> Outcome:
        """Unjudged: if the core applied the step, the model must follow the order anew."""
        self._tally[reason] += 1
        if outcome["outcome"] != "applied":
            return outcome
        model.lost = reason
        if fill is None:
            return outcome
        model.fills.append(fill)
        return self._with_money(step, outcome, fill, is_cash_judged=reason != "money-range")

    def _with_money(self, step: Step, outcome: Outcome, fill: Any, *, is_cash_judged: bool = True) -> Outcome:
        """What the fill does to cash and position, if it is booked."""
        if outcome["outcome"] != "applied":
            return outcome
        refusal = self._account.book(f"{step['venue']}:{step['instrument']}", fill)
        if refusal:
            return _refused(outcome, refusal)
        cash = cash_of(fill) if is_cash_judged else Decimal(outcome["cash_delta"])
        self._account.move(cash)
        return {**outcome, "cash_delta": text(cash), "position_delta": text(moved_by(fill))}

    # -- what it knows ----------------------------------------------------------------------------------------------

    def _model_of(self, step: Step) -> Model | None:
        payload = step.get("payload")
        order_id = payload.get("order_id") if type(payload) is dict else None
        return self._models.get(order_id) if type(order_id) is str else None

    def _trade_id(self, step: Step) -> str:
        """An id for each idempotency key; a fill without one has an id of its own."""
        key = step["idempotency_key"]
        if key is None:
            self._unkeyed += 1
            return f"U-{self._unkeyed}"
        return self._trade_ids.setdefault(key, f"T-{len(self._trade_ids)}")

    def _order_state(self, order_id: str, order: State) -> State:
        model = self._models.get(order_id)
        if model is None or model.lost:
            return order
        status, quantity, cumulative, leaves = model.view
        numbers = {"quantity": text(quantity), "cumulative": text(cumulative), "leaves": text(leaves)}
        return {**order, "status": status, **numbers}

    def _position_state(self, key: str, position: State) -> State:
        quantity = self._account.position(key)
        return position if quantity is None else {**position, "quantity": text(quantity)}


def _knows(model: Model, fill: Any) -> bool:
    """Whether the order has a fill of that id."""
    return fill is not None and any(each.trade_id == fill.trade_id for each in model.fills)


def _with_effect(model: Model, before: str, outcome: Outcome, partial: str) -> Outcome:
    """What NautilusTrader took and acted upon."""
    if outcome["outcome"] == "applied":
        return _with_view(model, before, outcome, partial)
    return _with_view(model, before, {**outcome, "outcome": "applied", "code": "ok"}, "")


def _without_effect(model: Model, outcome: Outcome, refusal: str) -> Outcome:
    """What NautilusTrader refused, or took without anything to show for it."""
    if outcome["outcome"] != "applied":
        return outcome
    unchanged = _with_view(model, model.status, outcome, "")
    return _refused(outcome, refusal) if refusal and unchanged != outcome else unchanged


def _refused(outcome: Outcome, refusal: str) -> Outcome:
    """What NautilusTrader refused and the core did not."""
    nothing = dict.fromkeys(("cash_delta", "position_delta", "realised_delta"), "0")
    return {**outcome, "outcome": "rejected", "code": refusal, "transitions": [], **nothing}


def _with_view(model: Model, before: str | None, outcome: Outcome, partial: str) -> Outcome:
    """The outcome with the order as NautilusTrader has it; where the rules part, only what is judged."""
    judged = {"order_id": model.order_id, "from": before, "to": model.status}
    judged |= {"cumulative": text(model.cumulative), "leaves": text(model.leaves)}
    transition: Step = next(iter(outcome["transitions"]), {})
    left = {"pending-kept": ("to",), "late-fill": ("to", "leaves")}.get(partial, ())
    kept = {key: transition[key] for key in left if key in transition}
    return {**outcome, "transitions": [{**judged, **kept}]}
