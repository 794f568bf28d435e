"""Replay: the steps of a log done again, and held against it.

Promises: each event and intent of a log, on a new core of either backend, must give the answers of the log, and the
digests where it has them; the first difference is told by step and field. Does not call strategies or brokers: what
they said is in the log. Costs a run without its callbacks; over a `LogReader`, the memory of one record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cracktrader.engine.backends import Backend, InvariantCheckerProtocol
from cracktrader.engine.checkpoint import Checkpoint
from cracktrader.engine.error import ReplayError, quoted
from cracktrader.engine.record import ReplayRecord
from cracktrader.engine.replay_log import REPLAY_CODES, LogEnd, LogHeader, LogReader, ReplayLog
from cracktrader.engine.replay_writer import ReplayWriter
from cracktrader.engine.rust_bridge import build_core

__all__ = [
    "REPLAY_CODES",
    "LogEnd",
    "LogHeader",
    "LogReader",
    "ReplayLog",
    "ReplayRecord",
    "ReplayReport",
    "ReplayRunner",
    "ReplayWriter",
]


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """How many steps were done again, and the digest of the state after the last."""

    steps: int
    digest: str


class ReplayRunner:
    """Replays a log on a new core, from its start or from a checkpoint within it."""

    def __init__(
        self,
        log: ReplayLog | LogReader,
        *,
        backend: Backend = "python",
        checkpoint: Checkpoint | None = None,
        checker: InvariantCheckerProtocol | None = None,
    ) -> None:
        self._log = log
        self._checkpoint = checkpoint
        self._checker = checker
        self._core = build_core(log.header.initial_cash, backend)

    def run(self) -> ReplayReport:
        """Do every step again; ReplayError `divergence` at the first difference, `checkpoint_mismatch`, or damage."""
        first = self._start()
        step = self._log.header.first_step
        for record in self._log:
            if step >= first:
                self._replay(record)
            step += 1
        if step < first:
            raise _not_within(first)
        digest = self._core.state_digest()
        if self._log.end is not None and digest != self._log.end.digest:
            raise _divergence(None, "end.digest", self._log.end.digest, digest)
        return ReplayReport(step - first, digest)

    def _start(self) -> int:
        """Bring the core to where the replay starts; the number of the first step."""
        header, checkpoint = self._log.header, self._checkpoint
        step = 0 if checkpoint is None else checkpoint.step
        if checkpoint is None and header.first_step:
            raise ReplayError(
                f"the log starts at step {header.first_step}; replay it from the checkpoint that it went on from",
                "checkpoint_mismatch",
            )
        if step < header.first_step:
            raise _not_within(step)
        if checkpoint is not None:
            checkpoint.restore_core(self._core)
            if self._checker is not None and checkpoint.checker is not None:
                self._checker.restore(checkpoint.checker)
        digest = self._core.state_digest()
        if step == header.first_step and digest != header.digest:
            raise _divergence(None, "header.digest", header.digest, digest)
        return step

    def _replay(self, record: ReplayRecord) -> None:
        step, checker = record["step"], self._checker
        result = self._core.apply_event(record["event"])
        _compare(step, "result", record["result"], result)
        if checker is not None:
            checker.observe(record["event"], result)
        for place, intent in enumerate(record["intents"]):
            answer = self._core.process_intent(intent)
            _compare(step, f"intent_results[{place}]", record["intent_results"][place], answer)
            if checker is not None:
                checker.observe(intent, answer)
        if record["digest"] is not None:
            _compare(step, "digest", record["digest"], self._core.state_digest())


def _compare(step: int, field: str, expected: object, actual: object) -> None:
    difference = next(_differences(field, expected, actual), None)
    if difference is not None:
        raise _divergence(step, *difference)


def _differences(field: str, expected: object, actual: object) -> Iterator[tuple[str, object, object]]:
    """(field, expected, actual), depth first, types and values."""
    if isinstance(expected, dict) and isinstance(actual, dict) and expected.keys() == actual.keys():
        for key, value in expected.items():
            yield from _differences(f"{field}.{key}", value, actual[key])
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for place, value in enumerate(expected):
            yield from _differences(f"{field}[{place}]", value, actual[place])
    elif type(expected) is not type(actual) or expected != actual:
        yield field, expected, actual


def _not_within(step: int) -> ReplayError:
    return ReplayError(f"the checkpoint's step {step} is not within the log", "checkpoint_mismatch")


def _divergence(step: int | None, field: str, expected: object, actual: object) -> ReplayError:
    place = "" if step is None else f"step {step}: "
    message = f"{place}{field} is {quoted(actual)} in the replay, and {quoted(expected)} in the log"
    return ReplayError(message, "divergence", None, step, field, expected, actual)
