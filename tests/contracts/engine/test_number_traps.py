"""Values that look like numbers, identifiers or words: what each kind of field says to each of them.

How to read the tables: `TRAPS` has a value in each row and a kind of field in each column; a cell is `ok` or
the last word of the code, `malformed_type`, `_field`, `_number` or `_identifier`. `FIELDS` names a field of
each kind. `EDGES` has the bounds and the grid of each number field. Expectations come from docs/engine.md 1
and 2. Every trap is tried on a wire dict and on an object, whose constructor checks nothing, and changes
neither the state nor the caller's dict.
"""

from __future__ import annotations

import enum
import math
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from malformed import ACCEPTED, code_of, with_field
from scenario import Wire, table, wire

FIELDS = {
    "integer": ("trade", "seq_id"), "quantity": ("place", "quantity"), "price": ("trade", "price"),
    "amount": ("cash", "amount"), "identifier": ("trade", "instrument"), "enum": ("place", "side"),
    "flag": ("risk_flag", "on"), "text": ("submitted", "reason"),
}  # fmt: skip

CODES = {"ok": ACCEPTED, "type": "malformed_type", "field": "malformed_field", "number": "malformed_number",
         "ident": "malformed_identifier"}  # fmt: skip

TRAPS = """
trap                 | integer | quantity | price  | amount | identifier | enum  | flag | text
True                 | type    | type     | type   | type   | type       | type  | ok   | type
None                 | type    | type     | type   | type   | type       | type  | type | ok
nan                  | type    | number   | number | number | type       | type  | type | type
inf                  | type    | number   | number | number | type       | type  | type | type
-inf                 | type    | number   | number | number | type       | type  | type | type
float -0.0           | type    | number   | ok     | ok     | type       | type  | type | type
float 0.5            | type    | ok       | ok     | ok     | type       | type  | type | type
float 1.0            | type    | ok       | ok     | ok     | type       | type  | type | type
float 1e-8           | type    | ok       | ok     | ok     | type       | type  | type | type
float 1e-9           | type    | number   | number | number | type       | type  | type | type
float 1e-17          | type    | number   | number | number | type       | type  | type | type
float 5e-324         | type    | number   | number | number | type       | type  | type | type
float 0.1 + 0.2      | type    | number   | number | number | type       | type  | type | type
float 1e10           | type    | ok       | ok     | ok     | type       | type  | type | type
float 1e10 + 1       | type    | number   | number | ok     | type       | type  | type | type
float 1e22           | type    | number   | number | number | type       | type  | type | type
float 1e300          | type    | number   | number | number | type       | type  | type | type
int 0                | ok      | number   | ok     | ok     | type       | type  | type | type
int 1                | ok      | ok       | ok     | ok     | type       | type  | type | type
int -1               | number  | number   | ok     | ok     | type       | type  | type | type
int 2^63-1           | ok      | number   | number | ok     | type       | type  | type | type
int 2^63             | number  | number   | number | ok     | type       | type  | type | type
int -2^63-1          | number  | number   | number | ok     | type       | type  | type | type
int 10^21            | number  | number   | number | ok     | type       | type  | type | type
int 2^128+1          | number  | number   | number | number | type       | type  | type | type
int 10^5000          | number  | number   | number | number | type       | type  | type | type
int -10^5000         | number  | number   | number | number | type       | type  | type | type
text 1               | type    | ok       | ok     | ok     | ok         | field | type | ok
text -0              | type    | number   | ok     | ok     | ok         | field | type | ok
text -1              | type    | number   | ok     | ok     | ok         | field | type | ok
text 007             | type    | ok       | ok     | ok     | ok         | field | type | ok
text 1.500000000000  | type    | ok       | ok     | ok     | ok         | field | type | ok
text 0.123456789     | type    | number   | number | ok     | ok         | field | type | ok
text 1e-17           | type    | number   | number | number | ok         | field | type | ok
text 1e3             | type    | number   | number | number | ok         | field | type | ok
text 1e400           | type    | number   | number | number | ok         | field | type | ok
text nan             | type    | number   | number | number | ok         | field | type | ok
text Infinity        | type    | number   | number | number | ok         | field | type | ok
text 0x10            | type    | number   | number | number | ok         | field | type | ok
text 1_000           | type    | number   | number | number | ok         | field | type | ok
text 1,000           | type    | number   | number | number | ok         | field | type | ok
text +1              | type    | number   | number | number | ok         | field | type | ok
text --1             | type    | number   | number | number | ok         | field | type | ok
text -               | type    | number   | number | number | ok         | field | type | ok
text .5              | type    | number   | number | number | ok         | field | type | ok
text 5.              | type    | number   | number | number | ok         | field | type | ok
text 1.2.3           | type    | number   | number | number | ok         | field | type | ok
text empty           | type    | number   | number | number | ident      | field | type | ok
text space before    | type    | number   | number | number | ident      | field | type | ok
text line end after  | type    | number   | number | number | ident      | field | type | ok
text NUL after       | type    | number   | number | number | ident      | field | type | ok
text DEL after       | type    | number   | number | number | ident      | field | type | ok
text Arabic digit    | type    | number   | number | number | ident      | field | type | ok
text full-width      | type    | number   | number | number | ident      | field | type | ok
text superscript     | type    | number   | number | number | ident      | field | type | ok
text minus sign      | type    | number   | number | number | ident      | field | type | ok
text lone surrogate  | type    | number   | number | number | ident      | field | type | field
text surrogate pair  | type    | number   | number | number | ident      | field | type | field
text 64 characters   | type    | ok       | ok     | ok     | ok         | field | type | ok
text 65 characters   | type    | number   | number | number | ident      | field | type | ok
text 64 decimals     | type    | ok       | ok     | ok     | ok         | field | type | ok
text 65 decimals     | type    | number   | number | number | ident      | field | type | ok
text 256 code points | type    | number   | number | number | ident      | field | type | ok
text 257 code points | type    | number   | number | number | ident      | field | type | field
text 10 MB of 1      | type    | number   | number | number | ident      | field | type | field
text 10 MB of 0      | type    | number   | number | number | ident      | field | type | field
text BUY             | type    | number   | number | number | ok         | field | type | ok
text buy             | type    | number   | number | number | ok         | ok    | type | ok
text true            | type    | number   | number | number | ok         | field | type | ok
sub of str           | type    | type     | type   | type   | type       | type  | type | type
sub of int           | type    | type     | type   | type   | type       | type  | type | type
sub of float         | type    | type     | type   | type   | type       | type  | type | type
IntEnum              | type    | type     | type   | type   | type       | type  | type | type
StrEnum              | type    | type     | type   | type   | type       | type  | type | type
Decimal              | type    | type     | type   | type   | type       | type  | type | type
Fraction             | type    | type     | type   | type   | type       | type  | type | type
complex              | type    | type     | type   | type   | type       | type  | type | type
bytes                | type    | type     | type   | type   | type       | type  | type | type
list                 | type    | type     | type   | type   | type       | type  | type | type
dict                 | type    | type     | type   | type   | type       | type  | type | type
deep list            | type    | type     | type   | type   | type       | type  | type | type
list in itself       | type    | type     | type   | type   | type       | type  | type | type
hostile object       | type    | type     | type   | type   | type       | type  | type | type
"""


