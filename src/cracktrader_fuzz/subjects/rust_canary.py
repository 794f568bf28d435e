"""The Rust test build, which has bugs planted in it: found, loaded beside the installed extension, and armed.

`make canary` builds it. The plant is chosen for the whole process, so a process runs one Rust canary at a time;
starting a case arms the right one.
"""

import importlib.machinery
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from cracktrader_fuzz.case.model import Config
from cracktrader_fuzz.subjects.cores import RustCore
from cracktrader_fuzz.subjects.protocol import BuildIdentity, SubjectMissingError

LIBRARY_VARIABLE = "CRACKTRADER_CANARY_LIBRARY"
_NAMES = {"win32": "cracktrader_engine.dll", "darwin": "libcracktrader_engine.dylib"}


def canary_library() -> Path:
    """Where the test build lies: the variable, or where `make canary` puts it, in this folder or one above."""
    named = os.environ.get(LIBRARY_VARIABLE)
    if named:
        return Path(named)
    built = Path("rust/target/canary") / _NAMES.get(sys.platform, "libcracktrader_engine.so")
    folders = (Path.cwd(), *Path.cwd().parents)
    return next((folder / built for folder in folders if (folder / built).is_file()), built)


@cache
def load_canary_extension() -> ModuleType:
    """The test build as a module. Raises SubjectMissingError, which says how to build it."""
    path = canary_library().resolve()
    if not path.is_file():
        raise SubjectMissingError(
            f"the Rust test build is not at {path}: build it with `make canary`, "
            f"or name it in the variable {LIBRARY_VARIABLE}"
        )
    loader = importlib.machinery.ExtensionFileLoader("cracktrader_canary._rust", str(path))
    spec = importlib.util.spec_from_file_location("cracktrader_canary._rust", path, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


class RustCanary(RustCore):
    """The Rust core with one planted bug."""

    def __init__(self, plant: str) -> None:
        super().__init__(load_canary_extension())
        self._plant = plant

    def start(self, config: Config) -> None:
        """Arm the plant, then a new core."""
        self._extension.plant(self._plant)
        super().start(config)

    def identity(self) -> BuildIdentity:
        """The test build, under the plant's name."""
        built = super().identity()
        return BuildIdentity(f"rust-{self._plant}", built.module, built.version, built.profile, built.sha256)
