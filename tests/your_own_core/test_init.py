"""`init`: a skeleton that works as it stands, written whole or not at all, over nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from program import ROOT, call, run, told

from cracktrader_fuzz.cli.init import next_steps
from cracktrader_fuzz.errors import CorpusError
from cracktrader_fuzz.skeleton import skeleton
from cracktrader_fuzz.skeleton.skeleton import plan_skeleton, write_skeleton

TEMPLATES = Path(skeleton.__file__).parent / "templates"
WRITTEN = [
    *("mine/__init__.py", "mine/reference.py", "mine/port.py", "mine/target.py"),
    *("tests/test_subjects_agree.py", ".github/workflows/nightly-fuzz.yml", ".gitignore", "pyproject.toml"),
]
SETTINGS = {
    "pythonpath": ["."],
    "corpus": "corpus",
    "target": "mine",
    "targets": {"mine": "mine.target:TARGET"},
}
TABLE = "[tool.cracktrader-fuzz]\ncorpus = 'elsewhere'\n"


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path there."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_skeleton_works_as_it_stands(tmp_path: Path) -> None:
    """The two stand-ins agree, the canary is caught at its size, and in a seat it is found; exit codes say so."""
    written = call("init", tmp_path, "--package", "mine", "--json")
    assert written.returncode == 0, written.stderr
    facts = json.loads(written.stdout)
    assert facts["files"] == [{"file": str(tmp_path / name), "added_to": False} for name in WRITTEN]
    assert facts["next"] == [line for line, _ in next_steps()]
    agreed = run("run", "--cases", "40", "--json", cwd=tmp_path)
    assert agreed.returncode == 0, agreed.stdout + agreed.stderr
    assert json.loads(agreed.stdout)["canary"]["steps_shrunk"] == 2
    found = run("run", "--cases", "40", "--subjects", "reference,canary-off-by-one", "--json", cwd=tmp_path)
    assert found.returncode == 1
    assert list(json.loads(found.stdout)["findings"]) == [
        "mine/take/-/outcome.answer/value:amount/reference~canary-off-by-one"
    ]


def test_every_template_is_used_and_kept() -> None:
    """The package's data are what is written and nothing else, and no rule of Git keeps one out of the wheel."""
    templates = [path for path in TEMPLATES.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    names = {path.relative_to(TEMPLATES).as_posix() for path in templates}
    assert names == {
        *(f"package/{name}" for name in skeleton.MODULES),
        *(skeleton.TEST, skeleton.WORKFLOW_TEMPLATE, "pyproject.toml.template", "gitignore"),
    }
    ignored = subprocess.run(["git", "check-ignore", *templates], cwd=TEMPLATES, capture_output=True, check=False)
    assert (ignored.returncode, ignored.stdout) == (1, b"")


@pytest.mark.parametrize(
    "linter",
    [
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
        ("zizmor", "--offline", "--quiet", "--config", str(ROOT / ".github" / "zizmor.yml")),
    ],
)
def test_workflow_is_valid(linter: tuple[str, ...], tmp_path: Path) -> None:
    """The linters of our own workflows accept the one that is written."""
    write_skeleton(plan_skeleton(tmp_path, "mine"))
    program = Path(sys.executable).with_name(linter[0])
    command = [program, *linter[1:], tmp_path / skeleton.WORKFLOW]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_files_that_are_there_get_lines_at_their_end(tmp_path: Path) -> None:
    """Settings and ignored files of the user's own stay, with ours behind them; their permissions stay too."""
    settings, ignored = tmp_path / "pyproject.toml", tmp_path / ".gitignore"
    settings.write_text('[project]\nname = "own"\n\n\n', encoding="utf-8")
    settings.chmod(0o640)
    ignored.write_text("*.so\n__pycache__/", encoding="utf-8")
    ended = call("init", tmp_path, "--package", "mine")
    assert ended.returncode == 0, ended.stderr
    assert f"added to  {settings}" in ended.stdout
    assert f"  cd {tmp_path}\n" in ended.stdout
    assert [line for line, _ in next_steps()] == [line.strip() for line in ended.stdout.splitlines() if " -m " in line]
    document = tomllib.loads(settings.read_text(encoding="utf-8"))
    assert document == {"project": {"name": "own"}, "tool": {"cracktrader-fuzz": SETTINGS}}
    assert settings.stat().st_mode & 0o777 == 0o640
    assert ignored.read_text(encoding="utf-8") == (
        "*.so\n__pycache__/\n.hypothesis/\ncorpus/findings/\ncorpus/**/coverage/\nnightly/\n"
    )


def test_second_call_writes_nothing(tmp_path: Path) -> None:
    """Every file that is in the way is named, and all stays as it was."""
    assert call("init", tmp_path, "--package", "mine").returncode == 0
    before = files(tmp_path)
    ended = call("init", tmp_path, "--package", "mine")
    assert ended.returncode == 2
    message = told(ended)
    assert message.startswith("nothing was written, these are there already: ")
    assert all(str(tmp_path / name) in message for name in WRITTEN[:6])
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is no plain module name"),
        ("../up", "is no plain module name"),
        ("a-b", "is no plain module name"),
        ("Mine", "is no plain module name"),
        ("caf\u00e9", "is no plain module name"),
        ("a\x1b[31m", "is no plain module name"),
        ("x" * 41, "is no plain module name"),
        ("class", "is no plain module name"),
        ("match", "is no plain module name"),
        ("json", "is taken by Python"),
        ("tests", "is taken by Python or by the harness"),
        ("cracktrader_fuzz", "is taken by Python or by the harness"),
        ("msgspec", "would hide an installed module"),
    ],
)
def test_odd_package_names(tmp_path: Path, name: str, words: str) -> None:
    """A name that is no module's, or is taken, is refused before it becomes a path."""
    ended = call("init", tmp_path, "--package", name)
    assert ended.returncode == 2
    assert words in told(ended)
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("pyproject.toml", TABLE, "there is a [tool.cracktrader-fuzz] already: add the target to it by hand"),
        ("pyproject.toml", "[project\n", "not TOML, mend it first"),
        ("pyproject.toml", "tool = 3\n", "there is a [tool.cracktrader-fuzz] already"),
        ("pyproject.toml", "tool = {x = 1}\n", "cannot be put at its end"),
        ("pyproject.toml", b"\xff", "cannot be read"),
        ("tests", "a file", "no folder, so nothing can be written below"),
        (".github", "a file", "no folder, so nothing can be written below"),
    ],
)
def test_what_is_in_the_way(tmp_path: Path, file: str, text: str | bytes, words: str) -> None:
    """Told in one line, with 2, and nothing is written."""
    (tmp_path / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    before = files(tmp_path)
    ended = call("init", tmp_path, "--package", "mine")
    assert ended.returncode == 2
    assert words in told(ended)
    assert files(tmp_path) == before


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """Nothing can be written below a file."""
    (tmp_path / "file").touch()
    ended = call("init", tmp_path / "file")
    assert (ended.returncode, "no folder" in told(ended)) == (2, True)


def test_dangling_link_is_in_the_way(tmp_path: Path) -> None:
    """A link that leads nowhere is not written through."""
    (tmp_path / ".gitignore").symlink_to(tmp_path / "nowhere")
    ended = call("init", tmp_path, "--package", "mine")
    assert ended.returncode == 2
    assert "cannot be read" in told(ended)
    assert list(tmp_path.iterdir()) == [tmp_path / ".gitignore"]


def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last file cannot be written, those before it are taken back, with the folders that were made."""
    (tmp_path / ".gitignore").write_text("*.so\n", encoding="utf-8")
    planned, write = plan_skeleton(tmp_path, "mine"), skeleton.write_atomically

    def full_disk(path: Path, text: str) -> None:
        """There is room for all but the settings."""
        if path.name == "pyproject.toml":
            raise CorpusError(f"{path}: cannot be written: No space left on device")
        write(path, text)

    monkeypatch.setattr(skeleton, "write_atomically", full_disk)
    with pytest.raises(CorpusError):
        write_skeleton(planned)
    assert files(tmp_path) == {".gitignore": b"*.so\n"}
    assert list(tmp_path.iterdir()) == [tmp_path / ".gitignore"]
