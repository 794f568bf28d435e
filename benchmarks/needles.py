"""How long each search takes to find a needle: `python -m benchmarks.needles [--write]`.

A needle is a bug behind an exact quantity and an exact price on an order that was replaced, and a particular fee. Each
search is a run of its own with one worker, an empty corpus of coverage and the repository's fixtures; it ends with its
first finding, or when it has used up its time, which is that of the processor, for the machine may have others on it.
Linux only. Takes 20 minutes of one core.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks import search_rate
from benchmarks.page import table, write_parts
from benchmarks.processors import processor_seconds

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "search.md"
NEEDLES = ("rust-needle", "python-needle")
SEEDS = (1, 2, 3, 4, 5)  # for a median and a spread; each costs up to two minutes of the processor
# On the clock a run may take so many times its time of the processor: a machine whose load is higher measures nothing.
PATIENCE = 20
NOWHERE = {"CRACKTRADER_COVERAGE_LIBRARY": "/nowhere"}


@dataclass(frozen=True)
class Search:
    """A front end, for so long, from these seeds; `without` what its environment hides."""

    name: str
    front_end: str
    seconds: int
    seeds: tuple[int, ...]
    needles: tuple[str, ...] = NEEDLES
    environment: tuple[tuple[str, str], ...] = ()


SEARCHES = (
    Search("coverage", "coverage", 120, SEEDS),
    Search("coverage, without the Rust build", "coverage", 120, (1,), ("rust-needle",), tuple(NOWHERE.items())),
    Search("mutation", "mutation", 120, (1,)),
    Search("soak", "soak", 300, (1,)),
)


@dataclass(frozen=True)
class Run:
    """When the needle was found, if it was; how long the run took in all; how much was run. Of processor."""

    found_seconds: float | None
    seconds: float
    cases: int
    steps: int


def search(needle: str, how: Search, seed: int) -> Run:
    """One run."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        corpus = Path(folder) / "corpus"
        shutil.copytree(ROOT / "corpus" / "fixtures", corpus / "fixtures")
        command = [sys.executable, "-m", "cracktrader_fuzz", "run", "--json", "--workers", "1"]
        command += ["--front-end", how.front_end, "--seconds", str(PATIENCE * how.seconds), "--seed", str(seed)]
        command += ["--subjects", f"python,{needle}", "--corpus", str(corpus)]
        told = Path(folder) / "told"
        with told.open("wb") as stream:
            environment = {**os.environ, **dict(how.environment)}
            process = subprocess.Popen(
                command, cwd=ROOT, stdout=stream, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
            )
        used, found = 0.0, False
        while process.poll() is None and not found and used < how.seconds:
            time.sleep(0.2)
            used, found = max(used, processor_seconds(session=process.pid)), any((corpus / "findings").glob("*.json"))
        process.terminate()
        process.wait()
        (front_end,) = json.loads(told.read_bytes())["front_ends"].values()
        return Run(used if found else None, max(used, 1e-9), front_end["cases"], front_end["steps"])


def rows(searches: Sequence[Search]) -> Iterator[tuple[str, ...]]:
    """A row for each search and needle, as they end."""
    for how in searches:
        for needle in how.needles:
            runs = [search(needle, how, seed) for seed in how.seeds]
            yield (how.name, needle, f"{how.seconds}", *_told(runs))


def _told(runs: list[Run]) -> tuple[str, ...]:
    times = sorted(run.found_seconds if run.found_seconds is not None else float("inf") for run in runs)
    each = ", ".join("no" if seconds == float("inf") else f"{seconds:.0f}" for seconds in times)
    median = statistics.median(times)
    rate = statistics.median(run.cases / run.seconds for run in runs)
    steps = statistics.median(run.steps / run.seconds for run in runs)
    return each, "no" if median == float("inf") else f"{median:.0f}", f"{rate:,.0f}", f"{steps:,.0f}"


@click.command()
@click.option("--only", type=click.Choice([each.name for each in SEARCHES]), help="One search; nothing is written.")
@click.option("--write", is_flag=True, help="Put the table into docs/search.md.")
def main(only: str | None, write: bool) -> None:
    """Measure."""
    found = []
    for row in rows([each for each in SEARCHES if only in (None, each.name)]):
        click.echo(" | ".join(row))
        found.append(row)
    headings = ("search", "needle", "seconds at most", "found after", "median", "cases a second", "steps a second")
    parts = {"needles": table(headings, found, numbers=(2, 4, 5, 6))}
    if only is None:
        rates = list(search_rate.rows())
        parts["rates"] = table(("followed", "cases a second", "steps a second", "steps a case"), rates, (1, 2, 3))
    for name, text in parts.items():
        click.echo(f"\n{name}\n{text}")
    if write and only is None:
        write_parts(parts, PAGE)


if __name__ == "__main__":
    main()
