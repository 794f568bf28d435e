"""`docs/your-own-core.md`, done as it says: from an empty folder to a mended bug, every output as the page has it."""

from __future__ import annotations

import re

import pytest
from refresh_transcript import BLOCK, ROOT, played

PAGE = (ROOT / "docs" / "your-own-core.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "your_own_core"
TEMPLATES = ROOT / "src" / "cracktrader_fuzz" / "skeleton" / "templates"
COMMANDS_MAX = 9
USER_LINES_MAX = 99
USER_FILES = ("fuzzing/target.py", "tests/test_subjects_agree.py", "pyproject.toml")
COUNTS = re.compile(r"sha256 [0-9a-f]+|first by \w+ \S+|\d[\d,.]*[kM]?| +")  # these may change with every generator


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page with what its commands write now, in an empty folder."""
    return played(PAGE, tmp_path_factory.mktemp("own"))


def test_page_is_as_it_happens(today: str) -> None:
    """But for counts, each command writes what stands below it in the page, and ends with the exit code there."""
    assert COUNTS.sub(" ", today) == COUNTS.sub(" ", PAGE), "scripts/refresh_transcript.py your-own-core"


def test_page_tells_the_whole_story(today: str) -> None:
    """Few commands: the planted bug is found, certified at three steps, promoted, fails a test, and is mended."""
    told = [line for block in BLOCK.finditer(today) for line in block["body"].splitlines()]
    assert 0 < sum(line.startswith("$ ") for line in told) <= COMMANDS_MAX
    ends = [
        "0 new signatures, all agree: ",
        "verdict    3 steps, certified minimal, ",
        "1 new signatures, 0 problems: ",
        "corpus/regressions/put-state-entries-missing-reference-port-166eb07b.json: port is wrong; ",
        "2 failed, 1 passed in ",
        "7 passed in ",
        "0 new signatures, all agree: ",
    ]
    assert [end for line in told for end in dict.fromkeys(ends) if line.startswith(end)] == ends


def test_example_is_the_page() -> None:
    """The files of the example are those of the page, with the bug in, and those of the skeleton."""
    written = {block["file"]: block["body"] for block in BLOCK.finditer(PAGE) if block["kind"] == "python"}
    assert set(written) == {f"fuzzing/{name}.py" for name in ("reference", "port", "target")}
    for name, body in written.items():
        assert (EXAMPLE / name).read_text(encoding="utf-8") == body
    for ours, theirs in {
        "fuzzing/__init__.py": "package/__init__.py",
        "tests/test_subjects_agree.py": "tests/test_subjects_agree.py",
    }.items():
        assert (EXAMPLE / ours).read_bytes() == (TEMPLATES / theirs).read_bytes()


def test_user_writes_little() -> None:
    """All that a user of the harness has to write besides the two cores is under a hundred lines."""
    lines = {name: len((EXAMPLE / name).read_text(encoding="utf-8").splitlines()) for name in USER_FILES}
    assert sum(lines.values()) <= USER_LINES_MAX, lines
