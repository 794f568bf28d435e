"""The commit that brought a difference in: `git bisect` over a clone in a temporary folder.

Each commit is built and asked by a process of its own: that commit's target, cores and harness, where the repository
holds them. It is bad when the case shows the same signature there, good when the subjects agree, and skipped when it
cannot be built, cannot run the case, or shows something else. The repository itself is only read.

Costs a build and a run a commit, about log2 of their number plus the two ends. Where `pyproject.toml` names maturin
the default build is a wheel, unpacked beside the clone and never installed; other repositories need no build, or a
command, which runs in the clone.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

RANGE = re.compile(r"(?P<good>[^.\s-][^\s]*?)\.\.(?P<bad>[^.\s-][^\s]*)")
FIRST_BAD = re.compile(r"^([0-9a-f]{40,64}) is the first bad commit", re.MULTILINE)
SHOWN, AGREES, SKIPPED = "bad", "good", "skip"
# What git would otherwise take from the place it was started in, or from a person's settings.
_GIT_OPTIONS = ("-c", "advice.detachedHead=false", "-c", "core.hooksPath=", "-c", "gc.auto=0")


class BisectError(ValueError):
    """The commit cannot be named; the message says why and what to do."""


class Commit(msgspec.Struct, frozen=True):
    """The first bad commit, and how many were tried."""

    sha: str
    subject: str
    author: str
    date: str
    tried: int


class Bisection:
    """One search. `finding` is the case as a document; `root` is the folder of the settings; `tell` takes progress."""

    def __init__(
        self,
        *,
        root: Path,
        finding: str,
        signature: str,
        target: str,
        subjects: tuple[str, ...],
        build: str | None,
        tell: Callable[[str], None],
    ) -> None:
        self.root, self.signature, self.build, self.tell = root, signature, build, tell
        self._finding = finding
        self._asks = ["--target", target, "--subjects", ",".join(subjects), "--json"]
        self._tried = 0

    def first_bad(self, commits: str) -> Commit:
        """The commit in `GOOD..BAD` with which the signature came in. Raises BisectError."""
        named = RANGE.fullmatch(commits)
        if named is None:
            raise BisectError(
                f"{commits[:80]!r} is not GOOD..BAD: name a commit without the difference and one with it"
            )
        if shutil.which("git") is None:
            raise BisectError("git is not on the path: --bisect needs it")
        top = Path(_git(self.root, "rev-parse", "--show-toplevel"))
        good, bad = (
            _git(top, "rev-parse", "--verify", "--quiet", f"{named[end]}^{{commit}}") for end in named.groupdict()
        )
        with tempfile.TemporaryDirectory(prefix="cracktrader-bisect-") as name:
            self._folder = Path(name)
            self._clone = self._folder / "clone"
            _git(self._folder, "clone", "--quiet", "--shared", "--no-checkout", str(top), str(self._clone))
            self._project = self._clone / self.root.resolve().relative_to(top.resolve())
            (self._folder / "case.json").write_text(self._finding, encoding="utf-8")
            self._require(good, AGREES)
            self._require(bad, SHOWN)
            return self._described(self._search(good, bad))

    def _search(self, good: str, bad: str) -> str:
        told = _git(self._clone, "bisect", "start", bad, good)
        while (found := FIRST_BAD.search(told)) is None:
            verdict, _ = self._ask()
            told = _git(self._clone, "bisect", verdict)
            if "only 'skip'ped commits left" in told:
                raise BisectError(f"every commit that is left was skipped: {' '.join(told.split())[:300]}")
        return found[1]

    def _require(self, commit: str, wanted: str) -> None:
        _git(self._clone, "checkout", "--quiet", "--force", commit)
        verdict, why = self._ask()
        if verdict != wanted:
            role = "GOOD" if wanted == AGREES else "BAD"
            raise BisectError(f"{role} {commit[:12]} is not {wanted}: {why}: name another range")

    def _ask(self) -> tuple[str, str]:
        """What the commit that is checked out says of the case, and why."""
        self._tried += 1
        sha = _git(self._clone, "rev-parse", "HEAD")
        verdict, why = self._asked(sha)
        self.tell(f"{sha[:12]} {verdict:<4} {why}")
        return verdict, why

    def _asked(self, sha: str) -> tuple[str, str]:
        paths = [self._folder / "wheels" / sha] if self._wheel_is_wanted() else []
        problem = self._built(paths)
        if problem:
            return SKIPPED, f"does not build: {problem}"
        case = str(self._folder / "case.json")
        ended = self._run([sys.executable, "-m", "cracktrader_fuzz", "repro", case, *self._asks], paths)
        try:
            shown = json.loads(ended.stdout)["signature"]
        except (ValueError, KeyError, TypeError):
            return SKIPPED, f"cannot run the case: {_last_line(ended)}"
        if shown is None:
            return AGREES, "the subjects agree"
        return (SHOWN, "the same signature") if shown == self.signature else (SKIPPED, f"shows {shown}")

    def _built(self, paths: list[Path]) -> str:
        """Build what is checked out; what went wrong, or nothing."""
        if self.build is not None:
            ended = self._run(["/bin/sh", "-c", self.build] if os.name == "posix" else [self.build], [])
            return "" if ended.returncode == 0 else _last_line(ended)
        for folder in paths:
            wheels = folder.with_name("dist")
            shutil.rmtree(wheels, ignore_errors=True)
            ended = self._run([_maturin(), "build", "--release", "--quiet", "--out", str(wheels)], [])
            if ended.returncode != 0:
                return _last_line(ended)
            for wheel in wheels.glob("*.whl"):
                with zipfile.ZipFile(wheel) as archive:
                    archive.extractall(folder)
        return ""

    def _wheel_is_wanted(self) -> bool:
        return self.build is None and _backend(self._project / "pyproject.toml") == "maturin"

    def _run(self, command: list[str], paths: list[Path]) -> subprocess.CompletedProcess[str]:
        """Run a command in the clone, where the import path leads into the clone instead of into the repository.

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
            command, cwd=self._project, env=environment, capture_output=True, text=True, check=False
        )

    def _import_path(self) -> list[Path]:
        """The folders of this process's import path, those of the repository as they are in the clone."""
        top, result = self._repository(), []
        for entry in map(Path, filter(None, sys.path)):
            inside = entry.is_relative_to(top) and (self._clone / entry.relative_to(top)).is_dir()
            result.append(self._clone / entry.relative_to(top) if inside else entry)
        return [path for path in result if "site-packages" not in path.parts and path.is_dir()]

    def _repository(self) -> Path:
        depth = len(self._project.relative_to(self._clone).parts)
        return Path(*self.root.parts[: len(self.root.parts) - depth])

    def _described(self, sha: str) -> Commit:
        subject, author, date = _git(self._clone, "show", "--no-patch", "--format=%s%n%an%n%as", sha).split("\n")
        return Commit(sha, subject, author, date, self._tried)


def _git(folder: Path, *arguments: str) -> str:
    """What git answers. Raises BisectError with its last line."""
    ended = subprocess.run(  # noqa: S603 - git, found on the path on purpose
        ["git", *_GIT_OPTIONS, *arguments],  # noqa: S607
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0 and "only 'skip'ped commits left" not in ended.stdout:
        raise BisectError(f"git {' '.join(arguments)[:80]}: {_last_line(ended)}")
    return ended.stdout.strip()


def _environment() -> dict[str, str]:
    """This process's environment without what git or Python would mistake for the clone's, in plain English."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") and key != "PYTHONPATH"}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def _last_line(ended: subprocess.CompletedProcess[str]) -> str:
    lines = (ended.stderr.strip() or ended.stdout.strip()).splitlines()
    return lines[-1][:200] if lines else f"it ended with {ended.returncode} and without a word"


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
        raise BisectError("maturin is not there: `pip install maturin`, or say how to build with --build COMMAND")
    return found
