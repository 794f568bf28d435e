"""What pages call by its name in the code is there: dotted names, classes, and the layers of the harness."""

from __future__ import annotations

import ast
import builtins
import importlib
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from tree import ROOT, short, syntax, tracked

CODE = re.compile(r"`([^`\n]+)`")
DOTTED = re.compile(r"\bcracktrader_fuzz(?:\.\w+)+")
CLASS = re.compile(r"(?:[A-Z][a-z]+){2,}|[A-Z][a-z]+Error")
FENCED = re.compile(r"^\s*```.*?^\s*```$", re.DOTALL | re.MULTILINE)
OF_OTHERS = {  # names of other programs
    *("PanicException", "TtlCache", "TradeId"),
}
PAST = ("docs/plans/", "docs/findings/", "CHANGELOG.md")  # these speak of the code as it was, or of someone else's


def pages() -> list[Path]:
    """The pages that speak of the code as it is."""
    return [page for page in tracked(".md") if not short(page).startswith(PAST)]


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or an attribute of one."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def dotted_names(text: str) -> set[str]:
    """Those below the harness, in backticks; a file's ending is no attribute."""
    return {name for code in CODE.findall(text) for name in DOTTED.findall(code) if not name.endswith((".py", ".md"))}


def class_names(text: str) -> set[str]:
    """What looks like a class, in backticks."""
    return {
        name
        for code in CODE.findall(FENCED.sub("", text))
        for name in re.findall(r"\w+", code)
        if CLASS.fullmatch(name)
    }


@cache
def classes() -> set[str]:
    """Every class and every name of a type in the repository's Python, and what its modules import."""
    found = set(dir(builtins)) | OF_OTHERS
    for folder in ("src", "strategies", "tests", "scripts"):
        for path in tracked(".py", folder):
            for node in ast.walk(syntax(path)):
                if isinstance(node, ast.ClassDef):
                    found.add(node.name)
                elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    found.add(node.targets[0].id)
                elif isinstance(node, ast.Import | ast.ImportFrom):
                    found |= {alias.name for alias in node.names}
    rust = "\n".join(path.read_text(encoding="utf-8") for path in tracked(".rs", "rust"))
    return found | set(re.findall(r"\b(?:struct|enum|trait|type) (\w+)", rust))


@pytest.mark.parametrize("page", pages(), ids=short)
def test_dotted_names_can_be_imported(page: Path) -> None:
    """`cracktrader_fuzz.x.y` in backticks is a module or something in one."""
    assert sorted(name for name in dotted_names(page.read_text(encoding="utf-8")) if not is_there(name)) == []


@pytest.mark.parametrize("page", pages(), ids=short)
def test_classes_exist(page: Path) -> None:
    """A name that looks like a class, in backticks, is one of ours, of Python's, or of a program that we name."""
    assert sorted(class_names(page.read_text(encoding="utf-8")) - classes()) == []


def test_these_tests_can_fail() -> None:
    """A module, an attribute and a class that are not there are seen, and ones that are there are not."""
    assert dotted_names("`cracktrader_fuzz.crew`, `cracktrader_fuzz/x.py`") == {"cracktrader_fuzz.crew"}
    assert not is_there("cracktrader_fuzz.crew")
    assert not is_there("cracktrader_fuzz.target.Target")
    assert is_there("cracktrader_fuzz.Target")
    assert is_there("cracktrader_fuzz.campaign.pool.WorkerPool.run")
    assert class_names("`BrokenLegs(1)`, BreadCrumb") - classes() == {"BrokenLegs"}


def test_layers_are_those_of_the_contract() -> None:
    """The list in `docs/harness.md` has the layers of `pyproject.toml`, in this order."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = (each for each in tools["contracts"] if each.get("containers") == ["cracktrader_fuzz"])
    section = (ROOT / "docs" / "harness.md").read_text(encoding="utf-8").partition("\n## The layers\n")[2]
    listed = section.partition("```\n")[2].partition("```")[0].splitlines()
    assert [line[:20].strip() for line in listed] == contract["layers"]
