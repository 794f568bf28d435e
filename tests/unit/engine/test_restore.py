"""Restore: a snapshot comes back exactly, and nothing else is taken for one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.restore import read_snapshot
from cracktrader.engine.snapshot import write_snapshot

Wire = dict[str, Any]


@pytest.fixture
def snapshot(
    working_core: Callable[..., DeterministicCore],
    event: Callable[..., Wire],
    fill: Callable[..., Wire],
    place: Any,
) -> Wire:
    """A snapshot with something in every map."""
    core = working_core()
    core.apply_event(fill(3, "1", "100", fee="0.5", fee_asset="BNB", idempotency_key="k"))
    core.apply_event(event(4, "trade", {"price": 100, "quantity": 1}))
    core.apply_event(event(5, "timer", {"name": "t"}))
    core.process_intent(place("o2", order_type="stop_limit", stop_price="90"))
    copied: Wire = json.loads(json.dumps(core.snapshot()))
    return copied


def _code(snapshot: object) -> str:
    with pytest.raises(MalformedInputError) as caught:
        read_snapshot(snapshot)
    return caught.value.code


def test_round_trip(snapshot: Wire) -> None:
    """What is read from a snapshot is written as that snapshot, whatever the order of its keys."""
    assert write_snapshot(read_snapshot(snapshot)) == snapshot
    backwards = json.loads(json.dumps(snapshot), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert write_snapshot(read_snapshot(backwards)) == snapshot


@pytest.mark.parametrize("value", [None, [], "x", 1])
def test_anything_but_a_dict_is_a_wrong_type(value: object) -> None:
    """The argument itself must be an exact dict."""
    assert _code(value) == "malformed_type"


FAULTS: list[tuple[str, object]] = [
    ("schema_version", 2),
    ("schema_version", True),
    ("schema_version", 1.0),
    ("cash", "1000.0"),
    ("cash", 900),
    ("cash", "1000000000000000000000.1"),
    ("last_seq_id", -1),
    ("last_seq_id", True),
    ("last_seq_id", "5"),
    ("extra", 1),
    ("positions", []),
    ("positions.V", {"quantity": "1", "open_cost": "0", "realised": "0"}),
    ("positions.V:I.quantity", "0"),
    ("positions.V:I.quantity", "90000000000.00000001"),
    ("positions.V:I.extra", "0"),
    ("orders.o1", None),
    ("orders.o 1", {}),
    ("orders.o1.status", "ACCEPTED"),
    ("orders.o1.leaves", "10"),
    ("orders.o1.quantity", "0.5"),
    ("orders.o1.quantity", "0"),
    ("orders.o1.quantity", 10),
    ("orders.o1.phase", "created"),
    ("orders.o1.phase", "CREATED"),
    ("orders.o1.triggered", True),
    ("orders.o1.cancel_pending", 0),
    ("orders.o1.cancel_pending", True),
    ("orders.o1.limit_price", None),
    ("orders.o1.stop_price", "1"),
    ("orders.o1.time_in_force", None),
    ("orders.o1.venue", "a:b"),
    ("orders.o2.triggered", True),
    ("fees.BNB", "0"),
    ("fees.quote", "1"),
    ("fees.base", "1"),
    ("marks.V:I", "10000000001"),
    ("marks.V", "1"),
    ("clock.timer:V:I", -1),
    ("clock.timer:V:I", 5.0),
    ("clock.control:V:I", 5),
    ("clock.timer:V", 5),
    ("risk_flags.halt", None),
    ("risk_flags.other", False),
    ("idempotency_keys.k", "A" * 32),
    ("idempotency_keys.k", "a" * 31),
    ("idempotency_keys.k", "a" * 32 + "\n"),
    ("idempotency_keys.", "a" * 32),
]


@pytest.mark.parametrize(("path", "value"), FAULTS)
def test_every_other_fault_is_malformed_field(snapshot: Wire, path: str, value: object) -> None:
    """One changed place is enough, whatever its kind, and the code is always the same."""
    *outer, last = path.split(".")
    place = snapshot
    for key in outer:
        place = place[key]
    place[last] = value
    assert _code(snapshot) == "malformed_field"


def test_every_key_is_required(snapshot: Wire) -> None:
    """A key left out is a fault at each level with fixed keys, also one that may be null."""
    parts = [(), ("positions", "V:I"), ("orders", "o1"), ("risk_flags",)]
    for path in parts:
        level = snapshot
        for key in path:
            level = level[key]
        for name in level:
            damaged = copy.deepcopy(snapshot)
            target = damaged
            for key in path:
                target = target[key]
            del target[name]
            assert _code(damaged) == "malformed_field"


@pytest.mark.parametrize("phase", ["cancelled", "expired"])
def test_closed_order_has_nothing_pending(snapshot: Wire, phase: str) -> None:
    """A closed order is fine as such, and a fault with a request open."""
    snapshot["orders"]["o1"] |= {"phase": phase, "status": phase.upper(), "leaves": "0"}
    assert write_snapshot(read_snapshot(snapshot)) == snapshot
    snapshot["orders"]["o1"]["replace_pending"] = True
    assert _code(snapshot) == "malformed_field"


def test_index_of_reduce_only_orders_is_rebuilt(snapshot: Wire) -> None:
    """What live reduce-only orders reserve is known again after a restore."""
    snapshot["orders"]["o1"]["reduce_only"] = True
    assert read_snapshot(snapshot).reducing_leaves == {("V:I", "buy"): 9 * 10**8}


def test_state_keeps_nothing_of_the_argument(snapshot: Wire) -> None:
    """Changing the snapshot afterwards changes no state."""
    state = read_snapshot(snapshot)
    snapshot["clock"].clear()
    snapshot["risk_flags"]["halt"] = True
    assert state.clock == {"market_data:V:I": 4, "timer:V:I": 5}
    assert state.risk_flags["halt"] is False
