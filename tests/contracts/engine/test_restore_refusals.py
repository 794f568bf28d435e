"""What restore refuses: the worked session's snapshot with one fault; the state stays as it was.

How to read the table: changes to the snapshot, then what is wrong. A change is `path = JSON`, the path's
parts joined by `/`; `gone` removes the key. All of these are `malformed_field`; only an argument that is no
exact dict is `malformed_type` (docs/engine.md 8, D26).
"""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import pytest
from scenario import Wire, table
from worked_session import INITIAL_CASH, SNAPSHOT, played

FAULTS = """
# -- the top level
schema_version = 2                              | another version
schema_version = "1"                            | text for a number
schema_version = true                           | True for 1
schema_version = 1.0                            | a float for an integer
schema_version = gone                           | a key is missing
idempotency_keys = gone                         | a key is missing
message = ""                                    | a key too many
last_seq_id = true                              | True for 1
last_seq_id = "23"                              | text for a number
last_seq_id = 23.0                              | a float for an integer
last_seq_id = -1                                | out of range
last_seq_id = 9223372036854775808               | out of range
# -- numbers are canonical text within their bounds
cash = 9294                                     | a number for text
cash = 9294.5                                   | a number for text
cash = null                                     | null for text
cash = "9294.50"                                | not canonical
cash = "09294"                                  | not canonical
cash = "-0"                                     | not canonical
cash = "+1"                                     | no number
cash = "1e3"                                    | no number
cash = ""                                       | no number
cash = "\\u0661"                                      | another script's digit
cash = "0.00000000000000001"                    | off the grid
cash = "1000000000000000000000.0000000000000001" | out of bounds
cash = "-1000000000000000000001"                | out of bounds
fees/BNB = "0"                                  | a total of zero is not listed
fees/BNB = "0.250"                              | not canonical
fees/BNB = 0.25                                 | a number for text
fees/quote = "1"                                | a quote fee falls from cash, and has no total
fees/base = "1"                                 | a base fee falls from the position, and has no total
fees/BNB = "1000000000000000000001"             | out of bounds
marks/V:I = "99.50"                             | not canonical
marks/V:I = "0.000000001"                       | off the grid
marks/V:I = "10000000000.00000001"              | out of bounds
marks/V:I = null                                | null for text
# -- positions
positions = []                                  | no map
positions/V:I = "6.999"                         | no record
positions/V:I = {}                              | keys are missing
positions/V:I/realised = gone                   | a key is missing
positions/V:I/average = "1"                     | a key too many
positions/V:I/quantity = "0"                    | flat with an open cost
positions/V:I/quantity = "6.9990"               | not canonical
positions/V:I/quantity = "0.000000001"          | off the grid
positions/V:I/quantity = "90000000000.00000001" | out of bounds
positions/V:I/open_cost = "1000000000000000000001" | out of bounds
positions/V:I/realised = "-1000000000000000000001" | out of bounds
positions/V:I/realised = 0                      | a number for text
# -- keys of maps
positions/VI = {"quantity": "1", "open_cost": "1", "realised": "0"} | a key without a venue
positions/:I = {"quantity": "1", "open_cost": "1", "realised": "0"} | an empty venue
positions/V: = {"quantity": "1", "open_cost": "1", "realised": "0"} | an empty instrument
marks/V I:I = "1"                               | no identifier
marks/V:\\u00e9 = "1"                           | no identifier
fees/ = "1"                                     | no identifier
fees/\\ud800 = "1"                              | a lone surrogate
clock/V:I = 5                                   | a key without a source
clock/timer:V = 5                               | a key without an instrument
clock/broker_report:V:I = 5                     | a source without a clock
clock/control:V:I = 5                           | a source without a clock
clock/Timer:V:I = 5                             | no source
clock/timer:V:I = "12"                          | text for a number
clock/timer:V:I = true                          | True for 1
clock/timer:V:I = 12.0                          | a float for an integer
clock/timer:V:I = -1                            | out of range
clock/timer:V:I = 9223372036854775808           | out of range
risk_flags/halt = 0                             | a number for a flag
risk_flags/halt = null                          | null for a flag
risk_flags/halt = gone                          | a key is missing
risk_flags/other = false                        | a key too many
idempotency_keys/c1 = null                      | null for text
idempotency_keys/c1 = "0123456789abcdef0123456789abcde" | 31 digits
idempotency_keys/c1 = "0123456789abcdef0123456789abcdef0" | 33 digits
idempotency_keys/c1 = "0123456789ABCDEF0123456789ABCDEF" | upper case
idempotency_keys/c1 = "g123456789abcdef0123456789abcdef" | no digit
idempotency_keys/c 1 = "0123456789abcdef0123456789abcdef" | no identifier
# -- orders: terms
orders/o1 = null                                | no record
orders/o1/side = gone                           | a key is missing
orders/o1/message = ""                          | a key too many
orders/o1/side = "BUY"                          | upper case
orders/o1/order_type = "iceberg"                | an unknown type
orders/o1/time_in_force = null                  | null for the default
orders/o1/reduce_only = 0                       | a number for a flag
orders/o1/reduce_only = null                    | null for the default
orders/o1/strategy_id = ""                      | no identifier
orders/o1/venue = "V:V"                         | a colon in a venue
orders/o1/instrument = 5                        | a number for text
orders/o1/limit_price = null                    | a limit order without its price
orders/o1/limit_price = 100                     | a number for text
orders/o1/limit_price = "100.0"                 | not canonical
orders/o1/limit_price = "10000000001"           | out of bounds
orders/o1/stop_price = "90"                     | a limit order with a stop price
orders/o0/limit_price = "1"                     | a market order with a price
orders/o2/stop_price = null                     | a stop order without its price
orders/O4/limit_price = null                    | a stop_limit order without its limit
# -- orders: quantities and what is derived
orders/o1/quantity = "0"                        | not above 0
orders/o1/quantity = "10000000000.00000001"     | out of bounds
orders/o1/quantity = "5"                        | below cumulative
orders/o1/cumulative = "-1"                     | below 0
orders/o1/cumulative = "11"                     | above quantity
orders/o1/leaves = "5"                          | not quantity - cumulative
orders/o1/leaves = "0"                          | not quantity - cumulative
orders/o1/leaves = gone                         | a key is missing
orders/O4/leaves = "0.5"                        | leaves of a closed order
orders/o1/status = "PARTIALLY_FILLED"           | not what is derived
orders/o1/status = "replace_pending"            | lower case
orders/o0/status = "ACCEPTED"                   | not what is derived
orders/o1/phase = "WORKING"                     | upper case
orders/o1/phase = "filled"                      | no phase
orders/o1/cancel_pending = 1                    | a number for a flag
orders/o1/cancel_pending = true                 | not what the status says
# -- orders: what cannot be together
orders/o1/phase = "created"                     | created and part-filled
orders/o1/phase = "submitted"                   | submitted and part-filled
orders/o3/cumulative = "1"                      | rejected and part-filled
orders/o3/cancel_pending = true                 | rejected and pending
orders/o3/replace_pending = true                | rejected and pending
orders/O4/cancel_pending = true                 | cancelled and pending
orders/o1/phase = "expired"; orders/o1/status = "EXPIRED"; orders/o1/leaves = "0" | expired and pending
orders/o1/triggered = true                      | a limit order triggered
orders/o0/triggered = true                      | a market order triggered
orders/o2/phase = "submitted"; orders/o2/status = "SUBMITTED" | triggered before it was accepted
orders/o2/phase = "created"; orders/o2/status = "CREATED" | triggered before it was accepted
orders/o2/triggered = null                      | null for a flag
"""

