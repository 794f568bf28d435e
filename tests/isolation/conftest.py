"""What the tests of isolation share: the program as the tests of the command line start it."""

from __future__ import annotations

import sys
from pathlib import Path

# `program` and the targets are plain modules; this finds them under every import mode of pytest.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "cli")]
