"""Where things are: `[tool.cracktrader-fuzz]` of the `pyproject.toml` at or above the current folder.

    [tool.cracktrader-fuzz]
    pythonpath = ["strategies"]     # put before the import path, relative to the file
    corpus = "corpus"               # fixtures, regressions and findings
    recordings = "../data"          # recorded traffic, if there is any
    target = "cracktrader"          # the default
    [tool.cracktrader-fuzz.targets]
    cracktrader = "cracktrader_strategies.target:CRACKTRADER"

A target is named by its key there or as `module:attribute`. Loading one runs that module, as any import does.
"""

import importlib
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from cracktrader_fuzz.subjects.protocol import Subject, Target


class SettingsError(ValueError):
    """Something that was named is not there; the message quotes it and lists what is."""


class Settings(msgspec.Struct, frozen=True):
    """The table, with paths made absolute. Without a file: no targets, and `corpus` in the current folder."""

    root: Path
    pythonpath: list[Path]
    corpus: Path
    recordings: Path | None
    target: str | None
    targets: dict[str, str]


def read_settings(start: Path | None = None) -> Settings:
    """The settings that hold in a folder. Raises SettingsError when the file cannot be read."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            table = _table(file)
            if table is not None:
                return _settings(folder, table, file)
    return _settings(here, {}, here)


def load_target(settings: Settings, name: str | None) -> Target:
    """The target of a name, or the default one. Raises SettingsError, which lists the names that are known."""
    wanted = name or settings.target
    if wanted is None:
        raise SettingsError("no target is named: use --target module:attribute, or set one in [tool.cracktrader-fuzz]")
    reference = settings.targets.get(wanted, wanted)
    module_name, _, attribute = reference.partition(":")
    if not attribute:
        known = _listed(settings.targets)
        raise SettingsError(f"unknown target {wanted[:80]!r}: known are {known}; any other is named module:attribute")
    for folder in reversed(settings.pythonpath):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    try:
        target = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingsError(f"target {reference[:80]!r} cannot be loaded: {error}") from error
    if not isinstance(target, Target):
        raise SettingsError(f"{reference[:80]!r} is a {type(target).__name__}, not a Target")
    return target


def seat(target: Target, names: tuple[str, ...]) -> list[tuple[str, Subject]]:
    """New subjects by name, in this order. Raises SettingsError for an unknown name or fewer than two."""
    if len(names) < 2:
        raise SettingsError(f"{', '.join(names) or 'nobody'} cannot be compared alone: name two subjects or more")
    for name in names:
        if name not in target.subjects:
            raise SettingsError(f"unknown subject {name[:80]!r}: {target.name} has {_listed(target.subjects)}")
    return [(name, target.subjects[name]()) for name in names]


def _table(file: Path) -> dict[str, Any] | None:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}") from error
    table = document.get("tool", {}).get("cracktrader-fuzz")
    return table if isinstance(table, dict) else None


def _settings(root: Path, table: dict[str, Any], file: Path) -> Settings:
    raw = {
        "root": root,
        "pythonpath": [root / folder for folder in table.get("pythonpath", [])],
        "corpus": root / table.get("corpus", "corpus"),
        "recordings": root / table["recordings"] if "recordings" in table else None,
        "target": table.get("target"),
        "targets": table.get("targets", {}),
    }
    try:
        return msgspec.convert(raw, Settings, dec_hook=lambda _, value: value)
    except (msgspec.ValidationError, TypeError) as error:
        raise SettingsError(f"{file}: [tool.cracktrader-fuzz]: {error}") from error


def _listed(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
