"""Snapshot, digest, restore and reset: an exact snapshot, and a change of backend at every step.

Expectations come from docs/engine.md 8. What restore refuses is in test_restore_refusals.py.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from scenario import Wire, send_to
from worked_session import INITIAL_CASH, SNAPSHOT, played, wires

PLAIN = {
    "schema_version": 1, "cash": "0", "last_seq_id": None, "positions": {}, "orders": {},
    "fees": {}, "marks": {}, "clock": {}, "risk_flags": {"halt": False, "reduce_only": False},
    "idempotency_keys": {},
}  # fmt: skip
MAPS = ("positions", "orders", "fees", "marks", "clock", "risk_flags", "idempotency_keys")


def digest_of(snapshot: Wire) -> str:
    """SHA-256 of the canonical JSON of a snapshot: sorted keys, no white space, ASCII."""
    text = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def dicts_in(value: Any) -> Iterator[Wire]:
    """Every dict inside a snapshot, the innermost first."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from dicts_in(inner)
        yield value


def typed(value: Any) -> Any:
    """The value with the type of each part beside it, so that 1, 1.0 and True are three things."""
    if isinstance(value, dict):
        return {key: typed(inner) for key, inner in value.items()}
    return type(value).__name__, value


def test_empty_snapshot(core_of: Any) -> None:
    """A new core hands out the empty state with its initial cash, exact in value and type."""
    assert typed(core_of().snapshot()) == typed(PLAIN)
    assert core_of("-0.50").snapshot() == PLAIN | {"cash": "-0.5"}


def test_worked_snapshot(core_of: Any) -> None:
    """The snapshot of the worked session is the one written down, value for value and type for type."""
    assert typed(played(core_of(INITIAL_CASH)).snapshot()) == typed(SNAPSHOT)


def test_maps_are_in_bytewise_order(core_of: Any) -> None:
    """Every map of the snapshot lists its keys in bytewise order."""
    snapshot = played(core_of(INITIAL_CASH)).snapshot()
    assert [list(snapshot[name]) for name in MAPS] == [sorted(snapshot[name]) for name in MAPS]


def test_digest_is_recomputed_here(core_of: Any) -> None:
    """After each step the digest is SHA-256 of the canonical JSON of the snapshot."""
    core = core_of(INITIAL_CASH)
    seen = {core.state_digest()}
    for step in wires():
        send_to(core, step)
        assert core.state_digest() == digest_of(core.snapshot())
        seen.add(core.state_digest())
    assert core.state_digest() == digest_of(SNAPSHOT)
    assert len(seen) == len(wires()) + 1, "each step of the worked session changes the state"


def test_both_backends_agree_at_each_step(core_of: Any, other_core_of: Any) -> None:
    """The two backends give the same results and digests at every step of the worked session."""
    core, other = core_of(INITIAL_CASH), other_core_of(INITIAL_CASH)
    for step in wires():
        assert typed(send_to(core, step)) == typed(send_to(other, step))
        assert core.state_digest() == other.state_digest()


@pytest.mark.parametrize("place", range(len(wires()) + 1))
def test_go_on_from_any_step_on_either_backend(core_of: Any, other_core_of: Any, place: int) -> None:
    """A session restored at any step, into either backend, goes on as if nothing had happened."""
    core = played(core_of(INITIAL_CASH), place)
    restored = [core_of(), other_core_of()]
    for fresh in restored:
        fresh.restore(core.snapshot())
        assert typed(fresh.snapshot()) == typed(core.snapshot())
    for step in wires()[place:]:
        expected = send_to(core, step)
        assert [send_to(fresh, step) for fresh in restored] == [expected] * 2
        assert {fresh.state_digest() for fresh in restored} == {core.state_digest()}
    views = [(fresh.get_cash(), fresh.get_positions()) for fresh in restored]
    assert views == [(core.get_cash(), core.get_positions())] * 2


def test_snapshot_through_json(core_of: Any, other_core_of: Any) -> None:
    """A snapshot that went through JSON, keys in any order, restores the same state on either backend."""
    core = played(core_of(INITIAL_CASH))
    text = json.dumps(core.snapshot())
    backwards = json.loads(text, object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    for fresh in (core_of(), other_core_of()):
        fresh.restore(backwards)
        assert fresh.state_digest() == core.state_digest() and json.dumps(fresh.snapshot()) == text


def test_restore_replaces_everything(core_of: Any) -> None:
    """Nothing of the state before a restore is left after it."""
    core = played(core_of(INITIAL_CASH))
    core.restore(PLAIN)
    assert core.snapshot() == PLAIN and core.get_cash() == 0.0 and core.get_positions() == {}


@pytest.mark.parametrize("cash", ["0", INITIAL_CASH])
def test_reset(core_of: Any, cash: str) -> None:
    """A reset gives the state as constructed, with the constructor's cash also after a restore."""
    core, fresh = core_of(cash), core_of(cash).state_digest()
    core.restore(SNAPSHOT)
    assert core.state_digest() == digest_of(SNAPSHOT)
    for _ in range(2):
        core.reset()
        assert core.state_digest() == fresh
    assert played(core).state_digest() == played(core_of(cash)).state_digest()


def test_what_is_handed_out_is_not_shared(core_of: Any) -> None:
    """Emptying a snapshot, the positions or a result changes nothing in the core."""
    core = core_of(INITIAL_CASH)
    for step in wires():
        result = send_to(core, step)
        result["transitions"].clear()
        result.clear()
    for handed_out in (core.snapshot(), core.get_positions()):
        for inner in dicts_in(handed_out):
            inner.clear()
    assert core.snapshot() == SNAPSHOT and core.state_digest() == digest_of(SNAPSHOT)


def test_what_is_handed_in_is_not_kept(core_of: Any) -> None:
    """Emptying an event, an intent or a restored snapshot changes nothing; the core changes none of them."""
    core, steps, state = core_of(INITIAL_CASH), wires(), copy.deepcopy(SNAPSHOT)
    for step in steps:
        send_to(core, step)
    assert steps == wires()
    for handed_in in steps:
        for inner in dicts_in(handed_in):
            inner.clear()
    assert core.snapshot() == SNAPSHOT
    core.restore(state)
    assert typed(state) == typed(SNAPSHOT)
    for inner in dicts_in(state):
        inner.clear()
    assert core.snapshot() == SNAPSHOT
