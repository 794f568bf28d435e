"""Files and functions stay small enough to be read at once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rust_source import code_of
from tree import definitions, short, syntax, tracked

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60

RUST_FUNCTION = re.compile(r"\bfn\s+(\w+)")


def python_functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function's name and its lines, from its first decorator to its end."""
    for each in definitions(syntax(path)):
        if not isinstance(each, ast.ClassDef):
            first = min([each.lineno, *(decorator.lineno for decorator in each.decorator_list)])
            yield each.name, (each.end_lineno or first) - first + 1


def rust_functions(text: str) -> Iterator[tuple[str, int]]:
    """Each function's name and its lines, by counting braces; a function without a body is left out."""
    code = code_of(text)
    for found in RUST_FUNCTION.finditer(code):
        body = re.compile(r"[{;]").search(code, code.index("(", found.end()))
        while (
            body
            and body[0] == ";"
            and code.count("[", found.end(), body.start()) > code.count("]", found.end(), body.start())
        ):
            body = re.compile(r"[{;]").search(code, body.end())  # the `;` of an array's length in the signature
        if body is None or body[0] == ";":
            continue
        depth, end = 1, body.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(code[end], 0)
            end += 1
        yield found[1], code.count("\n", found.start(), end) + 1


def test_braces_are_counted() -> None:
    """The counting of Rust functions knows strings, comments, characters, lifetimes and nesting."""
    text = """
fn a<'x>(s: &'x str) -> [u8; 2] { // }
    let brace = '{'; let text = "}\\"}"; let raw = r#"}"#;
    if true { /* } */ }
    [0, 0]
}
trait T { fn none(&self); }
fn b() {}
"""
    assert list(rust_functions(text)) == [("a", 5), ("b", 1)]


@pytest.mark.parametrize("suffix", [".py", ".pyi", ".rs"])
def test_files_are_short(suffix: str) -> None:
    """No source file is over 400 lines."""
    lengths = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in tracked(suffix)}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_python_functions_are_short() -> None:
    """No Python function is over 60 lines."""
    long = [
        f"{short(path)}: {name} has {lines} lines"
        for path in tracked(".py")
        for name, lines in python_functions(path)
        if lines > FUNCTION_LINES_MAX
    ]
    assert long == []


def test_rust_functions_are_short() -> None:
    """No Rust function is over 60 lines."""
    found = [
        (short(path), name, lines)
        for path in tracked(".rs")
        for name, lines in rust_functions(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 100
    assert [each for each in found if each[2] > FUNCTION_LINES_MAX] == []
