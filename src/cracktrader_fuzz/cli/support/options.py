"""What the commands share: the options that name a target, its subjects and a corpus, and how a mistake is reported.

A mistake is one line on standard error and a documented exit code, never a traceback: that of the error's class
(`errors`), 2 for a file that the system refuses or an output that is closed, 130 for Ctrl-C. Only what was not foreseen
leaves a traceback; it is a 3, since 1 is a finding.
"""

import contextlib
import datetime
import functools
import os
import shlex
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from rich.console import RenderableType

from cracktrader_fuzz.document import Document, text_of_document
from cracktrader_fuzz.errors import FuzzError, SettingsError, UsageError
from cracktrader_fuzz.exits import EXIT_BROKEN, EXIT_INTERRUPTED, EXIT_USAGE
from cracktrader_fuzz.report.summary_text import console
from cracktrader_fuzz.seating import load_target
from cracktrader_fuzz.settings import Settings, read_settings
from cracktrader_fuzz.subjects.oracle import opinion_name
from cracktrader_fuzz.target.target import Target
from cracktrader_fuzz.text import printable, unknown_name

Arguments = ParamSpec("Arguments")
Options = TypeVar("Options")

target_option = click.option(
    "--target",
    "target_name",
    metavar="NAME",
    help="A target by name (see `list targets`) or module:attribute (default: that of the settings).",
)
subjects_option = click.option(
    "--subjects",
    metavar="A,B",
    help="The subjects to compare, the reference first (see `list subjects`; default: the target's seats).",
)
corpus_option = click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    help="The folder with fixtures, regressions and findings (default: that of the settings).",
)
DAY = click.DateTime(formats=["%Y-%m-%d"])


def as_date(_: click.Context, __: click.Parameter, value: datetime.datetime | None) -> datetime.date | None:
    """The day that an option of type `DAY` names."""
    return None if value is None else value.date()


def _today(ctx: click.Context, param: click.Parameter, value: datetime.datetime | None) -> datetime.date:
    return as_date(ctx, param, value) or datetime.datetime.now(tz=datetime.UTC).date()


today_option = click.option(
    "--today", type=DAY, callback=_today, hidden=True, help="The day by which known divergences expire."
)
json_option = click.option("--json", "wants_json", is_flag=True, help="One JSON document on standard output.")


def command(body: Callable[Arguments, int]) -> Callable[Arguments, None]:
    """A command's body returns its exit code; its mistakes are reported in one line."""

    @functools.wraps(body)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            code = body(*args, **kwargs)
        except click.ClickException:
            raise  # a wrong option, which `main` reports
        except FuzzError as error:
            code = fail(str(error), error.exit_code)
        except KeyboardInterrupt:
            code = fail("interrupted: what was found is under the corpus, in findings", EXIT_INTERRUPTED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter's last flush complains
            code = EXIT_USAGE
        except OSError as error:
            code = fail(_refusal(error), EXIT_USAGE)
        except BaseException:  # noqa: BLE001 - a Rust panic is one; whatever it is, it must not end with Python's own 1
            traceback.print_exc()
            code = EXIT_BROKEN
        sys.exit(code)

    return run


def typed(options: type[Options]) -> Callable[[Callable[[Options], int]], Callable[..., int]]:
    """For a command's body that takes one object: its fields are the command's options, by name."""

    def wrap(body: Callable[[Options], int]) -> Callable[..., int]:
        @functools.wraps(body)
        def call(**values: Any) -> int:
            return body(options(**values))

        return call

    return wrap


def fail(message: str, code: int) -> int:
    """Report a mistake in one line; returns the code."""
    click.echo(f"cracktrader_fuzz: {printable(message)}", err=True)
    return code


def settings_for(corpus: Path | None, target_name: str | None = None) -> Settings:
    """The settings of this folder for a target, with another corpus if one is named."""
    settings = read_settings()
    return settings.of_target(target_name) if corpus is None else settings.with_corpus(corpus.resolve())


def target_and_names(
    settings: Settings, target_name: str | None, subjects: str | None
) -> tuple[Target, tuple[str, ...]]:
    """The target, and the names of the subjects to compare."""
    target = load_target(settings, target_name)
    names = target.seats if subjects is None else tuple(name.strip() for name in subjects.split(","))
    return target, names


def with_oracle(target: Target, names: tuple[str, ...], oracle: str | None) -> tuple[str, ...]:
    """The subjects, and an oracle's opinion on the first of them if one is named. Raises SettingsError."""
    if oracle is None:
        return names
    if oracle not in target.oracles:
        raise SettingsError(unknown_name("oracle", oracle, tuple(target.oracles), owner=target.name, see="oracles"))
    return (*names, opinion_name(oracle, names[0]))


def same_options(target_name: str | None, corpus: Path | None) -> str:
    """The options that another command needs to mean the same target and corpus, to be put behind its name."""
    named = {"--target": target_name, "--corpus": corpus}
    return "".join(f" {option} {shlex.quote(str(value))}" for option, value in named.items() if value is not None)


def _refusal(error: OSError) -> str:
    """What the system refused: a file by name, else the command that it would not let go on."""
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: {reason}"
    return f"the system refused what `{click.get_current_context().info_name}` needs: {reason}"


# All that a command prints as text goes through here, so that none of it can hold what a terminal would obey:
# `tests/tidy/test_printing.py` finds a command that prints by itself.


def print_lines(lines: Iterable[str]) -> None:
    """Lines on standard output, with nothing in them that a terminal would obey."""
    for each in lines:
        _print(f"{printable(each)}\n")


def print_text(text: str) -> None:
    """A text of many lines, each of which ends with a new line, on standard output."""
    print_lines(text.removesuffix("\n").split("\n"))


def print_rendered(shown: RenderableType) -> None:
    """Tables on standard output; `report.summary_text` escapes what they hold."""
    with _named_output("standard output"):
        console().print(shown)


def print_question(question: str) -> None:
    """A question on standard output; the answer stands behind it."""
    _print(f"{printable(question)} > ")


def print_aside(line: str) -> None:
    """A line of progress on standard error, so that standard output holds the result alone."""
    _print(f"{printable(line)}\n", aside=True)


def print_annotation(line: str, *, aside: bool) -> None:
    """A command for GitHub Actions as it is (`report.github` escapes what it holds)."""
    _print(f"{line}\n", aside=aside)


def print_json(document: Document) -> None:
    """One document on standard output."""
    print_document(text_of_document(document))


def print_document(text: str) -> None:
    """The text of a document on standard output as it is: JSON in ASCII, whose strings hold escapes only."""
    _print(text)


def _print(text: str, *, aside: bool = False) -> None:
    with _named_output("standard error" if aside else "standard output"):
        click.echo(text, nl=False, err=aside)


@contextlib.contextmanager
def _named_output(name: str) -> Iterator[None]:
    """Name the output where the system refuses to write to it: its error names no file."""
    try:
        yield
    except BrokenPipeError:
        raise  # its reader has ended, which is no mistake
    except OSError as error:
        raise UsageError(f"{name}: cannot be written: {error.strerror or error}") from error
