"""`pytest corpus/`: a test for each fixture and subject, failures that read like `repro`, nothing where nobody asks."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from cracktrader_fuzz.corpus.documents import read_fixture
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, KnownDivergence, entry_text
from cracktrader_fuzz.corpus.rerun import FIXTURE_FOLDERS

ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-rebate-not-paid"
SEATS = f"python,{CANARY}"
SIGNATURE = f"cracktrader/order_fill/ACCEPTED/outcome.cash_delta/value:amount/python~{CANARY}"
TODAY = datetime.datetime.now(tz=datetime.UTC).date()


def _without_ci() -> dict[str, str]:
    """This environment, less what makes pytest print every failure once more in its summary."""
    return {name: value for name, value in os.environ.items() if name not in ("CI", "BUILD_NUMBER")}


def run_pytest(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Pytest in a process of its own, with the plugin as it is installed."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)],
        cwd=cwd,
        env=_without_ci() | {"PYTHONPATH": os.pathsep.join(map(str, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of two fixtures: one about a rebate, and one in which there is none."""
    folder = tmp_path / "corpus" / "fixtures"
    folder.mkdir(parents=True)
    for name in ("money/rebate.json", "fills/late-after-cancel.json"):
        shutil.copy(ROOT / "corpus" / "fixtures" / name, folder)
    return folder.parent


def test_every_fixture_is_a_test_for_each_subject() -> None:
    """The repository's corpus is collected whole: each file on both seats and in lockstep."""
    folders = [f"corpus/{name}" for name in FIXTURE_FOLDERS]
    ended = run_pytest(*folders, "--collect-only")
    files = [path.relative_to(ROOT).as_posix() for folder in folders for path in (ROOT / folder).rglob("*.json")]
    assert ended.returncode == 0, ended.stdout
    collected = [line for line in ended.stdout.splitlines() if "::" in line]
    assert sorted(collected) == sorted(f"{file}::{name}" for file in files for name in ("python", "rust", "lockstep"))
    assert len(files) > 190


def test_area_can_be_run_alone() -> None:
    """A folder or a file of the corpus is enough, and all of it passes."""
    assert "12 passed" in run_pytest("corpus/fixtures/bounds").stdout
    assert "1 passed" in run_pytest("corpus/fixtures/money/rebate.json::rust").stdout


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["plain", "xdist"])
def test_failure_reads_like_repro(corpus: Path, workers: list[str]) -> None:
    """The sentence, both columns, the difference, and a footer to copy; no traceback. The other fixture passes."""
    ended = run_pytest(corpus, "--corpus", corpus, "--subjects", SEATS, *workers)
    assert ended.returncode == 1, ended.stdout
    assert "2 failed, 4 passed" in ended.stdout
    lines = ended.stdout.splitlines()
    file = corpus / "fixtures" / "rebate.json"
    assert read_fixture(file).sentence in lines
    assert ["step", "python", CANARY] in [line.split() for line in lines]
    assert ["step", "expected", CANARY] in [line.split() for line in lines]
    assert sum(line.startswith(">>") for line in lines) == 2
    assert f"signature  {SIGNATURE}" in lines
    assert f"ledger     new: no entry in {LEDGER_NAME}" in lines
    options = f"--corpus {corpus} --subjects {SEATS}"
    assert lines.count(f"reproduce  python -m cracktrader_fuzz repro {file} {options}") == 2
    assert "Traceback" not in ended.stdout
    assert "items.py" not in ended.stdout


