"""`docs/reference/exit-codes.md` has every exit code, every command and every error, each as the code has it."""

from __future__ import annotations

import re
import sys

import pytest
from test_words import sub_commands
from tree import ROOT

from cracktrader_fuzz import errors, exits
from cracktrader_fuzz.cli.main import commands, main
from cracktrader_fuzz.errors import FuzzError, SubjectError

PAGE = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODES = {value for name, value in vars(exits).items() if name.startswith("EXIT_")}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table that begins with this heading."""
    table = PAGE.partition(f"| {heading} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def numbers(text: str) -> set[int]:
    """The codes that a text names."""
    return {int(number) for number in re.findall(r"\b\d+\b", text)}


def test_every_code_is_there() -> None:
    """The table's codes are those of the constants, and so are those of the help text and of the README."""
    assert [int(code) for code, _ in rows("code")] == sorted(CODES)
    readme = re.search(r"Exit codes:?(.+?)(?:\n\n|\n#|\Z)", README, re.DOTALL)
    helped = re.search(r"Exit codes:(.+)", commands.help or "", re.DOTALL)
    assert readme
    assert helped
    assert numbers(readme[1]) == numbers(helped[1]) == CODES


def test_every_command_is_there() -> None:
    """Each has one row, with codes that exist, 2 and 3 among them: anything can be given wrong, or be broken."""
    named = [name for cell, _ in rows("command") for name in re.findall(r"`([^`]+)`", cell)]
    assert sorted(named) == sorted(sub_commands())
    for cell, said in rows("command"):
        assert {2, 3, 130} <= numbers(said) <= CODES, cell


@pytest.mark.parametrize("name", list(sub_commands()))
def test_wrong_option_ends_with_usage(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command refuses an option that it does not have, with 2."""
    monkeypatch.setattr(sys, "argv", ["cracktrader_fuzz", *name.split(), "--no-such-option"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == exits.EXIT_USAGE


def test_every_error_is_there() -> None:
    """The tree: each class once, with what it is and with its code; the errors of subjects never end a command."""
    classes = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, FuzzError)]
    shown = {name.strip("`"): (base.strip("`"), code) for name, base, code, _ in rows("error")}
    assert set(shown) == {each.__name__ for each in classes}
    for each in classes:
        code = "-" if issubclass(each, SubjectError) else str(each.exit_code)
        assert shown[each.__name__] == (each.__bases__[0].__name__, code)
