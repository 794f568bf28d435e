"""The two sides: where NautilusTrader keeps its order model in Cython, and where in Rust.

Both need the package, which is an extra; without it each use is a SubjectMissingError that says how to get it.
"""

import importlib
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from cracktrader_fuzz.errors import SubjectMissingError
from cracktrader_fuzz.target.identity import identity_of
from cracktrader_fuzz.target.protocol import BuildIdentity
from nautilus_strategies.construction import DECIMAL

PACKAGE = "nautilus_trader"
CYTHON_MODULES = (
    "core.uuid",
    "model.enums",
    "model.events",
    "model.identifiers",
    "model.instruments",
    "model.objects",
    "model.orders",
    "model.position",
)
RUST_MODULE = "core.nautilus_pyo3"
CYTHON_FILES = ("model/orders/*.so", "model/events/*.so", "model/position*.so", "model/objects*.so", "core/fsm*.so")
RUST_FILES = ("core/nautilus_pyo3*.so",)


@cache
def cython_names() -> Mapping[str, Any]:
    """Every public name of the Cython side."""
    names: dict[str, Any] = dict(DECIMAL)
    for module in CYTHON_MODULES:
        names.update(_public(_module(module)))
    return names


@cache
def rust_names() -> Mapping[str, Any]:
    """Every public name of the Rust side."""
    return {**_public(_module(RUST_MODULE)), **DECIMAL}


def cython_identity() -> BuildIdentity:
    """The Cython side's build: the extension modules of orders, events, position and numbers."""
    return _identity("cython", f"{PACKAGE}.model", CYTHON_FILES)


def rust_identity() -> BuildIdentity:
    """The Rust side's build: the one extension module that it is."""
    return _identity("rust", f"{PACKAGE}.{RUST_MODULE}", RUST_FILES)


def _module(name: str) -> ModuleType:
    os.environ["RUST_BACKTRACE"] = "0"  # one takes longer than all else that a case does, and is not shown
    try:
        return importlib.import_module(f"{PACKAGE}.{name}")
    except ImportError as error:
        reason = f"{type(error).__name__}: {error}"
        raise SubjectMissingError(f"NautilusTrader is not installed ({reason}): pip install .[nautilus]") from error


def _public(module: ModuleType) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if not name.startswith("_")}


@cache
def _identity(subject: str, module: str, patterns: tuple[str, ...]) -> BuildIdentity:
    package = _module("core").__file__
    assert package is not None
    folder = Path(package).parent.parent
    version: str = importlib.import_module("importlib.metadata").version(PACKAGE)
    files = [path for pattern in patterns for path in folder.glob(pattern)]
    return identity_of(subject, module, version, "release", files)
