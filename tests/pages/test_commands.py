"""Every command that a page shows is in the table, and ends with the exit code that stands there."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_table import COMMANDS, Held, NotRun, Run
from page_commands import PLAYED, commands_in_block, shown_commands
from refresh_transcript import ROOT, make_copy, run_command
from tree import tracked

RUN = {command: how for command, how in COMMANDS.items() if isinstance(how, Run)}


def test_every_command_is_in_the_table() -> None:
    """No command is shown without a row, and no row is left of a command that is gone."""
    shown = shown_commands()
    assert {command: pages for command, pages in shown.items() if command not in COMMANDS} == {}
    assert [command for command in COMMANDS if command not in shown] == []


def test_every_played_page_has_its_test() -> None:
    """The console blocks of a page that the script refreshes are run by some test, which plays that page."""
    tests = [path.read_text(encoding="utf-8") for path in tracked(".py", "tests") if path.name.startswith("test_")]
    players = [text for text in tests if "import" in text and "played(" in text]
    assert [page for page in sorted(PLAYED) if not any(Path(page).stem in text for text in players)] == []


def test_tests_that_hold_a_command_exist() -> None:
    """A row that names another test names a folder or file of tests, and a function that it has."""
    for how in COMMANDS.values():
        if isinstance(how, Held):
            path = ROOT / how.file
            text = path.read_text(encoding="utf-8") if path.is_file() else "".join(map(str, path.glob("test_*.py")))
            assert f"def {how.name}(" in text if how.name else "test" in text, how


def test_what_is_not_run_has_a_reason() -> None:
    """So has a line that is run shorter than it is shown."""
    assert [command for command, how in COMMANDS.items() if isinstance(how, NotRun) and not how.why] == []
    assert [command for command, how in RUN.items() if bool(how.instead) != bool(how.why)] == []


@pytest.mark.parametrize("command", RUN)
def test_command_ends_as_the_table_says(command: str, tmp_path: Path) -> None:
    """Typed in a copy of the settings and the corpus."""
    place = tmp_path.resolve() / "cracktrader-fuzz"
    place.mkdir()
    make_copy(place)
    code, output = run_command(RUN[command].instead or command, place)
    assert code == RUN[command].code, "\n".join(output)


@pytest.mark.parametrize(
    ("body", "commands"),
    [
        ("$ make fuzz\nIt is fuzzed.\n", ["make fuzz"]),
        ("make fuzz      # for a minute\n\n.venv\\Scripts\\activate\n", ["make fuzz", ".venv\\Scripts\\activate"]),
        ("cargo build \\\n--locked\n", ["cargo build  --locked"]),
        ('{"schema_version": 1}\n', []),
        ("add   349\n", []),
    ],
)
def test_commands_are_found(body: str, commands: list[str]) -> None:
    """After a prompt, or in a block where at least one line is a command; output and data are none."""
    assert list(commands_in_block(body)) == commands
