"""Other builds of the Rust extension than the installed one: where they lie, and how they are loaded beside it."""

import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

from cracktrader_fuzz.subjects.protocol import SubjectMissingError

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
