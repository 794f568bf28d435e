"""What the pages say is so: links lead somewhere, commands exist, versions are those of the code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tree import ROOT, short, tracked

import cracktrader_fuzz
from cracktrader_fuzz.cli.main import commands

README = ROOT / "README.md"
HARNESS = ROOT / "src" / "cracktrader_fuzz"
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
FOLDERS = ("docs", "src", "tests", "rust", "strategies", "corpus", "benchmarks", "examples", "schemas")
A_PATH = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./-]+")
UNTRACKED = ("corpus/findings", "corpus/coverage", "rust/target")
HOMES = ("home", "root", "Users", "work", "mnt", "private")
HOME_PATH = re.compile(rf"(?<![\w.}}\])<>*]){'/'}(?:{'|'.join(HOMES)})/\w|[A-Z]:\\+Users\\")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION = PROJECT["version"]


def pages() -> tuple[Path, ...]:
    """Every page of the repository."""
    return tracked(".md")


def anchors(page: Path) -> set[str]:
    """The names by which a page's headings are linked."""
    headings = HEADING.findall(FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Where a page's relative links lead: the file, and the heading or nothing."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    for target in LINK.findall(CODE.sub("", text)):
        if not re.match(r"[a-z]+:", target):
            file, _, anchor = target.partition("#")
            yield (page.parent / file if file else page), anchor


@pytest.mark.parametrize("page", pages(), ids=short)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link names a file or folder that exists, and a heading that it has."""
    broken = [
        f"{file}#{anchor}"
        for file, anchor in links(page)
        if not file.exists() or (anchor and anchor not in anchors(file))
    ]
    assert broken == []


@pytest.mark.parametrize("page", [page for page in pages() if page.parent.name != "rust"], ids=short)
def test_named_paths_exist(page: Path) -> None:
    """A path in backticks that begins with one of the repository's folders exists, there or below the harness.

    `rust/` names its crate's own.
    """
    named = {name for name in CODE.findall(page.read_text(encoding="utf-8")) if A_PATH.fullmatch(name)}
    gone = [name for name in named if not any((folder / name).exists() for folder in (ROOT, HARNESS))]
    assert sorted(name for name in gone if not name.startswith(UNTRACKED)) == []


def test_every_kind_of_test_is_described() -> None:
    """Every folder of tests is named in `tests/README.md`, which says what it is for."""
    readme = (ROOT / "tests" / "README.md").read_text(encoding="utf-8")
    kinds = {
        path.relative_to(ROOT / "tests").parts[0] for path in tracked(".py", "tests") if path.parent.name != "tests"
    }
    assert {kind for kind in kinds if f"`{kind}`" not in readme} == set()


def sub_commands(group: click.Group = commands, before: str = "") -> Iterator[str]:
    """Every command that can be called, `corpus check` style."""
    for name, each in group.commands.items():
        if isinstance(each, click.Group):
            yield from sub_commands(each, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_command_is_documented() -> None:
    """The README has a table row for every command."""
    rows = re.findall(r"^\| `([^`]+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in sub_commands() if not any(f"{row} ".startswith(f"{name} ") for row in rows)] == []


def test_make_help_names_every_command() -> None:
    """`make help` lists what is `.PHONY`, each with a sentence, and the README's and CI's targets are among them."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)[0].split())
    helped = dict(re.findall(r"^([a-z]+):.*?## (.+)$", text, re.MULTILINE))
    used = set()
    for page in (*pages(), ROOT / ".ci" / "run"):
        used |= set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(commands_in(page))))
    readme = README.read_text(encoding="utf-8")
    undocumented = {name for name in phony if name not in helped and not re.search(rf"`(make )?{name}`", readme)}
    assert undocumented == set()
    assert set(helped) <= phony
    assert used - phony == set()
    assert {"fuzz", "test"} <= used


def commands_in(page: Path) -> list[str]:
    """A page's code: what stands in backticks or in fences; of a script, all of it."""
    text = page.read_text(encoding="utf-8")
    return [text] if page.suffix != ".md" else [*FENCED.findall(text), *CODE.findall(FENCED.sub("", text))]


def test_versions_agree() -> None:
    """Both distributions, the harness, the Rust workspace and the changelog tell the same version."""
    cargo = tomllib.loads((ROOT / "rust" / "Cargo.toml").read_text(encoding="utf-8"))
    engine = tomllib.loads((ROOT / "src" / "pyproject.toml").read_text(encoding="utf-8"))
    assert engine["project"]["version"] == VERSION
    assert PROJECT["optional-dependencies"]["engine"] == [f"cracktrader-engine=={VERSION}"]
    assert cracktrader_fuzz.__version__ == VERSION
    assert cargo["workspace"]["package"]["version"] == VERSION
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[?([0-9][^\],\s]*)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == VERSION


def test_rust_version_is_that_of_the_workspace() -> None:
    """A page that says how new Rust has to be says what the workspace asks for, and the README does say it."""
    cargo = tomllib.loads((ROOT / "rust" / "Cargo.toml").read_text(encoding="utf-8"))
    told = {page: re.findall(r"\bRust (\d+\.\d+)", page.read_text(encoding="utf-8")) for page in pages()}
    assert told[README]
    assert {version for versions in told.values() for version in versions} == {
        cargo["workspace"]["package"]["rust-version"]
    }


def test_no_path_of_a_machine() -> None:
    """No tracked text names a home or a work folder: what is true on one machine only helps nobody else."""
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, or other bytes
        found += [f"{short(path)}: {hit[0]}" for hit in HOME_PATH.finditer(text)]
    assert found == []


def test_options_in_the_readme_exist() -> None:
    """Every option that the README shows with a command of ours is one of that command's."""
    shown = [
        (name, option)
        for text in commands_in(README)
        for line in text.splitlines()
        for name in sub_commands()
        if f"cracktrader_fuzz {name} " in line
        for option in re.findall(r"(?<=\s)--[a-z][a-z-]*", line)
    ]
    assert shown
    assert [(name, option) for name, option in shown if option not in options_of(name)] == []


def options_of(name: str) -> set[str]:
    """The options of a command."""
    group: click.Command = commands
    for word in name.split():
        assert isinstance(group, click.Group)
        group = group.commands[word]
    return {option for parameter in group.params for option in parameter.opts}
