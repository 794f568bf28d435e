"""Cracktrader: a deterministic trading engine with a Python core and a Rust core of the same behaviour.

from cracktrader import build_core
core = build_core(initial_cash=1000.0, backend="python")
"""

from __future__ import annotations

from cracktrader.engine.backends import Backend, CoreProtocol
from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import BackendUnavailableError, MalformedInputError
from cracktrader.engine.events import EngineEvent
from cracktrader.engine.intents import EngineIntent
from cracktrader.engine.results import OrderTransition, TransitionResult
from cracktrader.engine.rust_bridge import build_core, is_rust_available

__all__ = [
    "Backend",
    "BackendUnavailableError",
    "CoreProtocol",
    "DeterministicCore",
    "EngineEvent",
    "EngineIntent",
    "MalformedInputError",
    "OrderTransition",
    "TransitionResult",
    "build_core",
    "is_rust_available",
]
