"""Recovery: the way back to the state before a step that failed.

Promises: after `undo`, core, checker and view are as after the last committed step. Keeps a base (snapshots) and the
records since, and takes a new base when these outnumber the entries of the last one, so that a step's share of the cost
is constant. Does not undo callbacks. Costs a restore and at most that many steps for an undo.
"""

from __future__ import annotations

from typing import Any

from cracktrader.engine.backends import CoreProtocol, InvariantCheckerProtocol
from cracktrader.engine.events import EventWire
from cracktrader.engine.intents import IntentWire
from cracktrader.engine.record import ReplayRecord
from cracktrader.engine.snapshot import SnapshotWire
from cracktrader.engine.view import RunViewKeeper

RECORDS_KEPT_MIN = 256  # docs/runtime.md, section 5: fewer, and a small run would take a snapshot all the time


class Recovery:
    """Follows a run from the state in which its parts are now."""

    def __init__(self, core: CoreProtocol, checker: InvariantCheckerProtocol | None, view: RunViewKeeper) -> None:
        self._core = core
        self._checker = checker
        self._view = view
        self._take_base()

    def commit(self, record: ReplayRecord) -> None:
        """Take note of a step that stands."""
        self._records.append(record)
        if len(self._records) > self._records_kept_max:
            self._take_base()

    def undo(self) -> None:
        """Bring core, checker and view back to the last step that stands."""
        self._core.restore(self._core_base)
        self._view.put_back(self._view_base)
        if self._checker is not None:
            self._checker.restore(self._checker_base)
        for record in self._records:
            self._repeat(record)

    def _take_base(self) -> None:
        self._core_base = self._core.snapshot()
        self._view_base = self._view.copy_state()
        self._checker_base: dict[str, Any] = {} if self._checker is None else self._checker.snapshot()
        self._records: list[ReplayRecord] = []
        self._records_kept_max = max(RECORDS_KEPT_MIN, _entries(self._core_base))

    def _repeat(self, record: ReplayRecord) -> None:
        self._view.note_event(record["event"], self._core.apply_event(record["event"]))
        for intent in record["intents"]:
            self._view.note_intent(intent, self._core.process_intent(intent))
        if self._checker is not None:
            observe_record(self._checker, record)


def observe_record(checker: InvariantCheckerProtocol, record: ReplayRecord) -> None:
    """Show a checker the event and the intents of a step with their answers, and the digest with the last of them."""
    inputs: list[EventWire | IntentWire] = [record["event"], *record["intents"]]
    answers = [record["result"], *record["intent_results"]]
    digests = [*(None for _ in record["intents"]), record["digest"]]
    for step, answer, digest in zip(inputs, answers, digests, strict=True):
        checker.observe(step, answer, digest)


def _entries(snapshot: SnapshotWire) -> int:
    return len(snapshot["orders"]) + len(snapshot["idempotency_keys"]) + len(snapshot["positions"])
