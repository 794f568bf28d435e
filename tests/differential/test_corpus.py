"""Every stored fixture: on each subject by itself against what the file expects, and on all of them together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cracktrader_fuzz.case.codec import read_document
from cracktrader_fuzz.corpus.documents import WITHOUT_TRACE, read_fixture
from cracktrader_fuzz.corpus.rerun import differing, fixture_paths, lockstep_problems
from cracktrader_fuzz.lockstep.compare import first_difference
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.testing.divergence import raise_divergence
from cracktrader_strategies.target import CRACKTRADER

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
FIXTURES_MIN = 40
PATHS = fixture_paths(CORPUS)
# A seat that was wrong once is mended by now; what is wrong on purpose stays wrong.
WRONG_ON_PURPOSE = frozenset(CRACKTRADER.subjects) - frozenset(CRACKTRADER.seats)
KNOWN_TO_FAIL = [path for path in PATHS if read_document(path).get("fails_on") in WRONG_ON_PURPOSE]


def name_of(path: Path) -> str:
    """Folder and name, as the test's id."""
    return path.relative_to(CORPUS).with_suffix("").as_posix()


EVERY_FIXTURE = pytest.mark.parametrize("path", PATHS, ids=name_of)


def test_there_is_a_corpus() -> None:
    """The corpus has not been lost."""
    assert len(PATHS) >= FIXTURES_MIN, f"{len(PATHS)} fixtures under {CORPUS}"


@pytest.mark.parametrize("place", [0, 1], ids=["reference", "other"])
@EVERY_FIXTURE
def test_subject_answers_as_expected(seated: Callable[[], Lockstep], path: Path, place: int) -> None:
    """A subject by itself answers each step as the fixture says, and ends in its state with its digest."""
    fixture, lockstep = read_fixture(path), seated()
    subject = lockstep.subjects[place]
    answered = [outcome for _, outcome, _ in lockstep.outcomes(fixture.case, place)]
    if fixture.expected is None:
        assert fixture.verdict in WITHOUT_TRACE, "only a case on which no subject is right may expect nothing"
        return
    if lockstep.names[place] == differing(fixture):
        return  # the ledger says that it answers otherwise; `test_subjects_agree` holds it to that
    for index, (told, expected) in enumerate(zip(answered, fixture.expected.outcomes, strict=True)):
        assert first_difference(expected, told) is None, f"step {index}: {fixture.sentence}"
    assert first_difference(fixture.expected.state, subject.observe()) is None, fixture.sentence
    assert subject.digest() == fixture.expected.digest


@EVERY_FIXTURE
def test_subjects_agree(seated: Callable[[], Lockstep], path: Path) -> None:
    """In lockstep the subjects agree after every step of a fixture, or differ just as the ledger says."""
    lockstep, fixture = seated(), read_fixture(path)
    case, verdict = fixture.case, lockstep.run_case(fixture.case, exact=True)
    problems = lockstep_problems(fixture, lockstep.names, verdict)
    if verdict.divergence is not None and problems:
        raise_divergence(lockstep, case.with_steps(case.steps[: verdict.divergence.index + 1]), verdict.divergence)
    assert not problems
    assert verdict.steps == len(case.steps) > 0


@pytest.mark.parametrize("path", KNOWN_TO_FAIL, ids=name_of)
def test_fixture_can_fail(path: Path) -> None:
    """A fixture that names a subject on which it fails does fail there, so that it is known to hold something."""
    fixture = read_fixture(path)
    lockstep = Lockstep(CRACKTRADER, seat_subjects(CRACKTRADER, (CRACKTRADER.seats[0], str(fixture.fails_on))))
    assert not lockstep.run_case(fixture.case, exact=True).agrees
