"""Cases written as tests of their own: they fail while the difference is there, and need nothing of the harness."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cases import CANARY, ROOT, cores, overfill_case
from documents import printed
from program import call

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.errors import EmitError
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.target.target import Emission
from cracktrader_strategies.emit.pytest import emit_pytest
from cracktrader_strategies.emit.rust import emit_rust

CRATE = """
[package]
name = "emitted"
version = "0.0.0"
edition = "2024"
[features]
canary = ["cracktrader_engine/canary"]
[dependencies]
cracktrader_engine = {{ path = "{engine}" }}
[workspace]
"""
pytestmark = pytest.mark.usefixtures("in_repository")


def emission(case: Case, *names: str) -> Emission:
    """What the subjects answer to a case."""
    seated = cores(*names)
    answers = {}
    for place, name in enumerate(names):
        outcomes = [outcome for _, outcome, _ in seated.outcomes(case, place)]
        answers[name] = outcomes, seated.subjects[place].observe()
    return Emission(case, "", answers)


def run_pytest(file: Path) -> subprocess.CompletedProcess[str]:
    """Pytest on one file, in the repository, where the test build lies."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(file.parent), str(file)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_pytest_file_fails_while_the_canary_sits_there(overfill: Path, tmp_path: Path) -> None:
    """The emitted file fails at the step, and passes as soon as the bug is not planted."""
    file = tmp_path / "test_overfill.py"
    ended = call("repro", overfill, "--emit", "pytest", "--output", file)
    assert (ended.returncode, ended.stdout) == (1, f"{file}: fails on python and {CANARY}\n")
    failing = run_pytest(file)
    assert failing.returncode == 1
    assert "AssertionError: step 3" in failing.stdout
    text = file.read_text(encoding="utf-8")
    assert "cracktrader_fuzz" not in text
    file.write_text(text.replace('plant("overfill-by-one-accepted")', "plant(None)"), encoding="utf-8")
    assert run_pytest(file).returncode == 0


def test_emitted_test_as_a_document(overfill: Path) -> None:
    """`--json` says that the test fails, on which pair and with which signature, and holds its text."""
    ended = call("repro", overfill, "--emit", "pytest", "--json")
    assert ended.returncode == 1
    document = printed(ended.stdout, "repro-emit")
    assert (document["kind"], document["result"], document["subjects"]) == ("pytest", "fails", ["python", CANARY])
    assert document["signature"] == f"cracktrader/order_fill/ACCEPTED/outcome.code/overfill~ok/python~{CANARY}"
    assert document["text"] == call("repro", overfill, "--emit", "pytest").stdout


def test_agreement_is_emitted_as_a_test_that_passes(tmp_path: Path) -> None:
    """A case on which the cores agree is a test that passes, and `repro` ends with 0."""
    file = tmp_path / "test_rebate.py"
    fixture = ROOT / "corpus" / "fixtures" / "money" / "rebate.json"
    ended = call("repro", fixture, "--emit", "pytest", "--output", file)
    assert (ended.returncode, ended.stdout) == (0, f"{file}: passes on python and rust\n")
    assert run_pytest(file).returncode == 0


def test_test_goes_to_standard_output(overfill: Path) -> None:
    """Without a file the text is printed, and nothing else."""
    ended = call("repro", overfill, "--emit", "pytest")
    assert ended.stdout == emit_pytest(emission(overfill_case(), "python", CANARY)).replace(
        "Two cores on one case.", f"cracktrader/order_fill/ACCEPTED/outcome.code/overfill~ok/python~{CANARY}"
    )


@pytest.mark.parametrize("kind", ["pytest", "rust"])
def test_canary_of_the_harness_cannot_be_emitted(kind: str) -> None:
    """A subject that lives in the harness is refused, with what can be done instead."""
    fixture = ROOT / "corpus" / "fixtures" / "money" / "rebate.json"
    ended = call("repro", fixture, "--subjects", "python,canary-rebate-not-paid", "--emit", kind)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "canary-rebate-not-paid lives in the harness" in ended.stderr
    assert "keep the case with `promote`" in ended.stderr


def test_unknown_kind(overfill: Path) -> None:
    """The kinds of test that there are stand in the message."""
    ended = call("repro", overfill, "--emit", "cobol")
    assert ended.returncode == 2
    assert "--emit: unknown kind of test 'cobol': cracktrader has pytest, rust" in ended.stderr


def test_rust_needs_a_rust_core() -> None:
    """A pair without the Rust core is no Rust test."""
    case = overfill_case()
    with pytest.raises(EmitError, match="neither is the Rust core"):
        emit_rust(Emission(case, "", {"python": ([], {})}))


def test_rust_test_fails_on_the_canary_build(tmp_path: Path) -> None:
    """Compiled against the crate: the planted bug fails it at the fill, odd generated steps and all others pass."""
    tests = tmp_path / "tests"
    tests.mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "lib.rs").write_text("", encoding="utf-8")
    engine = ROOT / "rust" / "cracktrader_engine"
    (tmp_path / "Cargo.toml").write_text(CRATE.format(engine=engine.as_posix()), encoding="utf-8")
    shutil.copy(ROOT / "rust" / "Cargo.lock", tmp_path)
    generated = explore(cores("python", "rust"), 7, 1).case
    written = {
        "planted": emit_rust(emission(overfill_case(), "python", CANARY)),
        "plain": emit_rust(emission(overfill_case(), "python", "rust")),
        "generated": emit_rust(emission(generated, "python", "rust")),
    }
    for name, text in written.items():
        (tests / f"{name}.rs").write_text(text, encoding="utf-8")
    ended = subprocess.run(
        ["cargo", "test", "--quiet", "--offline", "--features", "canary", "--no-fail-fast", "--tests"],
        cwd=tmp_path,
        env={**os.environ, "CARGO_TARGET_DIR": str(ROOT / "rust" / "target" / "emitted"), "RUST_BACKTRACE": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 101, ended.stdout + ended.stderr
    assert ended.stdout.count("test result: ok. 1 passed") == 2
    assert ended.stdout.count("test result: FAILED. 0 passed; 1 failed") == 1
    assert 'left: "ok 3 o1 ACCEPTED>PARTIALLY_FILLED 1.00000001 -0.00000001' in ended.stdout + ended.stderr
    assert 'right: "overfill 3 o1 0 0 0"' in ended.stdout + ended.stderr
