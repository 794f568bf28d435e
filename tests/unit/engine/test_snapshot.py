"""Snapshots: what is written, in which order, and the digest over it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from cracktrader.engine.accounting import Ledger
from cracktrader.engine.orders import Order
from cracktrader.engine.snapshot import canonical_json, digest, write_snapshot
from cracktrader.engine.state import CoreState

MakeOrder = Callable[..., Order]

EMPTY_JSON = (
    '{"cash":"0.0000000000000005","clock":{},"fees":{},"idempotency_keys":{},"last_seq_id":null,"marks":{},"orders":{},'
    '"positions":{},"risk_flags":{"halt":false,"reduce_only":false},"schema_version":1}'
)


def test_empty_state_as_canonical_json() -> None:
    """The canonical text of an empty state is this, to the byte, and the digest is over it."""
    snapshot = write_snapshot(CoreState(Ledger(5)))
    assert canonical_json(snapshot) == EMPTY_JSON
    assert digest(snapshot) == hashlib.sha256(EMPTY_JSON.encode()).hexdigest()


def test_keys_stand_in_the_pages_order() -> None:
    """The top level is ordered as documented."""
    assert list(write_snapshot(CoreState(Ledger(0)))) == [
        "schema_version",
        "cash",
        "last_seq_id",
        "positions",
        "orders",
        "fees",
        "marks",
        "clock",
        "risk_flags",
        "idempotency_keys",
    ]


def test_maps_are_in_bytewise_order(order: MakeOrder) -> None:
    """Upper case before lower case, punctuation by its byte, whatever came first."""
    names = ["b", "a", "B", "~", "!", "a:", "a-", "10", "9"]
    state = CoreState(
        Ledger(0, {f"V:{name}": (1, 2, 3) for name in names}, dict.fromkeys(names, 1)),
        marks=dict.fromkeys(names, 1),
        clock=dict.fromkeys(names, 1),
        idempotency_keys=dict.fromkeys(names, "f"),
    )
    for name in names:
        state.add_order(order(order_id=name))
    snapshot = write_snapshot(state)
    in_order = sorted(names, key=str.encode)
    assert list(snapshot["positions"]) == [f"V:{name}" for name in in_order]
    maps = (
        snapshot["orders"],
        snapshot["fees"],
        snapshot["marks"],
        snapshot["clock"],
        snapshot["idempotency_keys"],
    )
    assert [list(entries) for entries in maps] == [in_order] * len(maps)


def test_order_is_written_with_its_derived_fields(order: MakeOrder) -> None:
    """An order shows status and leaves beside what is stored, in the page's order."""
    state = CoreState(Ledger(0))
    state.add_order(order(phase="working", quantity=10**9, cumulative=10**8))
    assert list(write_snapshot(state)["orders"]["o1"].items()) == [
        ("venue", "V"),
        ("instrument", "I"),
        ("side", "buy"),
        ("order_type", "limit"),
        ("time_in_force", "gtc"),
        ("limit_price", "0.000001"),
        ("stop_price", None),
        ("reduce_only", False),
        ("strategy_id", "s"),
        ("phase", "working"),
        ("status", "PARTIALLY_FILLED"),
        ("quantity", "10"),
        ("cumulative", "1"),
        ("leaves", "9"),
        ("triggered", False),
        ("cancel_pending", False),
        ("replace_pending", False),
    ]


def test_snapshot_shares_nothing_with_the_state() -> None:
    """Changing what was handed out changes no state."""
    state = CoreState(Ledger(0, {"V:I": (1, 2, 3)}), marks={"V:I": 1})
    snapshot = write_snapshot(state)
    text = canonical_json(snapshot)
    snapshot["marks"].clear()
    snapshot["risk_flags"]["halt"] = True
    snapshot["positions"]["V:I"]["quantity"] = "9"
    assert canonical_json(write_snapshot(state)) == text


def test_canonical_json_is_ascii_and_reads_back() -> None:
    """Quotes and backslashes in identifiers are escaped as JSON asks."""
    document = {'"\\': ["~", 1, None, True]}
    assert canonical_json(document) == '{"\\"\\\\":["~",1,null,true]}'
    assert json.loads(canonical_json(document)) == document
