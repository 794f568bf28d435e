"""A number has its reason beside it: why this one and not another."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tree import short, tracked

FOLDERS = ("src", "strategies", "benchmarks")
PARSERS = {"Decimal", "Fraction", "range"}  # what makes a number of numbers, or of a text that is one
WORDS_MIN = 3  # fewer repeat the name or the unit, and give no reason
DIRECTIVE = re.compile(r"#\s*(noqa|type:|ruff:|pragma)")

Place = tuple[int, str]


def is_number(node: ast.expr | None) -> bool:
    """Whether an expression is a number, arithmetic of numbers alone, or a tuple of such."""
    match node:
        case ast.Constant(value=value):
            return type(value) in (int, float)
        case ast.UnaryOp(operand=operand):
            return is_number(operand)
        case ast.BinOp(left=left, right=right):
            return is_number(left) and is_number(right)
        case ast.Tuple(elts=[_, *_] as elements):
            return all(map(is_number, elements))
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as arguments) if name in PARSERS:
            return all(is_number(each) or is_decimal_text(each) for each in arguments)
    return False


def is_decimal_text(node: ast.expr) -> bool:
    """Whether an expression is a text that holds a number."""
    return isinstance(node, ast.Constant) and bool(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(node.value)))


def needs_no_reason(default: ast.expr) -> bool:
    """Whether a default is 0 or 1: none so far, or one as usual."""
    if isinstance(default, ast.Call):
        return len(default.args) == 1 and needs_no_reason(default.args[0])
    return isinstance(default, ast.Constant) and default.value in (0, 1)


def comments_of(text: str) -> dict[int, str]:
    """The comments of a file by line, but for those that speak to a tool."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    found = {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}
    return {line: comment for line, comment in found.items() if not DIRECTIVE.match(comment)}


def is_reason(text: str) -> bool:
    """Whether a text has enough words to give a reason."""
    return len(re.findall(r"[^\W\d_]{2,}", text)) >= WORDS_MIN


def numbers_without_reason(text: str) -> list[Place]:
    """Where a file's constants and defaults have no reason: line and name.

    A reason is a comment on the line or on the lines directly above, or a docstring directly below.
    """
    comments, lines = comments_of(text), text.splitlines()

    def has_comment(first: int, last: int) -> bool:
        above = first
        while above > 1 and lines[above - 2].lstrip().startswith("#"):
            above -= 1
        return is_reason(" ".join(comments.get(line, "") for line in range(above, last + 1)))

    tree = ast.parse(text)
    found = [
        (node.lineno, name)
        for name, node, below in constants(tree)
        if not has_comment(node.lineno, node.end_lineno or node.lineno) and not is_reason(below)
    ]
    for function, name, default in defaults(tree):
        if not has_comment(function.lineno, function.lineno) and not has_comment(default.lineno, default.lineno):
            found.append((default.lineno, name))
    return sorted(found)


def constants(tree: ast.Module) -> Iterator[tuple[str, ast.stmt, str]]:
    """The numbers that modules and classes give a name: the name, the statement, and the docstring below it."""
    owners: list[ast.Module | ast.ClassDef] = [tree]
    owners += [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for owner in owners:
        for node, after in zip(owner.body, [*owner.body[1:], None], strict=True):
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None or not is_number(node.value):
                continue
            if isinstance(owner, ast.ClassDef) and needs_no_reason(node.value):
                continue
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            yield ast.unparse(target), node, docstring_in(after)


def docstring_in(node: ast.stmt | None) -> str:
    """The text of a statement that is a text and nothing else."""
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return text
    return ""


def defaults(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, str, ast.expr]]:
    """The numbers that parameters have by default: the function, the parameter, and the number."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        taken = function.args
        positional = [*taken.posonlyargs, *taken.args]
        given = [
            *zip(positional[len(positional) - len(taken.defaults) :], taken.defaults, strict=True),
            *zip(taken.kwonlyargs, taken.kw_defaults, strict=True),
        ]
        for parameter, default in given:
            if default is not None and is_number(default) and not needs_no_reason(default):
                yield function, f"{function.name}({parameter.arg})", default


WITH_REASONS = '''
A = 3  # as the page has it
# Fifty times what the longest of them needs.
B: int = 1 << 20
C, D = 1, 2
"""Both as small as they may be."""
# The longest of a day and of a week,
# by the table of the page.
E = (24 * 60, 7 * 24 * 60)
NAME, FLAG, NOTHING = "a", True, None
OTHER = A
TEXT = "12"

def taken(width=0, times=1, *, text="5"):
    """No number of note."""

# Wide enough for two on a line.
def wide(width=60):
    """A number with its reason above."""

class Limits:
    count: int = 0
    amount = Decimal(0)
    seconds: float = 10.0
    """Ten times what the slowest one takes."""
'''

WITHOUT_REASONS = '''
A = 3
B: int = 1 << 20  # bytes
C, D = 1, -2
"""8.57204913"""

E = (24 * 60, 1.5)  # noqa: some rule or other
# A reason that stands too far away.

F = Decimal("0.5")
G = range(60)
H = 0

def wide(value, width=60, *, height=70):
    """Numbers from nowhere."""

class Limits:
    seconds: float = 10.0
'''


def test_numbers_are_found() -> None:
    """A reason on the line, above or below is one; a unit, a comment for a tool, and one further away are none."""
    assert numbers_without_reason(WITH_REASONS) == []
    assert [name for _, name in numbers_without_reason(WITHOUT_REASONS)] == [
        *("A", "B", "(C, D)", "E", "F", "G", "H"),
        *("wide(height)", "wide(width)", "seconds"),
    ]


def bare_numbers(path: Path) -> list[str]:
    """The lines of a report on a file."""
    found = numbers_without_reason(path.read_text(encoding="utf-8"))
    return [f"{short(path)}:{line} {name}" for line, name in found]


def test_numbers_have_reasons() -> None:
    """Every constant and every default that is a number says why it is that one."""
    files = [path for folder in FOLDERS for path in tracked(".py", folder)]
    assert [line for path in files for line in bare_numbers(path)] == []
