"""The invariant checker: each answer of a core held against books of its own.

Promises: the invariants 1 to 7 of docs/engine.md, section 9, recomputed from inputs and answers as docs/runtime.md,
section 4, says; nothing that the core counts is trusted. Does not call the core, and does not replay: `replay` checks
invariant 8. Costs some 10 us a step, whatever the length of the run; `verify` in proportion to the state.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args

from cracktrader.engine.backends import AnyEvent, AnyIntent
from cracktrader.engine.books import (
    BookedOrder,
    BookedPosition,
    Books,
    copy_violation,
    read_books,
    write_books,
)
from cracktrader.engine.domain import FEE_IN_BASE, FEE_IN_QUOTE, TERMINAL_STATUSES
from cracktrader.engine.error import InvariantViolationError, quoted
from cracktrader.engine.events import EngineEvent, parse_event
from cracktrader.engine.exact import read_exactly
from cracktrader.engine.fields import Values
from cracktrader.engine.identifiers import instrument_key, parse_digest
from cracktrader.engine.intents import parse_intent
from cracktrader.engine.legal_set import LEGAL_SET
from cracktrader.engine.numbers import money_text, parse_money, quantity_text
from cracktrader.engine.reconcile import differences
from cracktrader.engine.restore import read_snapshot
from cracktrader.engine.results import ParsedResult, ParsedTransition, ResultWire, parse_result
from cracktrader.engine.snapshot import SnapshotWire
from cracktrader.engine.violations import ViolationWire, violation

CheckerMode = Literal["strict", "warn"]
CHECKER_MODES: tuple[CheckerMode, ...] = get_args(CheckerMode)

_WITHOUT_LEAVES = frozenset({"CANCELLED", "REJECTED", "EXPIRED"})
_CODE_OF_OUTCOME = {"applied": "ok", "duplicate": "duplicate_event"}


class _Told(NamedTuple):
    """An input: an event's seq_id (None for an intent), the order that it names, and its payload's values."""

    is_event: bool
    input_type: str
    seq_id: int | None
    order_id: str | None
    values: Values


class _Moves(NamedTuple):
    """What an applied input should move: cash in 1e-16, the position in 1e-8 and its notional in 1e-16."""

    position: str | None = None
    cash_delta: int = 0
    position_delta: int = 0
    notional_delta: int = 0


class InvariantChecker:
    """The Python checker. In mode `strict` a broken invariant raises; in mode `warn` it is collected and given."""

    def __init__(self, initial_cash: float | str = 0, mode: CheckerMode = "strict") -> None:
        self._initial_cash = parse_money(initial_cash, "initial_cash")
        if mode not in CHECKER_MODES:
            raise ValueError(f"mode must be one of {', '.join(CHECKER_MODES)}, not {quoted(mode)}")
        self._is_strict = mode == "strict"
        self._books = Books(self._initial_cash, self._initial_cash)

    def observe(
        self, step: AnyEvent | AnyIntent, result: ResultWire | dict[str, Any], digest: str | None = None
    ) -> list[ViolationWire]:
        """Check the answer to one event or intent, and the digest after it (64 hexadecimal digits) if it was taken.

        MalformedInputError for a wrong shape, InvariantViolationError in mode `strict`; the checker is then as before.
        """
        told = _read_step(step)
        reported = parse_result(result)
        if digest is not None:
            parse_digest(digest, "digest")
        books = self._books
        order = None if told.order_id is None else books.orders.get(told.order_id)
        moves = _expected_moves(told, order)
        found = [
            *_faults_of_answer(books, told, reported),
            *_faults_of_order(order, told, reported),
            *_faults_of_money(told, reported, None if _skips_money(order, told, reported) else moves),
            *_faults_of_refusal(books, reported, digest),
            *_faults_of_ending(order, told, reported),
        ]
        self._report(found)
        if reported[0] == "applied":
            _book(books, told, order, reported, moves)
        if digest is not None:
            books.digest, books.is_quiet = digest, True
        return found

    def verify(self, snapshot: SnapshotWire | dict[str, Any]) -> list[ViolationWire]:
        """Compare the books with a core's snapshot; errors as for `observe`."""
        found = differences(self._books, read_snapshot(snapshot))
        self._report(found)
        return found

    def violations(self) -> list[ViolationWire]:
        """The first violations that were collected, at most 256."""
        return [copy_violation(each) for each in self._books.violations]

    def violation_count(self) -> int:
        """How many violations there were."""
        return self._books.violation_count

    def snapshot(self) -> dict[str, Any]:
        """The whole state as a wire dict of its own."""
        return dict(write_books(self._books))

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Replace the whole state by a snapshot's; MalformedInputError, and no change, for any fault."""
        self._books = read_exactly("an invariant checker", snapshot, read_books, write_books)

    def reset(self) -> None:
        """Go back to the state as constructed."""
        self._books = Books(self._initial_cash, self._initial_cash)

    def _report(self, found: list[ViolationWire]) -> None:
        if found and self._is_strict:
            raise InvariantViolationError([dict(each) for each in found])
        self._books.collect([copy_violation(each) for each in found])


