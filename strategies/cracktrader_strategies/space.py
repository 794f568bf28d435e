"""What can happen to an order, worked out by hand from docs/engine.md: the cells that a run must come across.

`ANSWERS` holds for each kind of step that names an order, and for each status before it, what the page lets the core
answer; sections 3 and 5 decide, in the order of their checks. `FLOORS` says how often at least the soak applies such a
step, per million of its steps: about a quarter of what it did when this was written, so that it fails a generator that
has lost something, and no run that was just unlucky. Not part of it: duplicates and malformed input, which depend on
what came before and on the shape alone.
"""

from collections.abc import Iterable, Iterator

from cracktrader_fuzz.target.target import Cell, Space
from cracktrader_strategies.grammar import EVENT_TYPES, MARKET_TYPES, STEP_KINDS
from cracktrader_strategies.orderbook import NO_ORDER, STATUSES, UNKNOWN_ORDER

# The rarest refusal comes 16 times in a million steps, so 8 times in these: below its floor of 5 in a million, two or
# three, it is no bad luck.
STEPS_MIN = 500_000
# Fewer, since the lowest floor of these targets is 80 in a million, so 8 in these.
EVEN_STEPS_MIN = 100_000
OK = "ok"

LETTERS = {
    "x": "ok",
    "i": "illegal_transition",
    "c": "order_closed",
    "n": "nothing_pending",
    "f": "fill_before_acceptance",
    "r": "fill_on_rejected",
    "o": "overfill",
    "z": "out_of_range",
    "p": "price_mismatch",
    "t": "nothing_to_change",
    "b": "cancel_already_pending",
    "a": "replace_already_pending",
    "d": "duplicate_order_id",
    "u": "unknown_order",
    "h": "trading_halted",
    "e": "reduce_only_violation",
}
COLUMNS = (*STATUSES, UNKNOWN_ORDER)

# An i beside an x, where a request is pending: the status hides the phase, and the phase decides.
ANSWERS = """
                        CRE  SUB  ACC  PAR  FIL  CXL  RPL  CAN  REJ  EXP  UNK
place_order             d    d    d    d    d    d    d    d    d    d    xphe
cancel_order            x    x    x    x    c    b    x    c    c    c    u
replace_order           xpt  xpt  xpt  xpt  c    b    a    c    c    c    u
order_submitted         x    i    i    i    i    xi   xi   i    i    i    u
order_accepted          i    x    i    i    i    xi   xi   i    i    i    u
order_rejected          x    x    x    i    i    xi   xi   i    i    i    u
order_triggered         i    i    xi   xi   i    xi   xi   i    i    i    u
order_fill              f    f    xoz  xoz  o    fxoz fxoz xoz  r    xoz  u
order_cancel_pending    x    x    x    x    c    x    x    c    c    c    u
order_cancelled         i    x    x    x    c    xi   xi   c    c    c    u
order_cancel_rejected   n    n    n    n    n    x    n    n    n    n    u
order_replace_pending   n    n    n    n    n    xn   x    n    n    n    u
order_replaced          n    n    n    n    n    xnp  xp   n    n    n    u
order_replace_rejected  n    n    n    n    n    xn   x    n    n    n    u
order_restated          i    i    x    xi   i    xi   xi   i    i    i    u
order_expired           i    i    x    x    c    xi   xi   c    c    c    u
"""

FLOORS = """
                          CRE    SUB    ACC    PAR    FIL    CXL    RPL    CAN    REJ    EXP    UNK
place_order                 .      .      .      .      .      .      .      .      .      .  20700
cancel_order             1800   1000   1600    560      .      .    460      .      .      .      .
replace_order             870    480    920    340      .      .      .      .      .      .      .
order_submitted         14900      .      .      .      .   1200    190      .      .      .      .
order_accepted              .  10700      .      .      .    960    130      .      .      .      .
order_rejected           1800   1000   1000      .      .    830    110      .      .      .      .
order_triggered             .      .    220     60      .    140     40      .      .      .      .
order_fill                  .      .   4500   2800      .   1500    330    780      .    430      .
order_cancel_pending     1800   1000   1000    340      .   3600    120      .      .      .      .
order_cancelled             .   1000   1000    320      .   1800    320      .      .      .      .
order_cancel_rejected       .      .      .      .      .   4700      .      .      .      .      .
order_replace_pending       .      .      .      .      .     45    540      .      .      .      .
order_replaced              .      .      .      .      .     75    830      .      .      .      .
order_replace_rejected      .      .      .      .      .    100    500      .      .      .      .
order_restated              .      .   1300    220      .    150     25      .      .      .      .
order_expired               .      .   1100    330      .    890    190      .      .      .      .
"""
FLOOR_OF_REFUSALS = 5  # a third of the rarest: an overflow of a fill while a replace is pending, 16 in a million
FLOOR_WITHOUT_ORDER = 4_000  # a quarter of the rarest: a cash adjustment, 16,000 in a million


def _rows(table: str) -> Iterator[tuple[str, str, str]]:
    """Step kind, status before, and what stands there, of each place of a table."""
    for row in table.strip("\n").splitlines()[1:]:
        kind, *places = row.split()
        yield from ((kind, context, place) for context, place in zip(COLUMNS, places, strict=True))


def _answers() -> Iterator[Cell]:
    """What the lifecycle answers to a step that names an order."""
    for kind, context, letters in _rows(ANSWERS):
        yield from ((kind, context, LETTERS[letter]) for letter in letters)


def _without_order() -> Iterator[Cell]:
    """The steps that name no order: only cash has a bound to leave, only market data and timers have a clock."""
    for kind in dict.fromkeys(STEP_KINDS):
        if kind not in WITH_ORDER:
            yield kind, NO_ORDER, "ok"
    yield "cash_adjustment", NO_ORDER, "out_of_range"
    yield from ((kind, NO_ORDER, "time_regression") for kind in (*MARKET_TYPES, "timer"))


def _before_the_lifecycle() -> Iterator[Cell]:
    """What is judged before the order is looked at: key and sequence of any event, then the instrument of a report."""
    for kind in EVENT_TYPES:
        for context in COLUMNS if kind in WITH_ORDER else (NO_ORDER,):
            yield kind, context, "idempotency_conflict"
            yield kind, context, "sequence_regression"
            if context in STATUSES:
                yield kind, context, "instrument_mismatch"


def _floors() -> Iterator[tuple[Cell, int]]:
    yield from (((kind, context, code), FLOOR_OF_REFUSALS) for kind, context, code in _answers() if code != OK)
    yield from ((cell, FLOOR_WITHOUT_ORDER) for cell in _without_order() if cell[2] == OK)
    for kind, context, place in _rows(FLOORS):
        if place != ".":
            yield (kind, context, OK), int(place)


def _space(cells: Iterable[Cell], floors: dict[Cell, int], steps_min: int) -> Space:
    found = frozenset(cells)
    return Space(found, frozenset(cell for cell in found if cell[2] == OK), floors, steps_min)


def evenly(kinds: Iterable[str], contexts: Iterable[str], floor: int) -> Space:
    """The space of a target whose every call can be applied in every context, with one floor under all of them."""
    cells = [(kind, context, OK) for kind in kinds for context in contexts]
    return _space(cells, dict.fromkeys(cells, floor), EVEN_STEPS_MIN)


WITH_ORDER = frozenset(kind for kind, _, _ in _rows(ANSWERS))
SPACE = _space([*_answers(), *_without_order(), *_before_the_lifecycle()], dict(_floors()), STEPS_MIN)