class Number(enum.IntEnum):
    """An int that is none, exactly."""

    ONE = 1


class Side(enum.StrEnum):
    """A word that is no str, exactly."""

    BUY = "buy"


class Hostile:
    """An object that lets nobody look at it: as text, number, truth or equal."""

    __hash__ = None  # type: ignore[assignment]

    def _refuse(self, *_: Any) -> Any:
        raise ZeroDivisionError("the core ran foreign code")

    __repr__ = __str__ = __int__ = __index__ = __float__ = __bool__ = __eq__ = __lt__ = __len__ = __iter__ = _refuse


def deep_list() -> list[Any]:
    """A list in a list, a hundred thousand times."""
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    return value


IN_ITSELF: list[Any] = []
IN_ITSELF.append(IN_ITSELF)

VALUES: dict[str, Any] = {
    "True": True, "None": None, "nan": math.nan, "inf": math.inf, "-inf": -math.inf,
    "float -0.0": -0.0, "float 0.5": 0.5, "float 1.0": 1.0, "float 1e-8": 1e-8, "float 1e-9": 1e-9,
    "float 1e-17": 1e-17, "float 5e-324": 5e-324, "float 0.1 + 0.2": 0.1 + 0.2, "float 1e10": 1e10,
    "float 1e10 + 1": 1e10 + 1, "float 1e22": 1e22, "float 1e300": 1e300,
    "int 0": 0, "int 1": 1, "int -1": -1, "int 2^63-1": 2**63 - 1, "int 2^63": 2**63,
    "int -2^63-1": -(2**63) - 1,
    "int 10^21": 10**21, "int 2^128+1": 2**128 + 1, "int 10^5000": 10**5000, "int -10^5000": -(10**5000),
    "text empty": "", "text space before": " 1", "text line end after": "1\n", "text NUL after": "1\0",
    "text DEL after": "1\x7f", "text Arabic digit": "\u0661", "text full-width": "\uff11",
    "text superscript": "\u00b2", "text minus sign": "\u22121", "text lone surrogate": "1\ud800",
    "text surrogate pair": "\ud83d\ude00", "text 64 characters": "1".zfill(64),
    "text 65 characters": "1".zfill(65),
    "text 64 decimals": "1.".ljust(64, "0"), "text 65 decimals": "1.".ljust(65, "0"),
    "text 256 code points": "\U0001f600" * 256, "text 257 code points": "\U0001f600" * 257,
    "text 10 MB of 1": "1" * 10_000_000, "text 10 MB of 0": "0" * 10_000_000,
    "sub of str": type("Text", (str,), {})("1"), "sub of int": type("Int", (int,), {})(1),
    "sub of float": type("Float", (float,), {})(1.0), "IntEnum": Number.ONE,
    "StrEnum": Side.BUY, "Decimal": Decimal(1), "Fraction": Fraction(1),
    "complex": 1 + 0j, "bytes": b"1", "list": ["1"], "dict": {"1": 1}, "deep list": deep_list(),
    "list in itself": IN_ITSELF, "hostile object": Hostile(),
}  # fmt: skip

