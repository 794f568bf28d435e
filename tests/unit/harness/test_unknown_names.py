"""The message for a name that is not known: short, whatever the name is, with the nearest names first."""

from __future__ import annotations

import pytest

from cracktrader_fuzz.text import suggestion, unknown_name

FRUITS = ("apple", "apples", "pear", "plum")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("appel", "did you mean 'apple' or 'apples'?"),
        ("apples", "did you mean 'apples' or 'apple'?"),
        ("plam", "did you mean 'plum'?"),
        ("cobol", ""),
        ("", ""),
    ],
)
def test_suggestion(name: str, meant: str) -> None:
    """The nearest name first; nothing where none is near."""
    assert suggestion(name, FRUITS) == meant


def test_three_suggestions_at_most() -> None:
    """More than three would hide the one that was meant; they are joined by commas and one `or`."""
    assert suggestion("ab", ["ab1", "ab2", "ab3", "ab4"]).count("'ab") == 3
    assert suggestion("ab", ["ab1", "ab2", "ab3"]) == "did you mean 'ab3', 'ab2' or 'ab1'?"


def test_whole_message() -> None:
    """The kind, the name, what was meant, what is known, and the command that lists all of it."""
    message = unknown_name("fruit", "appel", FRUITS, owner="the tree", see="list fruits")
    assert message == (
        "unknown fruit 'appel': did you mean 'apple' or 'apples'? the tree has apple, apples, pear, plum: "
        "see `list fruits`"
    )
    assert unknown_name("fruit", "x", FRUITS, shown=1) == "unknown fruit 'x': known are apple and 3 more"
    assert unknown_name("fruit", "x", ()) == "unknown fruit 'x': known are none"


def test_long_name_is_cut() -> None:
    """A name of a megabyte, which a file may hold, makes no long message and takes no long time."""
    assert len(unknown_name("fruit", "x" * 1_000_000, FRUITS)) < 200
