"""A case as two columns of answers, up to the first difference, readable without colour."""

from collections.abc import Iterator

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Case, Outcome
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence, brief

COLUMN = 44


def timeline(lockstep: Lockstep, case: Case, divergence: Divergence | None) -> Iterator[str]:
    """The lines: each step, below it what the two answered, and at the end what differs."""
    stop = len(case.steps) if divergence is None else divergence.index + 1
    names = lockstep.names[:2] if divergence is None else list(divergence.subjects)
    seats = [lockstep.names.index(name) for name in names]
    answers = [[outcome for _, outcome, _ in lockstep.outcomes(case, seat)] for seat in seats]
    yield f"{'step':>4}  {names[0]:<{COLUMN}}  {names[-1]:<{COLUMN}}".rstrip()
    for index in range(stop):
        last = divergence is not None and index == divergence.index
        yield f"{index:>4}  {_one_line(case.steps[index])}"
        left, right = (_answer(each[index]) for each in (answers[0], answers[-1]))
        mark = ">>" if last else "  "
        yield f"{mark}    {left:<{COLUMN}}  {right:<{COLUMN}}".rstrip()
    if divergence is not None:
        yield from _difference_lines(divergence)


def _difference_lines(divergence: Divergence) -> Iterator[str]:
    difference = divergence.difference
    place = ".".join(str(part) for part in difference.path)
    yield ""
    yield f"step {divergence.index}: {ascii(place)[1:-1]}: {difference.kind}"
    yield f"  {divergence.subjects[0]}: {brief(difference.left, 200)}"
    yield f"  {divergence.subjects[1]}: {brief(difference.right, 200)}"


def _one_line(step: object) -> str:
    return brief_text(canonical_json(step), 2 * COLUMN + 120)


def _answer(outcome: Outcome) -> str:
    """An outcome in a column: code, then the transition and the deltas that are not zero."""
    parts = [str(outcome.get("outcome")), str(outcome.get("code"))]
    if parts == ["applied", "ok"]:
        parts = ["ok"]
    for transition in outcome.get("transitions", ()):
        parts.append(f"{transition.get('from')}>{transition.get('to')} {transition.get('leaves')}")
    for key, value in outcome.items():
        if key.endswith("_delta") and value != "0":
            parts.append(f"{key.removesuffix('_delta')} {value}")
    return brief_text(" ".join(parts), COLUMN)


def brief_text(text: str, width: int) -> str:
    """Text cut at a width, with everything but printable ASCII written as escapes."""
    plain = text.encode("ascii", "backslashreplace").decode("ascii")
    plain = "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in plain)
    return plain if len(plain) <= width else f"{plain[: width - 3]}..."
