"""Every error that the harness raises, in one tree. The exit code of a command is that of the class it ends with.

    FuzzError                   anything of this package
    |-- UsageError          2   what was given cannot be used; also raised itself, for a value of an option
    |   |-- SettingsError       a name, or the table in pyproject.toml
    |   |-- DocumentError       a file that is not what it should be
    |   |-- CorpusError         a corpus, or a file that cannot be written
    |   |-- EmitError           a case that cannot be written as a test of that kind
    |   |-- ProbeError          a commit that cannot be looked at
    |   `-- SkeletonError       a folder that `init` cannot write into
    |-- BrokenError         3   the harness cannot do its work
    |   |-- SubjectMissingError a subject whose build is missing
    |   |-- UnsteadyError       a subject that is not deterministic
    |   |-- TargetCodeError     a decoder or a tracker that raised
    |   `-- CoverageLostError   a build that should count its edges and does not
    `-- SubjectError            raised by subjects: an outcome of the step, never the end of a command
        |-- SubjectCrashedError a subject in a process of its own did not answer
        |-- AliasError          an object that was handed over has changed since
        `-- RerunError          the same steps, run again, gave other answers

`UsageError` is a ValueError as well, the others are RuntimeErrors, so that callers who know Python only need no import.
Messages quote what was given and name the way out.
"""

import traceback

from cracktrader_fuzz.exits import EXIT_BROKEN, EXIT_USAGE


def raised_at(error: BaseException) -> str:
    """Where an exception was raised, as `module:line`, or empty text; Python's import does not count."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__", "?"))
        if module.partition(".")[0] != "importlib":
            place = f"{module}:{line}"
    return place


class FuzzError(Exception):
    """Anything that this package raises on purpose. `exit_code` is what a command ends with."""

    exit_code = EXIT_BROKEN


class UsageError(FuzzError, ValueError):
    """What was given cannot be used; the message quotes it and says what can."""

    exit_code = EXIT_USAGE


class SettingsError(UsageError):
    """A name that is not known, or settings that cannot be read; the message quotes it and lists what is known."""


class DocumentError(UsageError):
    """A document that is not what it should be; the message names the file, the place and the way out."""


class CorpusError(UsageError):
    """A corpus that cannot be used so, or a file that cannot be written; the message names the path and the way out."""


class EmitError(UsageError):
    """A case that cannot be written as a test of that kind; the message says why, and what can be done instead."""


class ProbeError(UsageError):
    """A commit that cannot be looked at; the message says why and what to do."""


class SkeletonError(UsageError):
    """A folder that the skeleton cannot be written into; the message says what is in the way, and the way out."""


class BrokenError(FuzzError, RuntimeError):
    """The harness cannot do its work, so that a run would prove nothing."""


class SubjectMissingError(BrokenError):
    """A subject cannot run here: its build is missing. The message says how to get it."""


class UnsteadyError(BrokenError):
    """A difference was seen once and not again on the same steps: a subject is not deterministic."""


class TargetCodeError(BrokenError):
    """A part of a target that is no subject raised: the message names the part, the exception, and where it was."""

    @classmethod
    def of(cls, part: str, error: Exception) -> "TargetCodeError":
        """The error for what a part raised."""
        return cls(f"{part}: {type(error).__name__} {error} at {raised_at(error)}")


class CoverageLostError(BrokenError):
    """A library that should count its edges does not."""


class SubjectError(FuzzError, RuntimeError):
    """Raised by a subject: it becomes the outcome of the step, like any exception of a subject's own."""


class SubjectCrashedError(SubjectError):
    """A subject in a process of its own did not answer; `code` is the outcome's code (`subjects.crash`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AliasError(SubjectError):
    """An object that was handed over has changed since."""


class RerunError(SubjectError):
    """The same steps, run again, gave other answers."""
