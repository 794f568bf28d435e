"""Helpers for the harness's unit tests."""

from __future__ import annotations

import sys
from pathlib import Path

# `tally` is a plain module beside the tests; this finds it under every import mode of pytest.
sys.path.insert(0, str(Path(__file__).parent))
