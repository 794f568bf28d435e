"""The deterministic core: one step in, one answer out.

Promises: what docs/engine.md says, section by section; the checks in its order; a refused or malformed step
leaves the state as it was; the cost of a step does not grow with the run. Does not read a clock, draw at
random, log, or keep what it was handed. Costs a few us a step; a snapshot and a digest cost in proportion to
the state.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cracktrader.engine.accounting import Ledger
from cracktrader.engine.backends import AnyEvent, AnyIntent
from cracktrader.engine.domain import MONEY_SCALE, UNIT_SCALE
from cracktrader.engine.error import MalformedInputError, refusal
from cracktrader.engine.events import EngineEvent, ParsedEvent, parse_event
from cracktrader.engine.fields import Values
from cracktrader.engine.fingerprint import fingerprint
from cracktrader.engine.identifiers import instrument_key
from cracktrader.engine.intents import ParsedIntent, parse_intent
from cracktrader.engine.lifecycle import REPORTS, REQUESTS, Change, judge_fill
from cracktrader.engine.numbers import divide_half_even, money_text, parse_money, quantity_text
from cracktrader.engine.orders import PRICES_OF_TYPE, Order
from cracktrader.engine.restore import read_snapshot
from cracktrader.engine.results import ResultWire, applied, unchanged
from cracktrader.engine.snapshot import SnapshotWire, digest, write_snapshot
from cracktrader.engine.state import CoreState


class DeterministicCore:
    """The Python core. `initial_cash` is a number on the 1e-16 grid; a bad one is a MalformedInputError."""

    def __init__(self, initial_cash: float | str = 0) -> None:
        self._initial_cash = parse_money(initial_cash, "initial_cash")
        self._state = CoreState(Ledger(self._initial_cash))

    def apply_event(self, event: AnyEvent) -> ResultWire:
        """Apply one event and tell what it did; MalformedInputError when it has not an event's shape."""
        return _apply_event(self._state, parse_event(event))

    def process_intent(self, intent: AnyIntent) -> ResultWire:
        """Process one intent and tell what it did; MalformedInputError when it has not an intent's shape."""
        return _process_intent(self._state, parse_intent(intent))

    def apply_batch(self, steps: list[AnyEvent | AnyIntent]) -> list[ResultWire]:
        """Apply events and intents in any mix, in order; a dict with the key `event_type` is an event.

        All are parsed before any is applied; the first malformed one raises MalformedInputError with its index.
        """
        parsed = _parse_batch(steps)
        return [run(self._state, step) for run, step in parsed]

    def get_cash(self) -> float:
        """Cash in whole units, as the nearest float."""
        return float(self._state.ledger.cash) / float(MONEY_SCALE)

    def get_positions(self) -> dict[str, float]:
        """Quantity in whole units, as the nearest float, by `"venue:instrument"` in bytewise order."""
        positions = sorted(self._state.ledger.positions.items())
        return {key: float(quantity) / float(UNIT_SCALE) for key, (quantity, _, _) in positions}

    def snapshot(self) -> SnapshotWire:
        """The whole state as a wire dict of its own."""
        return write_snapshot(self._state)

    def restore(self, snapshot: SnapshotWire | dict[str, Any]) -> None:
        """Replace the whole state by a snapshot's; MalformedInputError, and no change, for any fault."""
        self._state = read_snapshot(snapshot)

    def state_digest(self) -> str:
        """64 hexadecimal digits of SHA-256 over the snapshot's canonical JSON."""
        return digest(write_snapshot(self._state))

    def reset(self) -> None:
        """Go back to the state as constructed."""
        self._state = CoreState(Ledger(self._initial_cash))


def _parse_batch(steps: object) -> list[tuple[Callable[[CoreState, Any], ResultWire], Any]]:
    if type(steps) is not list:
        raise refusal("malformed_type", "a batch", "a list", steps)
    parsed: list[tuple[Callable[[CoreState, Any], ResultWire], Any]] = []
    for index, step in enumerate(steps):
        try:
            if isinstance(step, EngineEvent) or (type(step) is dict and "event_type" in step):
                parsed.append((_apply_event, parse_event(step)))
            else:
                parsed.append((_process_intent, parse_intent(step)))
        except MalformedInputError as error:
            raise MalformedInputError(f"step {index}: {error}", error.code, index) from None
    return parsed


def _apply_event(state: CoreState, event: ParsedEvent) -> ResultWire:
    key, seq_id, _, source, _, _, _, values = event
    order_id = values[0] if source == "broker_report" else None
    known = None if key is None else state.idempotency_keys.get(key)
    if known is not None:
        if known == fingerprint(event):
            return unchanged("duplicate", "duplicate_event", seq_id, order_id)
        return unchanged("rejected", "idempotency_conflict", seq_id, order_id)
    if state.last_seq_id is not None and seq_id <= state.last_seq_id:
        return unchanged("rejected", "sequence_regression", seq_id, order_id)
    result = _APPLY_FROM[source](state, event)
    if result["outcome"] == "applied":
        state.last_seq_id = seq_id
        if key is not None:
            state.idempotency_keys[key] = fingerprint(event)
    return result


