"""`docs/reference/configuration.md` names every setting and every variable that the sources use, and no other."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tree import ROOT, syntax, tracked

from cracktrader_fuzz import settings
from cracktrader_fuzz.errors import SettingsError
from cracktrader_fuzz.seating import load_target

PAGE = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
LIBRARIES = {"COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM", "_CRACKTRADER_FUZZ_COMPLETE"}


def section(heading: str) -> str:
    """The text below a heading of the second level, up to the next one."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """The names in backticks in the first cells of all tables of a text."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    return [name for cell in rows for name in re.findall(r"`([^`]+)`", cell)]


def constants(tree: ast.Module) -> dict[str, str]:
    """The texts that a module gives a name to."""
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def keys_of_environment(tree: ast.AST) -> Iterator[ast.expr]:
    """What stands in `environ[...]`, `environ.get(...)` and `getenv(...)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield node.slice
        elif isinstance(node, ast.Call) and re.fullmatch(r"os\.(environ\.\w+|getenv)", ast.unparse(node.func)):
            yield from node.args[:1]


def variables_in(tree: ast.Module, named: dict[str, str]) -> Iterator[str]:
    """The variables that a module uses by literal or by constant; a constant called ...VARIABLE counts by itself."""
    yield from (text for name, text in constants(tree).items() if name.endswith("VARIABLE"))
    for key in keys_of_environment(tree):
        if isinstance(key, ast.Constant):
            yield str(key.value)
        elif isinstance(key, ast.Name) and key.id in named:
            yield named[key.id]
        else:
            assert ast.unparse(key) == "variable", f"{ast.unparse(key)}: which variable is that?"


def variables_of_the_sources() -> set[str]:
    """All that `src` and `strategies` use."""
    trees = [syntax(path) for folder in ("src", "strategies") for path in tracked(".py", folder)]
    named = {name: text for tree in trees for name, text in constants(tree).items() if name.endswith("VARIABLE")}
    return {name for tree in trees for name in variables_in(tree, named)}


def test_every_key_is_there() -> None:
    """The keys of the table, in its order, each with its default."""
    fields = msgspec.structs.fields(settings._Table)
    table = section("The table")
    assert first_cells(table) == [field.name for field in fields]
    for field in fields:
        default = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
        shown = "none" if default is None else f"`{json.dumps(default)}`"
        assert re.search(rf"^\| `{field.name}` \| [^|]+ \| {re.escape(shown)} \|", table, re.MULTILINE), field.name


def test_every_variable_is_there() -> None:
    """Those that the sources use, and those of libraries; the latter are the ones that the next tests try out."""
    assert set(first_cells(section("Environment variables"))) == variables_of_the_sources() | LIBRARIES


def test_variables_are_found() -> None:
    """By literal, by constant, and by a constant that is handed on; an unknown name is an error."""
    code = 'A_VARIABLE = "ONE"\nos.environ["TWO"]\nos.getenv("THREE")\nos.environ.get(A_VARIABLE)\nfind(A_VARIABLE)'
    assert set(variables_in(ast.parse(code), {"A_VARIABLE": "ONE"})) == {"ONE", "TWO", "THREE"}
    with pytest.raises(AssertionError, match="which variable"):
        list(variables_in(ast.parse("os.getenv(name)"), {}))


def test_libraries_honour_theirs() -> None:
    """Width, colour and terminal, as the page says."""
    code = (
        "from rich.console import Console; a = Console(force_terminal=True); "
        "print(a.width, a.color_system, a.no_color, a.is_dumb_terminal, Console().is_terminal)"
    )

    def said(**variables: str) -> str:
        """What rich makes of the variables."""
        kept = {name: value for name, value in os.environ.items() if name not in {*LIBRARIES, "LINES"}}
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=kept | variables, capture_output=True, text=True, check=True).stdout.strip()

    assert said(COLUMNS="77", TERM="xterm") == "77 standard False False False"
    assert said(NO_COLOR="1", COLUMNS="77", TERM="xterm") == "77 standard True False False"
    assert said(FORCE_COLOR="1", COLUMNS="77", TERM="xterm") == "77 standard False False True"
    assert said(TERM="dumb", COLUMNS="77") == "80 None False True False"


def test_completion_is_as_the_page_says() -> None:
    """Every shell that the page names gets a script."""
    shells = re.findall(r"\b(\w+)_source\b", section("Environment variables"))
    assert set(shells) == {"bash", "zsh", "fish"}
    program = Path(sys.executable).with_name("cracktrader-fuzz")
    for shell in shells:
        environment = {**os.environ, "_CRACKTRADER_FUZZ_COMPLETE": f"{shell}_source"}
        done = subprocess.run([program], env=environment, capture_output=True, text=True, check=False)
        assert "_cracktrader_fuzz_completion" in done.stdout, done.stderr


BAD_TABLES = [
    # pyproject.toml                                                 target   what the page's table has
    ("[tool",                                                        None,    "pyproject.toml: cannot be read: "),
    ("[tool.cracktrader-fuzz]\ncorpse = 1\n",                        None,    "contains unknown field `corpse`"),
    ("[tool.cracktrader-fuzz]\nrecordings = 3\n",                    None,    "`$.recordings`"),
    ("[tool.cracktrader-fuzz]\n",                                    None,    "no target is named: "),
    ("[tool.cracktrader-fuzz]\n",                                    "nope",  "unknown target 'nope': known are "),
    ("[tool.cracktrader-fuzz]\n",                                    "nope:x",
     "target 'nope:x' cannot be loaded: ModuleNotFoundError: "),
    ("[tool.cracktrader-fuzz]\n",                                    "math:pi", "'math:pi' is a float, not a Target"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "target", "words"), BAD_TABLES)
def test_errors_are_as_the_page_says(tmp_path: Path, table: str, target: str | None, words: str) -> None:
    """Each line of the page's table of errors is one that the code writes, and it ends with 2."""
    (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_target(settings.read_settings(tmp_path), target)
    assert words in str(raised.value)
    assert words in section("Errors").replace("\\|", "|")
    assert raised.value.exit_code == 2


def test_every_error_of_the_page_is_tried() -> None:
    """The table has a row for each of them, and no other."""
    rows = [line for line in section("Errors").splitlines() if line.startswith(("| `", "| ``"))]
    assert len(rows) == len(BAD_TABLES)


def test_example_is_read(tmp_path: Path) -> None:
    """The page's example has every key, and is a table that can be read."""
    example = section("The table").partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "pyproject.toml").write_text(example, encoding="utf-8")
    read = settings.read_settings(tmp_path)
    assert [
        getattr(read, field.name) for field in msgspec.structs.fields(settings._Table) if not getattr(read, field.name)
    ] == []
    assert read.of_target("nautilus").corpus == tmp_path / "corpus" / "nautilus"
