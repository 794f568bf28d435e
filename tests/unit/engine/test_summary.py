"""The summary: counts by outcome, and a trace digest that tells one run from another."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.runner import EngineRunner
from cracktrader.engine.sequencer import Sequencer
from cracktrader.engine.summary import Tally


def records_of(bar_feed: Any, trading: Any, times: list[int]) -> list[Any]:
    """The records of a run over bars at these times."""
    records: list[Any] = []
    sequencer = Sequencer(late="accept")
    observers = [lambda record, _: records.append(record)]
    EngineRunner(DeterministicCore(1000), sequencer=sequencer, observers=observers, **trading).run(bar_feed(times))
    return records


def test_counts(bar_feed: Any, trading: Any) -> None:
    """Steps are counted by the outcome of their event, intents apart from those refused."""
    tally = Tally()
    for record in records_of(bar_feed, trading, [10, 5]):
        tally.add(record)
    core = DeterministicCore("2.50")
    summary = tally.summary(core, 3, is_stopped=True)
    assert (summary.steps, summary.applied, summary.duplicates, summary.rejected) == (5, 4, 0, 1)
    assert (summary.intents, summary.intents_refused) == (1, 0)
    assert (summary.cash, summary.positions, summary.violations, summary.is_stopped) == ("2.5", {}, 3, True)
    assert summary.digest == core.state_digest()


def test_trace_digest_is_the_documented_hash(bar_feed: Any, trading: Any) -> None:
    """SHA-256 over each record's canonical JSON and a line end, its digest null."""
    tally, text = Tally(), ""
    for record in records_of(bar_feed, trading, [10, 20]):
        tally.add(record)
        text += json.dumps(record | {"digest": None}, sort_keys=True, separators=(",", ":")) + "\n"
    summary = tally.summary(DeterministicCore(), 0, is_stopped=False)
    assert summary.trace_digest == hashlib.sha256(text.encode()).hexdigest()
    assert Tally().summary(DeterministicCore(), 0, is_stopped=False).trace_digest == hashlib.sha256().hexdigest()
