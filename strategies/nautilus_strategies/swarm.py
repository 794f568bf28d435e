"""The shape of a case: which kinds of steps, order types and oddities it has, and what is looked at.

Each case leaves much out. A case ends at its first difference, so what is common in one case hides what is rare; a case
without it sees further. The same holds for what is looked at: most cases look at a few fields only.
"""

import random
from dataclasses import dataclass

from nautilus_strategies.grammar import CURRENCIES
from nautilus_strategies.objects import ABOUT_POSITIONS, EVENT_CLASSES, ORDER_CLASSES
from nautilus_strategies.seat import ALL_FIELDS
from nautilus_strategies.views import FIELDS, ORDER_FIELDS, POSITION_FIELDS

QUANTITIES = ("1", "2", "3", "5", "10", "100")
FINE_QUANTITIES = ("1.0", "0.5", "2.5", "0.3", "10.0", "7.1")
ODD_QUANTITIES = ("0", "0.0")
PRICES = ("1", "2", "3", "10", "100", "1.5", "0.01", "99.99")
ODD_PRICES = ("0", "-1", "0.00", "-2.5")
COMMISSIONS = ("0", "1", "0.5", "-1", "0.01", "0.1")
ODD_COMMISSIONS = ("0.005", "0.015", "100000000000")
# A case ends at its first difference, and many are known: with all fields compared the common ones would hide the rest.
# So that is for one case in seven, which sees what only two fields together show.
ALL_FIELDS_SHARE = 0.15
FIELDS_FEW = 3  # the other cases compare one to three fields, and go on past differences in the others
BASIC = ("order_submitted", "order_accepted", "order_accepted")


@dataclass(frozen=True)
class Swarm:
    """`kinds` holds each kind of event as often as it shall come; chances are of 256, to compare with a byte.

    `time_step`: an event is up to so much later than the one before, and earlier too if that is negative.
    """

    fields: str | list[str]
    order_types: tuple[str, ...]
    kinds: tuple[str, ...]
    quantities: tuple[str, ...]
    prices: tuple[str, ...]
    commissions: tuple[str, ...]
    currencies: tuple[str, ...]
    instruments: tuple[str, ...]
    positions: tuple[str | None, ...]
    legal_chance: int
    overfill_chance: int
    reused_chance: int
    stray_chance: int
    expiry_chance: int
    odd_terms_chance: int
    flag_chance: int
    time_step: int


def draw_swarm(data: bytes) -> Swarm:
    """The shape that the draw bytes stand for."""
    draw = random.Random(int.from_bytes(data, "little"))  # noqa: S311 - repeatable on purpose
    take = draw.choice
    whole, fine = QUANTITIES, FINE_QUANTITIES
    return Swarm(
        fields=ALL_FIELDS if draw.random() < ALL_FIELDS_SHARE else _few(draw),
        order_types=tuple(draw.sample(sorted(ORDER_CLASSES), take((1, 1, 2, 4)))),
        kinds=_kinds(draw),
        quantities=take((*(whole,) * 4, *(fine,) * 3, whole + fine, whole + ODD_QUANTITIES)),
        prices=take((PRICES, PRICES, PRICES, PRICES + ODD_PRICES)),
        commissions=take((("0",), COMMISSIONS, COMMISSIONS, COMMISSIONS + ODD_COMMISSIONS)),
        currencies=CURRENCIES[: take((1, 1, 2, 3))],
        instruments=take((("i1",), ("i1",), ("i2",), ("i1", "i2"))),
        positions=take(((None,), ("p1",), ("p1", "p2"), (None, "p1"))),
        legal_chance=take((0, 192, 240, 256, 256, 256)),
        overfill_chance=take((0, 0, 0, 32)),
        reused_chance=take((0, 0, 0, 64)),
        stray_chance=take((0, 0, 0, 0, 0, 48)),
        expiry_chance=take((0, 0, 128)),
        odd_terms_chance=take((0, 0, 0, 64)),
        flag_chance=take((0, 0, 64)),
        time_step=take((0, 0, 3, 3, 3, -3)),
    )


def _few(draw: random.Random) -> list[str]:
    known = draw.choice((ORDER_FIELDS, POSITION_FIELDS))
    few = frozenset(draw.sample(known, draw.randint(1, FIELDS_FEW)))
    return [field for field in FIELDS if field in few]


def _kinds(draw: random.Random) -> tuple[str, ...]:
    kinds = ["order_initialized"] * draw.choice((1, 2, 4))
    for kind in EVENT_CLASSES:
        kinds += [kind] * draw.choice((0, 0, 1, 3))
    kinds += [*BASIC, *["order_filled"] * draw.choice((0, 4, 8))]
    return tuple(kinds + [ABOUT_POSITIONS] * draw.choice((0, 0, 4, 16)))
