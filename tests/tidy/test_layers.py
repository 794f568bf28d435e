"""The arrows between the layers, as `pyproject.toml` draws them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tree import ROOT, short, syntax, tracked


def test_layers_hold() -> None:
    """Import-linter finds every contract kept."""
    linter = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " kept, 0 broken." in ended.stdout


def test_sources_do_not_know_strategies_and_tests() -> None:
    """Nothing under `src` imports a target, a test or a benchmark: those are found by name, at run time."""
    wrong = [
        f"{short(path)}:{node.lineno}"
        for path in tracked(".py", "src")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
        if name.partition(".")[0] in ("cracktrader_strategies", "tests", "benchmarks")
    ]
    assert wrong == []
