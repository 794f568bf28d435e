"""Everything that a reader may call or open says what it is."""

from __future__ import annotations

import ast

import pytest
from tree import definitions, short, syntax, tracked

PUBLIC = ("src", "strategies", "benchmarks")


def test_every_module_has_a_docstring() -> None:
    """A module says in its first line what it is for, tests included."""
    assert [short(path) for path in tracked(".py") if not ast.get_docstring(syntax(path))] == []


@pytest.mark.parametrize("folder", PUBLIC)
def test_everything_public_has_a_docstring(folder: str) -> None:
    """Public functions, classes and methods outside of functions have one."""
    silent = [
        f"{short(path)}:{each.lineno} {each.name}"
        for path in tracked(".py", folder)
        for each in definitions(syntax(path), private=False, inner=False)
        if not ast.get_docstring(each)
    ]
    assert silent == []


def test_every_test_has_a_docstring() -> None:
    """A test says in one sentence what must hold, and so do the helpers and fixtures beside it."""
    named = [
        (f"{short(path)}:{each.lineno} {each.name}", ast.get_docstring(each) or "")
        for path in tracked(".py", "tests")
        for each in definitions(syntax(path), private=False, inner=False)
    ]
    assert sum("test_" in name for name, _ in named) > 300
    assert [name for name, text in named if not text] == []
    assert [name for name, text in named if text.splitlines()[0][-1] not in ".!?:;" and "\n" not in text] == []
