"""What a commit answers to a case: that commit in a temporary clone, built, and run by a process of its own.

The repository is only read. What runs is `repro --json` of the case, with that commit's target, cores and harness, as
far as the repository holds them. Costs a build of each commit, once, and a run of each case.

The default build makes wheels, unpacked beside the clone and never installed: of the project in the folder of the
settings and of those that `wheels` names there, each where its `pyproject.toml` is one that maturin builds at that
commit. Other repositories need no build, or a command, which runs in the clone.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from cracktrader_fuzz.errors import ProbeError
from cracktrader_fuzz.settings import read_settings
from cracktrader_fuzz.text import NAME_LENGTH_MAX, suggestion

# What git would otherwise take from the place it was started in, or from a person's settings.
_GIT_OPTIONS = ("-c", "advice.detachedHead=false", "-c", "core.hooksPath=", "-c", "gc.auto=0")


class Question(msgspec.Struct, frozen=True):
    """A case as a document, with the target and the subjects that it is for, the reference first."""

    document: str
    target: str
    subjects: tuple[str, ...]


class Answer(msgspec.Struct, frozen=True):
    """The signature that showed, or None where the subjects agree; `failed` is the reason why there is no answer."""

    signature: str | None = None
    failed: str = ""


class Probe:
    """A clone of the repository around `root`, the folder of the settings. Used as a context; raises ProbeError."""

    def __init__(self, root: Path, build: str | None = None) -> None:
        if shutil.which("git") is None:
            raise ProbeError("git is not on the path: it is needed to look at another commit")
        self._root = root.resolve()
        self._build = build
        self._top = Path(git(self._root, "rev-parse", "--show-toplevel")).resolve()
        self._projects = list(dict.fromkeys([self._root, *self._wheel_folders()]))
        self._built: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._temporary = tempfile.TemporaryDirectory(prefix="cracktrader-probe-")
        self._folder = Path(self._temporary.name)
        self.clone = self._folder / "clone"
        self._project = self.clone / self._root.relative_to(self._top)
        git(self._folder, "clone", "--quiet", "--shared", "--no-checkout", str(self._top), str(self.clone))
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._temporary.cleanup()

    def commit(self, revision: str) -> str:
        """The commit that a revision names. Raises ProbeError, with the nearest branches and tags."""
        try:
            return git(self._top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        except ProbeError as error:
            known = git(self._top, "for-each-ref", "--format=%(refname:short)").splitlines()
            meant = suggestion(revision, known)
            raise ProbeError(
                f"unknown revision {revision[:NAME_LENGTH_MAX]!r}: no commit, branch or tag of {self._top} has this "
                f"name{'; ' if meant else ''}{meant or ', and a shallow clone lacks old ones: `git fetch` gets them'}"
            ) from error

    def check_out(self, commit: str) -> None:
        """Check out a commit in the clone."""
        git(self.clone, "checkout", "--quiet", "--force", commit)

    def ask(self, question: Question) -> Answer:
        """Run the case on the commit that is checked out, and build that first if need be."""
        sha = git(self.clone, "rev-parse", "HEAD")
        projects = self._projects_of_maturin()
        unpacked = self._folder / "wheels" / sha
        if sha not in self._built:
            self._built[sha] = self._make(projects, unpacked)
        if self._built[sha]:
            return Answer(failed=f"does not build: {self._built[sha]}")
        case = self._folder / "case.json"
        case.write_text(question.document, encoding="utf-8")
        arguments = ["--target", question.target, "--subjects", ",".join(question.subjects), "--json"]
        command = [sys.executable, "-m", "cracktrader_fuzz", "repro", str(case), *arguments]
        ended = self._run(command, [unpacked] if projects else [])
        try:
            return Answer(json.loads(ended.stdout)["signature"])
        except (ValueError, KeyError, TypeError):
            return Answer(failed=f"cannot run the case: {_last_line(ended)}")

    def _make(self, projects: list[Path], unpacked: Path) -> str:
        """Build what is checked out. Returns the reason why that failed, or nothing."""
        if self._build is not None:
            ended = self._run(["/bin/sh", "-c", self._build] if os.name == "posix" else [self._build], [])
            return "" if ended.returncode == 0 else _last_line(ended)
        wheels = unpacked.with_name("dist")
        shutil.rmtree(wheels, ignore_errors=True)
        for project in projects:
            # Named, since maturin would take the first `python3` of the path for it, which may be another version.
            arguments = ["--interpreter", sys.executable, "--out", str(wheels)]
            ended = self._run([_maturin(), "build", "--release", "--quiet", *arguments], [], project)
            if ended.returncode != 0:
                return _last_line(ended)
        for wheel in wheels.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(unpacked)
        return ""

    def _wheel_folders(self) -> list[Path]:
        """The folders that the settings name, which must be in the repository: the clone has no others."""
        folders = [folder.resolve() for folder in read_settings(self._root).wheels]
        for folder in folders:
            if not folder.is_relative_to(self._top):
                raise ProbeError(
                    f"wheels: {str(folder)!r} is outside of the repository {self._top}: name a folder in it"
                )
        return folders

    def _projects_of_maturin(self) -> list[Path]:
        """The folders in the clone that the default build has something to build in."""
        if self._build is not None:
            return []
        folders = [self.clone / folder.relative_to(self._top) for folder in self._projects]
        return [folder for folder in folders if _backend(folder / "pyproject.toml") == "maturin"]

    def _run(
        self, command: list[str], paths: list[Path], folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the clone, where the import path leads into the clone instead of into the repository.

        The folder is the one of the settings, or another one of the clone.

        No byte code is written: two commits within a second, with sources of one length, would share it.
        """
        found = [str(path) for path in [*paths, *self._import_path()]]
        environment = {
            **_environment(),
            "PYTHONPATH": os.pathsep.join(found),
            "PYTHONDONTWRITEBYTECODE": "1",
            "CARGO_TARGET_DIR": str(self._folder / "cargo"),
        }
        return subprocess.run(  # noqa: S603 - the user's own repository and command
            command, cwd=folder or self._project, env=environment, capture_output=True, text=True, check=False
        )

    def _import_path(self) -> list[Path]:
        """The folders of this process's import path, with those of the repository replaced by the clone's."""
        result = []
        for entry in map(Path, filter(None, sys.path)):
            inside = entry.is_relative_to(self._top) and (self.clone / entry.relative_to(self._top)).is_dir()
            result.append(self.clone / entry.relative_to(self._top) if inside else entry)
        return [path for path in result if "site-packages" not in path.parts and path.is_dir()]


def git(folder: Path, *arguments: str) -> str:
    """The output of git. Raises ProbeError with its last line."""
    ended = subprocess.run(  # noqa: S603 - git, found on the path on purpose
        ["git", *_GIT_OPTIONS, *arguments],  # noqa: S607
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0 and "only 'skip'ped commits left" not in ended.stdout:
        raise ProbeError(f"git {' '.join(arguments)[:80]}: {_last_line(ended)}")
    return ended.stdout.strip()


def _environment() -> dict[str, str]:
    """This process's environment, without what would lead git or Python away from the clone, and in English."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") and key != "PYTHONPATH"}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def _last_line(ended: subprocess.CompletedProcess[str]) -> str:
    lines = (ended.stderr.strip() or ended.stdout.strip()).splitlines()
    return lines[-1][:200] if lines else f"it ended with {ended.returncode} and without a message"


def _backend(file: Path) -> str:
    try:
        document: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(document.get("build-system", {}).get("build-backend", ""))


def _maturin() -> str:
    beside = Path(sys.executable).with_name("maturin")
    found = str(beside) if beside.is_file() else shutil.which("maturin")
    if found is None:
        raise ProbeError("maturin is not there: `pip install maturin`, or say how to build with --build COMMAND")
    return found
