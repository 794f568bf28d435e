"""The Rust test build, which has bugs planted in it: found, loaded beside the installed extension, and armed.

`make canary` builds it. The plant is chosen for the whole process, so a process runs one Rust canary at a time;
starting a case arms the right one. Where the extension in use is itself a test build, as in a coverage-guided search,
bugs are planted there.
"""

from functools import cache
from types import ModuleType

from cracktrader_fuzz.case.model import Config
from cracktrader_fuzz.errors import SubjectMissingError
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_strategies.subjects.cores import RustCore, installed_extension
from cracktrader_strategies.subjects.rust_builds import load_library, require_library

LIBRARY_VARIABLE = "CRACKTRADER_CANARY_LIBRARY"
FOLDER = "rust/target/canary"


@cache
def load_canary_extension() -> ModuleType:
    """A build that has `plant`. Raises SubjectMissingError, which says how to make it."""
    try:
        installed = installed_extension()
    except SubjectMissingError:
        installed = None
    if installed is not None and hasattr(installed, "plant"):
        return installed
    return load_library(require_library(FOLDER, LIBRARY_VARIABLE, "test", "canary"), "cracktrader_canary._rust")


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
        return super().identity().named(f"rust-{self._plant}")
