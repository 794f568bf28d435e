"""Help as a user reads it: options in groups, defaults, examples that work as they are printed, exit codes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner
from program import call

from cracktrader_fuzz import exits
from cracktrader_fuzz.cli.main import commands
from cracktrader_fuzz.cli.support.help import OTHER_OPTIONS, SECTIONS, HelpCommand


def every_command(group: click.Group, *above: str) -> Iterator[tuple[tuple[str, ...], HelpCommand]]:
    """Each command with the words that call it, groups included."""
    for name, each in group.commands.items():
        assert isinstance(each, HelpCommand), name
        yield (*above, name), each
        if isinstance(each, click.Group):
            yield from every_command(each, *above, name)


COMMANDS = dict(every_command(commands))
EVERY_COMMAND = pytest.mark.parametrize("words", COMMANDS, ids=" ".join)


def call_completion() -> str:
    """What the program prints for a shell that completes a command line."""
    result = CliRunner().invoke(commands, prog_name="cracktrader-fuzz")
    return result.stdout


def parse(arguments: list[str]) -> None:
    """Parse a command line down to its last command, and run nothing. Raises UsageError."""
    context = commands.make_context("program", arguments)
    group: click.Group = commands
    while True:
        name, found, rest = group.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None
        context = found.make_context(name, rest, parent=context)
        if not isinstance(found, click.Group):
            return
        group = found


@EVERY_COMMAND
def test_examples_are_printed_and_parse(words: tuple[str, ...]) -> None:
    """Each command has an example of its own, help prints it whole, and the program takes its options."""
    examples = COMMANDS[words].examples
    assert any(example.startswith(" ".join(words)) for example in examples)
    printed = call(*words, "--help").stdout.splitlines()
    for example in examples:
        assert any(line.strip().endswith(f" {example}") for line in printed)
        parse([each for each in shlex.split(example) if each != "--help"])


@EVERY_COMMAND
def test_every_option_is_printed_once_in_its_section(words: tuple[str, ...]) -> None:
    """No option of a command is lost, and each stands below the title that the table gives it."""
    titles = [f"{title}:" for title in (*SECTIONS, OTHER_OPTIONS)]
    lines = call(*words, "--help").stdout.splitlines()
    lines = lines[next(place for place, line in enumerate(lines) if line in titles) :]  # after the description
    for param in COMMANDS[words].params:
        if not isinstance(param, click.Option) or param.hidden:
            continue
        (place,) = (
            place
            for place, line in enumerate(lines)
            if line.startswith(f"  {param.opts[0]} ") or line.strip() == param.opts[0]
        )
        above = [line for line in lines[:place] if line in titles][-1].removesuffix(":")
        assert above == next((title for title, names in SECTIONS.items() if param.name in names), OTHER_OPTIONS)


def test_defaults_are_printed() -> None:
    """A default stands beside its option; that of `--workers` is said in words, for it depends on the machine."""
    text = " ".join(call("run", "--help").stdout.split())
    for default in ("[default: 60.0;", "[default: 10.0;", "[default: 300.0;", "[default: 2048;", "[default: 0;"):
        assert default in text
    assert "default: one for each processor that this process may use, by affinity and cgroup quota" in text


def test_shell_completes_front_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell offers the front ends that begin as the word does."""
    monkeypatch.setenv("_CRACKTRADER_FUZZ_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "cracktrader-fuzz run --front-end s")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert call_completion() == "plain,soak\n"


def test_top_help_lists_every_exit_code() -> None:
    """Each exit code of the code stands on the first page, on a line of its own."""
    lines = [line.split(maxsplit=1)[0] for line in call("--help").stdout.splitlines() if line.strip()]
    codes = [value for name, value in vars(exits).items() if name.startswith("EXIT_")]
    assert len(codes) == 6
    assert [str(code) for code in codes if str(code) not in lines] == []


def test_top_help_has_every_command_in_a_section() -> None:
    """No command is left over under a title that says nothing."""
    text = call("--help").stdout
    assert "\nSearch:\n" in text
    assert "\nCommands:\n" not in text
    assert [name for name in commands.commands if f"\n  {name} " not in text] == []
