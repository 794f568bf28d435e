"""The bridge: a core, sequencer, checker or normaliser of the backend that was asked for.

Promises: the Rust extension is imported when it is asked for and never before, so the Python backend needs
none; a backend that is missing is an error that says how to get it, never a silent fall-back. Costs one
import.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

from cracktrader.engine.backends import (
    BACKENDS,
    Backend,
    CoreProtocol,
    EventNormalizerProtocol,
    InvariantCheckerProtocol,
    SequencerProtocol,
)
from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import BackendUnavailableError, quoted
from cracktrader.engine.invariants import CheckerMode, InvariantChecker
from cracktrader.engine.normalizer import EventNormalizer, NormalizerMode
from cracktrader.engine.sequencer import LatePolicy, Sequencer

EXTENSION = "cracktrader.engine._rust"
_WAY_OUT = 'Build it with `make env`, or with `pip install ./src` where cargo is installed, or use backend="python".'


def load_extension() -> ModuleType:
    """The extension module; BackendUnavailableError, with the way to build it, when it cannot be imported."""
    try:
        return importlib.import_module(EXTENSION)
    except ImportError as error:
        raise BackendUnavailableError(
            f"the Rust backend is not built: {EXTENSION} cannot be imported ({error}). {_WAY_OUT}"
        ) from error


def is_rust_available() -> bool:
    """Whether the extension module can be imported here."""
    try:
        load_extension()
    except BackendUnavailableError:
        return False
    return True


def build_core(initial_cash: float | str = 0.0, backend: Backend = "python") -> CoreProtocol:
    """A new core with this cash (an int, a float or a decimal string, on the 1e-16 grid).

    BackendUnavailableError for "rust" without the extension, ValueError for a backend of another name, and
    MalformedInputError for cash that is no such number.
    """
    core: CoreProtocol = _class_of(backend, DeterministicCore)(initial_cash)
    return core


def build_sequencer(
    backend: Backend = "python", *, first_seq_id: int = 1, late: LatePolicy = "error"
) -> SequencerProtocol:
    """A new sequencer, which counts up from first_seq_id and refuses or accepts late events; errors as `build_core`."""
    sequencer: SequencerProtocol = _class_of(backend, Sequencer)(first_seq_id, late)
    return sequencer


def build_invariant_checker(
    backend: Backend = "python", *, initial_cash: float | str = 0, mode: CheckerMode = "strict"
) -> InvariantCheckerProtocol:
    """A new checker for a core that starts with this cash; errors as `build_core`."""
    checker: InvariantCheckerProtocol = _class_of(backend, InvariantChecker)(initial_cash, mode)
    return checker


def build_event_normalizer(
    backend: Backend = "python", *, mode: NormalizerMode = "backtest"
) -> EventNormalizerProtocol:
    """A new normaliser; errors as `build_core`."""
    normalizer: EventNormalizerProtocol = _class_of(backend, EventNormalizer)(mode)
    return normalizer


def _class_of(backend: Backend, python_class: type[Any]) -> Callable[..., Any]:
    """The class itself for "python"; its twin, which is called `Rust<name>`, for "rust"."""
    if backend == "python":
        return python_class
    if backend == "rust":
        return _twin(load_extension(), f"Rust{python_class.__name__}")
    raise ValueError(f"backend must be one of {', '.join(BACKENDS)}, not {quoted(backend)}")


def _twin(extension: ModuleType, name: str) -> Callable[..., Any]:
    """The class of this name; one that is not there is missing in an older build."""
    twin: Callable[..., Any] | None = getattr(extension, name, None)
    if twin is None:
        raise BackendUnavailableError(f"the Rust backend is of an older build: {EXTENSION} has no {name}. {_WAY_OUT}")
    return twin
