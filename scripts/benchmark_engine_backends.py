"""How much faster the Rust backend is, on the same synthetic data; it counts only when both agree.

python scripts/benchmark_engine_backends.py [--bars N] [--repeats N] [--write-baseline] [--json]

Two figures, in microseconds of CPU time a step: `engine`, a whole run as a user has it (feed, strategy, simulated
broker, checker), and `core`, the same inputs put straight into the core. The backends take turns. With a baseline
stored it fails when a speed-up fell by more than `--slowdown-max`; speed-ups are compared, not times, because times
belong to a machine. Exit code 0 when all is well, 1 without parity or when too slow, 2 without the extension.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.synthetic import parts  # noqa: E402

from cracktrader import Backend, BackendUnavailableError, CracktraderEngine, build_core  # noqa: E402

BASELINE = ROOT / "benchmarks" / "backends_baseline.json"
BACKENDS: tuple[Backend, ...] = ("python", "rust")

Timed = Callable[[Backend], tuple[int, object]]
"""Does the work on a backend: how many steps that was, and what must be the same on both."""


@click.command()
@click.option("--bars", default=5_000, show_default=True, help="Bars of a run.")
@click.option("--repeats", default=5, show_default=True, type=click.IntRange(1), help="Runs of each backend.")
@click.option("--baseline", default=BASELINE, type=click.Path(path_type=Path), help="The stored baseline.")
@click.option("--write-baseline", is_flag=True, help="Store this run as the baseline.")
@click.option("--slowdown-max", default=1.25, show_default=True, help="By what factor a speed-up may fall.")
@click.option("--json", "wants_json", is_flag=True, help="The same facts as JSON.")
def main(bars: int, repeats: int, baseline: Path, write_baseline: bool, slowdown_max: float, wants_json: bool) -> None:
    """Measure both backends."""
    try:
        build_core(0, "rust")
    except BackendUnavailableError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    report = {"engine": measure(engine_run(bars), repeats), "core": measure(core_run(bars), repeats)}
    faults = [f"{name}: the backends do not agree" for name, figure in report.items() if not figure["parity"]]
    if write_baseline and not faults:
        speed_ups = {name: figure["speed_up"] for name, figure in report.items()}
        baseline.write_text(f"{json.dumps(speed_ups, indent=2)}\n", encoding="utf-8")
    stored = json.loads(baseline.read_text(encoding="utf-8")) if baseline.exists() else {}
    faults += slower_than(stored, report, slowdown_max)
    if wants_json:
        click.echo(json.dumps({"figures": report, "baseline": stored, "faults": faults}))
    else:
        show(report, stored)
        for fault in faults:
            click.echo(f"FAIL  {fault}")
    sys.exit(1 if faults else 0)


def engine_run(bars: int) -> Timed:
    """A whole run through the runtime."""

    def run(backend: Backend) -> tuple[int, object]:
        summary = CracktraderEngine(engine_backend=backend).run_native(**parts(bars))
        return summary.steps, summary

    return run


def core_run(bars: int) -> Timed:
    """The inputs of such a run, recorded once, step by step through the core alone."""
    inputs: list[tuple[str, Any]] = []

    def record(step: Any, _view: Any) -> None:
        inputs.append(("apply_event", step["event"]))
        inputs.extend(("process_intent", intent) for intent in step["intents"])

    CracktraderEngine().run_native(**parts(bars), observers=[record])

    def run(backend: Backend) -> tuple[int, object]:
        core = build_core(parts(0)["initial_cash"], backend)
        for method, step in inputs:
            getattr(core, method)(step)
        return len(inputs), core.state_digest()

    return run


def measure(run: Timed, repeats: int) -> dict[str, Any]:
    """Figures of both backends in microseconds a step, and the speed-up of the medians, null without parity."""
    taken: dict[Backend, list[float]] = {backend: [] for backend in BACKENDS}
    answers = []
    for _ in range(repeats):
        for backend in BACKENDS:
            start = time.process_time()
            steps, answer = run(backend)
            taken[backend].append((time.process_time() - start) / steps * 1e6)
            answers.append(answer)
    parity = all(answer == answers[0] for answer in answers)
    python, rust = (statistics.median(taken[backend]) for backend in BACKENDS)
    figures: dict[str, Any] = {backend: spread(times) for backend, times in taken.items()}
    return figures | {"parity": parity, "speed_up": round(python / rust, 3) if parity else None}


def spread(times: list[float]) -> dict[str, float]:
    """Mean, median and 95th percentile (nearest rank)."""
    ordered = sorted(times)
    rank = math.ceil(0.95 * len(ordered)) - 1
    figures = {"mean": statistics.fmean(ordered), "median": statistics.median(ordered), "p95": ordered[rank]}
    return {name: round(value, 2) for name, value in figures.items()}


def slower_than(stored: dict[str, float], report: dict[str, Any], slowdown_max: float) -> list[str]:
    """What fell by more than the ratio."""
    return [
        f"{name}: the speed-up fell from {stored[name]} to {figure['speed_up']}, by more than {slowdown_max}"
        for name, figure in report.items()
        if figure["parity"] and name in stored and stored[name] > figure["speed_up"] * slowdown_max
    ]


def show(report: dict[str, Any], stored: dict[str, float]) -> None:
    """The table."""
    click.echo(f"{'us a step':18} {'mean':>8} {'median':>8} {'p95':>8}")
    for name, figure in report.items():
        for backend in BACKENDS:
            row = figure[backend]
            click.echo(f"{name + ' ' + backend:18} {row['mean']:8.2f} {row['median']:8.2f} {row['p95']:8.2f}")
        known = f", baseline {stored[name]}" if name in stored else ""
        told = f"speed-up {figure['speed_up']}{known}" if figure["parity"] else "no speed-up: they do not agree"
        click.echo(f"{name}: parity {figure['parity']}, {told}")


if __name__ == "__main__":
    main()
