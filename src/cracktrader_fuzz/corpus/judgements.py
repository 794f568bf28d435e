"""The judgements of a corpus: differences that a person has judged wrong, each with the fixture that says so.

A judgement stands while its fixture still shows its difference: until then the difference is neither new nor mended.
The verdict `intended` belongs to the ledger, and a fixture by hand judges no difference. Reading costs one pass over
the regressions; whether one stands costs a run of its case, once.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from cracktrader_fuzz.corpus.documents import BOTH, HARNESS, INTENDED, SPECIFICATION, Fixture, read_fixture
from cracktrader_fuzz.corpus.ledger import pair_of
from cracktrader_fuzz.corpus.rerun import REGRESSIONS, require_startable
from cracktrader_fuzz.errors import DocumentError
from cracktrader_fuzz.lockstep.run import Lockstep

CONTEXT_PLACE = 2  # in a signature that is split at its slashes: after target and step kind


class JudgedDifference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A difference that a person has judged wrong, as its fixture has it."""

    fixture: str
    """The fixture's file."""
    signature: str
    """The signature of the difference."""
    verdict: str
    """Who is wrong: a subject, `both` or `harness`."""
    date: str
    """The day of the judgement, as YYYY-MM-DD."""
    reason: str
    """Why, in the fixture's sentence."""

    @property
    def wrong(self) -> tuple[str, ...]:
        """The subjects that may go on to be wrong until it is mended."""
        return pair_of(self.signature) if self.verdict in (BOTH, HARNESS) else (self.verdict,)

    @property
    def already_words(self) -> str:
        """The judgement on one line, for a finding of the same case."""
        return f"judged already on {self.date}: {self.fixture}"

    @property
    def note(self) -> str:
        """The judgement on one line, for a finding of another case of the signature."""
        return f"note: {self.fixture} judged this signature on {self.date}"

    @property
    def words(self) -> str:
        """The judgement on one line, for a difference that still shows."""
        return f"judged on {self.date}: {wrong_words(self.verdict)}, {self.fixture}, not mended yet"


class Judgements:
    """The judgements on one target's differences, in order of path."""

    def __init__(self, fixtures: Iterable[tuple[Path, Fixture]]) -> None:
        self._fixtures = {str(path): fixture for path, fixture in fixtures}
        self._judged = [_difference(path, fixture) for path, fixture in self._fixtures.items()]
        self._shown: dict[str, str | None] = {}

    def of(self, signature: str) -> list[JudgedDifference]:
        """The judgements on a signature."""
        return [each for each in self._judged if each.signature == signature]

    def has_family_of(self, signature: str) -> bool:
        """Whether there is one on the signature in any context, so that a case of it may shrink to what is judged."""
        return any(_without_context(each.signature) == _without_context(signature) for each in self._judged)

    def same_case(self, signature: str, content_hash: str) -> JudgedDifference | None:
        """The judgement on this very case; None when there is none."""
        return next((each for each in self.of(signature) if self._fixtures[each.fixture].hash == content_hash), None)

    def standing(self, signature: str, lockstep: Lockstep) -> JudgedDifference | None:
        """The first judgement on a signature whose fixture still shows it on these subjects; None when all hold."""
        return next((each for each in self.of(signature) if self._shows(each.fixture, lockstep) == signature), None)

    def _shows(self, path: str, lockstep: Lockstep) -> str | None:
        if path not in self._shown:
            self._shown[path] = _shown(Path(path), self._fixtures[path], lockstep)
        return self._shown[path]


def read_judgements(corpus: Path, target: str) -> Judgements:
    """The judgements in a corpus. A file that cannot be read judges nothing: running the fixtures reports it."""
    paths = sorted((corpus / REGRESSIONS).rglob("*.json"))
    fixtures = ((path, _fixture_in(path)) for path in paths)
    return Judgements(
        (path, fixture)
        for path, fixture in fixtures
        if fixture is not None and fixture.target == target and is_judgement(fixture)
    )


def is_judgement(fixture: Fixture) -> bool:
    """Whether a fixture says that a difference between subjects is wrong."""
    return fixture.signature is not None and fixture.verdict not in (INTENDED, SPECIFICATION)


def judgement_words(fixture: Fixture) -> str:
    """When a fixture was judged, and who is wrong."""
    return f"judged on {fixture.provenance.date}: {wrong_words(fixture.verdict)}"


def wrong_words(verdict: str) -> str:
    """Who is wrong, in words."""
    return {BOTH: "both are wrong", HARNESS: "the harness is wrong"}.get(verdict, f"{verdict} is wrong")


def _difference(path: str, fixture: Fixture) -> JudgedDifference:
    return JudgedDifference(
        path, str(fixture.signature), fixture.verdict, fixture.provenance.date, reason=fixture.sentence
    )


def _fixture_in(path: Path) -> Fixture | None:
    try:
        return read_fixture(path)
    except DocumentError:
        return None


def _shown(path: Path, fixture: Fixture, lockstep: Lockstep) -> str | None:
    try:
        require_startable(lockstep, fixture.case, path, fixture.signature)
    except DocumentError:
        return None
    divergence = lockstep.run_case(fixture.case, exact=True).divergence
    return None if divergence is None else str(divergence.signature)


def _without_context(signature: str) -> list[str]:
    parts = signature.split("/", CONTEXT_PLACE + 1)
    return parts[:CONTEXT_PLACE] + parts[CONTEXT_PLACE + 1 :]
