"""What the commands share: the options that name a target, its subjects and a corpus, and how a mistake is told.

A mistake is one line on standard error and a documented exit code, never a traceback:
2 for what was asked (a name, a file, an option), 3 when the harness cannot do its work (a subject is missing or
unsteady), 130 for Ctrl-C.
"""

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

import click
import msgspec

from cracktrader_fuzz.campaign.summary import EXIT_BROKEN, EXIT_INTERRUPTED, EXIT_USAGE
from cracktrader_fuzz.case.codec import DocumentError
from cracktrader_fuzz.corpus.store import CorpusError
from cracktrader_fuzz.lockstep.run import UnsteadyError
from cracktrader_fuzz.settings import Settings, SettingsError, load_target, read_settings
from cracktrader_fuzz.subjects.protocol import SubjectMissingError, Target

Arguments = ParamSpec("Arguments")

target_option = click.option("--target", "target_name", metavar="NAME", help="A target by name or module:attribute.")
subjects_option = click.option(
    "--subjects", metavar="A,B", help="Who is compared, the reference first (default: the target's seats)."
)
corpus_option = click.option(
    "--corpus", type=click.Path(path_type=Path), help="The folder with fixtures, regressions and findings."
)
json_option = click.option("--json", "wants_json", is_flag=True, help="One JSON document on standard output.")


def command(body: Callable[Arguments, int]) -> Callable[Arguments, None]:
    """A command's body returns its exit code; its mistakes are told in one line."""

    @functools.wraps(body)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            code = body(*args, **kwargs)
        except (SettingsError, DocumentError, CorpusError) as error:
            code = _fail(str(error), EXIT_USAGE)
        except (SubjectMissingError, UnsteadyError) as error:
            code = _fail(str(error), EXIT_BROKEN)
        except KeyboardInterrupt:
            code = _fail("interrupted: what was found is under the corpus, in findings", EXIT_INTERRUPTED)
        except BrokenPipeError:
            code = EXIT_USAGE
        sys.exit(code)

    return run


def _fail(message: str, code: int) -> int:
    click.echo(f"cracktrader_fuzz: {message}", err=True)
    return code


def settings_for(corpus: Path | None) -> Settings:
    """The settings of this folder, with another corpus if one is named."""
    settings = read_settings()
    return settings if corpus is None else msgspec.structs.replace(settings, corpus=corpus.resolve())


def target_and_names(
    settings: Settings, target_name: str | None, subjects: str | None
) -> tuple[Target, tuple[str, ...]]:
    """The target, and the subjects that were asked for."""
    target = load_target(settings, target_name)
    names = tuple(name.strip() for name in subjects.split(",")) if subjects else target.seats
    return target, names


def print_json(document: Any) -> None:
    """One document, readable, keys as given."""
    click.echo(json.dumps(msgspec.to_builtins(document), indent=1))
