"""`docs/from-bug-to-fixture.md`, done as it says: every command ends and writes as the page has it."""

from __future__ import annotations

import re

import pytest
from refresh_transcript import BLOCK, ROOT, ExitCodeError, declared, make_copy, played

PAGE = (ROOT / "docs" / "from-bug-to-fixture.md").read_text(encoding="utf-8")
GATE = "pytest -q -n auto tests/differential --subjects python,rust-overfill-by-one-accepted"
SHARD = "'tests/differential/test_soak.py::test_subjects_agree_everywhere[1]'"  # it meets the smallest case of all
INSTEAD = {GATE: f"pytest -q {SHARD} --subjects python,rust-overfill-by-one-accepted"}
COUNTS = re.compile(r"\b[0-9a-f]{12,40}\b|first by \w+ \S+|\d[\d,.]*[kM]?| +")  # any generator may change these
DOTS = re.compile(r"^[.F]+ +\[ *\d+%\]\n", re.MULTILINE)  # as many as there are fixtures


def comparable(page: str) -> str:
    """A page without counts, without dots, and without the block of the gate, which is played with one test."""
    blocks = BLOCK.sub(lambda found: "" if GATE in found["body"] else found[0], page)
    return COUNTS.sub(" ", DOTS.sub("", blocks))


def test_page_is_as_it_happens(tmp_path_factory: pytest.TempPathFactory) -> None:
    """But for counts, and with one test of the gate for all of them."""
    place = tmp_path_factory.mktemp("bug").resolve() / "cracktrader-fuzz"
    place.mkdir()
    make_copy(place)
    today = played(PAGE, place, INSTEAD)
    assert comparable(today) == comparable(PAGE), "python scripts/refresh_transcript.py from-bug-to-fixture"


def test_gate_is_on_the_page() -> None:
    """The line that is played shorter is one of the page's, and it declares a failure."""
    codes = [dict(declared(block["body"])) for block in BLOCK.finditer(PAGE) if block["kind"] == "console"]
    assert [each[GATE] for each in codes if GATE in each] == [1]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("$ exit 2\n", "`exit 2` ended with 2, and the page declares 0"),
        ("$ echo broken; exit 4\n(exit code 1)\n", "and the page declares 1:\nbroken"),
        ("$ true\n(exit code 1)\n", "`true` ended with 0, and the page declares 1"),
        ("$ true\n$ false\n", "`false` ended with 1"),
    ],
)
def test_another_exit_code_is_no_result(body: str, message: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A command that ends otherwise than its line declares stops the script, which says so and what was written."""
    with pytest.raises(ExitCodeError, match=re.escape(message)):
        played(f"```console\n{body}```", tmp_path_factory.mktemp("other"))


def test_declared_exit_code_is_a_result(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The code that is declared stays in the page, below what the command writes now."""
    page = "```console\n$ echo now; exit 3\nthen\n(exit code 3)\n```"
    assert played(page, tmp_path_factory.mktemp("same")) == page.replace("then", "now")
