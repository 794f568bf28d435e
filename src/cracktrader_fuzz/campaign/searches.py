"""What a worker does for the front end `coverage`: it gives the search turns, and takes in what it finds.

A worker has a process of its own for the search, which goes on from one job to the next, and a second one that follows
Python as well. All of them share the corpus in `corpus/coverage`. What a search finds is run again by the worker, on
the installed builds, before it is believed; the case that a search died of is run isolated, and a new search is begun.
"""

from pathlib import Path

import msgspec

from cracktrader_fuzz.campaign.job import CodeReach, Job, Report
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.rerun import parents_of
from cracktrader_fuzz.coverage.protocol import SearchRequest, SearchTally
from cracktrader_fuzz.coverage.session import SearchLostError, SearchSession, missing_library
from cracktrader_fuzz.search.mutation.front_end import compose
from cracktrader_fuzz.search.soak import draw_stream
from cracktrader_fuzz.seating import load_target
from cracktrader_fuzz.settings import read_settings
from cracktrader_fuzz.target.target import Target

COVERAGE = "coverage"
# One turn in so many goes to the search that follows Python too. A step costs it twice as much; with one turn in three
# it still finds the needle in Python within seconds (`docs/search.md`).
PYTHON_EVERY = 3
# Of a job's time: a search that does not answer is ended before its worker is, which would lose more.
TURN_SHARE = 0.8
# Cases of the soak to begin with: they have numbers and histories that no fixture has. Together they are about as many
# steps as the fixtures (1,600 and 1,000), so that neither is drowned by the other, and run in a fraction of a second.
GENERATED_SEEDS = 40
GENERATED_STEPS = 40  # a history of several orders, and short enough for a mutation to matter


class SearchDeath(msgspec.Struct, frozen=True):
    """The case over which a search ended, and how."""

    case: Case
    cause: str


class SearchHit(msgspec.Struct, frozen=True):
    """A case that diverged, by its signature there, and how often since the last turn."""

    signature: str
    case: Case
    seen: int


class SearchOwner:
    """A session, begun again when it was lost, and its counts so far."""

    def __init__(self, job: Job, *, follows_python: bool) -> None:
        target = load_target(read_settings(Path(job.root)), job.target)
        self._seeds = [*parents_of(Path(job.findings).parent, target.name).cases, *_generated(target, job)]
        self._request = SearchRequest(
            root=job.root,
            target=job.target,
            subjects=job.subjects,
            seed=job.seed,
            corpus=str(Path(job.findings).parent / "coverage" / target.name),
            seeds="",
            limits=job.limits,
            follows_rust=not missing_library(target),
            follows_python=follows_python,
        )
        self._session: SearchSession | None = None
        self._before = SearchTally()

    @property
    def is_blind(self) -> bool:
        """Whether it has run, and has seen no code at all."""
        return self._before.executions > 0 and not self._before.rust.taken

    def turn(self, job: Job, report: Report) -> tuple[list[SearchHit], SearchDeath | None]:
        """Run the job's cases, and count them. Raises SearchUnableError when the search does not begin."""
        if self._session is None:
            request = msgspec.structs.replace(self._request, seed=job.seed + job.start)  # not into the same death again
            self._session, self._before = SearchSession(request, self._seeds, Path(job.journal).parent), SearchTally()
        try:
            tally = self._session.turn(job.stop - job.start, TURN_SHARE * job.limits.slice_seconds)
        except SearchLostError as lost:
            self._session = None
            self._seeds = [case for case in self._seeds if case != lost.case]
            return [], SearchDeath(lost.case, lost.cause)
        before, self._before = self._before, tally
        _count(report, before, tally)
        return self._hits(before, tally), None

    def _hits(self, before: SearchTally, tally: SearchTally) -> list[SearchHit]:
        assert self._session is not None
        found = []
        for place, (signature, seen) in enumerate(tally.found.items()):
            more = seen - before.found.get(signature, 0)
            case = self._session.found(place) if more else None
            if case is not None:
                found.append(SearchHit(signature, case, more))
        return found


class Searches:
    """The searches of one process, each begun at its first turn."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, tuple[str, ...], bool], SearchOwner] = {}

    def of(self, job: Job) -> SearchOwner:
        """The search whose turn it is; where no compiled code is followed, always the one that follows Python."""
        usual = self._owners.get((job.target, job.subjects, False))
        is_its_turn = job.start // (job.stop - job.start) % PYTHON_EVERY == PYTHON_EVERY - 1
        follows_python = is_its_turn or (usual is not None and usual.is_blind)
        key = job.target, job.subjects, follows_python
        if key not in self._owners:
            self._owners[key] = SearchOwner(job, follows_python=follows_python)
        return self._owners[key]


def _count(report: Report, before: SearchTally, tally: SearchTally) -> None:
    report.cases += tally.executions - before.executions
    report.steps += tally.steps - before.steps
    report.applied += tally.applied - before.applied
    report.edges += tally.rust.taken - before.rust.taken + tally.python.taken - before.python.taken
    known = {(kind, context, code): count for kind, context, code, count in before.cells}
    for kind, context, code, count in tally.cells:
        more = count - known.get((kind, context, code), 0)
        if more:
            report.cells[(kind, context), code] += more
    report.followed = CodeReach(tally.rust, tally.python, tally.one_sided)
    if tally.problem and tally.problem != before.problem:
        report.problems.append(tally.problem)


def _generated(target: Target, job: Job) -> list[Case]:
    """Cases of the soak, run by the reference alone: another subject may end its process, which is the worker's."""
    reference = target.subjects[job.subjects[0]]()
    return [
        compose(target, reference, draw_stream(job.seed, index), GENERATED_STEPS) for index in range(GENERATED_SEEDS)
    ]
