"""The test of a module of the harness is found by the module's name, or in a table of `tests/README.md`."""

from __future__ import annotations

import re
from pathlib import Path

from tree import ROOT, tracked

PACKAGE = ROOT / "src" / "cracktrader_fuzz"
TESTS = ROOT / "tests"
HEADING = "## Where the test of a module is"
LINES_MAX = 40  # below that a module is a record or a call or two, which other modules' tests run


def modules() -> dict[str, Path]:
    """Every module that is long enough to have something to test, `room/module`."""
    found = {
        path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in tracked(".py", "src/cracktrader_fuzz")
    }
    return {
        name: path
        for name, path in found.items()
        if "templates" not in path.parts and len(path.read_text(encoding="utf-8").splitlines()) > LINES_MAX
    }


def is_named_after(test: Path, module: str) -> bool:
    """Whether a test bears the module's name, and stands in a folder of its room."""
    *rooms, name = module.split("/")
    folders = test.relative_to(TESTS).parent.parts
    own = [["unit", "harness", *rooms], rooms] if rooms else [["unit", "harness"]]
    return test.name == f"test_{name}.py" and list(folders) in [*own, rooms[:1]]


def table() -> dict[str, list[str]]:
    """The modules of the table, each with the tests that hold it."""
    text = (TESTS / "README.md").read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+`) \| (`.+`) \|$", text, re.MULTILINE)
    return {
        module: re.findall(r"`([^`]+)`", held) for cell, held in rows for module in re.findall(r"`([^`]+)\.py`", cell)
    }


def test_every_module_has_its_test() -> None:
    """By its name, or by a row; and no row says what the name says already, or speaks of a module that is gone."""
    tests = [path for path in tracked(".py", "tests") if path.name.startswith("test_")]
    by_name = {module for module in modules() if any(is_named_after(test, module) for test in tests)}
    assert len(by_name) > 20
    assert sorted(modules().keys() - by_name - table().keys()) == []
    assert sorted(table().keys() - (modules().keys() - by_name)) == []


def test_tests_of_the_table_exist() -> None:
    """A row names files."""
    assert [test for tests in table().values() for test in tests if not (ROOT / test).is_file()] == []


def test_names_are_matched() -> None:
    """The room counts, and so does the name; the parts of a command may stand with the commands."""
    assert is_named_after(TESTS / "unit/harness/lockstep/test_compare.py", "lockstep/compare")
    assert is_named_after(TESTS / "cli/test_processors.py", "cli/support/processors")
    assert is_named_after(TESTS / "unit/harness/test_errors.py", "errors")
    assert not is_named_after(TESTS / "unit/engine/test_fields.py", "target/fields")
    assert not is_named_after(TESTS / "cli/test_run.py", "cli/repro")
