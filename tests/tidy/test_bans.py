"""What the code must not do: run data as code, write past the command line, or depend on anything but its input."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tree import short, syntax, tracked

DATA_AS_CODE = {"eval", "exec", "compile", "__import__"}
UNSAFE_READERS = {"pickle", "shelve", "dill", "yaml", "jsonpickle"}
UNREPEATABLE_MODULES = {"time", "random", "datetime", "secrets", "uuid", "threading", "asyncio", "locale", "socket"}
UNREPEATABLE_NAMES = {"environ", "getenv", "urandom", "getpid"}
UNREPEATABLE_CALLS = {"hash", "id"}  # both differ from run to run
ENGINE = "src/cracktrader/engine"
BETWEEN_OWN_PROCESSES = "src/cracktrader_fuzz/subjects/isolated.py"  # a parent and the child that it started

# Rust's, outside of comments: clocks, the environment, randomness, and maps whose order may differ from run to run.
UNREPEATABLE_RUST = re.compile(r"\b(SystemTime|Instant|std::env|rand::|thread_rng|RandomState|HashSet|std::thread)\b")
HASH_MAP = re.compile(r"\bHashMap\b")
UNSAFE_RUST = re.compile(r"\bunsafe\s*(\{|fn|impl|extern)")
RUST_COMMENT = re.compile(r"//[^\n]*")


def imported(path: Path) -> set[str]:
    """The top-level names of the modules that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return names


def called(path: Path) -> Iterator[tuple[str, int]]:
    """The plain names that a file calls, with the line."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno


def calls_of(names: set[str], under: str) -> list[str]:
    """Where files below a folder call one of these names."""
    return [
        f"{short(path)}:{line} {name}" for path in tracked(".py", under) for name, line in called(path) if name in names
    ]


def imports_of(names: set[str], under: str) -> list[str]:
    """Where files below a folder import one of these modules."""
    return [f"{short(path)} {name}" for path in tracked(".py", under) for name in sorted(imported(path) & names)]


def test_data_is_never_code() -> None:
    """No source evaluates text, and none reads a format that can run what it reads."""
    for folder in ("src", "strategies"):
        assert calls_of(DATA_AS_CODE, folder) == []
        assert imports_of(UNSAFE_READERS, folder) == []
        assert readers_of("marshal", folder) <= {BETWEEN_OWN_PROCESSES}, "elsewhere it only makes bytes to compare"


def readers_of(module: str, under: str) -> set[str]:
    """The files below a folder that take `load` or `loads` from a module, by attribute or by `from` import."""
    found = set()
    for path in tracked(".py", under):
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == module:
                taken = {node.attr}
            elif isinstance(node, ast.ImportFrom) and node.module == module:
                taken = {alias.name for alias in node.names}
            else:
                continue
            if taken & {"load", "loads"}:
                found.add(short(path))
    return found


def test_nothing_prints() -> None:
    """Output goes through the command line's functions; only what hands over to the debugger talks to its user."""
    for folder in ("src", "strategies"):
        assert calls_of({"input", "breakpoint"}, folder) == []
        printing = {path for path in tracked(".py", folder) if "print" in {name for name, _ in called(path)}}
        assert [short(path) for path in sorted(printing) if "pdb" not in imported(path)] == []


def test_engine_knows_no_clock_and_no_chance() -> None:
    """The engine imports no clock, no randomness and nothing of its surroundings, and asks for no memory address."""
    assert imports_of(UNREPEATABLE_MODULES, ENGINE) == []
    assert calls_of(UNREPEATABLE_CALLS, ENGINE) == []
    assert names_of(UNREPEATABLE_NAMES, ENGINE) == []


def names_of(names: set[str], under: str) -> list[str]:
    """Where files below a folder use one of these names, plain, as an attribute, or in an import."""
    found = []
    for path in tracked(".py", under):
        for node in ast.walk(syntax(path)):
            name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
            if name in names:
                found.append(f"{short(path)} {name}")
    return found


def test_engine_sums_no_floats() -> None:
    """Where the engine's code makes or holds a float, nothing is summed: the order of the terms would show."""
    with_floats = [path for path in tracked(".py", ENGINE) if "float" in {name for name, _ in called(path)}]
    assert with_floats, "the wire has floats, so somebody makes them"
    sums = {"sum", "fsum", "reduce", "accumulate"}
    assert [short(path) for path in with_floats if sums & {name for name, _ in called(path)}] == []
    assert names_of({"fsum"}, ENGINE) == []


def test_rust_core_knows_no_clock_and_no_chance() -> None:
    """Nor does the Rust core; its one hash map is in `table`, whose order cannot be seen; nothing is unsafe."""
    sources = tracked(".rs", "rust/cracktrader_engine/src")
    texts = {short(path): RUST_COMMENT.sub("", path.read_text(encoding="utf-8")) for path in sources}
    assert [(name, found[0]) for name, text in texts.items() if (found := UNREPEATABLE_RUST.search(text))] == []
    assert [name for name, text in texts.items() if UNSAFE_RUST.search(text)] == []
    maps = [name for name, text in texts.items() if HASH_MAP.search(text)]
    assert maps in ([], ["rust/cracktrader_engine/src/table.rs"])
