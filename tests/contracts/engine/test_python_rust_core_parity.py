"""Parity of the two cores over the golden fixtures, with strict invariants on each.

Promises, for every fixture of corpus/ that says what is right: the transition trace, final cash, final positions and
terminal order states are the fixture's on the Python core and on the Rust core, and equal between them to the bit; no
invariant breaks on either, told by either checker. A backend that is missing and a corpus that is empty fail.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cracktrader.engine.backends import BACKENDS, Backend
from cracktrader.engine.domain import TERMINAL_STATUSES
from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.rust_bridge import build_core, build_invariant_checker, is_rust_available

FIXTURES = Path(__file__).parents[3] / "corpus" / "fixtures"
FILES = sorted(FIXTURES.rglob("*.json"))
FIXTURE_COUNT_MIN = 150


def read(path: Path) -> Any:
    """The document of a fixture."""
    return json.loads(path.read_text(encoding="utf-8"))


class Played:
    """A fixture on one core, watched by the checkers of both backends in strict mode."""

    def __init__(self, fixture: Any, backend: Backend) -> None:
        config = fixture["config"]
        cash = config.get("initial_cash", 0)
        self.core = build_core(backend=backend, **config)
        self.checkers = [build_invariant_checker(name, initial_cash=cash, mode="strict") for name in BACKENDS]
        self.outcomes = [self.step(step) for step in fixture["steps"]]
        for checker in self.checkers:
            checker.verify(self.core.snapshot())

    def step(self, step: Any) -> Any:
        """The answer to a step, checked and with its digest; what is malformed changes nothing."""
        before = self.core.state_digest()
        try:
            answer: Any = self.core.process_intent(step) if "intent_type" in step else self.core.apply_event(step)
        except MalformedInputError as error:
            assert self.core.state_digest() == before
            return {"outcome": "refused", "code": error.code}
        for checker in self.checkers:
            checker.observe(step, answer, self.core.state_digest())
        return answer

    def trace(self) -> list[Any]:
        """Every transition, in order."""
        return [moved for outcome in self.outcomes for moved in outcome.get("transitions", [])]

    def terminal_states(self) -> dict[str, str]:
        """The orders that are closed, and how."""
        orders = self.core.snapshot()["orders"]
        return {name: order["status"] for name, order in orders.items() if order["status"] in TERMINAL_STATUSES}


def test_both_backends_and_the_corpus_are_here() -> None:
    """The extension is built and the fixtures are found: nothing below passes for want of either."""
    assert is_rust_available(), "the Rust extension is not built: run `make env`"
    assert len(FILES) >= FIXTURE_COUNT_MIN
    assert all(read(path)["expected"] is not None for path in FILES)


def test_fixtures_hold_duplicates_and_partial_fills() -> None:
    """The golden fixtures exercise what parity is most often lost on."""
    outcomes = [outcome for path in FILES for outcome in read(path)["expected"]["outcomes"]]
    codes = {outcome["code"] for outcome in outcomes}
    statuses = {moved["to"] for outcome in outcomes for moved in outcome.get("transitions", [])}
    assert {"duplicate_event", "overfill", "idempotency_conflict", "out_of_range"} <= codes
    assert {"PARTIALLY_FILLED", "CANCEL_PENDING", "REPLACE_PENDING", *TERMINAL_STATUSES} <= statuses


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_parity(path: Path) -> None:
    """Trace, cash, positions and terminal states are the fixture's on both cores, and so are all states and digests."""
    fixture = read(path)
    state = fixture["expected"]["state"]
    played = {backend: Played(fixture, backend) for backend in BACKENDS}
    for run in played.values():
        assert run.outcomes == fixture["expected"]["outcomes"]
        assert run.core.snapshot() == state
        assert run.core.state_digest() == fixture["expected"]["digest"]
    python, rust = (played[backend] for backend in BACKENDS)
    assert python.trace() == rust.trace()
    assert repr(python.core.get_cash()) == repr(rust.core.get_cash())
    assert list(python.core.get_positions().items()) == list(rust.core.get_positions().items())
    assert python.terminal_states() == rust.terminal_states()
    assert [checker.snapshot() for checker in python.checkers] == [checker.snapshot() for checker in rust.checkers]
    assert python.checkers[0].snapshot() == python.checkers[1].snapshot()
