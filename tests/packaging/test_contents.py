"""What is in the distributions: the fuzzer's has no engine, the engine's has no fuzzer, and neither misses a file."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELATIVE_LINK = re.compile(r"\]\((?![a-z]+:|#)[^)]*\)")


def build(project: Path, folder: Path, *kinds: str) -> list[Path]:
    """Build distributions with the packages that are installed: both kinds, unless one is named."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), *kinds, str(project)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return sorted(folder.iterdir())


def tracked(*folders: str) -> set[str]:
    """The files of the repository below these folders, those not added yet included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return {name for name in listed if name and (ROOT / name).is_file()}


def names_in(archive: Path) -> set[str]:
    """The files of a wheel, or those of a source distribution without its top folder."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return set(wheel.namelist())
    with tarfile.open(archive) as source:
        return {each.name.partition("/")[2] for each in source.getmembers() if each.isfile()}


def test_fuzzer_is_pure_and_whole(tmp_path: Path) -> None:
    """Both have the fuzzer's files, all and no others; the wheel is for any platform, and its links lead somewhere."""
    wheel, source = build(ROOT, tmp_path)
    files = tracked("src/cracktrader_fuzz")
    assert wheel.name.endswith("-py3-none-any.whl")
    assert {name for name in names_in(wheel) if ".dist-info/" not in name} == {name[len("src/") :] for name in files}
    beside = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "PKG-INFO", ".gitignore"}
    assert names_in(source) == files | beside
    with zipfile.ZipFile(wheel) as archive:
        metadata = Parser().parsestr(archive.read(f"{'-'.join(wheel.name.split('-')[:2])}.dist-info/METADATA").decode())
    described = str(metadata.get_payload())
    assert described.startswith("# cracktrader-fuzz")
    assert RELATIVE_LINK.findall(described) == []
    links = f"](https://github.com/cracktrader/cracktrader-fuzz/blob/v{metadata['Version']}/"
    assert described.count(links) == len(RELATIVE_LINK.findall((ROOT / "README.md").read_text(encoding="utf-8")))


def test_engine_is_whole(tmp_path: Path) -> None:
    """The wheel has the package and one abi3 library; the source distribution has the crates that its build reads."""
    package = {name[len("src/") :] for name in tracked("src/cracktrader")}
    (wheel,) = build(ROOT / "src", tmp_path / "wheel", "--wheel")
    contents = {name for name in names_in(wheel) if ".dist-info/" not in name}
    assert "-cp311-abi3-" in wheel.name
    (library,) = contents - package
    assert library.startswith("cracktrader/engine/_rust.")
    assert package <= contents
    (source,) = build(ROOT / "src", tmp_path / "source", "--sdist")
    crates = {name for name in tracked("rust") if name.endswith((".rs", "Cargo.toml", "Cargo.lock"))}
    crates |= tracked("rust/cracktrader_engine/tests")
    assert names_in(source) == package | crates | {"pyproject.toml", "README.md", "LICENSE", "PKG-INFO"}


def test_licence_is_the_same() -> None:
    """The engine's project has a copy of the licence, as a distribution takes it from its own folder only."""
    assert (ROOT / "src" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
