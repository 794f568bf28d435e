"""What a failing differential test leaves behind: a finding on the disk and a section that says what to do with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from cracktrader_fuzz.corpus.documents import read_finding

ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-cash-as-float"


WITHOUT_RUST = "import sys; sys.modules['cracktrader.engine._rust'] = None; import pytest; sys.exit(pytest.main())"


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own, in the repository."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )


def run_pytest(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Pytest in a process of its own."""
    return run_python("-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)


def test_divergence_becomes_a_finding(tmp_path: Path) -> None:
    """A canary in a seat fails the gate in an xdist worker; it is shrunk, kept, and reported with its commands."""
    test = "tests/differential/test_gate.py::test_subjects_agree"
    run = run_pytest(
        f"{test}[0]", f"{test}[1]", "-n", "2", "--subjects", f"python,{CANARY}", "--findings", str(tmp_path)
    )
    assert run.returncode == 1, run.stdout + run.stderr
    (path,) = tmp_path.iterdir()
    finding = read_finding(path)
    assert (len(finding.steps), finding.subjects) == (1, ["python", CANARY])
    assert finding.certificate is not None
    assert f"signature: {finding.signature}" in run.stdout
    assert " -> 1 (minimal, with a certificate)" in run.stdout
    assert f"python -m cracktrader_fuzz repro {path}" in run.stdout
    assert f"python -m cracktrader_fuzz promote {path} --verdict WRONG" in run.stdout
    assert f"who is wrong: python, {CANARY}, both" in run.stdout


def test_unknown_subject_is_a_usage_error() -> None:
    """A name that nobody has ends the run at once, and the message has the names close to it and the seats."""
    run = run_pytest("tests/differential/test_gate.py", "--subjects", "python,rust-overfill-by-one")
    assert run.returncode == 4
    assert "unknown subject 'rust-overfill-by-one': did you mean 'rust-overfill-by-one-accepted'" in run.stderr
    assert "cracktrader has python, rust and " in run.stderr


def test_one_subject_is_a_usage_error() -> None:
    """A comparison takes two."""
    run = run_pytest("tests/differential/test_gate.py", "--subjects", "python")
    assert run.returncode == 4
    assert "'python' is not two names joined by a comma" in run.stderr


def test_missing_rust_core_fails() -> None:
    """Without the extension the differential tests fail, each with what to do about it; none is skipped."""
    tests = ("tests/differential/test_gate.py", "tests/differential/test_machines.py")
    run = run_python("-c", WITHOUT_RUST, "-q", "-p", "no:cacheprovider", *tests)
    assert run.returncode == 1
    assert "8 failed in" in run.stdout
    assert "the Rust backend is not built" in run.stdout
    assert "make env" in run.stdout
