"""A stored case may come from anyone: its `target` never decides which module is imported."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from program import CANARY, REASON, REBATE, ROOT, TARGETS, call, told

from cracktrader_fuzz.case.codec import content_hash
from cracktrader_fuzz.corpus.documents import Finding, Fixture, read_finding, read_fixture, text_of

TRAP = """
from pathlib import Path

Path(__file__).with_name("sprung").touch()
"""
COMMANDS = {
    "repro": ("repro", "{file}"),
    "repro by name": ("repro", "rebate"),
    "shrink": ("shrink", "{file}", "--subjects", f"python,{CANARY}"),
    "promote": ("promote", "{finding}", "--verdict", CANARY, "--reason", REASON),
    "promote, all": ("promote", "--all", "--verdict", CANARY, "--reason", REASON),
}


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that appears when the module `trap` is imported."""
    (tmp_path / "trap.py").write_text(TRAP, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(TARGETS)
    monkeypatch.chdir(ROOT)
    return tmp_path / "sprung"


def put(path: Path, document: Finding | Fixture, target: str) -> Path:
    """Store a case for another target, its hash made good."""
    changed = msgspec.structs.replace(document, target=target)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(msgspec.structs.replace(changed, hash=content_hash(changed.case))), encoding="utf-8")
    return path


@pytest.mark.parametrize("target", ["trap:TARGET", "os:system", "trap", "../trap:TARGET", "a\x1b[31m:b"])
@pytest.mark.parametrize("what", COMMANDS)
def test_module_of_a_file_is_not_imported(
    what: str, target: str, trap: Path, corpus: Path, corpus_with_finding: Path
) -> None:
    """The command ends with 2 and one line that quotes the target and the way out; nothing was imported or written."""
    file = put(corpus / "fixtures" / "rebate.json", read_fixture(REBATE), target)
    first = min((corpus_with_finding / "findings").iterdir())
    finding = put(corpus / "findings" / first.name, read_finding(first), target)
    ended = call(*(word.format(file=file, finding=finding) for word in COMMANDS[what]), corpus=corpus)
    line = told(ended)
    assert ended.returncode == 2, line
    assert f"its target {target!a} is not in [tool.cracktrader-fuzz.targets], so nothing was imported" in line
    assert "run the case with --target module:attribute, if you trust that module" in line
    assert not trap.exists()
    assert {path for path in corpus.rglob("*") if path.is_file()} == {file, finding}


def test_module_that_the_user_names_is_imported(trap: Path, corpus: Path) -> None:
    """With `--target` the module is imported, so that the trap of the other test would have sprung."""
    file = put(corpus / "fixtures" / "rebate.json", read_fixture(REBATE), "trap:TARGET")
    ended = call("repro", file, "--target", "trap:TARGET", corpus=corpus)
    assert ended.returncode == 2
    assert "target 'trap:TARGET' cannot be loaded" in told(ended)
    assert trap.exists()


def test_name_of_the_default_target_is_enough(tmp_path: Path, trap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case of the default target runs without an option, also where the settings name that by reference only."""
    folders = f'["{TARGETS.as_posix()}", "{(ROOT / "strategies").as_posix()}"]'
    settings = f'[tool.cracktrader-fuzz]\npythonpath = {folders}\ntarget = "odd_targets:OWN"\n'
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    file = put(tmp_path / "corpus" / "fixtures" / "rebate.json", read_fixture(REBATE), "own")
    assert call("repro", file).returncode == 1
    put(file, read_fixture(REBATE), "other")
    assert call("repro", file).returncode == 2
