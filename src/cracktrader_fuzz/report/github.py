"""A run as GitHub workflow commands: one `::error`, `::warning` or `::notice` line for each fact that is not a pass.

Data and properties are escaped as the workflow commands need it, so that nothing in a signature or a path ends a line
or begins a command.
"""

from pathlib import Path

from cracktrader_fuzz.report.notice import Level, Notice

VARIABLE = "GITHUB_ACTIONS"
_COMMANDS = {Level.FAILED: "error", Level.BROKEN: "error", Level.KNOWN: "notice"}


def annotations(facts: list[Notice], warnings: list[str], here: Path) -> list[str]:
    """The lines; `warnings` become warnings, and paths below `here` are relative to it."""
    lines = [_line(_COMMANDS[each.level], each, here) for each in facts if each.level in _COMMANDS]
    return [*lines, *(f"::warning title=cracktrader_fuzz::{_data(text)}" for text in warnings)]


def _line(command: str, fact: Notice, here: Path) -> str:
    properties = {"title": f"{fact.kind} {fact.name}"}
    if fact.file:
        path = here / fact.file
        properties["file"] = path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {listed}::{_data(fact.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
