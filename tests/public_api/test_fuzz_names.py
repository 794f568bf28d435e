"""The public names of the harness: a closed set, each imported when it is first used."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import cracktrader_fuzz

LISTED = """
BrokenError BuildIdentity Canary Case Certificate ChoiceRule Config CoverageGuide DecimalRule Decoder Divergence Draw
FuzzError Generation Grammar IntegerRule Isolation Lockstep NameRule Outcome Reading Recording RecordingVerdict
Recordings Relations ShrinkResult Shrinker Signature Space State Step Subject SubjectMissingError Target
Tracker UsageError Verdict __version__ call_target gate_test related_subjects restorable_subjects
"""
NAMES = LISTED.split()


def test_the_names_are_these_and_no_others() -> None:
    """A name that comes or goes is a decision."""
    assert sorted(cracktrader_fuzz.__all__) == sorted(NAMES)
    assert dir(cracktrader_fuzz) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there(name: str) -> None:
    """Each is imported from where it is defined, and what is no alias has a docstring."""
    value = getattr(cracktrader_fuzz, name)
    assert value is getattr(cracktrader_fuzz, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert inspect.getdoc(value)


def test_type_checkers_see_the_same_names() -> None:
    """The imports for type checkers and the table of modules are two spellings of one list."""
    tree = ast.parse(Path(inspect.getfile(cracktrader_fuzz)).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: str(node.module).removeprefix("cracktrader_fuzz.")
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == cracktrader_fuzz._MODULES


def test_another_name_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="Fuzer"):
        cracktrader_fuzz.Fuzer  # noqa: B018


def test_importing_loads_nothing() -> None:
    """No part of the harness, and none of what it needs, before a name is used."""
    code = (
        "import sys, cracktrader_fuzz; heavy = {'click', 'hypothesis', 'msgspec', 'pebble', 'pytest', 'rich'}; "
        "print(sorted(heavy & set(sys.modules)), [name for name in sys.modules if 'cracktrader_fuzz.' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] ['cracktrader_fuzz.version']"
