"""The summary of a run: what was done, and where it ended.

Promises: the counts and the trace digest of docs/runtime.md, section 5; two runs with the same trace digest committed
the same records, digests of the state aside. Does not keep records. Costs one canonical JSON text a step.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from cracktrader.engine.backends import CoreProtocol
from cracktrader.engine.record import ReplayRecord
from cracktrader.engine.snapshot import canonical_json


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The committed steps by the outcome of their event, the intents, and the end state; cash and positions as text."""

    steps: int
    applied: int
    duplicates: int
    rejected: int
    intents: int
    intents_refused: int
    cash: str
    positions: dict[str, str]
    digest: str
    trace_digest: str
    violations: int
    is_stopped: bool


class Tally:
    """The counts of a run so far."""

    def __init__(self) -> None:
        self._events: Counter[str] = Counter()
        self._intents: Counter[str] = Counter()
        self._trace = hashlib.sha256()

    def add(self, record: ReplayRecord) -> None:
        """Count a committed step."""
        self._events[record["result"]["outcome"]] += 1
        self._intents.update(answer["outcome"] for answer in record["intent_results"])
        self._trace.update(f"{canonical_json({**record, 'digest': None})}\n".encode("ascii"))

    def summary(self, core: CoreProtocol, violations: int, *, is_stopped: bool) -> RunSummary:
        """The summary, with the state of the core as it is now."""
        snapshot = core.snapshot()
        return RunSummary(
            steps=self._events.total(),
            applied=self._events["applied"],
            duplicates=self._events["duplicate"],
            rejected=self._events["rejected"],
            intents=self._intents.total(),
            intents_refused=self._intents["rejected"],
            cash=snapshot["cash"],
            positions={key: position["quantity"] for key, position in snapshot["positions"].items()},
            digest=core.state_digest(),
            trace_digest=self._trace.hexdigest(),
            violations=violations,
            is_stopped=is_stopped,
        )