def _read_step(step: object) -> _Told:
    if isinstance(step, EngineEvent) or (type(step) is dict and "event_type" in step):
        _, seq_id, _, source, _, _, event_type, values = parse_event(step)
        return _Told(True, event_type, seq_id, values[0] if source == "broker_report" else None, values)
    intent_type, _, values = parse_intent(step)
    return _Told(False, intent_type, None, values[0] if intent_type in LEGAL_SET else None, values)


def _expected_moves(told: _Told, order: BookedOrder | None) -> _Moves | None:
    """What the input moves when it is applied; None for a fill of an order that the books do not have."""
    if told.input_type == "cash_adjustment":
        return _Moves(cash_delta=told.values[0])
    if told.input_type != "order_fill":
        return _Moves()
    if order is None:
        return None
    _, quantity, price, fee, fee_asset = told.values
    signed = quantity if order.side == "buy" else -quantity
    return _Moves(
        order.position,
        -signed * price - (fee if fee_asset == FEE_IN_QUOTE else 0),
        signed - (fee if fee_asset == FEE_IN_BASE else 0),
        signed * price,
    )


def _named_transition(told: _Told, reported: ParsedResult) -> ParsedTransition | None:
    """The first transition, when the input was applied and the transition is of the order that it names."""
    outcome, transitions = reported[0], reported[4]
    if outcome != "applied" or not transitions or transitions[0][0] != told.order_id:
        return None
    return transitions[0]


def _is_unknown(order: BookedOrder | None, told: _Told) -> bool:
    """Whether the books contradict the input: a new order that they have, or another input's that they do not."""
    return (order is None) != (told.input_type == "place_order")


def _skips_money(order: BookedOrder | None, told: _Told, reported: ParsedResult) -> bool:
    """Whether the rows of 4 have nothing to go by: the order is unknown."""
    if told.order_id is None or not _is_unknown(order, told):
        return False
    return order is None or _named_transition(told, reported) is not None


def _faults_of_answer(books: Books, told: _Told, reported: ParsedResult) -> Iterator[ViolationWire]:
    """Invariants 1 and the part of 2 that looks at no order."""
    outcome, code, seq_id, order_id, transitions, *_ = reported
    if seq_id != told.seq_id:
        yield violation("seq_id_mismatch", None, seq_id, told.seq_id)
    last = books.last_seq_id
    if outcome == "applied" and told.seq_id is not None and last is not None and told.seq_id <= last:
        yield violation("seq_id_not_rising", None, told.seq_id, last)
    wanted_code = _CODE_OF_OUTCOME.get(outcome)
    if code != wanted_code and (wanted_code is not None or code in _CODE_OF_OUTCOME.values()):
        yield violation("code_mismatch", None, code, outcome)
    if order_id != told.order_id:
        yield violation("order_id_mismatch", told.order_id, order_id, told.order_id)
    count = int(outcome == "applied" and told.order_id is not None)
    if len(transitions) != count:
        yield violation("transition_count", told.order_id, len(transitions), count)
    for transition in transitions:
        if transition[0] != told.order_id:
            yield violation("transition_order", transition[0], transition[0], told.order_id)


