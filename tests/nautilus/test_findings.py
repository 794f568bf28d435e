"""What `docs/findings/nautilus.md` says is what the scripts show that are written from its fixtures, each by itself."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from program import call

from cracktrader_fuzz.corpus.documents import read_fixture

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "findings" / "nautilus.md"
FIXTURES = sorted((ROOT / "corpus" / "nautilus" / "regressions").glob("*.json"))


def section(name: str) -> str:
    """The part of the page about a finding."""
    parts = PAGE.read_text(encoding="utf-8").split('<a id="')
    return next(part for part in parts if part.startswith(f'{name}"'))


def imported(text: str) -> set[str]:
    """The packages that a script imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(text)))
    modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    modules += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    return {module.split(".")[0] for module in modules}


def test_every_fixture_has_its_section() -> None:
    """Nothing is kept that the page does not tell, and nothing told that is not kept."""
    names = [path.stem for path in FIXTURES]
    text = PAGE.read_text(encoding="utf-8")
    assert len(names) >= 15
    assert sorted(re.findall(r'<a id="([^"]+)"', text)) == names
    assert sorted(re.findall(r"^- Fixture: \[`([^`]+)\.json`\]", text, re.MULTILINE)) == names
    assert [name for name in names if f"(../../corpus/nautilus/regressions/{name}.json)" not in section(name)] == []


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: str(path.stem))
def test_a_script_shows_its_difference_and_nothing_of_ours(
    fixture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends with 0 only where the sides differ; its output is the page's, and an abort is where the fixture says."""
    monkeypatch.chdir(ROOT)
    script = tmp_path / "script.py"
    emitted = call("repro", fixture, "--target", "nautilus", "--emit", "script", "--output", script)
    assert (emitted.returncode, emitted.stderr) == (1, "")
    text = script.read_text(encoding="utf-8")
    assert imported(text) <= {"nautilus_trader", "subprocess", "sys", "decimal"}
    ran = subprocess.run([sys.executable, script.name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert f"```text\n{ran.stdout.strip()}\n```" in section(fixture.stem)
    signature = str(read_fixture(fixture).signature)
    assert text.startswith(f'"""{signature}\n')
    assert ("exit status -6" in ran.stdout) == ("died:SIGABRT" in signature)
