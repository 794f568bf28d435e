"""Fixtures run again: each subject against the expected trace by itself, and all of them in lockstep."""

from collections import Counter
from pathlib import Path

from cracktrader_fuzz.corpus.documents import Expected, Fixture, read_fixture
from cracktrader_fuzz.lockstep.compare import Difference, first_difference
from cracktrader_fuzz.lockstep.run import Cells, Lockstep
from cracktrader_fuzz.lockstep.signature import path_text
from cracktrader_fuzz.lockstep.verdict import Verdict, brief

FIXTURE_FOLDERS = ("fixtures", "regressions")


def fixture_paths(corpus: Path) -> list[Path]:
    """Every fixture's file, in order of path."""
    return sorted(path for folder in FIXTURE_FOLDERS for path in (corpus / folder).rglob("*.json"))


def trace(lockstep: Lockstep, seat: int, fixture: Fixture) -> Expected:
    """What the subject in a seat answers to the fixture's steps."""
    subject = lockstep.subjects[seat]
    outcomes = [outcome for _, outcome, _ in lockstep.outcomes(fixture.case, seat)]
    return Expected(subject.observe(), subject.digest(), outcomes)


def fixture_problems(lockstep: Lockstep, path: Path) -> tuple[list[str], Verdict, Cells]:
    """What is not as the fixture says, a line each. Raises DocumentError for a file that is no fixture."""
    fixture = read_fixture(path)
    cells: Cells = Counter()
    lockstep.replay(fixture.case, cells=cells)
    verdict = lockstep.replay(fixture.case, exact=True)
    problems = []
    if verdict.divergence is not None:
        problems.append(f"{path}: diverges: {verdict.divergence.signature}")
    if fixture.expected is not None:
        for place, name in enumerate(lockstep.names):
            found = trace_difference(fixture.expected, trace(lockstep, place, fixture))
            if found is not None:
                where = path_text(found, lockstep.target.grammar.keyed)
                problems.append(
                    f"{path}: {name} answers {brief(found.right)} where {brief(found.left)} is expected, at {where}"
                )
    return problems, verdict, cells


def trace_difference(expected: Expected, answered: Expected) -> Difference | None:
    """The first difference of two traces, outcomes before state before digest."""
    return (
        first_difference(expected.outcomes, answered.outcomes, ("outcomes",))
        or first_difference(expected.state, answered.state, ("state",))
        or first_difference(expected.digest, answered.digest, ("digest",))
    )
