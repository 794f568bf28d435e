"""Numbers worth trying: edges, ties, thirds, exact remainders, and few enough in one case that they meet again."""

from collections.abc import Callable

QUANTITIES: tuple[object, ...] = (
    "1", "2", "3", "7", "10", "0.5", "1.5", "0.00000001", "0.00000002", "0.00000003", "0.99999999", "33.33333333",
    "0.33333333", "10000000000", "9999999999.99999999", "1.0", 1, 3, 0.5, 0.25, 1e-8, "13", "100", "0.1",
)  # fmt: skip
SMALL_QUANTITIES: tuple[object, ...] = ("0.00000001", "0.1", "0.25", "0.33333333", "0.5", "1")
PRICES: tuple[object, ...] = (
    "1", "2", "3", "100", "0", "-1", "0.00000001", "-0.00000001", "7.3", "33.33333333", "0.99999999", "10000000000",
    "-10000000000", "99.5", "101", "0.5", "9999999999.99999999", 1, 100, 0.5, -2.5, "1234.56789", "3.00", "-7",
)  # fmt: skip
FEES: tuple[object, ...] = (
    "0", "1", "0.1", "-0.1", "0.0000000000000001", "-0.0000000000000001", "0.5", "2", 0, 0.25, "0.001", "1000000000",
    "-1", "0.0000001", "33.3333333333333333",
)  # fmt: skip
BASE_FEES: tuple[object, ...] = (
    "0", "0.00000001", "-0.00000001", "0.001", "1", "2", "0.5", "-1", "10000000000", 0.5, "0.33333333",
)  # fmt: skip
AMOUNTS: tuple[object, ...] = (
    "100", "-100", "0", "0.0000000000000001", "1000000000000000000000", "-1000000000000000000000", "0.1", 5, 2.5,
    "999999999999999999999.9999999999999999",
)  # fmt: skip
VOLUMES: tuple[object, ...] = ("0", "1", "90000000000", "0.5", "12.34567890")

# What no field takes, or only some do: each must be refused by both cores with the same code, or taken by both.
TRAPS: tuple[object, ...] = (
    True, False, None, 0, -1, 1.5, 0.1, 1e-9, -0.0, 1e308, 2**63, 2**63 - 1, -(2**63), 10**30, "", " ", " 1", "1 ",
    "+1",
    "1_000", "1e3", "1e400", ".5", "5.", "-", "-0", "007", "0.000000001", "0.100000000", "10000000000.00000001", "0x10",
    "\u0661", "NaN", "inf", "a b", "a:b", "\u00e9", "\x7f", "\ud800", "x" * 64, "x" * 65, "9" * 64, "9" * 65, [], {},
    ["1"],
    {"order_id": "o1"}, "BUY", "filled", "market_data", "halt",
)  # fmt: skip


def spread(take: Callable[[int], int]) -> str:
    """A number with anything from one to seven digits before the point and none to eight after it."""
    whole, places = take(10 ** (1 + take(7))), take(9)
    return f"{whole}.{take(10**places):0{places}d}" if places else str(whole)


def some_of(values: tuple[object, ...], take: Callable[[int], int], count_max: int) -> list[object]:
    """One to `count_max` of the values, drawn with repetition by `take(n)` in 0 .. n-1."""
    return [values[take(len(values))] for _ in range(1 + take(count_max))]
