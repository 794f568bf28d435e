"""The error tree: what the docstring draws is what there is, and every class knows its exit code."""

from __future__ import annotations

import inspect
import re

import pytest

from cracktrader_fuzz import errors
from cracktrader_fuzz.errors import BrokenError, FuzzError, SubjectError, UsageError
from cracktrader_fuzz.exits import EXIT_BROKEN, EXIT_USAGE

CLASSES = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, FuzzError)]
DRAWN = re.compile(r"^ {4}((?:\|   |    )?(?:\|--|`--) )?(\w+Error)", re.MULTILINE)


def test_the_drawing_is_the_tree() -> None:
    """Names and depths in the module's docstring are those of the classes, and whose child is whose."""
    drawn: list[tuple[str, str]] = []
    parents = [""]
    for branch, name in DRAWN.findall(errors.__doc__ or ""):
        depth = len(branch) // 4
        del parents[depth + 1 :]
        drawn.append((name, parents[depth]))
        parents.append(name)
    assert dict(drawn) == {
        each.__name__: next(base.__name__ for base in each.__mro__[1:] if issubclass(base, FuzzError))
        if each is not FuzzError
        else ""
        for each in CLASSES
    }


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_has_its_exit_code(kind: type[FuzzError]) -> None:
    """2 for what was given, 3 for anything else; a subject's own never ends a command."""
    assert kind.exit_code == (EXIT_USAGE if issubclass(kind, UsageError) else EXIT_BROKEN)
    assert issubclass(kind, ValueError) == issubclass(kind, UsageError)
    assert issubclass(kind, RuntimeError) == issubclass(kind, BrokenError | SubjectError)
