"""The gate and the benchmark run from the command line, on few bars, and tell what they find."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def run(script: str, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors."""
    command = [sys.executable, str(SCRIPTS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def without_extension(script: str) -> tuple[int, str]:
    """Exit code and errors where the extension cannot be imported."""
    code = (
        "import runpy, sys; sys.modules['cracktrader.engine._rust'] = None; "
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [sys.executable, "-c", code, str(SCRIPTS / script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def benchmark(*arguments: str) -> tuple[int, Any]:
    """Exit code and the report of a short benchmark."""
    code, output, errors = run("benchmark_engine_backends.py", "--bars", "200", "--repeats", "2", "--json", *arguments)
    assert errors == ""
    return code, json.loads(output)


def test_the_gate_passes() -> None:
    """Fixtures, a run, and a replay on the other backend."""
    code, output, errors = run("run_rust_parity_gate.py", "--bars", "300", "--json")
    report = json.loads(output)
    assert (code, errors, report["passed"]) == (0, "", True)
    assert [check["check"] for check in report["checks"]] == ["fixtures", "run and replay"]


def test_the_benchmark_needs_parity_and_keeps_a_baseline(tmp_path: Path) -> None:
    """It writes the speed-ups, and fails against a baseline that is far better."""
    baseline = tmp_path / "baseline.json"
    code, report = benchmark("--baseline", str(baseline), "--write-baseline", "--slowdown-max", "100")
    assert code == 0
    assert {name: figure["speed_up"] for name, figure in report["figures"].items()} == json.loads(baseline.read_text())
    assert all(figure["parity"] for figure in report["figures"].values())
    assert {name for figure in report["figures"].values() for name in figure["rust"]} == {"mean", "median", "p95"}
    baseline.write_text('{"core": 1000.0}', encoding="utf-8")
    code, report = benchmark("--baseline", str(baseline))
    assert (code, [fault[:5] for fault in report["faults"]]) == (1, ["core:"])


def test_the_year_on_few_bars() -> None:
    """Both backends, both logs and both replays agree, and each of the four parts has a line."""
    command = [sys.executable, "-m", "benchmarks.year_backtest", "--bars", "300"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=SCRIPTS.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert "300 bars, 3" in done.stdout
    assert "replayed step by step: yes." in done.stdout
    assert sum(line.startswith("| ") for line in done.stdout.splitlines()) == 6


@pytest.mark.parametrize("script", ["run_rust_parity_gate.py", "benchmark_engine_backends.py"])
def test_without_the_extension_both_say_how_to_build_it(script: str) -> None:
    """Exit code 2."""
    code, errors = without_extension(script)
    assert code == 2
    assert "make env" in errors
