"""`repro --bisect`: names the commit, reads the repository and nothing more, and says why where it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from documents import printed
from tiny import BREAKING, UNBUILDABLE, WRONG, commit, git, make_history

CASE = "0/0"


def repro(repository: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`repro` of a generated case that differs, in the repository."""
    command = [sys.executable, "-m", "cracktrader_fuzz", "repro", CASE, *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)


def state_of(repository: Path) -> tuple[str, str, str]:
    """The files, the references and the log of a repository."""
    files = git(repository, "status", "--porcelain", "--ignored")
    return files, git(repository, "for-each-ref"), git(repository, "log")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The repository and its commits by subject; not to be changed."""
    repository = tmp_path_factory.mktemp("history") / "tiny"
    return repository, make_history(repository)


def test_first_bad_commit_is_named(history: tuple[Path, dict[str, str]]) -> None:
    """The commit that broke the counter, past one that cannot be loaded; the repository is as it was before."""
    repository, commits = history
    (repository / "counter.py").write_text(WRONG + "# not committed\n", encoding="utf-8")
    before = state_of(repository)
    ended = repro(repository, "--bisect", f"{commits['Two tallies']}..HEAD")
    after = state_of(repository)
    git(repository, "checkout", "--quiet", "counter.py")
    assert ended.returncode == 1, ended.stderr
    first, detail = ended.stdout.splitlines()
    assert first == f"first bad commit: {commits[BREAKING]} {BREAKING}"
    tried = [line.split(maxsplit=2) for line in ended.stderr.splitlines()]
    assert detail == f"  Somebody, 2026-01-01; tried {len(tried)} commits"
    assert {words[1] for words in tried} <= {"good", "bad", "skip"}
    assert [line for line in after[0].splitlines() if "__pycache__" not in line] == before[0].splitlines()
    assert before[1:] == after[1:]


def test_first_bad_commit_as_a_document(history: tuple[Path, dict[str, str]]) -> None:
    """`--json` gives the commit, the range and the difference; progress stays on standard error."""
    repository, commits = history
    ended = repro(repository, "--bisect", "HEAD~7..HEAD", "--json")
    document = printed(ended.stdout, "repro-bisect")
    assert (ended.returncode, document["commits"]) == (1, "HEAD~7..HEAD")
    assert (document["first_bad"]["sha"], document["first_bad"]["subject"]) == (commits[BREAKING], BREAKING)
    assert document["first_bad"]["tried"] == len(ended.stderr.splitlines())
    assert document["signature"].endswith("/right~counter")


def test_commit_that_cannot_be_asked_is_skipped(tmp_path: Path) -> None:
    """A commit that does not load is skipped and told; if only such ones are left, they are named."""
    repository = tmp_path / "tiny"
    make_history(repository)
    commit(repository, "Break it all", counter=UNBUILDABLE)
    good = commit(repository, "Mend it", counter=WRONG.replace('"9"', '"x"'))
    commit(repository, "Break it all again", counter=UNBUILDABLE)
    commit(repository, "Load again", counter=WRONG)
    ended = repro(repository, "--bisect", f"{good}..HEAD")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert " skip cannot run the case: " in ended.stderr
    assert "every commit that is left was skipped" in ended.stderr


def test_build_command_runs_first(history: tuple[Path, dict[str, str]]) -> None:
    """`--build` runs in the clone of each commit, and a commit on which it fails is skipped."""
    repository, commits = history
    build = "grep -q LIMIT counter.py && touch built"
    ended = repro(repository, "--bisect", "HEAD~7..HEAD", "--build", build)
    assert ended.stdout.startswith(f"first bad commit: {commits[BREAKING]}")
    assert not (repository / "built").exists()
    failing = repro(repository, "--bisect", "HEAD~7..HEAD", "--build", "echo no compiler >&2; false")
    assert failing.returncode == 2
    assert "is not good: does not build: no compiler: name another range" in failing.stderr


@pytest.mark.parametrize(
    ("commits", "told"),
    [
        ("HEAD", "'HEAD' is not GOOD..BAD"),
        ("..HEAD", "'..HEAD' is not GOOD..BAD"),
        ("--all..HEAD", "'--all..HEAD' is not GOOD..BAD"),
        ("nowhere..HEAD", "unknown revision 'nowhere': no commit, branch or tag of"),
        ("HEAD~1..HEAD", "is not good: the same signature: name another range"),
        ("HEAD~7..HEAD~6", "is not bad: the subjects agree: name another range"),
    ],
)
def test_range_that_cannot_be_searched(history: tuple[Path, dict[str, str]], commits: str, told: str) -> None:
    """A range that is none, a commit that is not there, an end that is not as it should be: each is told."""
    ended = repro(history[0], "--bisect", commits)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr


def test_agreement_is_not_searched(tmp_path: Path) -> None:
    """Where the subjects agree now there is nothing to look for."""
    repository = tmp_path / "tiny"
    make_history(repository)
    git(repository, "checkout", "--quiet", "HEAD~7")
    ended = repro(repository, "--bisect", "HEAD..main")
    assert ended.returncode == 2
    assert "nothing to bisect: right and counter agree on 0/0 as they are now" in ended.stderr
