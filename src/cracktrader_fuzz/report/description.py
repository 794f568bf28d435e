"""Steps and answers in plain words: the target's own where it has some, else their fields, one after the other."""

from typing import Any

from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_fuzz.target.target import Target
from cracktrader_fuzz.text import plain, printable_ascii


def describe_step(target: Target, step: Step) -> str:
    """A step on one line, printable ASCII only; a target's words that fail on an odd step give way to its fields."""
    if target.reading.describe_step is not None:
        try:
            return printable_ascii(target.reading.describe_step(step))
        except Exception:  # noqa: BLE001 - a fuzzed step may have any shape, and must still be shown
            return printable_ascii(_fields(step))
    kind = target.grammar.kind(step)
    left_out = {target.grammar.positional}
    rest = {key: value for key, value in step.items() if key not in left_out and value != kind}
    return printable_ascii(f"{kind} {_fields(rest)}".rstrip())


def describe_outcome(target: Target, outcome: Outcome) -> str:
    """An answer on one line: what became of the step, why, and its other fields."""
    head, code = str(outcome.get("outcome")), str(outcome.get("code"))
    result = code if head in code or (head, code) == ("applied", "ok") else f"{head} {code}"
    try:
        rest = (
            target.reading.describe_outcome(outcome) if target.reading.describe_outcome is not None else _rest(outcome)
        )
    except Exception:  # noqa: BLE001 - a wrong subject may answer anything, and it must still be shown
        rest = _rest(outcome)
    return printable_ascii(f"{result} {rest}".rstrip())


def _rest(outcome: Outcome) -> str:
    return _fields({key: value for key, value in outcome.items() if key not in ("outcome", "code")})


def _fields(value: dict[str, Any], prefix: str = "") -> str:
    parts = []
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            parts.append(_fields(inner, f"{prefix}{key}."))
        elif inner is not None:
            parts.append(f"{prefix}{key}={plain(inner)}")
    return " ".join(parts)
