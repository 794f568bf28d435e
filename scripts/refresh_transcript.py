"""Run the commands of the pages with real output again, and put what they write now into the pages.

    python scripts/refresh_transcript.py [PAGE below docs, without its .md] ...

A block that begins with ```console holds commands, each on a line after `$ `; what stands below a command is replaced
by what it writes now and, where that is not 0, its exit code. `<!-- keep 3 12 -->` before a block keeps the first 3 and
the last 12 lines of each output. A block that begins with ```python FILE or ```toml FILE is written to that file before
the next command runs; one with ```diff FILE is applied to it. All happens in a folder of its own, so that the
repository itself is not touched; paths in a page are relative to that folder. Takes some minutes.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("pyproject.toml", "corpus", "strategies", "tests")
LINKED = ("src", "rust", "docs")
BLOCK = re.compile(
    r"(?:<!-- keep (?P<first>\d+) (?P<last>\d+) -->\n)?"
    r"```(?P<kind>console|python|toml|diff)(?: (?P<file>\S+))?\n(?P<body>.*?)```",
    re.DOTALL,
)
SPEED = re.compile(r"\d+\.\d+s( \(\d+:\d\d:\d\d\))?|\d+\.\d s\b|[\d,]+ steps/s")
PROGRESS = " cells reached  "
CHATTY = ("CI", "BUILD_NUMBER")  # with these pytest repeats itself


def main(names: list[str]) -> None:
    """Rewrite the pages."""
    for name in names or PLACES:
        page = ROOT / "docs" / f"{name}.md"
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder).resolve() / "cracktrader-fuzz"
            place.mkdir()
            PLACES[name](place)
            page.write_text(played(page.read_text(encoding="utf-8"), place), encoding="utf-8")


def played(text: str, place: Path) -> str:
    """A page with the output of today; its files end up in the folder."""
    return BLOCK.sub(lambda found: _block(found, place), text)


def make_copy(place: Path) -> None:
    """The parts of the repository that the commands need, and the tiny repository with a history beside them."""
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


def leave_empty(_: Path) -> None:
    """For a reader who starts with nothing."""


def copy_sources(place: Path) -> None:
    """The harness and an example, for a reader who changes the harness."""
    for name in ("src/cracktrader_fuzz", "examples/your_own_core"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(place / "examples" / "your_own_core" / "corpus", ignore_errors=True)


PLACES: dict[str, Callable[[Path], None]] = {
    "from-bug-to-fixture": make_copy,
    "your-own-core": leave_empty,
    "how-to/write-a-decoder": leave_empty,
    "how-to/add-a-front-end": copy_sources,
    "how-to/add-a-command": copy_sources,
}


def _block(found: re.Match[str], place: Path) -> str:
    """A block as it will stand in the page."""
    if found["kind"] == "console":
        return _refreshed(found, place)
    if found["file"] is not None:
        write = _apply if found["kind"] == "diff" else _write
        write(place / found["file"], found["body"])
    return found[0]


def _write(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")


def _apply(path: Path, body: str) -> None:
    """Put the added lines in the place of those taken away; lines of context stand in both."""
    before, after = ("".join(f"{line[1:]}\n" for line in body.splitlines() if line[0] != sign) for sign in "+-")
    text = path.read_text(encoding="utf-8")
    if text.count(before) != 1:
        raise ValueError(f"{path.name}: these lines stand there {text.count(before)} times, not once:\n{before}")
    path.write_text(text.replace(before, after), encoding="utf-8")


def _refreshed(found: re.Match[str], place: Path) -> str:
    """A block with the output of today."""
    first, last = (int(found[end]) if found[end] else 1_000 for end in ("first", "last"))
    lines = []
    for line in found["body"].splitlines():
        if line.startswith("$ "):
            lines += [line, *_kept(_output_of(line.removeprefix("$ "), place), first, last)]
    head = f"<!-- keep {first} {last} -->\n" if found["first"] else ""
    return f"{head}```console\n" + "\n".join(lines) + "\n```"


def _output_of(command: str, place: Path) -> list[str]:
    """What a command writes, without this machine's paths and without a trace of how fast it is."""
    print(f"$ {command}", flush=True)
    environment = {key: value for key, value in os.environ.items() if key not in CHATTY}
    environment |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"COLUMNS": "120", "CARGO_TERM_COLOR": "never", "PYTHONDONTWRITEBYTECODE": "1"}
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
    lines = [line.rstrip() for line in text.rstrip().splitlines() if PROGRESS not in line]
    return lines if ended.returncode == 0 else [*lines, f"(exit code {ended.returncode})"]


def _kept(lines: list[str], first: int, last: int) -> list[str]:
    """The first and the last lines, with a mark where some are left out."""
    return lines if len(lines) <= first + last + 1 else [*lines[:first], "...", *lines[len(lines) - last :]]


if __name__ == "__main__":
    main(sys.argv[1:])
