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

import importlib
import sys
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import msgspec

from cracktrader_fuzz.subjects.crash import needs_isolation
from cracktrader_fuzz.subjects.isolated import Isolated
from cracktrader_fuzz.subjects.limits import Limits
from cracktrader_fuzz.subjects.opinions import is_opinion
from cracktrader_fuzz.subjects.protocol import Subject, SubjectMissingError, Target


class SettingsError(ValueError):
    """Something that was named is not there, or says something that is not known; the message quotes it and what is."""


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


def load_target(settings: Settings, name: str | None) -> Target:
    """The target of a name, or the default one. Raises SettingsError, which lists the names that are known."""
    reference = _reference(settings, name)
    module_name, _, attribute = reference.partition(":")
    for folder in reversed(settings.pythonpath):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    try:
        target = getattr(importlib.import_module(module_name), attribute)
    except Exception as error:  # a user's module, which may raise what it likes
        told = f"{type(error).__name__}: {error}"
        raise SettingsError(f"target {reference[:80]!r} cannot be loaded: {told}") from error
    if not isinstance(target, Target):
        raise SettingsError(f"{reference[:80]!r} is a {type(target).__name__}, not a Target")
    return target


def seat(target: Target, names: tuple[str, ...]) -> list[tuple[str, Subject]]:
    """New subjects by name, in this order, each in a process of its own if the target says so.

    Raises SettingsError for an unknown name, a name that stands twice, or fewer than two; SubjectMissingError for one
    that cannot be made here.
    """
    if len(names) < 2:
        raise SettingsError(f"{', '.join(names)!r} cannot be compared alone: name two subjects or more")
    for name in names:
        if name not in target.subjects:
            raise SettingsError(f"unknown subject {name[:80]!r}: {target.name} has {subjects_near(target, name)}")
        if names.count(name) > 1:
            raise SettingsError(f"subject {name!r} is named twice: it cannot be held against itself")
    made = [(name, _made(target, name)) for name in names]
    if not target.isolated:
        return made
    modules = (__name__, *target.preload)
    return [(name, Isolated(target.subjects[name], Limits(), modules)) for name in names]


def subjects_near(target: Target, name: str) -> str:
    """For a reader: the target's seats, the subjects whose names are close to this one, and how many more there are."""
    own = sorted(each for each in target.subjects if not is_opinion(target.oracles, each))
    near = [*target.seats, *(each for each in get_close_matches(name[:80], own) if each not in target.seats)]
    return ", ".join(near) + (f" and {len(own) - len(near)} more" if len(own) > len(near) else "")


def seat_isolated(
    settings: Settings, target_name: str | None, names: tuple[str, ...], limits: Limits
) -> list[tuple[str, Subject]]:
    """The same, each subject in a process of its own. Raises what `seat` does."""
    target = load_target(settings, target_name)
    seat(target, names)
    modules = (__name__, _reference(settings, target_name).partition(":")[0], *target.preload)
    return [(name, Isolated(partial(_made_there, settings, target_name, name), limits, modules)) for name in names]


def seat_for(
    settings: Settings, target_name: str | None, names: tuple[str, ...], signature: str | None
) -> list[tuple[str, Subject]]:
    """Subjects for a stored case: isolated, if its signature says that it takes a process or its memory along."""
    if needs_isolation(signature):
        return seat_isolated(settings, target_name, names, Limits())
    return seat(load_target(settings, target_name), names)


def _made_there(settings: Settings, target_name: str | None, name: str) -> Subject:
    """In the child: the subject of that name."""
    return _made(load_target(settings, target_name), name)


def _reference(settings: Settings, name: str | None) -> str:
    """The target's `module:attribute`."""
    wanted = name or settings.target
    if wanted is None:
        raise SettingsError("no target is named: use --target module:attribute, or set one in [tool.cracktrader-fuzz]")
    reference = settings.targets.get(wanted, wanted)
    if ":" not in reference:
        known = _listed(settings.targets)
        raise SettingsError(f"unknown target {wanted[:80]!r}: known are {known}; any other is named module:attribute")
    return reference


def _made(target: Target, name: str) -> Subject:
    try:
        return target.subjects[name]()
    except SubjectMissingError:
        raise
    except Exception as error:  # a user's subject, which may raise what it likes
        raise SubjectMissingError(f"subject {name!r} cannot be made: {type(error).__name__}: {error}") from error


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


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
