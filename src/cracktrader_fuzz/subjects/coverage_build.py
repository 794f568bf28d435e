"""The Rust build that is compiled with SanitizerCoverage, put in the place of the installed one.

`make coverage` builds it; it is also a test build, with bugs to plant. See docs/search.md.
"""

import sys
from pathlib import Path

from cracktrader.engine.rust_bridge import EXTENSION
from cracktrader_fuzz.subjects.rust_builds import load_library, require_library

LIBRARY_VARIABLE = "CRACKTRADER_COVERAGE_LIBRARY"
FOLDER = "rust/target/coverage/coverage"


def coverage_library() -> Path:
    """Where it lies. Raises SubjectMissingError, which says how to build it."""
    return require_library(FOLDER, LIBRARY_VARIABLE, "coverage", "coverage")


def install_coverage_library() -> Path:
    """Make it the extension of this process, which must not have loaded another one; where it lies."""
    path = coverage_library()
    if EXTENSION in sys.modules:
        raise RuntimeError(f"{EXTENSION} is loaded already: the coverage build must come before the first use of it")
    sys.modules[EXTENSION] = load_library(path, EXTENSION)
    return path