EDGES = """
# field                                       | taken                                 | refused as malformed_number
place quantity                                | 0.00000001 10000000000                | 0 -1 10000000000.00000001 0.000000001
place limit_price                             | 0 -10000000000 10000000000 -0.00000001 | 10000000000.00000001 -10000000000.00000001
place type=stop_limit stop_price              | 0 -10000000000 10000000000            | 10000000000.00000001 0.000000001
replace quantity                              | 0.00000001 10000000000                | 0 -1 10000000001
replaced quantity                             | 0.00000001 10000000000                | 0 -0 10000000001
replaced limit_price                          | 0 -10000000000                        | -10000000000.00000001
restated quantity                             | 0.00000001 10000000000                | 0 10000000001
fill last_quantity                            | 0.00000001 10000000000                | 0 -1 10000000000.00000001
fill last_price                               | 0 -10000000000 10000000000            | 10000000000.00000001
fill fee                                      | 1000000000000000000000 -1000000000000000000000 0.0000000000000001 | 1000000000000000000000.0000000000000001 0.00000000000000001
fill fee_asset=base fee                       | 10000000000 -10000000000 0.00000001   | 10000000000.00000001 -10000000000.00000001 0.000000001
fill fee_asset=BNB fee                        | 1000000000000000000000 -0.0000000000000001 | 1000000000000000000001
trade price                                   | -10000000000 0                        | 10000000000.00000001
trade quantity                                | 0.00000001 10000000000                | 0 -1 10000000000.00000001
bar open                                      | -10000000000 10000000000              | 10000000000.00000001
bar high                                      | -10000000000 10000000000              | 0.000000001
bar low                                       | -10000000000 10000000000              | -10000000000.00000001
bar close                                     | -10000000000 10000000000              | 10000000001
bar volume                                    | 0 90000000000                         | -0.00000001 90000000000.00000001 0.000000001
quote bid                                     | -10000000000 10000000000              | 10000000001
quote ask                                     | -10000000000 10000000000              | 10000000001
cash amount                                   | 1000000000000000000000 -1000000000000000000000 | 1000000000000000000000.0000000000000001 -1000000000000000000001
"""  # noqa: E501


