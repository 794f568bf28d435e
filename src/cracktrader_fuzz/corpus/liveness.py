"""Checks that fixtures can still fail: each one is run on what it names as failing, and must show a difference.

Does not build anything: a subject that has been mended since, and a commit, get a line that says how to try them. Cost:
two runs of the case for each fixture.
"""

import re
from pathlib import Path

import msgspec

from cracktrader_fuzz.corpus.documents import Fixture, read_fixture
from cracktrader_fuzz.corpus.rerun import fixture_paths, trace, trace_difference
from cracktrader_fuzz.document import Document, head
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.seating import LockstepPool
from cracktrader_fuzz.target.target import Target

COMMIT = re.compile(r"[0-9a-f]{7,40}")  # from git's usual abbreviation to a whole SHA-1


class Liveness(Document, tag=head("corpus-liveness", 1)):
    """Which fixtures fail on what they name: `corpus liveness`."""

    unnamed: int = 0
    """How many fixtures name nothing that they fail on."""
    alive: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """The files of those that fail as they say, by what they fail on."""
    dead: list[str] = msgspec.field(default_factory=list)
    """A line for each that does not fail on what it names."""
    not_tried: list[str] = msgspec.field(default_factory=list)
    """A line for each that cannot be tried with what is built here, and the way to try it."""


def check_liveness(seats: LockstepPool) -> Liveness:
    """Try every fixture of a corpus. Raises DocumentError, and SubjectMissingError where a canary is not built."""
    found, target = Liveness(), seats.target
    for path in fixture_paths(seats.corpus):
        fixture = read_fixture(path)
        named = fixture.fails_on
        if named is None:
            found.unnamed += 1
        elif named in target.subjects:
            _try(target, seats.lockstep(_against(target, named), fixture.signature), path, fixture, found)
        elif COMMIT.fullmatch(named):
            found.not_tried.append(
                f"{path}: fails on commit {named}: check it out, build it, `repro` this file there: it must end with 1"
            )
        else:
            found.dead.append(f"{path}: fails_on {named[:80]!r} is neither a subject of {target.name} nor a commit")
    return found


def _against(target: Target, named: str) -> tuple[str, str]:
    """The pair to run: the reference and what is named, or the next seat where the reference itself is named."""
    return next(name for name in target.seats if name != named), named


def _try(target: Target, lockstep: Lockstep, path: Path, fixture: Fixture, found: Liveness) -> None:
    named = lockstep.names[1]
    if _fails(lockstep, fixture):
        found.alive.setdefault(named, []).append(str(path))
    elif named in {canary.name for canary in target.canaries}:
        # A canary stays wrong on purpose, so it cannot have been mended: the fixture no longer reaches its bug.
        found.dead.append(f"{path}: dead: {named} passes it, so it does not hold what it says")
    else:
        built = next((each for each in fixture.provenance.builds if each.startswith(f"{named} ")), named)
        found.not_tried.append(
            f"{path}: {named} has been mended: build what `{built}` was, and `repro` this file there"
        )


def _fails(lockstep: Lockstep, fixture: Fixture) -> bool:
    """Whether the second subject differs from the reference, or from what is expected."""
    if not lockstep.run_case(fixture.case, exact=True).agrees:
        return True
    expected = fixture.expected
    return expected is not None and trace_difference(expected, trace(lockstep, 1, fixture)) is not None
