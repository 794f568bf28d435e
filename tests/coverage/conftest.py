"""What the tests of the coverage-guided search share: where their helpers and those of the command line are.

Atheris has builds for Linux on x86-64 only, and those of the pinned versions for CPython 3.11 to 3.13: elsewhere the
tests that need it are not collected, and those of packing, operands and mutator are.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

# Helpers and targets are plain modules; this finds them under every import mode of pytest.
sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("coverage", "cli", "isolation")]
NEED_ATHERIS = ["test_feedback.py", "test_run.py", "test_search.py"]
collect_ignore = [] if importlib.util.find_spec("atheris") else NEED_ATHERIS