def _faults_of_order(order: BookedOrder | None, told: _Told, reported: ParsedResult) -> Iterator[ViolationWire]:
    """The part of invariant 2 that looks at the order, and invariant 3."""
    transition = _named_transition(told, reported)
    if transition is None:
        return
    order_id, before, after, cumulative, leaves = transition
    known = None if order is None else order.status
    if _is_unknown(order, told):
        yield violation("unknown_order", order_id, before, known)
        return
    if before != known:
        yield violation("status_mismatch", order_id, before, known)
    if (before, after) not in LEGAL_SET[told.input_type]:
        yield violation("illegal_transition", order_id, f"{before or 'null'}>{after}", told.input_type)
    quantity, done = _quantities_after(order, told)
    done_before = 0 if order is None else order.cumulative
    if cumulative < done_before:
        yield violation("cumulative_falls", order_id, quantity_text(cumulative), quantity_text(done_before))
    if cumulative != done:
        yield violation("cumulative_mismatch", order_id, quantity_text(cumulative), quantity_text(done))
    left = 0 if after in _WITHOUT_LEAVES else quantity - done
    if leaves != left:
        yield violation("leaves_mismatch", order_id, quantity_text(leaves), quantity_text(left))


def _faults_of_money(told: _Told, reported: ParsedResult, moves: _Moves | None) -> Iterator[ViolationWire]:
    """Invariants 4 and 5, as far as one step shows them."""
    outcome, *_, cash_delta, position_delta, realised_delta = reported
    if outcome != "applied":
        return
    if moves is not None:
        if cash_delta != moves.cash_delta:
            texts = money_text(cash_delta), money_text(moves.cash_delta)
            yield violation("cash_delta_mismatch", moves.position, *texts)
        if position_delta != moves.position_delta:
            quantities = quantity_text(position_delta), quantity_text(moves.position_delta)
            yield violation("position_delta_mismatch", moves.position, *quantities)
    if realised_delta and told.input_type != "order_fill":
        yield violation("realised_delta_mismatch", None, money_text(realised_delta), "0")


def _faults_of_refusal(books: Books, reported: ParsedResult, digest: str | None) -> Iterator[ViolationWire]:
    """Invariant 6."""
    outcome, *_, cash_delta, position_delta, realised_delta = reported
    if outcome == "applied":
        return
    texts = (money_text(cash_delta), quantity_text(position_delta), money_text(realised_delta))
    effect = next((text for text in texts if text != "0"), None)
    if effect is not None:
        yield violation("refusal_with_effect", None, effect, "0")
    if digest is not None and books.digest is not None and books.is_quiet and digest != books.digest:
        yield violation("digest_changed", None, digest, books.digest)


def _faults_of_ending(order: BookedOrder | None, told: _Told, reported: ParsedResult) -> Iterator[ViolationWire]:
    """Invariant 7."""
    transition = _named_transition(told, reported)
    if transition is None or _is_unknown(order, told):
        return
    order_id, before, after, *_ = transition
    if before in TERMINAL_STATUSES and after != before:
        yield violation("terminal_left", order_id, after, before)


def _quantities_after(order: BookedOrder | None, told: _Told) -> tuple[int, int]:
    """(quantity, cumulative) of the order once the input is applied; `order` is None as it is placed."""
    if order is None:
        return told.values[6], 0
    quantity, cumulative = order.quantity, order.cumulative
    if told.input_type == "order_fill":
        return quantity, cumulative + told.values[1]
    if told.input_type == "order_replaced" and told.values[1] is not None:
        return max(told.values[1], cumulative), cumulative
    if told.input_type == "order_restated":
        return told.values[1], cumulative
    return quantity, cumulative


def _book(books: Books, told: _Told, order: BookedOrder | None, reported: ParsedResult, moves: _Moves | None) -> None:
    """Take what an applied input says into the books."""
    books.is_quiet = False
    if told.is_event:
        books.last_seq_id = told.seq_id
    if moves is not None:
        books.cash += moves.cash_delta
        if moves.position is not None:
            held = books.positions.get(moves.position, BookedPosition(0, 0, 0))
            books.positions[moves.position] = BookedPosition(
                held.quantity + moves.position_delta,
                held.notional + moves.notional_delta,
                held.realised + reported[-1],
            )
    if told.order_id is not None and not _is_unknown(order, told):
        books.orders[told.order_id] = _booked(order, told, _named_transition(told, reported))


def _booked(order: BookedOrder | None, told: _Told, transition: ParsedTransition | None) -> BookedOrder:
    quantity, cumulative = _quantities_after(order, told)
    if order is None:
        _, venue, instrument, side, *_ = told.values
        order = BookedOrder(instrument_key(venue, instrument), side, quantity, cumulative, "CREATED")
    status = order.status if transition is None else transition[2]
    return BookedOrder(order.position, order.side, quantity, cumulative, status)
