"""The runner: a feed, a strategy and a broker around an injected core, one event at a time.

Promises: the stages of docs/runtime.md, section 5, in their order; a step is all or nothing, for the core, the checker,
the view, the sequencer and the log; the same input gives the same records, whatever the backend. Does not read a clock,
choose a backend, or undo what callbacks did for themselves. Costs two JSON texts of the record and a few copies a step
beside what its parts cost, and a digest in proportion to the state at each step that takes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from os import PathLike
from typing import Literal, get_args

from cracktrader.engine.backends import CoreProtocol, InvariantCheckerProtocol, SequencerProtocol
from cracktrader.engine.checkpoint import Checkpoint
from cracktrader.engine.error import CheckpointError, MalformedInputError, StepError
from cracktrader.engine.events import EventWire, UnsequencedWire
from cracktrader.engine.intents import IntentWire
from cracktrader.engine.numbers import parse_integer
from cracktrader.engine.ports import (
    AsyncFeedPort,
    Batch,
    Broker,
    FeedPort,
    Observer,
    Strategy,
    ask_broker,
    ask_strategy,
    context_of,
)
from cracktrader.engine.record import ReplayRecord, all_transitions
from cracktrader.engine.recovery import Recovery, observe_record
from cracktrader.engine.replay_writer import ReplayWriter
from cracktrader.engine.results import ResultWire
from cracktrader.engine.sequencer import Sequencer
from cracktrader.engine.summary import RunSummary, Tally
from cracktrader.engine.view import RunView, RunViewKeeper

Stage = Literal[
    "CONFIGURE",
    "BOOTSTRAP",
    "INGEST",
    "SEQUENCE",
    "APPLY",
    "STRATEGY",
    "BROKER",
    "OBSERVE",
    "COMMIT",
    "SHUTDOWN",
]
STAGES: tuple[Stage, ...] = get_args(Stage)

BROKER_PRODUCER = 2**31  # docs/runtime.md, section 5: above the index of any feed, so that feeds come first


class EngineRunner:
    """Runs events through an injected core; MalformedInputError for a count that is none.

    `checkpoints` is the path of a file that is written every `checkpoint_every` steps (0: only at the end), and a
    digest of the state is taken every `digest_every` steps (0: never).
    """

    def __init__(
        self,
        core: CoreProtocol,
        *,
        strategy: Strategy | None = None,
        broker: Broker | None = None,
        observers: Iterable[Observer] = (),
        sequencer: SequencerProtocol | None = None,
        checker: InvariantCheckerProtocol | None = None,
        writer: ReplayWriter | None = None,
        checkpoints: str | PathLike[str] | None = None,
        checkpoint_every: int = 0,
        digest_every: int = 1,
    ) -> None:
        self._core = core
        self._strategy = strategy
        self._broker = broker
        self._observers = tuple(observers)
        self._sequencer: SequencerProtocol = Sequencer() if sequencer is None else sequencer
        self._checker = checker
        self._writer = writer
        self._checkpoints = checkpoints
        self._checkpoint_every = parse_integer(checkpoint_every, "checkpoint_every")
        self._digest_every = parse_integer(digest_every, "digest_every")
        self._keeper = RunViewKeeper(core)
        self._recovery: Recovery | None = None
        self._tally = Tally()
        self._steps = 0
        self._until: int | None = None
        self._initial_cash: str | None = None
        self._placed: list[str] | None = None
        self._is_stopped = False
        self._summary: RunSummary | None = None
        self._stage: Stage = "BOOTSTRAP"
        self._seq_id: int | None = None
        self._is_broker_asked = False

    @property
    def view(self) -> RunView:
        """The state of the run, for reading."""
        return self._keeper

    @property
    def steps(self) -> int:
        """How many steps are committed, those before a resumed checkpoint included."""
        return self._steps

    def stop(self) -> None:
        """End the run after the step under way; what still waits is left."""
        self._is_stopped = True

    def run(self, feed_port: FeedPort) -> RunSummary:
        """Take the feed to its end, event by event, and shut down; StepError, and the log closed, when a step fails."""
        with self._closing_on_failure():
            self._skip_seen(feed_port)
            while not self._is_stopped:
                with self._failing_at("INGEST"):
                    batch = feed_port.next_batch()
                if batch is None:
                    break
                self._advance(batch)
            return self._finish()

    async def run_async(self, feed_port: AsyncFeedPort) -> RunSummary:
        """The same over a feed that is awaited."""
        with self._closing_on_failure():
            self._skip_seen(feed_port)
            while not self._is_stopped:
                with self._failing_at("INGEST"):
                    batch = await feed_port.next_batch()
                if batch is None:
                    break
                self._advance(batch)
            return self._finish()

    def ingest(self, batch: Batch) -> None:
        """Hand unsequenced events to the sequencer; StepError at the first that it does not take."""
        self._bootstrap()
        self._seq_id = None
        with self._failing_at("INGEST"):
            for event, producer in batch:
                self._sequencer.push(event, producer)
                self._until = max(self._until or 0, event["event_time"])

    def step(self, until: int | None = None) -> ReplayRecord | None:
        """Take the next event that is due through all stages: its record, or None; StepError when it fails."""
        record = self._step(until)
        return None if record is None else deepcopy(record)

    def checkpoint(self) -> Checkpoint:
        """All that is needed to go on from here."""
        self._bootstrap()
        save_broker = getattr(self._broker, "snapshot", None)
        return Checkpoint(
            step=self._steps,
            initial_cash=str(self._initial_cash),
            until=self._until,
            digest=self._core.state_digest(),
            placed=[order.order_id for order in self._keeper.orders()],
            core=dict(self._core.snapshot()),
            sequencer=dict(self._sequencer.snapshot()),
            checker=None if self._checker is None else dict(self._checker.snapshot()),
            broker=None if save_broker is None else save_broker(),
        )

    def resume(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint, before the first event; CheckpointError when it does not fit."""
        if self._recovery is not None:
            raise RuntimeError("a run resumes before its first event; make a new runner")
        checkpoint.restore_core(self._core)
        try:
            self._sequencer.restore(checkpoint.sequencer)
            if self._checker is not None and checkpoint.checker is not None:
                self._checker.restore(checkpoint.checker)
        except MalformedInputError as error:
            raise CheckpointError(
                f"the checkpoint of step {checkpoint.step}: {error}", "malformed_checkpoint"
            ) from error
        load_broker = getattr(self._broker, "restore", None)
        if load_broker is not None and checkpoint.broker is not None:
            load_broker(checkpoint.broker)
        self._steps, self._until = checkpoint.step, checkpoint.until
        self._initial_cash, self._placed = checkpoint.initial_cash, checkpoint.placed

    def shutdown(self) -> RunSummary:
        """Verify the books, write the last checkpoint and the end line, and close; a second call does nothing."""
        if self._summary is not None:
            return self._summary
        self._bootstrap()
        self._seq_id = None
        with self._failing_at("SHUTDOWN"):
            if self._checker is not None:
                self._checker.verify(self._core.snapshot())
            violations = 0 if self._checker is None else self._checker.violation_count()
            summary = self._tally.summary(self._core, violations, is_stopped=self._is_stopped)
            if self._checkpoints is not None:
                self.checkpoint().write(self._checkpoints)
            if self._writer is not None:
                self._writer.end(summary.digest)
        self.close()
        self._summary = summary
        return summary

    def close(self) -> None:
        """Close the log without an end line, as after a failure; a second call does nothing."""
        if self._writer is not None:
            self._writer.close()

    def _bootstrap(self) -> None:
        if self._recovery is None:
            start = self._core.snapshot()
            self._keeper.read_snapshot(start, self._placed)
            self._initial_cash = self._initial_cash or start["cash"]
            self._recovery = Recovery(self._core, self._checker, self._keeper)

    def _skip_seen(self, feed_port: FeedPort | AsyncFeedPort) -> None:
        self._bootstrap()
        if self._until is not None:
            with self._failing_at("INGEST"):
                feed_port.skip(self._until)

    def _advance(self, batch: Batch) -> None:
        self.ingest(batch)
        self._drain(self._until)

    def _finish(self) -> RunSummary:
        self._drain(None)
        return self.shutdown()

    def _drain(self, until: int | None) -> None:
        while not self._is_stopped and self._step(until) is not None:
            pass

    def _step(self, until: int | None) -> ReplayRecord | None:
        self._bootstrap()
        self._seq_id, self._is_broker_asked = None, False
        try:
            with self._failing_at("SEQUENCE"):
                record = self._run_stages(until)
                if record is None:
                    return None
                self._stage = "COMMIT"
                if self._writer is not None:
                    self._writer.write(record)
        except BaseException:
            self._undo()
            raise
        self._commit(record, until)
        return record

    def _run_stages(self, until: int | None) -> ReplayRecord | None:
        event = self._sequencer.peek(until)
        if event is None:
            return None
        self._seq_id, self._stage = event["seq_id"], "APPLY"
        result = self._core.apply_event(event)
        self._keeper.note_event(event, result)
        intents: list[IntentWire] = []
        answers: list[ResultWire] = []
        reports: list[UnsequencedWire] = []
        if result["outcome"] == "applied":
            self._stage = "STRATEGY"
            intents = ask_strategy(self._strategy, context_of(self._steps, event, result, self._keeper))
            answers = [self._process(intent) for intent in intents]
            self._stage, self._is_broker_asked = "BROKER", True
            pairs = zip(intents, answers, strict=True)
            accepted = [intent for intent, answer in pairs if answer["outcome"] == "applied"]
            reports = ask_broker(self._broker, context_of(self._steps, event, result, self._keeper), accepted)
        self._stage = "OBSERVE"
        return self._seal(event, result, intents, answers, reports)

    def _process(self, intent: IntentWire) -> ResultWire:
        answer = self._core.process_intent(intent)
        self._keeper.note_intent(intent, answer)
        return answer

    def _seal(
        self,
        event: EventWire,
        result: ResultWire,
        intents: list[IntentWire],
        answers: list[ResultWire],
        reports: list[UnsequencedWire],
    ) -> ReplayRecord:
        is_digest_due = self._digest_every and (self._steps + 1) % self._digest_every == 0
        record: ReplayRecord = {
            "step": self._steps,
            "event": event,
            "result": result,
            "intents": intents,
            "intent_results": answers,
            "broker_events": reports,
            "transitions": all_transitions(result, answers),
            "digest": self._core.state_digest() if is_digest_due else None,
        }
        if self._checker is not None:
            observe_record(self._checker, record)
        return record

    def _undo(self) -> None:
        if self._recovery is not None:
            self._recovery.undo()
        take_back = getattr(self._broker, "rollback", None)
        if take_back is not None and self._is_broker_asked:
            take_back()

    def _commit(self, record: ReplayRecord, until: int | None) -> None:
        """The record is written: nothing up to the observers can fail any more, since all of it was checked."""
        self._sequencer.drain(until, 1)
        for event in record["broker_events"]:
            self._sequencer.push(event, BROKER_PRODUCER)
        if self._recovery is not None:
            self._recovery.commit(record)
        self._tally.add(record)
        self._steps += 1
        if self._checkpoints is not None and self._checkpoint_every and self._steps % self._checkpoint_every == 0:
            with self._failing_at("COMMIT", is_committed=True):
                self.checkpoint().write(self._checkpoints)
        self._tell_observers(record)

    def _tell_observers(self, record: ReplayRecord) -> None:
        """Tell every observer, and then of the first error."""
        errors: list[StepError] = []
        for observer in self._observers:
            try:
                with self._failing_at("COMMIT", is_committed=True):
                    observer(deepcopy(record), self._keeper)
            except StepError as error:
                errors.append(error)
        if errors:
            raise errors[0]

    @contextmanager
    def _closing_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _failing_at(self, stage: Stage, *, is_committed: bool = False) -> Iterator[None]:
        """Whatever is raised within is a StepError from it, at the stage that the step has reached by then."""
        self._stage = stage
        step = self._steps - is_committed
        try:
            yield
        except StepError:
            raise
        except Exception as error:
            cause = f"{type(error).__name__}: {error}"
            raise StepError(step, self._stage, self._seq_id, cause, is_committed) from error
