"""Finds the modules that these tests use: beside them, beside the tidy tests, the scripts, and the benchmarks."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("tests/pages", "tests/tidy", "scripts", ".")
sys.path[:0] = [str(ROOT / folder) for folder in FOLDERS]
