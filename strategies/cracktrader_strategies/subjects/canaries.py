"""Subjects that are wrong on purpose, one for each field that is compared and each family of rules.

Each changes the answers of the Python core in one way, under the condition that a real mistake of that kind would
need. `steps_min` is the length of the shortest case that shows it, worked out by hand: a shrinker that ends above
it is broken, and so is a search that does not find it. The Rust ones are planted in the test build (`rust/README.md`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_fuzz.target.target import Canary
from cracktrader_strategies.subjects.cores import PythonCore, RustCore

Memory = dict[str, Any]
OutcomeMistake = Callable[[Memory, Step, Outcome], Outcome]
StateMistake = Callable[[Memory, State], State]
KEYS_KEPT = 3  # few, so that the canary shrinks to four steps; more than none, so that it needs a history


@dataclass(frozen=True)
class Mistake:
    """One way to be wrong: in an outcome (also of a batch), the state, a state that is restored, or the digest."""

    canary: Canary
    outcome: OutcomeMistake | None = None
    state: StateMistake | None = None
    digest: bool = False
    restored: Callable[[State], State] | None = None
    batch: Callable[[list[Outcome]], list[Outcome]] | None = None


class MistakenCore:
    """A core with one mistake: the Python core, if no other is given."""

    def __init__(self, mistake: Mistake, make: Callable[[], PythonCore | RustCore] = PythonCore) -> None:
        self._mistake = mistake
        self._core = make()

    def start(self, config: Config) -> None:
        """A new core, and an empty memory."""
        self._core.start(config)
        self._memory: Memory = {}

    def step(self, step: Step) -> Outcome:
        """The core's outcome, spoiled."""
        outcome = self._core.step(step)
        return self._mistake.outcome(self._memory, step, outcome) if self._mistake.outcome else outcome

    def batch(self, steps: list[Step]) -> list[Outcome]:
        """The core's outcomes of a batch, spoiled."""
        outcomes = self._core.batch(steps)
        return self._mistake.batch(outcomes) if self._mistake.batch else outcomes

    def observe(self) -> State:
        """The core's state, spoiled."""
        state = self._core.observe()
        return self._mistake.state(self._memory, state) if self._mistake.state else state

    def restore(self, state: State) -> None:
        """Go on from the state, spoiled."""
        self._core.restore(self._mistake.restored(state) if self._mistake.restored else state)

    def digest(self) -> str:
        """The core's digest, or its reverse."""
        digest = self._core.digest()
        return digest[::-1] if self._mistake.digest and len(self._core.observe()["orders"]) > 1 else digest

    def identity(self) -> BuildIdentity:
        """The core, under the canary's name."""
        return self._core.identity().named(self._mistake.canary.name)


def _kind(step: Step) -> object:
    return step.get("event_type") or step.get("intent_type")


def _applied(step: Step, outcome: Outcome, kind: str) -> bool:
    return outcome["outcome"] == "applied" and _kind(step) == kind


def _in_transition(outcome: Outcome, **changes: object) -> Outcome:
    return {**outcome, "transitions": [{**outcome["transitions"][0], **changes}]}


def _seq_id_of_duplicate(_: Memory, step: Step, outcome: Outcome) -> Outcome:
    if outcome["outcome"] == "duplicate" and _kind(step) == "timer":
        return {**outcome, "seq_id": 0}
    return outcome


def _order_id_of_unknown(_: Memory, __: Step, outcome: Outcome) -> Outcome:
    return {**outcome, "order_id": None} if outcome["code"] == "unknown_order" else outcome


