"""Ctrl-C, and an output that nobody reads: the run ends early, in order, with what it has."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from program import REBATE, ROOT, SEATS, environment, program, without_progress

from cracktrader_fuzz.corpus.documents import read_finding

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to a process group")
DEADLINE_SECONDS = 60.0

# In a process that a pool starts: say so, then take long to begin. Ctrl-C comes before any line of ours has run there.
SLOW_WORKER = """
import pathlib
import sys
import time

if "--multiprocessing-fork" in sys.argv:
    pathlib.Path({mark!r}).touch()
    time.sleep(1)
"""


@contextlib.contextmanager
def started(*arguments: str, corpus: Path | None = None, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The program in a process group of its own, as a shell starts it; it is gone afterwards."""
    process = subprocess.Popen(
        program(*arguments, corpus=corpus),
        cwd=ROOT,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - in the background it is ignored
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def interrupted_when(process: subprocess.Popen[str], ready: Callable[[], bool]) -> tuple[str, str]:
    """Press Ctrl-C, which the whole group gets, once something is so; what the program wrote until it ended.

    The text is whole only when every process has closed it, so a worker that is left behind fails the test.
    """
    until = time.monotonic() + DEADLINE_SECONDS
    while not ready():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "it was never so"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    return process.communicate(timeout=DEADLINE_SECONDS)


def findings_in(corpus: Path) -> list[Path]:
    """The findings that are there by now."""
    return sorted((corpus / "findings").glob("*.json"))


@pytest.mark.parametrize("wants_json", [False, True], ids=["text", "json"])
def test_interrupted_with_a_finding(corpus: Path, wants_json: bool) -> None:
    """The findings so far decide the exit code, 1; they are told, whole, and lie readable in their files."""
    asked = ("run", "--front-end", "soak", "--seconds", "60", "--subjects", SEATS, *(["--json"] if wants_json else []))
    with started(*asked, corpus=corpus) as process:
        stdout, stderr = interrupted_when(process, lambda: bool(findings_in(corpus)))
    assert process.returncode == 1, stdout + stderr
    assert without_progress(stderr) == ""
    kept = {read_finding(path).signature: path for path in findings_in(corpus)}
    assert kept
    assert all(read_finding(path).certificate is not None for path in kept.values())
    if wants_json:
        told = json.loads(stdout)
        assert told["interrupted"] is True
        assert {name: Path(each["path"]) for name, each in told["findings"].items()} == kept
    else:
        assert stdout.splitlines()[-1].startswith(f"{len(kept)} new signatures, 0 problems: ")
        assert all(f"signature  {signature}\n" in stdout for signature in kept)
    assert not list(corpus.rglob(".*")), "no half-written file is left"


def test_interrupted_without_a_finding(corpus: Path) -> None:
    """Nothing found so far is 130, and the summary says that it was interrupted."""
    with started("run", "--front-end", "soak", "--seconds", "60", corpus=corpus) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        stdout, stderr = interrupted_when(process, lambda: True)
    assert process.returncode == 130, stdout + stderr
    assert first != ""
    assert without_progress(first + stderr) == ""
    # Which of the two depends on whether a worker was up by then.
    assert stdout.splitlines()[-1].startswith(("0 new signatures, all agree: ", "nothing was compared: "))
    assert stdout.splitlines()[-1].endswith(" s; interrupted, nothing is lost")


def test_interrupted_while_workers_start(corpus: Path, tmp_path: Path) -> None:
    """Ctrl-C that comes before a worker has run a line of ours does not kill it: 130, no broken run, no traceback."""
    mark = tmp_path / "worker-starts"
    (tmp_path / "sitecustomize.py").write_text(SLOW_WORKER.format(mark=str(mark)))
    asked = ("run", "--front-end", "soak", "--seconds", "60")
    with started(*asked, corpus=corpus, PYTHONPATH=str(tmp_path)) as process:
        stdout, stderr = interrupted_when(process, mark.exists)
    assert process.returncode == 130, stdout + stderr
    assert without_progress(stderr) == ""


@pytest.mark.parametrize(
    "asked",
    [
        "run --front-end soak --cases 2",
        "run --front-end soak --cases 2 --json",
        "repro 1/7",
        "repro 1/7 --json",
        f"shrink {REBATE} --subjects {SEATS}",
        "corpus check --corpus corpus",
    ],
)
def test_closed_output(asked: str, corpus: Path) -> None:
    """An output that nobody reads ends a command quietly with 2: not 1, which would be a finding."""
    with started(*asked.split(), corpus=None if "--corpus" in asked else corpus) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        stderr = process.stderr.read()
        code = process.wait(DEADLINE_SECONDS)
        process.stdout = None
    assert (code, without_progress(stderr)) == (2, "")
