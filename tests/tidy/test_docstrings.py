"""Everything that a reader may call or open says what it is."""

from __future__ import annotations

import ast

import pytest
from tree import definitions, short, syntax, tracked

PUBLIC = ("src", "strategies", "benchmarks")
HARNESS = "src/cracktrader_fuzz"
ENGINE = "src/cracktrader/"  # which knows no protocol of the harness

Signature = tuple[str, tuple[str, ...]]


def test_every_module_has_a_docstring() -> None:
    """A module says in its first line what it is for, tests included."""
    assert [short(path) for path in tracked(".py") if not ast.get_docstring(syntax(path))] == []


def signature_of(function: ast.FunctionDef) -> Signature:
    """A method's name and its parameters without `self`."""
    taken = function.args
    return function.name, tuple(each.arg for each in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs))[1:]


def methods(tree: ast.Module, *, of_protocols: bool) -> list[ast.FunctionDef]:
    """The methods of a file's protocols, or those of its other classes."""
    return [
        method
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        and of_protocols == any("Protocol" in ast.unparse(base) for base in owner.bases)
        for method in owner.body
        if isinstance(method, ast.FunctionDef)
    ]


def documented_by_protocols() -> set[Signature]:
    """The methods that a protocol of the harness documents."""
    trees = [syntax(path) for path in tracked(".py", HARNESS)]
    return {
        signature_of(each) for tree in trees for each in methods(tree, of_protocols=True) if ast.get_docstring(each)
    }


def implements(method: ast.FunctionDef, documented: set[Signature]) -> bool:
    """Whether a method is one that is documented; a parameter that it does not use is called `_` or `__`."""
    name, given = signature_of(method)
    return any(name == other and is_same(given, wanted) for other, wanted in documented)


def is_same(given: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether the parameters of a method are those of another, apart from unused ones."""
    return len(given) == len(wanted) and all(
        one.strip("_") in ("", two) for one, two in zip(given, wanted, strict=True)
    )


def silent_definitions(tree: ast.Module, documented: set[Signature]) -> list[str]:
    """What is public in a file and has no docstring, but for methods that a protocol documents."""
    excused = [each for each in methods(tree, of_protocols=False) if implements(each, documented)]
    return [
        f"{each.lineno} {each.name}"
        for each in definitions(tree, private=False, inner=False)
        if not ast.get_docstring(each) and each not in excused
    ]


@pytest.mark.parametrize("folder", PUBLIC)
def test_everything_public_has_a_docstring(folder: str) -> None:
    """Public functions, classes and methods outside of functions have one, or are documented by their protocol."""
    documented = documented_by_protocols()
    silent = [
        f"{short(path)}:{line}"
        for path in tracked(".py", folder)
        for line in silent_definitions(syntax(path), set() if short(path).startswith(ENGINE) else documented)
    ]
    assert silent == []


IMPLEMENTATIONS = '''
class Documented(Protocol):
    def step(self, step):
        """What is answered."""

    def digest(self):
        return ""

class Subject:
    """One."""

    def step(self, step):
        return {}

    def digest(self):
        return ""

class Tracker:
    """Another."""

    def step(self, _):
        return {}

class Stranger:
    """No implementation: the parameters are others."""

    def step(self, step, outcome):
        return {}

def step(self, step):
    return {}
'''


def test_only_methods_of_protocols_are_excused() -> None:
    """A method with a protocol's name and parameters needs no docstring; the protocol does, and so does all else."""
    tree = ast.parse(IMPLEMENTATIONS)
    silent = silent_definitions(tree, {("step", ("step",))})
    assert [line.partition(" ")[2] for line in silent] == ["Documented", "digest", "digest", "step", "step"]
    assert ("observe", ()) in documented_by_protocols()


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
