"""The repository's files as text and as syntax trees: what Git tracks, and what it would if it were added."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@cache
def tracked(suffix: str = "", under: str = "") -> tuple[Path, ...]:
    """The files whose name ends with `suffix` below a folder; never none, so that no rule passes for want of files."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", under or "."]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    found = tuple(sorted(ROOT / name for name in listed if name.endswith(suffix) and (ROOT / name).is_file()))
    assert found, f"no file {suffix} under {under}"
    return found


def short(path: Path) -> str:
    """The path as a reader of the repository names it."""
    return path.relative_to(ROOT).as_posix()


@cache
def syntax(path: Path) -> ast.Module:
    """The tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def definitions(node: ast.AST, *, private: bool = True, inner: bool = True) -> Iterator[Definition]:
    """Functions and classes in a tree; without `private` only what a user sees, without `inner` none in functions."""
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, Definition)
        if named and not private and child.name.startswith("_"):
            continue
        if named:
            yield child
        if inner or not named or isinstance(child, ast.ClassDef):
            yield from definitions(child, private=private, inner=inner)