def test_junit_properties(corpus: Path, tmp_path: Path) -> None:
    """JUnit testcases carry fixture, hash, subject and signature, and what diverged."""
    report = tmp_path / "report.xml"
    run_pytest(corpus, "--corpus", corpus, "--subjects", SEATS, "--junit-xml", report)
    told = [
        {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")}
        for case in Xml.parse(report).iter("testcase")
    ]
    file = corpus / "fixtures" / "rebate.json"
    fixture = {"fixture": str(file), "hash": read_fixture(file).hash, "signature": ""}
    assert [each for each in told if each["fixture"] == str(file)] == [
        {**fixture, "subject": "python"},
        {**fixture, "subject": CANARY},
        {**fixture, "subject": "lockstep", "diverges": SIGNATURE},
    ]
    assert len(told) == 6


@pytest.mark.parametrize(
    ("expires", "told"),
    [(TODAY + datetime.timedelta(days=9), "1 failed, 4 passed, 1 xfailed"), (datetime.date(2026, 1, 2), "2 failed")],
    ids=["known", "expired"],
)
def test_known_divergence(corpus: Path, expires: datetime.date, told: str) -> None:
    """While its entry holds a known divergence is an expected failure in lockstep; afterwards it fails again.

    The subject that is wrong fails by itself either way: the ledger excuses a difference, not a wrong answer.
    """
    reason = "The venue pays no rebates, and the page is being changed."
    entry = KnownDivergence(
        "rebate", SIGNATURE, reason, "me", datetime.date(2026, 1, 1), expires, "fixtures/rebate.json"
    )
    (corpus / LEDGER_NAME).write_text(entry_text(entry), encoding="utf-8")
    assert told in run_pytest(corpus, "--corpus", corpus, "--subjects", SEATS).stdout


def test_broken_file_is_a_failing_test(corpus: Path) -> None:
    """A torn fixture is told with its place, one line a test, and the other fixture still runs."""
    file = corpus / "fixtures" / "rebate.json"
    file.write_text(file.read_text(encoding="utf-8")[:300], encoding="utf-8")
    ended = run_pytest(corpus, "--corpus", corpus)
    assert "3 failed, 3 passed" in ended.stdout
    assert f"{file}:" in ended.stdout
    assert ": not JSON: " in ended.stdout
    assert "Traceback" not in ended.stdout


def test_findings_are_not_tests(corpus: Path) -> None:
    """What nobody has judged is not collected, and neither is a stray file beside the fixtures."""
    (corpus / "findings").mkdir()
    shutil.copy(corpus / "fixtures" / "rebate.json", corpus / "findings")
    (corpus / "fixtures" / "notes.txt").write_text("no fixture", encoding="utf-8")
    assert "6 tests collected" in run_pytest(corpus, "--corpus", corpus, "--collect-only").stdout


def test_other_peoples_json_is_left_alone(tmp_path: Path) -> None:
    """A project with data under tests/fixtures sees nothing of the plugin: nothing collected, no engine imported."""
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / "data.json").write_text("{}", encoding="utf-8")
    loaded = "[name for name in sys.modules if name.startswith('cracktrader.')]"
    test = f"import sys\n\n\ndef test_it():\n    assert {loaded} == []\n"
    (tmp_path / "test_it.py").write_text(test, encoding="utf-8")
    ended = run_pytest(".", "-p", "no:hypothesispytest", cwd=tmp_path)
    assert "1 passed" in ended.stdout, ended.stdout


def test_plugin_brings_nothing_in() -> None:
    """Loading the plugin imports pytest and no other module of ours."""
    program = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport cracktrader_fuzz.testing.plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ended.stdout.split() == [
        "cracktrader_fuzz",
        "cracktrader_fuzz.testing",
        "cracktrader_fuzz.testing.plugin",
        "cracktrader_fuzz.version",
    ]


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("python,cobol", "unknown subject 'cobol': cracktrader has python, rust and "),
        ("python", "'python' is not two names joined by a comma"),
        ("rust,rust", "'rust,rust' is not two names joined by a comma"),
    ],
)
def test_subjects_are_checked_first(named: str, told: str) -> None:
    """A wrong choice of subjects is a usage error, told before anything runs."""
    ended = run_pytest("corpus/fixtures/bounds", "--subjects", named)
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert told in ended.stderr


def test_missing_subject_fails() -> None:
    """Without the extension each test of a fixture fails with what to do about it; none is skipped."""
    program = "import sys; sys.modules['cracktrader.engine._rust'] = None; import pytest; sys.exit(pytest.main())"
    command = [sys.executable, "-c", program, "-q", "-p", "no:cacheprovider", "corpus/fixtures/bounds/position.json"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "3 failed" in ended.stdout
    assert "the Rust backend is not built" in ended.stdout
