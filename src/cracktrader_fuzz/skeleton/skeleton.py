"""A first target in a user's repository: two stand-ins that agree, a canary, a test, settings and a nightly job.

All or nothing: what would be written is worked out first, every file in the way is named at once, and when a file
cannot be written after all, those before it are taken back. Nothing is overwritten: `pyproject.toml` and `.gitignore`
get lines at their end. Does not touch git and installs nothing.
"""

import importlib.util
import keyword
import os
import re
import sys
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

import msgspec

from cracktrader_fuzz.corpus.store import write_atomically
from cracktrader_fuzz.errors import SkeletonError
from cracktrader_fuzz.text import NAME_LENGTH_MAX
from cracktrader_fuzz.version import __version__

PACKAGE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")  # 40 at most: it stands in the name of every finding
TAKEN = frozenset({"tests", "corpus", "cracktrader_fuzz"})
MODULES = ("__init__.py", "reference.py", "port.py", "target.py")
TEST = "tests/test_subjects_agree.py"
WORKFLOW = ".github/workflows/nightly-fuzz.yml"
WORKFLOW_TEMPLATE = "nightly-fuzz.yml.template"
SETTINGS = "pyproject.toml"
IGNORED = ".gitignore"
TABLE = "cracktrader-fuzz"


class PlannedFile(msgspec.Struct, frozen=True):
    """One file as it will be; `before` is what stands there now, None for a new one."""

    path: Path
    text: str
    before: str | None = None


def plan_skeleton(folder: Path, package: str) -> list[PlannedFile]:
    """What would be written into a folder, the settings last. Raises SkeletonError; writes nothing."""
    _require_package(folder, package)
    templates = files(__package__) / "templates"
    new = {f"{package}/{name}": _text(templates, "package", name) for name in MODULES}
    workflow = Template(_text(templates, WORKFLOW_TEMPLATE)).substitute(version=__version__)
    new |= {TEST: _text(templates, TEST), WORKFLOW: workflow}
    table = Template(_text(templates, f"{SETTINGS}.template")).substitute(package=package)
    _require_free(folder, new)
    planned = [PlannedFile(folder / name, text) for name, text in new.items()]
    ignored = _with_lines(folder / IGNORED, _text(templates, "gitignore").splitlines())
    return [*planned, *ignored, _with_table(folder / SETTINGS, table)]


def write_skeleton(planned: list[PlannedFile]) -> None:
    """Write all of it. Raises CorpusError for a file that cannot be written, when all is again as it was."""
    folders = _missing_folders([each.path for each in planned])
    written: list[PlannedFile] = []
    try:
        for each in planned:
            write_atomically(each.path, each.text)
            written.append(each)
    except BaseException:
        for each in reversed(written):
            if each.before is None:
                each.path.unlink(missing_ok=True)
            else:
                write_atomically(each.path, each.before)
        for folder in folders:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise


def _text(templates: Traversable, *names: str) -> str:
    return templates.joinpath(*names).read_text(encoding="utf-8")


def _require_package(folder: Path, package: str) -> None:
    """The name becomes a folder, a module and a key: it must be plain, and not taken."""
    shown = ascii(package[:NAME_LENGTH_MAX])
    if not PACKAGE_NAME.fullmatch(package) or keyword.iskeyword(package) or keyword.issoftkeyword(package):
        raise SkeletonError(f"--package {shown} is no plain module name: use a-z, then also 0-9 and _, at most 40")
    if package in TAKEN or package in sys.stdlib_module_names:
        raise SkeletonError(f"--package {shown} is taken by Python or by the harness: name another")
    found = None if (folder / package).exists() else importlib.util.find_spec(package)
    if found is not None:
        raise SkeletonError(f"--package {shown} would hide an installed module ({found.origin}): name another")


def _require_free(folder: Path, names: dict[str, str]) -> None:
    """Name every file that is there, and every file that stands where a folder must be."""
    parents = {parent for name in names for parent in (folder / name).parents if os.path.lexists(parent)}
    blocked = sorted(str(parent) for parent in parents if not parent.is_dir())
    if blocked:
        raise SkeletonError(f"{', '.join(blocked)}: no folder, so nothing can be written below: move it away")
    there = [str(folder / name) for name in names if os.path.lexists(folder / name)]
    if there:
        raise SkeletonError(
            f"nothing was written, these are there already: {', '.join(there)}: name another --package or FOLDER, "
            "or move them away"
        )


def _with_lines(path: Path, wanted: list[str]) -> list[PlannedFile]:
    """The file with the lines that it lacks at its end; nothing if it has all."""
    before = _read(path)
    known = {line.strip() for line in (before or "").splitlines()}
    missing = [line for line in wanted if line not in known]
    return [PlannedFile(path, _joined(before, "\n".join(missing)), before)] if missing else []


def _with_table(path: Path, table: str) -> PlannedFile:
    """The settings with our table at their end, which must still be TOML."""
    before = _read(path)
    try:
        tool = tomllib.loads(before or "").get("tool", {})
    except tomllib.TOMLDecodeError as error:
        raise SkeletonError(f"{path}: not TOML, mend it first: {error}") from error
    if not isinstance(tool, dict) or TABLE in tool:
        raise SkeletonError(f"{path}: there is a [tool.{TABLE}] already: add the target to it by hand")
    text = _joined(before, f"\n{table.rstrip()}" if before else table.rstrip())
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SkeletonError(f"{path}: [tool.{TABLE}] cannot be put at its end: {error}: add it by hand") from error
    return PlannedFile(path, text, before)


def _joined(before: str | None, added: str) -> str:
    return f"{before.rstrip()}\n{added}\n" if before else f"{added}\n"


def _read(path: Path) -> str | None:
    """The text of a file, None where there is none."""
    if not os.path.lexists(path):
        return None
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SkeletonError(f"{path}: cannot be read: {error}: mend it or move it away") from error


def _missing_folders(paths: list[Path]) -> list[Path]:
    """The folders that writing will make, the innermost first."""
    missing = {parent for path in paths for parent in path.parents if not parent.exists()}
    return sorted(missing, key=lambda folder: -len(folder.parts))
