"""Runs fixtures again: each subject against the expected trace by itself, and all of them in lockstep.

A fixture whose verdict is `intended` belongs to the ledger: its subjects must go on to differ as it says, and only the
second one of the pair may depart from the trace. It requires nothing of subjects that are not its own. Cost: two runs
of the case in lockstep, and one of each subject.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.documents import INTENDED, ExpectedTrace, Fixture, read_fixture
from cracktrader_fuzz.corpus.store import files_below
from cracktrader_fuzz.errors import DocumentError
from cracktrader_fuzz.lockstep.compare import Difference, first_difference
from cracktrader_fuzz.lockstep.run import START_LABEL, Cells, Lockstep, answer, begin, crash_outcome
from cracktrader_fuzz.lockstep.signature import path_text
from cracktrader_fuzz.lockstep.verdict import Verdict
from cracktrader_fuzz.search.mutation.front_end import Parents
from cracktrader_fuzz.text import brief

REGRESSIONS = "regressions"
FIXTURE_FOLDERS = ("fixtures", REGRESSIONS)


class FixtureRun(msgspec.Struct, frozen=True):
    """What came of running a fixture: what is not as it says, in lockstep and by subject, and the exact verdict."""

    path: Path
    fixture: Fixture
    lockstep_problems: list[str]
    subject_problems: dict[str, str]
    verdict: Verdict
    cells: Cells

    @property
    def problems(self) -> list[str]:
        """A line for each thing that is not as the fixture says."""
        return self._lines([*self.lockstep_problems, *self.subject_problems.values()])

    def problems_besides(self, wrong: Collection[str]) -> list[str]:
        """The same where the difference in lockstep is judged already, and these subjects are known to be wrong."""
        return self._lines([line for name, line in self.subject_problems.items() if name not in wrong])

    def _lines(self, problems: list[str]) -> list[str]:
        return [f"{self.path}: {problem}" for problem in problems]


def fixture_paths(corpus: Path) -> list[Path]:
    """Every fixture's file, in order of path. Raises CorpusError for a folder that may not be read."""
    return [path for folder in FIXTURE_FOLDERS for path in files_below(corpus / folder) if path.suffix == ".json"]


def fixtures_of(corpus: Path, target: str) -> list[Path]:
    """The files of a target's fixtures, in order of path; also those that cannot be read, as running them shows why."""
    return [path for path in fixture_paths(corpus) if _target_of(path) in (target, None)]


def parents_of(corpus: Path, target: str) -> Parents:
    """The stored parents of `mutation`: the cases of a target's fixtures that can be read, in order of path."""
    paths = (path for path in fixture_paths(corpus) if _target_of(path) == target)
    return Parents(tuple(read_fixture(path).case for path in paths))


def _target_of(path: Path) -> str | None:
    try:
        return read_fixture(path).target
    except DocumentError:
        return None


def trace(lockstep: Lockstep, seat: int, fixture: Fixture) -> ExpectedTrace:
    """What the subject in a seat answers to the fixture's steps. After a crash its state and digest are empty.

    A subject that does not start has that crash for its only outcome.
    """
    subject = lockstep.subjects[seat]
    started = begin(subject, fixture.config)
    outcomes = [started] if started["outcome"] == "crashed" else [answer(subject, step) for step in fixture.steps]
    if any(outcome["outcome"] == "crashed" for outcome in outcomes):
        return ExpectedTrace({}, "", outcomes)
    try:
        return ExpectedTrace(subject.observe(), subject.digest(), outcomes)
    except BaseException as error:  # noqa: BLE001 - a subject may raise anything, also when its state is observed
        return ExpectedTrace({}, "", [*outcomes[:-1], crash_outcome(error)])


def is_of_start(signature: str | None) -> bool:
    """Whether a signature is of subjects that do not start alike, so that its case needs no steps."""
    # The target's name is the first part, and the label of the step the second and the third.
    return signature is not None and tuple(signature.split("/")[1:3]) == START_LABEL


def require_startable(lockstep: Lockstep, case: Case, path: Path, signature: str | None) -> None:
    """Raise DocumentError if no subject takes the configuration of a stored case, unless that is what it is stored for.

    Where some take it and others do not, the subjects differ, which running the case will show.
    """
    if is_of_start(signature):
        return
    causes = []
    for name, subject in zip(lockstep.names, lockstep.subjects, strict=True):
        try:
            subject.start(case.config)
        except Exception as error:  # noqa: BLE001 - of any class: the configuration is the file's, and so is the fault
            causes.append(f"{name} does not start with config {brief(case.config)}: {type(error).__name__}: {error}")
        else:
            return
    raise DocumentError(f"{path}: {causes[0]}")


def run_fixture(lockstep: Lockstep, path: Path) -> FixtureRun:
    """Run a fixture on these subjects. Raises DocumentError for a file that is no fixture."""
    fixture = read_fixture(path)
    require_startable(lockstep, fixture.case, path, fixture.signature)
    cells: Cells = Counter()
    # Twice: only the first run counts cells, and only the exact one compares after every step.
    lockstep.run_case(fixture.case, cells=cells)
    verdict = lockstep.run_case(fixture.case, exact=True)
    together = lockstep_problems(fixture, lockstep.names, verdict)
    return FixtureRun(path, fixture, together, dict(_trace_problems(lockstep, fixture)), verdict, cells)


def lockstep_problems(fixture: Fixture, names: list[str], verdict: Verdict) -> list[str]:
    """A line if the verdict of an exact run of these subjects is not what the fixture says."""
    shown = None if verdict.divergence is None else str(verdict.divergence.signature)
    wanted = fixture.signature if differing(fixture) in names[1:] else None
    if shown == wanted:
        return []
    if wanted is None:
        return [f"diverges: {shown}"]
    return [f"stale: it shows {shown or 'no difference'}, the ledger knows {wanted}: mended, the entry can go"]


def differing(fixture: Fixture) -> str | None:
    """The subject that may differ from the reference: the second of the pair where that is intended, else None."""
    if fixture.verdict != INTENDED or fixture.signature is None:
        return None
    return fixture.signature.rpartition("~")[2]


def _trace_problems(lockstep: Lockstep, fixture: Fixture) -> Iterator[tuple[str, str]]:
    if fixture.expected is None:
        return
    for place, name in enumerate(lockstep.names):
        if name == differing(fixture):
            continue
        found = trace_difference(fixture.expected, trace(lockstep, place, fixture))
        if found is not None:
            where = path_text(found, lockstep.target.grammar.keyed)
            yield name, f"{name} answers {brief(found.right)} where {brief(found.left)} is expected, at {where}"


def trace_difference(expected: ExpectedTrace, answered: ExpectedTrace) -> Difference | None:
    """The first difference of two traces, outcomes before state before digest."""
    return (
        first_difference(expected.outcomes, answered.outcomes, ("outcomes",))
        or first_difference(expected.state, answered.state, ("state",))
        or first_difference(expected.digest, answered.digest, ("digest",))
    )
