"""A year of minute bars with a crossover strategy, on both backends, each log replayed step by step on the other.

python -m benchmarks.year_backtest [--bars N] [--keep FOLDER]

Prints a table and fails unless both backends end with one summary, both logs hold the same bytes after their header,
and both replays end with the digest of the run. Each part has a process of its own, so that its memory is its own.
`make bench ARGS="--year --write"` puts the year into docs/performance.md. POSIX only.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import click

from benchmarks.page import table
from benchmarks.synthetic import parts
from cracktrader import Backend, CracktraderEngine, LogReader, ReplayRunner, RunSummary

BARS_OF_A_YEAR = 525_600  # 365 days of 1,440 minutes
# About a week of minutes: a difference is dated to the week, and the digests cost little beside the run.
DIGEST_EVERY = 10_000
BACKENDS: tuple[Backend, ...] = ("python", "rust")
CHUNK_BYTES = 1 << 20  # logs of hundreds of MiB are compared without holding them in memory

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Part:
    """What one process did: how many steps, in which CPU time, with how much memory at most."""

    what: str
    steps: int
    seconds: float
    peak_mib: float

    def row(self) -> tuple[str, ...]:
        """Its line of the table."""
        each = self.seconds / self.steps
        return self.what, f"{self.steps:,}", f"{self.seconds:.1f}", f"{each * 1e6:.1f}", f"{self.peak_mib:.0f}"


@click.command()
@click.option("--bars", default=BARS_OF_A_YEAR, show_default=True, help="Minutes to run.")
@click.option("--keep", type=click.Path(path_type=Path), help="A folder for the logs, which are else thrown away.")
def main(bars: int, keep: Path | None) -> None:
    """Run, replay, compare."""
    text, is_same = report(bars, keep)
    click.echo(text)
    sys.exit(0 if is_same else 1)


def report(bars: int, keep: Path | None = None) -> tuple[str, bool]:
    """The table and what was found, and whether all is the same."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        runs = [_apart(_run, backend, bars, folder) for backend in BACKENDS]
        logs = [folder / f"{backend}.jsonl" for backend in BACKENDS]
        replays = [_apart(_replay, backend, log) for log, backend in zip(logs, BACKENDS[::-1], strict=True)]
        has_one_log = _is_one_log(*logs)
        log_mib = logs[0].stat().st_size / 2**20
    summary = runs[0][1]
    has_one_end = all(each == summary for _, each in runs) and all(digest == summary.digest for _, digest in replays)
    is_same = has_one_log and has_one_end
    rows = [part.row() for part, _ in (*runs, *replays)]
    told = (
        f"{bars:,} bars, {summary.steps:,} steps, {summary.intents:,} orders, a log of {log_mib:.0f} MiB. "
        f"Cash {summary.cash}, positions {summary.positions}.\n\n"
        f"Trace `{summary.trace_digest}`, state `{summary.digest}`.\n\n"
        f"The same on both backends, log for log, and replayed step by step: {'yes' if is_same else '**no**'}."
    )
    return (
        f"{table(('what', 'steps', 'seconds', 'us a step', 'peak MiB'), rows, numbers=(1, 2, 3, 4))}\n\n{told}",
        is_same,
    )


def _apart(work: Callable[..., tuple[Part, _Answer]], *arguments: object) -> tuple[Part, _Answer]:
    """Do it in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _run(backend: Backend, bars: int, folder: Path) -> tuple[Part, RunSummary]:
    start = time.process_time()
    summary = CracktraderEngine(engine_backend=backend).run_native(
        **parts(bars), log=folder / f"{backend}.jsonl", digest_every=DIGEST_EVERY
    )
    return _part(f"run on {backend}", summary.steps, start), summary


def _replay(backend: Backend, log: Path) -> tuple[Part, str]:
    """Every step of a log once more, and the digest of the state that it ends with."""
    start = time.process_time()
    report = ReplayRunner(LogReader(log), backend=backend).run()
    return _part(f"log of {log.stem} replayed on {backend}", report.steps, start), report.digest


def _part(what: str, steps: int, start: float) -> Part:
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Part(what, steps, time.process_time() - start, peak_mib)


def _is_one_log(first: Path, second: Path) -> bool:
    """Whether two logs are the same bytes after their headers, which name the backend."""
    with first.open("rb") as one, second.open("rb") as other:
        one.readline(), other.readline()
        while chunk := one.read(CHUNK_BYTES):
            if chunk != other.read(CHUNK_BYTES):
                return False
        return not other.read(1)


if __name__ == "__main__":
    main()
