"""What `docs/findings/nautilus.md` says is what its scripts show, each by itself."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cracktrader_fuzz.corpus.documents import read_fixture

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "findings" / "nautilus.md"
SCRIPTS = sorted((PAGE.parent / "nautilus").glob("*.py"))
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


def test_every_fixture_has_its_section_and_its_script() -> None:
    """Nothing is kept that the page does not tell, and nothing told that is not kept."""
    names = [path.stem for path in FIXTURES]
    assert len(names) >= 15
    assert [path.stem.replace("_", "-") for path in SCRIPTS] == names
    assert sorted(re.findall(r'<a id="([^"]+)"', PAGE.read_text(encoding="utf-8"))) == names


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.stem))
def test_a_script_shows_its_difference_and_nothing_of_ours(path: Path) -> None:
    """It ends with 0 only where the sides differ; its output is the page's, and an abort is where the fixture says."""
    text = path.read_text(encoding="utf-8")
    assert imported(text) <= {"nautilus_trader", "subprocess", "sys", "decimal"}
    ran = subprocess.run([sys.executable, path.name], cwd=path.parent, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    name = path.stem.replace("_", "-")
    assert f"```text\n{ran.stdout.strip()}\n```" in section(name)
    signature = str(read_fixture(ROOT / "corpus" / "nautilus" / "regressions" / f"{name}.json").signature)
    assert text.startswith(f'"""{signature}\n')
    assert ("exit status -6" in ran.stdout) == ("died:SIGABRT" in signature)