def _apply_report(state: CoreState, event: ParsedEvent) -> ResultWire:
    _, seq_id, _, _, venue, instrument, event_type, values = event
    order_id = values[0]
    order = state.orders.get(order_id)
    if order is None:
        return unchanged("rejected", "unknown_order", seq_id, order_id)
    if order.instrument != instrument or order.venue != venue:
        return unchanged("rejected", "instrument_mismatch", seq_id, order_id)
    if event_type == "order_fill":
        return _apply_fill(state, seq_id, order, values)
    return _change_order(state, seq_id, order, REPORTS[event_type], values)


def _change_order(state: CoreState, seq_id: int | None, order: Order, change: Change, values: Values) -> ResultWire:
    status_before, leaves_before = order.status, order.leaves
    code = change(order, values)
    if code != "ok":
        return unchanged("rejected", code, seq_id, order.order_id)
    if order.reduce_only:
        state.note_leaves(order, leaves_before)
    return applied(seq_id, order.transition(status_before))


def _apply_fill(state: CoreState, seq_id: int, order: Order, values: Values) -> ResultWire:
    _, quantity, price, fee, fee_asset = values
    code = judge_fill(order, quantity)
    if code != "ok":
        return unchanged("rejected", code, seq_id, order.order_id)
    signed_quantity = quantity if order.side == "buy" else -quantity
    deltas = state.ledger.book_fill(order.instrument_key, signed_quantity, price, fee, fee_asset)
    if deltas is None:
        return unchanged("rejected", "out_of_range", seq_id, order.order_id)
    status_before, leaves_before = order.status, order.leaves
    order.cumulative += quantity
    if order.reduce_only:
        state.note_leaves(order, leaves_before)
    cash, position, realised = deltas
    transition = order.transition(status_before)
    return applied(seq_id, transition, money_text(cash), quantity_text(position), money_text(realised))


def _apply_market_data(state: CoreState, event: ParsedEvent) -> ResultWire:
    _, seq_id, _, _, venue, instrument, event_type, values = event
    if not _advance_clock(state, event):
        return unchanged("rejected", "time_regression", seq_id, None)
    state.marks[instrument_key(venue, instrument)] = _MARK_OF[event_type](values)
    return applied(seq_id)


def _apply_timer(state: CoreState, event: ParsedEvent) -> ResultWire:
    seq_id = event[1]
    if not _advance_clock(state, event):
        return unchanged("rejected", "time_regression", seq_id, None)
    return applied(seq_id)


def _advance_clock(state: CoreState, event: ParsedEvent) -> bool:
    _, _, event_time, source, venue, instrument, _, _ = event
    key = f"{source}:{instrument_key(venue, instrument)}"
    if event_time < state.clock.get(key, 0):
        return False
    state.clock[key] = event_time
    return True


def _apply_control(state: CoreState, event: ParsedEvent) -> ResultWire:
    _, seq_id, _, _, _, _, event_type, values = event
    if event_type == "risk_flag":
        flag, is_on = values
        state.risk_flags[flag] = is_on
        return applied(seq_id)
    amount, _ = values
    if not state.ledger.adjust_cash(amount):
        return unchanged("rejected", "out_of_range", seq_id, None)
    return applied(seq_id, cash_delta=money_text(amount))


def _process_intent(state: CoreState, intent: ParsedIntent) -> ResultWire:
    intent_type, strategy_id, values = intent
    if intent_type == "place_order":
        return _place_order(state, strategy_id, values)
    if intent_type in REQUESTS:
        order = state.orders.get(values[0])
        if order is None:
            return unchanged("rejected", "unknown_order", None, values[0])
        return _change_order(state, None, order, REQUESTS[intent_type], values)
    if intent_type == "set_risk_flag":
        flag, is_on = values
        state.risk_flags[flag] = is_on
    return applied(None)


def _place_order(state: CoreState, strategy_id: str, values: Values) -> ResultWire:
    (
        order_id,
        venue,
        instrument,
        side,
        order_type,
        time_in_force,
        quantity,
        limit_price,
        stop_price,
        reduce_only,
    ) = values
    key = instrument_key(venue, instrument)
    reduce_only = reduce_only or state.risk_flags["reduce_only"]
    if order_id in state.orders:
        return unchanged("rejected", "duplicate_order_id", None, order_id)
    if (limit_price is not None, stop_price is not None) != PRICES_OF_TYPE[order_type]:
        return unchanged("rejected", "price_mismatch", None, order_id)
    if state.risk_flags["halt"]:
        return unchanged("rejected", "trading_halted", None, order_id)
    if reduce_only and not state.may_reduce(key, side, quantity):
        return unchanged("rejected", "reduce_only_violation", None, order_id)
    order = Order(
        order_id=order_id,
        venue=venue,
        instrument=instrument,
        instrument_key=key,
        side=side,
        order_type=order_type,
        time_in_force=time_in_force,
        limit_price=limit_price,
        stop_price=stop_price,
        reduce_only=reduce_only,
        strategy_id=strategy_id,
        quantity=quantity,
    )
    state.add_order(order)
    return applied(None, order.transition(None))


_APPLY_FROM: dict[str, Callable[[CoreState, ParsedEvent], ResultWire]] = {
    "market_data": _apply_market_data,
    "broker_report": _apply_report,
    "timer": _apply_timer,
    "control": _apply_control,
}

_MARK_OF: dict[str, Callable[[Values], int]] = {
    "trade": lambda values: int(values[0]),
    "bar": lambda values: int(values[3]),
    "quote": lambda values: divide_half_even(values[0] + values[1], 2),
}