SOUND = """
orders/o3/order_type = "stop"; orders/o3/limit_price = null; orders/o3/stop_price = "1"; orders/o3/triggered = true | rejected
orders/O4/cumulative = "2"                      | cancelled, and filled late
orders/O4/triggered = true                      | cancelled after its trigger
orders/o1/cancel_pending = true; orders/o1/status = "CANCEL_PENDING" | both pending
positions/V:I/quantity = "90000000000"          | at its bound
positions/V:I/open_cost = "0"                   | open at no cost
positions/V:K = {"quantity": "0", "open_cost": "0", "realised": "0"} | flat
positions/V:I:I = {"quantity": "-1", "open_cost": "-1", "realised": "5"} | an instrument with a colon
clock/timer:V:a:b = 9223372036854775807         | an instrument with a colon, at its bound
cash = "-1000000000000000000000"                | at its bound
last_seq_id = 0                                 | at its bound
"""  # noqa: E501


def changed(changes: str) -> Wire:
    """The worked snapshot with the changes of a row."""
    snapshot = copy.deepcopy(SNAPSHOT)
    for change in changes.split("; "):
        path, _, text = change.partition(" = ")
        *parts, last = json.loads(f'"{path}"').split("/")
        record = snapshot
        for part in parts:
            record = record[part]
        if text == "gone":
            del record[last]
        else:
            record[last] = json.loads(text)
    return snapshot


