"""What the README shows of a run is what the run writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from refresh_transcript import BLOCK, ROOT, declared, make_copy, run_command

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [found["body"] for found in BLOCK.finditer(TEXT) if found["kind"] == "console"]
EXIT_CODE = 1  # a new finding; the README tells it below its commands, not in the block
COUNT = re.compile(r"\d[\d,.]*")  # any generator may change these


def pattern(shown: str) -> str:
    """Matches an output like the one that is shown, whatever its counts; `...` stands for anything."""
    parts = [re.escape(COUNT.sub("0", part)) for part in re.split(r"\.\.\.", shown)]
    return r"[\s\S]*".join(parts)


def test_the_readme_shows_a_finding() -> None:
    """There is one block of commands with output, so that the test below has something to run."""
    assert len(BLOCKS) == 1
    assert len(list(declared(BLOCKS[0]))) == 1


@pytest.mark.parametrize("block", BLOCKS)
def test_output_is_as_it_happens(block: str, tmp_path: Path) -> None:
    """The run ends with a new finding, and each line that is shown is one that it writes."""
    place = tmp_path.resolve() / "cracktrader-fuzz"
    place.mkdir()
    make_copy(place)
    ((command, _),) = declared(block)
    code, output = run_command(command, place)
    assert code == EXIT_CODE, output
    shown = block.partition("\n")[2].strip()
    assert re.fullmatch(pattern(shown), COUNT.sub("0", "\n".join(output)))


@pytest.mark.parametrize(
    ("shown", "written", "matches"),
    [
        ("...\nseen 9 times", "a line\nseen 12,000 times", True),
        ("case  corpus/...json\n...", "case  corpus/x-1a2b.json\nmore\n", True),
        ("...\nverdict  4 steps", "a line\nverdict  4 cases", False),
        ("ledger  new", "ledger  new\nmore", False),
    ],
)
def test_pattern(shown: str, written: str, matches: bool) -> None:
    """Dots match anything, digits any number, and all else itself."""
    assert bool(re.fullmatch(pattern(shown), COUNT.sub("0", written))) is matches
