"""Where things are: `[tool.cracktrader-fuzz]` of the `pyproject.toml` at or above the current folder.

    [tool.cracktrader-fuzz]
    pythonpath = ["strategies"]     # put before the import path, relative to the file
    corpus = "corpus"               # fixtures, regressions and findings
    recordings = "../data"          # recorded traffic, if there is any
    target = "cracktrader"          # the default
    wheels = ["src"]                # for `--base` and `--bisect`: projects that maturin may build, below the file
    [tool.cracktrader-fuzz.targets]
    cracktrader = "cracktrader_strategies.target:CRACKTRADER"
    [tool.cracktrader-fuzz.corpora]
    nautilus = "corpus/nautilus"    # a target with a corpus, a ledger and findings of its own

A target is named by its key there or as `module:attribute`. Loading one runs that module, as any import does.
"""

import tomllib
from pathlib import Path

import msgspec

from cracktrader_fuzz.errors import SettingsError


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    pythonpath: list[str] = []
    corpus: str = "corpus"
    recordings: str | None = None
    target: str | None = None
    wheels: list[str] = []
    targets: dict[str, str] = {}
    corpora: dict[str, str] = {}


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

    def of_target(self, name: str | None) -> "Settings":
        """The settings of a target: with the corpus of its own, if it has one."""
        return msgspec.structs.replace(self, corpus=self.corpora.get(name or self.target or "", self.corpus))

    def with_corpus(self, corpus: Path) -> "Settings":
        """The settings with another corpus for every target."""
        return msgspec.structs.replace(self, corpus=corpus, corpora={})


def read_settings(start: Path | None = None) -> Settings:
    """The settings that hold in a folder. Raises SettingsError when the file cannot be read."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            table = _table(file)
            if table is not None:
                return _settings(folder, table)
    return _settings(here, _Table())


def _table(file: Path) -> _Table | None:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}") from error
    tool = document.get("tool")
    if not isinstance(tool, dict) or "cracktrader-fuzz" not in tool:
        return None
    try:
        return msgspec.convert(tool["cracktrader-fuzz"], _Table)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{file}: [tool.cracktrader-fuzz]: {error}") from error


def _settings(root: Path, table: _Table) -> Settings:
    return Settings(
        root=root,
        pythonpath=[root / folder for folder in table.pythonpath],
        corpus=root / table.corpus,
        recordings=None if table.recordings is None else root / table.recordings,
        target=table.target,
        wheels=[root / folder for folder in table.wheels],
        targets=table.targets,
        corpora={name: root / folder for name, folder in table.corpora.items()},
    )
