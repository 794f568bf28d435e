"""The review of findings, in a real pseudo-terminal: every key, and that each decision can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import CANARIES, DAY, REASON, UNTIL, snapshot
from terminal import Terminal

from cracktrader_fuzz.corpus.documents import read_fixture
from cracktrader_fuzz.corpus.ledger import read_ledger
from cracktrader_fuzz.corpus.store import FindingStore

TITLE_ESCAPE = "\x1b]0;owned\x07"
BEGINNINGS = (
    "signature  cracktrader/",
    "in words   after step 0, ",
    "size       1 steps, certified minimal: 1 deletions",
    "seen       at least once, first by soak 1/0",
    "builds     python ",
    "ledger     not known",
)


def review(corpus: Path, *arguments: str | Path, **variables: str) -> Terminal:
    """The review of a corpus on a day that is known."""
    return Terminal("promote", *arguments, "--corpus", corpus, "--today", DAY.isoformat(), **variables)


def fixtures(corpus: Path) -> list[Path]:
    """The fixtures that were made."""
    return sorted((corpus / "regressions").glob("*.json"))


def test_accept_skip_ledger(three: Path) -> None:
    """One accepted, one skipped, one known until a date: two fixtures, one entry, one finding that waits, and a 1."""
    first, second, third = FindingStore(three / "findings").paths()
    with review(three) as terminal:
        shown = terminal.press("a")
        assert "finding 1 of 3" in shown
        assert "1 python  2 canary-" in terminal.press("2")
        terminal.type(REASON)
        assert "accepted: " in terminal.press("s")
        assert "finding 3 of 3" in terminal.press("l")
        terminal.type("the maintainers")
        terminal.type(REASON)
        terminal.type("2027-02-01")
        assert "accepted: " in terminal.press("q")
        assert terminal.end() == 1
    assert "2 judged, 1 waiting" in terminal.text
    assert [path.exists() for path in (first, second, third)] == [False, True, False]
    assert sorted(read_fixture(path).verdict for path in fixtures(three))[1] == "intended"
    (entry,) = read_ledger(three).known
    assert (entry.owner, entry.since, entry.expires) == ("the maintainers", DAY, UNTIL)
    assert read_fixture(three / entry.fixture).signature == entry.signature


def test_what_is_shown(three: Path) -> None:
    """The case in words, both answers side by side, both values, the number's class, size, certificate, sightings."""
    with review(three) as terminal:
        shown = terminal.press("q")
        assert terminal.end() == 1
    (path, *_), lines = FindingStore(three / "findings").paths(), shown.splitlines()
    for beginning in BEGINNINGS:
        assert any(line.startswith(beginning) for line in lines), (beginning, shown)
    assert any(path.name in line for line in lines)
    assert any(line.startswith("step  python ") and "canary-" in line for line in lines)
    assert any(line.startswith(">>") for line in lines)
    assert any(line.startswith("  python: ") for line in lines)
    assert any(line.startswith("  canary-") for line in lines)


@pytest.mark.parametrize("keys", ["accept", "ledger", "reject"])
def test_undo_restores_every_file(three: Path, keys: str) -> None:
    """A decision that is taken back leaves every byte of the corpus as it was, and the finding is asked about again."""
    before = snapshot(three)
    path = FindingStore(three / "findings").paths()[0]
    with review(three, path) as terminal:
        if keys == "reject":
            terminal.press("r")
            terminal.press("r")
        else:
            terminal.press("a")
            terminal.press("2" if keys == "accept" else "5")
            for answer in (REASON,) if keys == "accept" else ("the maintainers", REASON, "2027-02-01"):
                terminal.type(answer)
        assert "that was the last one" in terminal.press("u")
        assert "undone: " in terminal.press("q")
        assert terminal.end() == 1
    assert snapshot(three) == before
    assert "0 judged, 1 waiting" in terminal.text


def test_undo_with_nothing_decided(three: Path) -> None:
    """There is nothing to take back at the beginning; it is told, and the review goes on."""
    with review(three) as terminal:
        terminal.press("u")
        assert "not done: nothing was decided yet" in terminal.press("q")
        assert terminal.end() == 1


