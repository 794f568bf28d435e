"""Where things are: `[tool.cracktrader-fuzz]` of the `pyproject.toml` at or above the current folder.

    [tool.cracktrader-fuzz]
    pythonpath = ["."]              # put before the import path, relative to the file
    corpus = "corpus"               # fixtures, regressions and findings
    recordings = "../data"          # recorded input, if there is any
    target = "cache"                # the default
    wheels = ["port"]               # for `--base` and `--bisect`: projects that maturin may build, below the file
    [tool.cracktrader-fuzz.targets]
    cache = "fuzzing.target:TARGET"
    [tool.cracktrader-fuzz.corpora]
    cache = "corpus/cache"          # a target with a corpus, a ledger and findings of its own

A target is named by its key there or as `module:attribute`. Loading one runs that module, as any import does.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from cracktrader_fuzz.errors import SettingsError
from cracktrader_fuzz.text import suggestion, unknown_name

TABLE = "[tool.cracktrader-fuzz]"
TARGETS_TABLE = "[tool.cracktrader-fuzz.targets]"
PAGE = "docs/reference/configuration.md"
VALUE_LENGTH_MAX = 60  # characters of a wrong value that a message quotes: enough to find it in the file


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    pythonpath: list[str] = []
    corpus: str = "corpus"
    recordings: str | None = None
    target: str | None = None
    wheels: list[str] = []
    targets: dict[str, str] = {}
    corpora: dict[str, str] = {}


# What each key of the table holds: a text, or a list or a table of texts.
_KINDS: dict[str, type] = {
    field.name: field.default_factory if isinstance(field.default_factory, type) else str
    for field in msgspec.structs.fields(_Table)
}
# TOML's types in words; anything else is a date or a time.
_WORDS: dict[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


class Settings(msgspec.Struct, frozen=True):
    """The table, with paths made absolute. Without a file: no targets, and `corpus` in the current folder."""

    root: Path
    pythonpath: list[Path]
    corpus: Path
    recordings: Path | None
    target: str | None
    wheels: list[Path]
    targets: dict[str, str]
    corpora: dict[str, Path]
    file: Path | None = None

    def of_target(self, name: str | None) -> "Settings":
        """The settings of a target: with the corpus of its own, if it has one."""
        return msgspec.structs.replace(self, corpus=self.corpora.get(name or self.target or "", self.corpus))

    def with_corpus(self, corpus: Path) -> "Settings":
        """The settings with another corpus for every target."""
        return msgspec.structs.replace(self, corpus=corpus, corpora={})


def read_settings(start: Path | None = None) -> Settings:
    """The settings that hold in a folder. Raises SettingsError when the file cannot be read, or says what it cannot."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            table = _table(file)
            if table is not None:
                return _settings(folder, table, file)
    return _settings(here, _Table(), None)


def _table(file: Path) -> _Table | None:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}") from error
    tool = document.get("tool")
    if not isinstance(tool, dict) or "cracktrader-fuzz" not in tool:
        return None
    table = tool["cracktrader-fuzz"]
    problem = next(_problems(table), None)
    if problem is not None:
        raise SettingsError(f"{file}: {TABLE}: {problem}; see {PAGE}")
    return msgspec.convert(table, _Table)


def _problems(table: Any) -> Iterator[str]:
    """What is wrong with the table, each with its key: first what it holds, then what that says."""
    if not isinstance(table, dict):
        yield f"it is {_shown(table)}, {_WORDS[dict]} is expected"
        return
    for key, value in table.items():
        if key not in _KINDS:
            yield unknown_name("key", key, tuple(_KINDS))
            continue
        for place, part, kind in _parts(key, value):
            if not isinstance(part, kind):
                yield f"{place} is {_shown(part)}, {_WORDS[kind]} is expected"
    yield from _reference_problems(table)


def _reference_problems(table: dict[str, Any]) -> Iterator[str]:
    """What the table says of targets that cannot be: a reference that is none, the name of a target that is not there.

    The types of the table are right.
    """
    targets = table.get("targets", {})
    for name, reference in targets.items():
        if ":" not in reference:
            yield f"targets.{name} is {_shown(reference)}, module:attribute is expected"
    for place, name in [
        ("target", table.get("target")),
        *((f"corpora.{name}", name) for name in table.get("corpora", {})),
    ]:
        if name is not None and name not in targets and ":" not in name:
            meant = suggestion(name, tuple(targets))
            yield f"{place} names the target {_quoted(name)}, which is not in {TARGETS_TABLE}{meant and ': '}{meant}"


def _parts(key: str, value: Any) -> Iterator[tuple[str, Any, type]]:
    """The value of a key, then what it holds, each with its place and the type that it must have.

    Lazy: what a value holds is only looked at after the value itself.
    """
    yield key, value, _KINDS[key]
    if isinstance(value, list):
        yield from ((f"{key}[{place}]", each, str) for place, each in enumerate(value))
    elif isinstance(value, dict):
        yield from ((f"{key}.{name}", each, str) for name, each in value.items())


def _shown(value: Any) -> str:
    """A value as it is written, and its type."""
    return f"{_quoted(value)}, {_WORDS.get(type(value), 'a date or time')}"


def _quoted(value: Any) -> str:
    return ascii(value)[:VALUE_LENGTH_MAX]


def _settings(root: Path, table: _Table, file: Path | None) -> Settings:
    return Settings(
        root=root,
        pythonpath=[root / folder for folder in table.pythonpath],
        corpus=root / table.corpus,
        recordings=None if table.recordings is None else root / table.recordings,
        target=table.target,
        wheels=[root / folder for folder in table.wheels],
        targets=table.targets,
        corpora={name: root / folder for name, folder in table.corpora.items()},
        file=file,
    )
