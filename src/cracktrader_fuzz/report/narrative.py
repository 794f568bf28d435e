"""A run of one case for a person: the steps, where the two part, and what the step did to the state of each.

`repro`, the pytest plugin and everything else that shows a difference use these words. Costs two more runs of the case.
"""

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.documents import Fixture
from cracktrader_fuzz.corpus.rerun import trace, trace_difference
from cracktrader_fuzz.lockstep.compare import Difference
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.lockstep.watch import SubjectTrace, watch
from cracktrader_fuzz.report.timeline import change_lines, difference_lines, timeline

EXPECTED = "expected"


def divergence_story(lockstep: Lockstep, case: Case, divergence: Divergence) -> list[str]:
    """The timeline of the pair up to the divergence, the difference, and the state there."""
    index = divergence.index
    one, other = (watch(lockstep, case, name, (index - 1, index)) for name in divergence.subjects)
    return [
        *timeline(lockstep.target, case, (one, other), range(index + 1), index),
        "",
        *difference_lines(index, divergence.subjects, divergence.difference),
        "",
        *change_lines(one, other, index),
    ]


def unexpected(lockstep: Lockstep, name: str, fixture: Fixture) -> Difference | None:
    """Where a subject by itself first leaves the fixture's expected trace, if it does."""
    if fixture.expected is None:
        return None
    return trace_difference(fixture.expected, trace(lockstep, lockstep.names.index(name), fixture))


def unexpected_story(lockstep: Lockstep, name: str, fixture: Fixture, difference: Difference) -> list[str]:
    """The timeline of what is expected beside what the subject answers, and the difference."""
    assert fixture.expected is not None
    last = len(fixture.steps) - 1
    index = _place(difference, last)
    expected = SubjectTrace(EXPECTED, fixture.expected.outcomes, {last: fixture.expected.state})
    answered = watch(lockstep, fixture.case, name, (last,))
    lines = [
        *timeline(lockstep.target, fixture.case, (expected, answered), range(index + 1), index),
        "",
        *difference_lines(index, (EXPECTED, name), difference),
    ]
    return lines if index < last else [*lines, "", *change_lines(expected, answered, last)]


def _place(difference: Difference, last: int) -> int:
    """The step of a difference between traces: its outcome's, or the last for the state and the digest."""
    path = difference.path
    return path[1] if path[0] == "outcomes" and len(path) > 1 and isinstance(path[1], int) else last
