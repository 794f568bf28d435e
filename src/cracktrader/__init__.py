"""Cracktrader: a deterministic trading engine with a Python core and a Rust core of the same behaviour.

import cracktrader as ct
core = ct.build_core(initial_cash=1000.0, backend="python")
engine = ct.CracktraderEngine(engine_backend="python")

Importing this package loads neither the extension nor backtrader: they are loaded when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cracktrader.broker_sim import FeeModel, SimulatedBroker
from cracktrader.engine.backends import Backend, CoreProtocol
from cracktrader.engine.checkpoint import Checkpoint
from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import (
    BackendUnavailableError,
    CheckpointError,
    InvariantViolationError,
    MalformedInputError,
    ReplayError,
    SequenceError,
    StepError,
)
from cracktrader.engine.events import EngineEvent
from cracktrader.engine.intents import EngineIntent
from cracktrader.engine.replay import LogReader, ReplayLog, ReplayRunner
from cracktrader.engine.results import OrderTransition, TransitionResult
from cracktrader.engine.rust_bridge import (
    build_core,
    build_event_normalizer,
    build_invariant_checker,
    build_sequencer,
    is_rust_available,
)
from cracktrader.engine.summary import RunSummary
from cracktrader.engine_runtime import CerebroEngineRuntime, CracktraderEngine
from cracktrader.factories import Broker, Feed, Store
from cracktrader.feeds import (
    AsyncFeedCursor,
    AsyncFeedPort,
    CsvFeedCursor,
    FeedError,
    InMemoryFeedCursor,
    InMemoryFeedPort,
)
from cracktrader.registry import register_exchange
from cracktrader.sessions import Session, exchange
from cracktrader.stores import clear_stores
from cracktrader.strategy import Strategy, StrategyOrder

if TYPE_CHECKING:
    from cracktrader.compat.cerebro import Cerebro

__all__ = [
    "AsyncFeedCursor",
    "AsyncFeedPort",
    "Backend",
    "BackendUnavailableError",
    "Broker",
    "Cerebro",
    "CerebroEngineRuntime",
    "Checkpoint",
    "CheckpointError",
    "CoreProtocol",
    "CracktraderEngine",
    "CsvFeedCursor",
    "DeterministicCore",
    "EngineEvent",
    "EngineIntent",
    "FeeModel",
    "Feed",
    "FeedError",
    "InMemoryFeedCursor",
    "InMemoryFeedPort",
    "InvariantViolationError",
    "LogReader",
    "MalformedInputError",
    "OrderTransition",
    "ReplayError",
    "ReplayLog",
    "ReplayRunner",
    "RunSummary",
    "SequenceError",
    "Session",
    "SimulatedBroker",
    "StepError",
    "Store",
    "Strategy",
    "StrategyOrder",
    "TransitionResult",
    "build_core",
    "build_event_normalizer",
    "build_invariant_checker",
    "build_sequencer",
    "clear_stores",
    "exchange",
    "is_rust_available",
    "register_exchange",
]


def __getattr__(name: str) -> Any:
    """`Cerebro` is loaded when it is asked for, since it needs backtrader."""
    if name != "Cerebro":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from cracktrader.compat.cerebro import Cerebro
    except ModuleNotFoundError as error:
        if error.name != "backtrader":
            raise
        raise ImportError("Cerebro needs backtrader; pip install 'cracktrader-engine[backtrader]'") from error
    return Cerebro