def test_reject_needs_a_second_key(three: Path) -> None:
    """One key deletes nothing; the same one again does."""
    path = FindingStore(three / "findings").paths()[0]
    with review(three, path) as terminal:
        terminal.press("r")
        assert "r again to delete this finding" in terminal.press("x")
        terminal.press("r")
        assert path.exists()
        terminal.press("r")
        terminal.press("q")
        assert terminal.end() == 0
    assert not path.exists()
    assert not fixtures(three)


def test_all_the_rest(three: Path) -> None:
    """Capitals: one verdict and reason for all that are left, and one confirmation for their rejection."""
    with review(three) as terminal:
        terminal.press("s")
        terminal.press("A")
        terminal.press("3")
        terminal.type(REASON)
        assert terminal.press("q").count("accepted: ") == 2
        assert terminal.end() == 1
    assert [read_fixture(path).verdict for path in fixtures(three)] == ["both", "both"]
    with review(three) as terminal:
        terminal.press("R")
        assert "R again to delete 1 findings" in terminal.press("R")
        terminal.press("q")
        assert terminal.end() == 0
    assert not FindingStore(three / "findings").paths()


def test_skip_all_the_rest(three: Path) -> None:
    """Nothing is judged, and something waits."""
    before = snapshot(three)
    with review(three) as terminal:
        terminal.press("S")
        assert terminal.end() == 1
    assert snapshot(three) == before


def test_mistakes_leave_the_finding(three: Path) -> None:
    """A key that is none, a word for a reason, a date that is none, a day that is over: told, and nothing changes."""
    before = snapshot(three)
    with review(three) as terminal:
        terminal.press("x")
        assert "'x' is no key here" in terminal.press("a")
        terminal.press("9")
        terminal.press("a")
        terminal.press("1")
        terminal.type("because")
        assert "not done: the reason 'because' says too little" in terminal.press("l")
        for answer in ("me", REASON, "soon"):
            terminal.type(answer)
        assert "not done: 'soon' is no date: write it as 2027-02-01" in terminal.press("l")
        for answer in ("me", REASON, "2020-01-01"):
            terminal.type(answer)
        assert "not done: 2020-01-01 is over: name a day from 2026-11-22 on" in terminal.press("l")
        for answer in ("", "", ""):
            terminal.type(answer)
        terminal.press("\x04")
        assert terminal.end() == 1
    assert snapshot(three) == before


def test_more_help_and_open(three: Path, tmp_path: Path) -> None:
    """`m` shows the states, `?` the keys, `o` the path and the file in the editor that is set."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "edited $1" | tr a-z A-Z\n')
    editor.chmod(0o755)
    path = FindingStore(three / "findings").paths()[0]
    with review(three, path, EDITOR=str(editor)) as terminal:
        terminal.press("m")
        assert "state changed by step 0" in terminal.press("?")
        assert "u  undo: take the last decision back, file for file" in terminal.press("o")
        opened = terminal.press("q")
        assert terminal.end() == 1
    assert str(path) in opened
    assert "EDITED " in opened


def test_interrupted(three: Path) -> None:
    """Ctrl-C ends it with 130, and what was decided stays."""
    path = FindingStore(three / "findings").paths()[0]
    with review(three) as terminal:
        terminal.press("r")
        terminal.press("r")
        terminal.press("\x03")
        assert terminal.end() == 130
    assert not path.exists()
    assert "Traceback" not in terminal.text


def test_finding_that_was_mended_is_shown(three: Path) -> None:
    """A finding that no longer diverges is said to, is refused by `a`, and can be rejected."""
    path = FindingStore(three / "findings").paths()[0]
    path.write_text(path.read_text().replace(CANARIES[0], "rust"))
    with review(three, path) as terminal:
        assert "python and rust agree on it by now" in terminal.press("a")
        terminal.press("2")
        terminal.type(REASON)
        assert "a fresh process shows no divergence" in terminal.press("r")
        terminal.press("r")
        terminal.press("q")
        assert terminal.end() == 0
    assert not path.exists()


def test_identifiers_cannot_reach_the_terminal(three: Path) -> None:
    """Escape sequences in a finding's words come out as text."""
    path = FindingStore(three / "findings").paths()[0]
    path.write_text(path.read_text().replace('"soak 1/0"', '"soak \\u001b]0;owned\\u0007"'))
    with review(three, path) as terminal:
        terminal.press("q")
        assert terminal.end() == 1
    assert "first by soak \\x1b]0;owned\\x07" in terminal.text
    assert TITLE_ESCAPE not in terminal.text
