"""The shape of a case: which operations it may use and how often, which numbers and names.

No one distribution finds everything, so three take turns: `uniform` (any operation on any order), `aware` (mostly what
is legal for the order's status) and `swarm` (aware, over a random subset of the operations). Few names and few numbers
in one case make them collide.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from cracktrader_strategies.grammar import CONTROL_TYPES, MARKET_TYPES, REPORT_TYPES
from cracktrader_strategies.numbers import (
    AMOUNTS,
    BASE_FEES,
    FEES,
    PRICES,
    QUANTITIES,
    SMALL_QUANTITIES,
    some_of,
    spread,
)
from cracktrader_strategies.orderbook import STATUSES

ORDER_INTENTS = ("cancel_order", "replace_order")
ORDER_OPERATIONS = (*REPORT_TYPES, *ORDER_INTENTS)
SESSION_OPERATIONS = (
    *("place_order",) * 5,
    *MARKET_TYPES,
    "timer",
    *CONTROL_TYPES,
    "set_risk_flag",
    "no_op",
    *("resend",) * 3,
    "conflict",
)

_PENDING = ("order_fill",) * 3 + ("order_submitted", "order_accepted", "order_expired", "order_triggered")
LEGAL: dict[str, tuple[str, ...]] = {
    "CREATED": ("order_submitted",) * 10 + ("order_rejected", "order_cancel_pending", *ORDER_INTENTS),
    "SUBMITTED": ("order_accepted",) * 10
    + ("order_rejected", "order_cancelled", "order_cancel_pending", *ORDER_INTENTS),
    "ACCEPTED": ("order_fill",) * 10
    + ("order_triggered", "order_cancelled", "order_expired", "order_restated", "order_rejected")
    + ("order_cancel_pending", *ORDER_INTENTS * 2),
    "PARTIALLY_FILLED": ("order_fill",) * 10
    + ("order_triggered", "order_cancelled", "order_expired", "order_restated")
    + ("order_cancel_pending", *ORDER_INTENTS * 2),
    "CANCEL_PENDING": (
        "order_cancelled",
        *("order_cancel_rejected",) * 2,
        "order_replaced",
        "order_replace_rejected",
        "order_cancel_pending",
        *_PENDING,
    ),
    "REPLACE_PENDING": ("order_replaced",) * 3
    + ("order_replace_rejected", "order_replace_pending", "cancel_order", "order_cancelled", *_PENDING),
    "FILLED": ("order_fill", "order_cancelled", "order_cancel_rejected", "order_replaced", *ORDER_INTENTS),
    "CANCELLED": ("order_fill",) * 4 + ("order_cancelled", "order_accepted", *ORDER_INTENTS),
    "REJECTED": ("order_fill", "order_accepted", "order_rejected", "cancel_order"),
    "EXPIRED": ("order_fill",) * 4 + ("order_cancelled", "order_accepted", "order_expired"),
}
PICKS = 16  # so that four bits of the draw bytes pick one
Label = tuple[str, str]
ILLEGAL: dict[str, tuple[Label, ...]] = {
    status: tuple((name, status) for name in ORDER_OPERATIONS) for status in STATUSES
}
MODES = ("aware", "aware", "swarm", "swarm", "swarm", "uniform")


@dataclass(frozen=True)
class Swarm:
    """One case's shape. Chances are in 256ths of a step; numbers come in lists of `PICKS`, for four bits to pick."""

    operations: dict[str, tuple[Label, ...]]
    session_operations: tuple[str, ...]
    session_chance: int
    illegal_chance: int
    trap_chance: int
    orders_in_reach: int
    venues: int
    instruments: int
    order_quantities: list[object]
    fill_quantities: list[object]
    prices: list[object]
    fees: list[object]
    base_fees: list[object]
    amounts: list[object]
    initial_cash: object


def draw_swarm(data: bytes) -> Swarm:
    """The shape that draw bytes stand for."""
    bits = random.Random(int.from_bytes(data, "little")).getrandbits  # noqa: S311 - repeatable on purpose

    def take(count: int) -> int:
        return (bits(32) * count) >> 32

    mode = MODES[take(len(MODES))]
    kept = _kept(mode, take)
    spreads = (0, 0, 4, 12)[take(4)]
    quantities = sorted(some_of(QUANTITIES, take, 4) + some_of(SMALL_QUANTITIES, take, 2), key=_size)
    return Swarm(
        operations={status: _table(mode, status, kept) for status in STATUSES},
        session_operations=tuple(name for name in SESSION_OPERATIONS if name in kept) or ("place_order",),
        session_chance=(24, 48, 64, 128)[take(4)],
        illegal_chance=(0, 16, 32, 96)[take(4)],
        trap_chance=(0, 0, 0, 4, 24)[take(5)],
        orders_in_reach=(1, 2, 4, 16, 1_000_000)[take(5)],
        venues=(1, 1, 2)[take(3)],
        instruments=(1, 1, 2, 3)[take(4)],
        order_quantities=_picks(quantities[len(quantities) // 2 :], spreads, take),
        fill_quantities=_picks(quantities[: 1 + len(quantities) // 2], spreads, take),
        prices=_picks(some_of(PRICES, take, 6), spreads, take),
        fees=_picks(some_of(FEES, take, 4), spreads // 4, take),
        base_fees=_picks(some_of(BASE_FEES, take, 4), 0, take),
        amounts=_picks(some_of(AMOUNTS, take, 3), 0, take),
        initial_cash=("10000", "0", "1000000", 0.5, 100)[take(5)],
    )


def _picks(values: list[object], spreads: int, take: Callable[[int], int]) -> list[object]:
    """`PICKS` values to pick from: the first ones spread over the line, the others from the list in turn."""
    return [spread(take) if place < spreads else values[place % len(values)] for place in range(PICKS)]


def _size(quantity: object) -> float:
    return float(str(quantity))


def _kept(mode: str, take: Callable[[int], int]) -> frozenset[str]:
    every = dict.fromkeys((*ORDER_OPERATIONS, *SESSION_OPERATIONS))
    if mode != "swarm":
        return frozenset(every)
    chance = 64 + take(192)
    return frozenset(name for name in every if take(256) < chance) | {
        "place_order",
        "order_submitted",
        "order_accepted",
    }


def _table(mode: str, status: str, kept: frozenset[str]) -> tuple[Label, ...]:
    wanted = ORDER_OPERATIONS if mode == "uniform" else LEGAL[status]
    return tuple((name, status) for name in wanted if name in kept) or ILLEGAL[status]
