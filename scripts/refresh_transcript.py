"""Run the commands of docs/from-bug-to-fixture.md again and put their output into the page.

    python scripts/refresh_transcript.py

A block of the page that begins with ```console holds commands, each on a line after `$ `; what stands below a command
is replaced by what it writes now and, where that is not 0, its exit code. `<!-- keep 3 12 -->` before a block keeps the
first 3 and the last 12 lines of each output. All of them run one after the other in a copy of the repository's Python
parts, so that the repository itself is not touched; paths in the page are relative to that copy. Takes some minutes.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "from-bug-to-fixture.md"
COPIED = ("pyproject.toml", "corpus", "strategies", "tests")
LINKED = ("src", "rust", "docs")
BLOCK = re.compile(r"(?:<!-- keep (?P<first>\d+) (?P<last>\d+) -->\n)?```console\n(?P<body>.*?)```", re.DOTALL)
SPEED = re.compile(r"\d+\.\d+s( \(\d+:\d\d:\d\d\))?|\d+\.\d s\b|[\d,]+ steps/s")


def main() -> None:
    """Rewrite the page."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name).resolve() / "cracktrader-fuzz"
        make_copy(place)
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(BLOCK.sub(lambda found: refreshed(found, place), text), encoding="utf-8")


def make_copy(place: Path) -> None:
    """The parts of the repository that the commands need, and the tiny repository with a history beside them."""
    place.mkdir()
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, place / name)
    for name in LINKED:
        (place / name).symlink_to(ROOT / name)
    shutil.rmtree(place / "corpus" / "findings", ignore_errors=True)
    sys.path.insert(0, str(ROOT / "tests" / "end_to_end"))
    from tiny import make_history

    make_history(place.parent / "tiny")


def refreshed(found: re.Match[str], place: Path) -> str:
    """A block with the output of today."""
    first, last = (int(found[end]) if found[end] else 1_000 for end in ("first", "last"))
    lines = []
    for line in found["body"].splitlines():
        if line.startswith("$ "):
            lines += [line, *kept(output_of(line.removeprefix("$ "), place), first, last)]
    head = f"<!-- keep {first} {last} -->\n" if found["first"] else ""
    return f"{head}```console\n" + "\n".join(lines) + "\n```"


def output_of(command: str, place: Path) -> list[str]:
    """What a command writes, without this machine's paths and without a trace of how fast it is."""
    print(f"$ {command}", flush=True)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"COLUMNS": "120", "CARGO_TERM_COLOR": "never"}
    ended = subprocess.run(  # noqa: S602 - the commands are those of our own page
        command,
        shell=True,
        cwd=place,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    text = ended.stdout.replace(f"{place}/", "").replace(str(place), ".").replace(f"{place.parent}/", "../")
    text = re.sub(rf"(\.\./)*{re.escape(str(ROOT))}/", "", SPEED.sub("... s", text))
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    return lines if ended.returncode == 0 else [*lines, f"(exit code {ended.returncode})"]


def kept(lines: list[str], first: int, last: int) -> list[str]:
    """The first and the last lines, with a mark where some are left out."""
    return lines if len(lines) <= first + last + 1 else [*lines[:first], "...", *lines[len(lines) - last :]]


if __name__ == "__main__":
    main()