def _late_ack_applied(memory: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _kind(step) != "order_accepted" or outcome["outcome"] == "refused":
        return outcome
    if outcome["outcome"] == "applied":
        memory[outcome["order_id"]] = True
    if outcome["code"] == "illegal_transition" and outcome["order_id"] in memory:
        return {**outcome, "outcome": "applied", "code": "ok"}
    return outcome


def _from_status_of_fill(_: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "order_fill") and outcome["transitions"][0]["from"] == "PARTIALLY_FILLED":
        return _in_transition(outcome, **{"from": "ACCEPTED"})
    return outcome


def _fill_clears_pending_cancel(_: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "order_fill") and outcome["transitions"][0]["to"] == "CANCEL_PENDING":
        return _in_transition(outcome, to="PARTIALLY_FILLED")
    return outcome


def _late_fill_not_counted(_: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "order_fill") and outcome["transitions"][0]["from"] == "CANCELLED":
        return _in_transition(outcome, cumulative="0")
    return outcome


def _leaves_before_replace(memory: Memory, step: Step, outcome: Outcome) -> Outcome:
    if outcome["outcome"] != "applied" or not outcome["transitions"]:
        return outcome
    order_id, leaves = outcome["order_id"], outcome["transitions"][0]["leaves"]
    before = memory.get(order_id, leaves)
    memory[order_id] = leaves
    return _in_transition(outcome, leaves=before) if _kind(step) == "order_replaced" else outcome


def _rebate_not_paid(_: Memory, step: Step, outcome: Outcome) -> Outcome:
    if not _applied(step, outcome, "order_fill"):
        return outcome
    fee = step["payload"]["fee"]
    paid_in_quote = step["payload"]["fee_asset"] == "quote"
    return {**outcome, "cash_delta": "0"} if paid_in_quote and str(fee).startswith("-") else outcome


def _base_fee_not_taken(_: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "order_fill") and step["payload"]["fee_asset"] == "base":
        return {**outcome, "position_delta": step["payload"]["last_quantity"]}
    return outcome


def _loss_shown_as_gain(memory: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "order_fill") and step["payload"]["fee_asset"] == "base":
        memory["base"] = True
    if "base" not in memory and str(outcome.get("realised_delta", "")).startswith("-"):
        return {**outcome, "realised_delta": outcome["realised_delta"][1:]}
    return outcome


def _cash_as_float(_: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "cash_adjustment"):
        return {**outcome, "cash_delta": float(outcome["cash_delta"])}
    return outcome


def _zero_price_raises(_: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "trade") and float(step["payload"]["price"]) == 0:
        raise ZeroDivisionError
    return outcome


def _reduce_only_ignored(_: Memory, step: Step, outcome: Outcome) -> Outcome:
    if outcome["code"] == "reduce_only_violation" and step["payload"].get("reduce_only"):
        return {**outcome, "outcome": "applied", "code": "ok"}
    return outcome


def _time_may_go_back(_: Memory, __: Step, outcome: Outcome) -> Outcome:
    if outcome["code"] == "time_regression":
        return {**outcome, "outcome": "applied", "code": "ok"}
    return outcome


def _remember_crossed_quote(memory: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "quote"):
        payload = step["payload"]
        memory[f"{step['venue']}:{step['instrument']}"] = float(payload["bid"]) > float(payload["ask"])
    return outcome


def _crossed_quote_sets_no_mark(memory: Memory, state: State) -> State:
    return {**state, "marks": {key: mark for key, mark in state["marks"].items() if not memory.get(key)}}


def _remember_flag(memory: Memory, step: Step, outcome: Outcome) -> Outcome:
    if outcome["outcome"] == "applied" and _kind(step) in ("set_risk_flag", "risk_flag"):
        memory[step["payload"]["flag"]] = _kind(step) == "set_risk_flag"
    return outcome


def _flag_of_intent_lost(memory: Memory, state: State) -> State:
    flags = {flag: on and not memory.get(flag, False) for flag, on in state["risk_flags"].items()}
    return {**state, "risk_flags": flags}


def _remember_fee_asset(memory: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "order_fill") and step["payload"]["fee_asset"] not in ("quote", "base"):
        memory[step["payload"]["fee_asset"]] = "0"
    return outcome


def _zero_fee_listed(memory: Memory, state: State) -> State:
    return {**state, "fees": {**memory, **state["fees"]}}


def _funding_not_kept(memory: Memory, state: State) -> State:
    return {**state, "cash": "0"} if memory else state


def _remember_funding(memory: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "cash_adjustment") and step["payload"]["reason"] == "funding":
        memory["funding"] = True
    return outcome


def _remember_gap(memory: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "timer"):
        last = memory["last"] if "last" in memory else outcome["seq_id"]
        memory["gap"] = outcome["seq_id"] > last + 1
        memory["last"] = outcome["seq_id"]
    return outcome


def _gap_not_kept(memory: Memory, state: State) -> State:
    return {**state, "last_seq_id": 0} if memory.get("gap") else state


def _remember_keyed_timers(memory: Memory, step: Step, outcome: Outcome) -> Outcome:
    if _applied(step, outcome, "timer") and step["idempotency_key"] is not None:
        memory[step["idempotency_key"]] = len(memory) < KEYS_KEPT
    return outcome


def _without_sign(state: State) -> State:
    positions = {
        key: {**position, "quantity": position["quantity"].removeprefix("-")}
        for key, position in state["positions"].items()
    }
    return {**state, "positions": positions}


def _never_triggered(state: State) -> State:
    return {**state, "orders": {key: {**order, "triggered": False} for key, order in state["orders"].items()}}


def _keys_capped(memory: Memory, state: State) -> State:
    keys = {key: print_ for key, print_ in state["idempotency_keys"].items() if memory.get(key, True)}
    return {**state, "idempotency_keys": keys}


def _state_only(change: Callable[[State], State]) -> StateMistake:
    return lambda _, state: change(state)


_TABLE: tuple[tuple[str, str, int, OutcomeMistake | None, StateMistake | None], ...] = (
    ("fill-clears-pending-cancel", "transitions[].to", 5, _fill_clears_pending_cancel, None),
    ("seq-id-of-duplicate", "seq_id", 2, _seq_id_of_duplicate, None),
    ("order-id-of-unknown", "order_id", 1, _order_id_of_unknown, None),
    ("late-ack-applied", "code, lifecycle", 4, _late_ack_applied, None),
    ("reduce-only-ignored", "code, reduce-only", 1, _reduce_only_ignored, None),
    ("time-may-go-back", "code, time", 2, _time_may_go_back, None),
    ("from-status-of-fill", "transitions[].from", 5, _from_status_of_fill, None),
    ("late-fill-not-counted", "transitions[].cumulative", 4, _late_fill_not_counted, None),
    ("leaves-before-replace", "transitions[].leaves", 3, _leaves_before_replace, None),
    ("rebate-not-paid", "cash_delta", 4, _rebate_not_paid, None),
    ("base-fee-not-taken", "position_delta", 4, _base_fee_not_taken, None),
    ("loss-shown-as-gain", "realised_delta", 8, _loss_shown_as_gain, None),
    ("cash-as-float", "type of a number", 1, _cash_as_float, None),
    ("zero-price-raises", "crash", 1, _zero_price_raises, None),
    ("crossed-quote-sets-no-mark", "state.marks", 1, _remember_crossed_quote, _crossed_quote_sets_no_mark),
    ("flag-of-intent-lost", "state.risk_flags", 1, _remember_flag, _flag_of_intent_lost),
    ("timer-clock-lost", "state.clock", 1, None, _state_only(lambda state: {**state, "clock": {}})),
    ("zero-fee-listed", "state.fees", 4, _remember_fee_asset, _zero_fee_listed),
    ("funding-not-kept", "state.cash", 1, _remember_funding, _funding_not_kept),
    ("short-shown-as-long", "state.positions", 4, None, _state_only(_without_sign)),
    ("trigger-forgotten", "state.orders", 4, None, _state_only(_never_triggered)),
    ("keys-capped", "state.idempotency_keys", 4, _remember_keyed_timers, _keys_capped),
    ("gap-not-kept", "state.last_seq_id", 2, _remember_gap, _gap_not_kept),
    ("digest-of-two-orders", "digest", 2, None, None),
)  # fmt: skip

MISTAKES = tuple(
    Mistake(Canary(f"canary-{name}", breaks, steps_min), outcome, state, digest=name == "digest-of-two-orders")
    for name, breaks, steps_min, outcome, state in _TABLE
)

RUST_CANARIES = (
    Canary("rust-replace-below-cumulative", "lifecycle of a replace", 6),
    Canary("rust-late-fill-reopens", "a closed order stays closed", 4),
    Canary("rust-release-truncates", "the one rounding", 8),
    Canary("rust-refused-key-used", "state.idempotency_keys", 1),
    Canary("rust-overfill-by-one-accepted", "code, overfill", 4),
)
