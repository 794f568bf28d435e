"""A year of minute bars with a crossover strategy, on both backends, replayed step by step.

python -m benchmarks.year_backtest [--bars N] [--keep FOLDER]

Prints a table and fails unless both backends end with one trace and one digest, and the log of each replays on the
other. A log of the whole year takes 360 MB on disk, and its replay 1.3 GB of memory. POSIX only.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import click

from benchmarks.synthetic import parts
from cracktrader import Backend, CracktraderEngine, ReplayLog, ReplayRunner, RunSummary

BARS_OF_A_YEAR = 525_600
DIGEST_EVERY = 10_000
BACKENDS: tuple[Backend, ...] = ("python", "rust")


@click.command()
@click.option("--bars", default=BARS_OF_A_YEAR, show_default=True, help="Minutes to run.")
@click.option("--keep", type=click.Path(path_type=Path), help="A folder for the logs, which are else thrown away.")
def main(bars: int, keep: Path | None) -> None:
    """Run, replay, compare."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        summaries = {backend: _run(backend, bars, folder) for backend in BACKENDS}
        replays = [
            _replay(folder / f"{log}.jsonl", backend) for log, backend in zip(BACKENDS, BACKENDS[::-1], strict=True)
        ]
    python, rust = summaries.values()
    is_same = python == rust and all(digest == python.digest for digest in replays)
    click.echo(f"cash {python.cash}, positions {python.positions}, intents {python.intents}")
    click.echo(f"trace {python.trace_digest}\nstate {python.digest}")
    click.echo(f"identical on both backends, and replayed step by step -> {is_same}")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(f"peak memory {peak_mb:.0f} MB")
    sys.exit(0 if is_same else 1)


def _run(backend: Backend, bars: int, folder: Path) -> RunSummary:
    start = time.perf_counter()
    summary = CracktraderEngine(engine_backend=backend).run_native(
        **parts(bars), log=folder / f"{backend}.jsonl", digest_every=DIGEST_EVERY
    )
    _tell(f"run on {backend}", summary.steps, time.perf_counter() - start)
    return summary


def _replay(log: Path, backend: Backend) -> str:
    """Every step of a log once more; the digest at the end."""
    start = time.perf_counter()
    report = ReplayRunner(ReplayLog.read(log), backend=backend).run()
    _tell(f"{log.stem} log on {backend}", report.steps, time.perf_counter() - start)
    return report.digest


def _tell(what: str, steps: int, seconds: float) -> None:
    click.echo(f"{what:20} {steps:>9,} steps {seconds:8.1f} s {steps / seconds:>9,.0f} steps/s")


if __name__ == "__main__":
    main()
