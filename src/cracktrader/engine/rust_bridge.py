"""The bridge: a core of the backend that was asked for.

Promises: the Rust extension is imported when it is asked for and never before, so the Python backend needs
none; a backend that is missing is an error that says how to get it, never a silent fall-back. Costs one
import.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from cracktrader.engine.backends import BACKENDS, Backend, CoreProtocol
from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import BackendUnavailableError, quoted

EXTENSION = "cracktrader.engine._rust"


def load_extension() -> ModuleType:
    """The extension module; BackendUnavailableError, with the way to build it, when it cannot be imported."""
    try:
        return importlib.import_module(EXTENSION)
    except ImportError as error:
        raise BackendUnavailableError(
            f"the Rust backend is not built: {EXTENSION} cannot be imported ({error}). Build it with "
            '`make env`, or with `pip install .` where cargo is installed, or use backend="python".'
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
    if backend == "python":
        return DeterministicCore(initial_cash)
    if backend == "rust":
        core: CoreProtocol = load_extension().RustDeterministicCore(initial_cash)
        return core
    raise ValueError(f"backend must be one of {', '.join(BACKENDS)}, not {quoted(backend)}")
