"""The runtime: a run put together from parts of one backend, and the engine that a user calls.

Promises: `engine_backend` decides the language of the core, the sequencer, the checker and the normaliser, and nothing
else: results do not depend on it. A backend that is missing is told before a file is opened or a feed is read. Does not
read a clock. Costs what the runner costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

from cracktrader.broker_sim.simulated import SimulatedBroker
from cracktrader.engine.backends import Backend
from cracktrader.engine.checkpoint import Checkpoint
from cracktrader.engine.error import CheckpointError, quoted
from cracktrader.engine.identifiers import instrument_key
from cracktrader.engine.numbers import money_text, parse_money
from cracktrader.engine.replay_log import LogHeader
from cracktrader.engine.replay_writer import ReplayWriter
from cracktrader.engine.runner import EngineRunner
from cracktrader.engine.rust_bridge import (
    build_core,
    build_event_normalizer,
    build_invariant_checker,
    build_sequencer,
)
from cracktrader.engine.summary import RunSummary
from cracktrader.factories import Broker
from cracktrader.feeds.ports import InMemoryFeedPort
from cracktrader.strategy import Strategy
from cracktrader.strategy_host import StrategyHost

Mode = Literal["backtest", "paper", "live"]
InvariantMode = Literal["strict", "warn", "off"]
AnyPath = str | PathLike[str]
Callback = Callable[..., Any]

MODES: tuple[Mode, ...] = get_args(Mode)
INVARIANT_MODES: tuple[InvariantMode, ...] = get_args(InvariantMode)


class CerebroEngineRuntime:
    """One run of a feed port, a strategy callback and a broker callback; docs/runtime.md, section 10.

    `initial_cash` is a number on the 1e-16 grid; after `resume_from` (a checkpoint or its path) the checkpoint's holds.
    `log` is the path of a new log, `checkpoint` that of a file that is written anew every `checkpoint_every` steps, and
    at the end. Without a broker, backtest and paper have a simulated one. ValueError for another mode, backend or kind
    of invariants, BackendUnavailableError where the backend is missing.
    """

    def __init__(
        self,
        *,
        engine_backend: Backend = "python",
        mode: Mode = "backtest",
        initial_cash: float | str = 0,
        strategy: Callback | None = None,
        broker: Callback | None = None,
        feed_port: Any,
        observers: Sequence[Callback] = (),
        invariants: InvariantMode = "strict",
        log: AnyPath | None = None,
        checkpoint: AnyPath | None = None,
        checkpoint_every: int = 0,
        resume_from: Checkpoint | AnyPath | None = None,
        digest_every: int = 0,
    ) -> None:
        _require("mode", mode, MODES)
        _require("invariants", invariants, INVARIANT_MODES)
        core = build_core(initial_cash, engine_backend)
        sequencer = build_sequencer(engine_backend, late="accept" if mode == "live" else "error")
        self.engine_backend = engine_backend
        self._feed_port = feed_port
        _give_normalizer(feed_port, engine_backend, mode)
        start = resume_from if isinstance(resume_from, Checkpoint | None) else Checkpoint.read(resume_from)
        cash = money_text(parse_money(initial_cash, "initial_cash")) if start is None else start.initial_cash
        if start is not None:
            core = build_core(cash, engine_backend)
        checker = (
            None if invariants == "off" else build_invariant_checker(engine_backend, initial_cash=cash, mode=invariants)
        )
        first_step, digest = (0, core.state_digest()) if start is None else (start.step, start.digest)
        header = LogHeader(engine_backend, mode, cash, first_step, digest)
        self.runner = EngineRunner(
            core,
            strategy=strategy,
            broker=SimulatedBroker() if broker is None and mode != "live" else broker,
            observers=observers,
            sequencer=sequencer,
            checker=checker,
            writer=None if log is None else ReplayWriter(log, header),
            checkpoints=checkpoint,
            checkpoint_every=checkpoint_every,
            digest_every=digest_every,
        )
        if start is not None:
            self._resume(start, log)

    def _resume(self, start: Checkpoint, log: AnyPath | None) -> None:
        """Go on from a checkpoint; one that does not fit leaves no log behind."""
        try:
            self.runner.resume(start)
        except CheckpointError:
            self.runner.close()
            if log is not None:
                Path(log).unlink()
            raise

    def run(self) -> RunSummary:
        """Run the feed to its end; StepError, with the step and the stage, when a step fails."""
        return self.runner.run(self._feed_port)

    async def run_async(self) -> RunSummary:
        """The same over an async feed port; the trace is the same as well."""
        return await self.runner.run_async(self._feed_port)


class CracktraderEngine:
    """The engine that a user calls: `run_native` with callbacks, or `run` with feeds, strategies and a broker."""

    def __init__(
        self,
        *,
        engine_backend: Backend = "python",
        mode: Mode = "backtest",
        invariants: InvariantMode = "strict",
    ) -> None:
        _require("mode", mode, MODES)
        _require("invariants", invariants, INVARIANT_MODES)
        build_core(0, engine_backend)  # a backend that is missing is told here
        self.engine_backend = engine_backend
        self.mode = mode
        self.invariants = invariants
        self._feeds: list[Any] = []
        self._strategies: list[tuple[type[Strategy], dict[str, Any]]] = []
        self._broker: Any = None

    def run_native(
        self,
        *,
        feed_port: Any,
        strategy_callback: Callback | None = None,
        broker_callback: Callback | None = None,
        initial_cash: float | str = 0,
        engine_backend: Backend | None = None,
        observers: Sequence[Callback] = (),
        log: AnyPath | None = None,
        checkpoint: AnyPath | None = None,
        resume_from: Checkpoint | AnyPath | None = None,
        digest_every: int = 0,
    ) -> RunSummary:
        """Run callbacks over a feed port; for the arguments and errors see `CerebroEngineRuntime`."""
        return self._runtime(
            feed_port=feed_port,
            strategy=strategy_callback,
            broker=broker_callback,
            initial_cash=initial_cash,
            engine_backend=engine_backend,
            observers=observers,
            log=log,
            checkpoint=checkpoint,
            resume_from=resume_from,
            digest_every=digest_every,
        ).run()

    async def run_native_async(
        self,
        *,
        feed_port: Any,
        strategy_callback: Callback | None = None,
        broker_callback: Callback | None = None,
        initial_cash: float | str = 0,
        engine_backend: Backend | None = None,
        observers: Sequence[Callback] = (),
        log: AnyPath | None = None,
        checkpoint: AnyPath | None = None,
        resume_from: Checkpoint | AnyPath | None = None,
        digest_every: int = 0,
    ) -> RunSummary:
        """The same over an async feed port."""
        return await self._runtime(
            feed_port=feed_port,
            strategy=strategy_callback,
            broker=broker_callback,
            initial_cash=initial_cash,
            engine_backend=engine_backend,
            observers=observers,
            log=log,
            checkpoint=checkpoint,
            resume_from=resume_from,
            digest_every=digest_every,
        ).run_async()

    def add_feed(self, feed: Any) -> None:
        """Add a feed; ValueError when there is one of the same symbol, whose bars could not be told from its own."""
        key = instrument_key(feed.exchange, feed.symbol)
        if any(instrument_key(known.exchange, known.symbol) == key for known in self._feeds):
            raise ValueError(f"there is a feed of {quoted(key)} already; a run takes one timeframe of an instrument")
        self._feeds.append(feed)

    def add_strategy(self, strategy_class: type[Strategy], **arguments: Any) -> None:
        """Add a strategy; each run makes a new one of its class with these arguments."""
        self._strategies.append((strategy_class, arguments))

    def set_broker(self, broker: Any) -> None:
        """Use this broker instead of a new one with the standard cash."""
        self._broker = broker

    def run(self) -> RunSummary:
        """Run the strategies over the feeds; ValueError without a feed, StepError when a step fails."""
        if not self._feeds:
            raise ValueError("a run needs a feed; add one with add_feed()")
        if self._broker is None:
            self._broker = Broker(self.mode)
        strategies = [strategy_class(**arguments) for strategy_class, arguments in self._strategies]
        host = StrategyHost(strategies, self._feeds, self._broker)
        runtime = self._runtime(
            feed_port=InMemoryFeedPort([feed.cursor() for feed in self._feeds]),
            strategy=host,
            broker=self._broker.connect(),
            initial_cash=self._broker.initial_cash,
            observers=(host.after_step,),
        )
        host.start()
        summary = runtime.run()
        host.stop()
        return summary

    def _runtime(self, *, engine_backend: Backend | None = None, **parts: Any) -> CerebroEngineRuntime:
        backend = self.engine_backend if engine_backend is None else engine_backend
        return CerebroEngineRuntime(engine_backend=backend, mode=self.mode, invariants=self.invariants, **parts)


def _require(name: str, word: object, words: Sequence[str]) -> None:
    if word not in words:
        raise ValueError(f"{name} must be one of {', '.join(words)}, not {quoted(word)}")


def _give_normalizer(feed_port: Any, backend: Backend, mode: Mode) -> None:
    """Let a port that has no normaliser yet use one of this backend."""
    if getattr(feed_port, "normalizer", feed_port) is None:
        feed_port.normalizer = build_event_normalizer(backend, mode=mode)