def refuse(core: Any, snapshot: Any, code: str) -> None:
    """The core refuses the snapshot with the code, and its state does not move."""
    from cracktrader.engine.error import MalformedInputError

    digest = core.state_digest()
    with pytest.raises(MalformedInputError) as caught:
        core.restore(snapshot)
    assert (caught.value.code, core.state_digest()) == (code, digest)


@pytest.mark.parametrize(("changes", "what"), table(FAULTS))
def test_fault(core_of: Any, changes: str, what: str) -> None:
    """A snapshot that no core would hand out is refused as a whole, whether the core is new or in use."""
    for core in (core_of(7), played(core_of(INITIAL_CASH), 9)):
        refuse(core, changed(changes), "malformed_field")


@pytest.mark.parametrize(("changes", "what"), table(SOUND))
def test_sound(core_of: Any, changes: str, what: str) -> None:
    """A snapshot that some core would hand out is taken as it is, and handed out again."""
    core = core_of()
    core.restore(changed(changes))
    assert core.snapshot() == changed(changes) != SNAPSHOT


def subclassed(kind: type, value: Any) -> Any:
    """The value as an instance of a subclass of its type."""
    return type("Sub", (kind,), {})(value)


@pytest.mark.parametrize("snapshot", [
    None, [], (), "", 5, True, json.dumps(SNAPSHOT), json.dumps(SNAPSHOT).encode(), list(SNAPSHOT.items()),
    subclassed(dict, SNAPSHOT),
], ids=lambda value: type(value).__name__)  # fmt: skip
def test_only_a_dict_is_a_snapshot(core_of: Any, snapshot: Any) -> None:
    """An argument that is no exact dict is `malformed_type`."""
    refuse(core_of(), snapshot, "malformed_type")


TYPES = {
    "a subclass of str": ("cash", subclassed(str, "1")),
    "bytes": ("cash", b"1"),
    "a lone surrogate": ("cash", "\ud800"),
    "ten million digits": ("cash", "1" * 10_000_000),
    "a subclass of int": ("last_seq_id", subclassed(int, 23)),
    "an endless int": ("last_seq_id", 10**5000),
    "NaN": ("last_seq_id", math.nan),
    "a subclass of dict": ("positions", subclassed(dict, SNAPSHOT["positions"])),
    "a tuple": ("positions", tuple(SNAPSHOT["positions"].items())),
    "an int as a key": ("fees", {1: "1"}),
    "None as a key": ("fees", {None: "1"}),
    "bytes as a key": ("fees", {b"BNB": "1"}),
    "a key of ten million characters": ("fees", {"B" * 10_000_000: "1"}),
    "an int as a flag's name": ("risk_flags", {"halt": False, "reduce_only": True, 0: False}),
    "a subclass of str as a mark": ("marks", {"V:I": subclassed(str, "1")}),
    "a subclass of dict as an order": ("orders", {"o1": subclassed(dict, SNAPSHOT["orders"]["o1"])}),
    "an int as an order's name": ("orders", {5: SNAPSHOT["orders"]["o1"]}),
    "a subclass of int as a clock": ("clock", {"timer:V:I": subclassed(int, 12)}),
    "an int as a key of the snapshot": (5, "5"),
}


@pytest.mark.parametrize(("name", "value"), TYPES.values(), ids=TYPES)
def test_types_are_exact(core_of: Any, name: Any, value: Any) -> None:
    """Subclasses, bytes, endless values and keys that are no strings are refused inside a snapshot."""
    refuse(core_of(), {**copy.deepcopy(SNAPSHOT), name: value}, "malformed_field")
