"""Findings outlive what happens to the run: kill -9 of anybody at any moment, a full disk, another run beside it.

`KILLS=200 pytest tests/isolation/test_findings.py -k killed` kills as often as that.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from program import ROOT, environment, program, run

from cracktrader_fuzz.corpus.documents import read_finding
from cracktrader_fuzz.corpus.store import STALE_SECONDS, FindingStore
from cracktrader_fuzz.errors import DocumentError

KILLS = int(os.environ.get("KILLS", "20"))
DEADLINE_SECONDS = 120.0
CANARIES = ("canary-rebate-not-paid", "canary-cash-as-float", "canary-fill-clears-pending-cancel")
SEATS = ",".join(("python", *CANARIES))
SOAK = ("run", "--front-end", "soak", "--subjects", SEATS)


def families(corpus: Path) -> set[str]:
    """Every finding that is there, by signature without its context, into which it may still be shrunk.

    A file that is there must be whole; one that goes while it is looked at made room for a smaller one.
    """
    found = set()
    for path in FindingStore(corpus / "findings").paths():
        try:
            target, kind, _, rest = read_finding(path).signature.split("/", 3)
        except DocumentError:
            assert not path.exists(), path.read_text()
            continue
        found.add(f"{target}/{kind}/*/{rest}")
    return found


@contextlib.contextmanager
def started(corpus: Path, seed: int) -> Iterator[subprocess.Popen[str]]:
    """A run without an end; it and all its processes are gone afterwards."""
    asked = program(*SOAK, "--seconds", "3600", "--seed", str(seed), "--workers", "2", corpus=corpus)
    process = subprocess.Popen(
        asked,
        cwd=ROOT,
        env=environment(),
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def processes_of(process: subprocess.Popen[str]) -> list[int]:
    """The run, as often as all the processes that it has started, and those; the run alone when it has ended."""
    if process.poll() is not None:
        return [process.pid]
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    below = [pid for pid, above in pairs if above == process.pid]
    return [*below, *[process.pid] * len(below)]


def watch(corpus: Path, seconds: float, ready: Callable[[], object]) -> set[str]:
    """The families that were there at any time, for so long and until something is so."""
    start, seen = time.monotonic(), families(corpus)
    while time.monotonic() < start + seconds or not ready():
        seen |= families(corpus)
        assert time.monotonic() < start + DEADLINE_SECONDS, "it was never so"
    return seen


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9, and no ps")
def test_killed_runs_lose_nothing(tmp_path: Path) -> None:
    """Whatever is killed at whatever moment: what was on the disk before stays, whole, and no temporary file counts."""
    moments, corpus, kills, seed = random.Random(5), tmp_path / "corpus", 0, 0
    announced: set[str] = set()
    while kills < KILLS:
        seed += 1
        with started(corpus, seed) as process:
            while process.poll() is None and kills < KILLS:
                announced |= watch(corpus, moments.uniform(0, 2.5), partial(processes_of, process))
                if process.poll() is None:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(moments.choice(processes_of(process)), signal.SIGKILL)
                    kills += 1
                assert announced <= families(corpus)
        assert announced <= families(corpus)
    assert announced, "no finding was there to be lost"
    ended = run(*SOAK, "--cases", "20", "--seed", "1", corpus=corpus)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert announced <= families(corpus)


def test_stale_temporary_files_go_when_a_run_starts(tmp_path: Path) -> None:
    """What a killed writer left behind is no finding and goes; what somebody may be writing just now stays."""
    store = FindingStore(tmp_path / "findings")
    store.folder.mkdir()
    stale, fresh = store.folder / ".finding.json.abc", store.folder / ".finding.json.def"
    for path in (stale, fresh):
        path.write_text("{")
    long_ago = time.time() - 2 * STALE_SECONDS
    os.utime(stale, (long_ago, long_ago))
    assert store.paths() == []
    store.require_writable()
    assert (stale.exists(), fresh.exists()) == (False, True)


@pytest.mark.parametrize("files", [0, 4, 5])
def test_full_disk(tmp_path: Path, files: int) -> None:
    """A disk that fills up ends the run with 3 and one line that says so; what was written before is there, whole."""
    variables = {"FULL_DISK_COUNT": str(tmp_path / "count"), "FULL_DISK_AFTER": str(files)}
    here = str(Path(__file__).parent / "full_disk")
    corpus = tmp_path / "corpus"
    asked = (*SOAK, "--seconds", "60", "--seed", "1", "--workers", "1")
    ended = run(*asked, corpus=corpus, PYTHONPATH=here, **variables)
    assert ended.returncode == 3, ended.stdout + ended.stderr
    told = ended.stdout.splitlines()[-1]
    assert told.startswith(f"HARNESS BROKEN, this run proves nothing: {corpus}")
    assert told.endswith(": cannot be written: No space left on device; what was written before is intact")
    assert "Traceback" not in ended.stderr
    assert bool(families(corpus)) == (files > 0)
    assert not list((corpus / "findings").glob(".*"))


def test_two_runs_on_one_corpus(tmp_path: Path) -> None:
    """Two runs at once end well, and leave one whole finding a signature."""
    corpus = tmp_path / "corpus"
    asked = [program(*SOAK, "--cases", "60", "--seed", str(seed), corpus=corpus) for seed in (1, 2)]
    both = [
        subprocess.Popen(each, cwd=ROOT, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for each in asked
    ]
    for process in both:
        stdout, stderr = process.communicate(timeout=DEADLINE_SECONDS)
        assert process.returncode == 1, stdout + stderr
    signatures = Counter(read_finding(path).signature for path in (corpus / "findings").iterdir())
    assert signatures
    assert set(signatures.values()) == {1}
    assert len(families(corpus)) >= len(CANARIES)
