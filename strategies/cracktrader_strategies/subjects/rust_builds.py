"""Other builds of the Rust extension than the installed one: where they lie, and how they are loaded beside it.

`make canary` makes the test build, which has bugs to plant (`subjects.rust_canary`). `make coverage` makes one that is
compiled with SanitizerCoverage as well, to be put in the place of the installed one (`docs/search.md`).
"""

import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

from cracktrader.engine.rust_bridge import EXTENSION
from cracktrader_fuzz.errors import SubjectMissingError

COVERAGE_VARIABLE = "CRACKTRADER_COVERAGE_LIBRARY"
COVERAGE_FOLDER = "rust/target/coverage/coverage"
_NAMES = {"win32": "cracktrader_engine.dll", "darwin": "libcracktrader_engine.dylib"}


def find_library(folder: str, variable: str) -> Path:
    """Where a build is: what the variable says, or in `folder`, relative to this folder or to one above."""
    named = os.environ.get(variable)
    if named:
        return Path(named)
    built = Path(folder) / _NAMES.get(sys.platform, "libcracktrader_engine.so")
    folders = (Path.cwd(), *Path.cwd().parents)
    return next((each / built for each in folders if (each / built).is_file()), built)


def require_library(folder: str, variable: str, what: str, rule: str) -> Path:
    """The same, absolute. Raises SubjectMissingError, which names `what` is missing and the `rule` that builds it."""
    path = find_library(folder, variable).resolve()
    if not path.is_file():
        raise SubjectMissingError(
            f"the Rust {what} build is not at {path}: build it with `make {rule}`, "
            f"or name it in the variable {variable}"
        )
    return path


def load_library(path: Path, module_name: str) -> ModuleType:
    """The library as a module of that name, which is not entered into `sys.modules`."""
    loader = importlib.machinery.ExtensionFileLoader(module_name, str(path))
    spec = importlib.util.spec_from_file_location(module_name, path, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def coverage_library() -> Path:
    """The build that counts its edges. Raises SubjectMissingError, which says how to make it."""
    return require_library(COVERAGE_FOLDER, COVERAGE_VARIABLE, "coverage", "coverage")


def install_coverage_library() -> Path:
    """Make it the extension of this process, which must not have loaded another one; its path."""
    path = coverage_library()
    if EXTENSION in sys.modules:
        raise RuntimeError(f"{EXTENSION} is loaded already: the coverage build must come before the first use of it")
    sys.modules[EXTENSION] = load_library(path, EXTENSION)
    return path