def value_of(trap: str) -> Any:
    """The value that a row's name stands for; `text x` is the text x unless it has a name of its own."""
    return VALUES[trap] if trap in VALUES else trap.removeprefix("text ")


def as_object(step: Wire) -> Any:
    """The step as an unchecked EngineEvent or EngineIntent."""
    from cracktrader.engine.events import EngineEvent
    from cracktrader.engine.intents import EngineIntent

    return EngineEvent(**step) if "event_type" in step else EngineIntent(**step)


def cells() -> list[tuple[str, str, str]]:
    """Every (trap, kind of field, cell) of the table."""
    (_, *kinds), *rows = table(TRAPS)
    return [(trap, *pair) for trap, *row in rows for pair in zip(kinds, row, strict=True)]


@pytest.mark.parametrize(("trap", "kind", "cell"), cells(), ids=str)
def test_trap(core_of: Any, trap: str, kind: str, cell: str) -> None:
    """A value is taken or refused by the kind of its field, at once, in a dict as in an object."""
    text, field = FIELDS[kind]
    step = with_field(wire(text), field, value_of(trap))
    started = time.perf_counter()
    assert code_of(core_of(), step) == CODES[cell]
    assert code_of(core_of(), as_object(step), "apply_event" if "event_type" in step else "") == CODES[cell]
    assert time.perf_counter() - started < 5.0, "a hostile value must cost no more than a short one"


@pytest.mark.parametrize(("words", "taken", "refused"), table(EDGES))
def test_edges(core_of: Any, words: str, taken: str, refused: str) -> None:
    """Every number field takes its bounds and its grid, and nothing beyond them."""
    *step, field = words.split()
    codes = {
        text: code_of(core_of(), with_field(wire(" ".join(step)), field, text))
        for text in (*taken.split(), *refused.split())
    }
    expected = dict.fromkeys(taken.split(), ACCEPTED) | dict.fromkeys(refused.split(), "malformed_number")
    assert codes == expected


@pytest.mark.parametrize("field", ["seq_id", "event_time", "ingest_time"])
def test_integer_fields(core_of: Any, field: str) -> None:
    """The three integers of the envelope take 0 to 2^63-1 and refuse all else."""
    expected = [
        (0, ACCEPTED), (2**63 - 1, ACCEPTED), (2**63, "malformed_number"), (-1, "malformed_number"),
        ("1", "malformed_type"), (1.0, "malformed_type"), (None, "malformed_type"), (True, "malformed_type"),
    ]  # fmt: skip
    assert [(value, code_of(core_of(), with_field(wire("trade"), field, value))) for value, _ in expected] == expected


@pytest.mark.parametrize("trap", [row[0] for row in table(TRAPS)[1:]])
def test_initial_cash(core_of: Any, trap: str) -> None:
    """The constructor takes and refuses what a cash amount does."""
    from cracktrader.engine.error import MalformedInputError

    expected = {row[0]: row[4] for row in table(TRAPS)[1:]}[trap]
    if expected == "ok":
        assert core_of(value_of(trap)).snapshot()["positions"] == {}
        return
    with pytest.raises(MalformedInputError) as caught:
        core_of(value_of(trap))
    assert caught.value.code == CODES[expected]


FLOATS = [
    (0.1, "0.1"), (-0.0, "0"), (0.5, "0.5"), (1e-8, "0.00000001"), (1000.1, "1000.1"),
    # Whole floats are exact and others have 8 decimals (D27): times 1e16 these would drift.
    (1e7, "10000000"), (1e10, "10000000000"), (123456.789, "123456.789"),
    (1e21, "1000000000000000000000"), (-1e21, "-1000000000000000000000"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "units"), FLOATS)
def test_floats_are_taken_by_the_rule(core_of: Any, value: float, units: str) -> None:
    """A float stands for round(x * S) units, S and the product as floats, handed out as such."""
    assert core_of(value).snapshot()["cash"] == units
