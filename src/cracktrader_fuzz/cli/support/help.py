"""How help reads: options and commands in groups, defaults shown, examples at the end, near names for a wrong command.

An option belongs to the group that `SECTIONS` has its parameter in; a command, to the one that its group's `sections`
say. What neither of them names stands last, under the title that click gives it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

from cracktrader_fuzz.text import suggestion, unknown_name

HELP_WIDTH_MAX = 110  # characters: with click's own 80 most options take two lines, and a longer line is hard to read
CONTEXT_SETTINGS = {
    "help_option_names": ["-h", "--help"],
    "show_default": True,
    "max_content_width": HELP_WIDTH_MAX,
}
SHORT_HELP_MAX = 68  # characters: so much fits beside a command in 80 columns, the usual terminal
OTHER_OPTIONS = "Options"
OTHER_COMMANDS = "Commands"
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "What is compared": ("target_name", "targets", "subjects", "oracle", "front_ends", "weights", "corpus"),
    "How much is done": ("seconds", "minutes", "hours", "cases", "seed", "resume"),
    "Limits": ("workers", "case_seconds", "slice_seconds", "memory_mib"),
    "Judgement": ("verdict", "reason", "fixture_name", "ledger_until", "owner", "reject", "everything", "pending"),
    "What is shown": ("step", "until", "wants_state", "explain", "wants_debugger"),
    "Other commits": ("base", "bisect", "build"),
    "Output": ("wants_json", "junit", "sarif", "emit", "output"),
}
_SECTION_OF = {name: title for title, names in SECTIONS.items() for name in names}


class HelpCommand(click.Command):
    """A command with its options in groups. Each example is a command line without the program's name."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options by group, those of no group last."""
        records: dict[str, list[tuple[str, str]]] = {title: [] for title in (*SECTIONS, OTHER_OPTIONS)}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):  # arguments stand in the usage line
                records[_SECTION_OF.get(param.name or "", OTHER_OPTIONS)].append(record)
        _write_sections(formatter, records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, as they are typed."""
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{ctx.find_root().command_path} {example}\n")


class HelpGroup(HelpCommand, click.Group):
    """A group of commands in sections, each a title with the names of its commands."""

    command_class = HelpCommand

    def __init__(self, *args: Any, sections: Mapping[str, Iterable[str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {title: tuple(names) for title, names in (sections or {}).items()}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands."""
        HelpCommand.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section, those of no section last."""
        in_section = {name for names in self.sections.values() for name in names}
        others = [name for name in self.list_commands(ctx) if name not in in_section]
        records: dict[str, list[tuple[str, str]]] = {}
        for title, names in {**self.sections, OTHER_COMMANDS: others}.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            records[title] = [
                (name, each.get_short_help_str(SHORT_HELP_MAX)) for name, each in found if each and not each.hidden
            ]
        _write_sections(formatter, records)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a name. Raises UsageError with the nearest names; older versions of click have none."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-") and not ctx.resilient_parsing:
            meant = suggestion(name, self.list_commands(ctx))
            raise click.UsageError(f"No such command {name!r}{'; ' if meant else '.'}{meant}", ctx)
        return super().resolve_command(ctx, args)


def name_completion(names: Sequence[str]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """For an option that takes one of `names`: those that a shell offers for a beginning."""
    return lambda _, __, beginning: [name for name in names if name.startswith(beginning)]


def name_callback(
    kind: str, names: Sequence[str], see: str
) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[str, ...]]:
    """For an option that may be repeated: its values must be among `names`; for any other, the nearest of them.

    `see` is the command that lists them.
    """

    def require_known(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if value not in names:
                raise click.BadParameter(unknown_name(kind, value, names, see=see), ctx, param)
        return values

    return require_known


def _write_sections(formatter: click.HelpFormatter, records: Mapping[str, list[tuple[str, str]]]) -> None:
    """A section for each title that has anything."""
    for title, rows in records.items():
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)
