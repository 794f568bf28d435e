"""Keeps a divergence: writes it as it is, shrinks it, consults the oracles, and writes it again, smaller.

Promises that a finding is on the disk before it is shrunk. Cost: the shrinking, which takes some hundred times as long
as finding the case did, and two runs of the case for each oracle.
"""

from collections.abc import Callable

import msgspec

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.documents import Provenance
from cracktrader_fuzz.corpus.ledger import read_ledger
from cracktrader_fuzz.corpus.store import FindingStore, finding_of
from cracktrader_fuzz.errors import SubjectMissingError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.shrink.shrinker import Shrinker
from cracktrader_fuzz.subjects.crash import needs_isolation
from cracktrader_fuzz.subjects.oracle import is_opinion, opinion_name
from cracktrader_fuzz.target.target import Target


class RecordedFinding(msgspec.Struct, frozen=True):
    """What is kept of a divergence: its signature after shrinking, its file, its length, and how it was found."""

    signature: str
    path: str
    steps: int
    certified: bool
    origin: str


def record(
    lockstep: Lockstep,
    case: Case,
    divergence: Divergence,
    origin: str,
    store: FindingStore,
    *,
    shrinks: bool = True,
    is_judged: Callable[[str], bool] = lambda _: False,
) -> RecordedFinding:
    """Write the finding, shrink it into nothing that is known, write it again. Raises CorpusError, DocumentError.

    Where `is_judged` says so of the signature that it shrinks to, nothing is kept.
    """
    provenance = Provenance(origin, [_build_text(lockstep, name) for name in divergence.subjects])
    # First as it is: shrinking takes seconds, and whatever ends the process meanwhile must not lose the finding.
    raw = finding_of(case, divergence, None, provenance)
    path = store.keep(raw, divergence.signature.slug)
    if not shrinks:
        return RecordedFinding(raw.signature, str(path), len(raw.steps), certified=False, origin=origin)
    excused = read_ledger(store.folder.parent).excused_from(raw.signature)
    shrunk = Shrinker(lockstep, excused).shrink(case)
    certified = shrunk.certificate is not None
    if is_judged(str(shrunk.divergence.signature)):
        store.drop(raw.signature, finding_of(shrunk.case, shrunk.divergence, shrunk.certificate, provenance))
        return RecordedFinding(str(shrunk.divergence.signature), "", len(shrunk.case.steps), certified, origin)
    opinions = consult(lockstep.target, shrunk.case, shrunk.divergence)
    small = finding_of(shrunk.case, shrunk.divergence, shrunk.certificate, provenance, opinions)
    path = store.keep(small, shrunk.divergence.signature.slug)
    if raw.signature != small.signature:
        store.drop(raw.signature, small)
    return RecordedFinding(small.signature, str(path), len(small.steps), certified, origin)


def consult(target: Target, case: Case, divergence: Divergence) -> list[str]:
    """A line for each oracle that has an opinion: `nautilus sides with python`."""
    pair = divergence.subjects
    # An oracle runs in this process, which a case that ends the process of its subject would end too.
    if needs_isolation(str(divergence.signature)) or any(is_opinion(target.oracles, name) for name in pair):
        return []
    cut = case.with_steps(case.steps[: divergence.index + 1])
    return [_opinion_text(target, cut, pair, oracle) for oracle in target.oracles]


def _build_text(lockstep: Lockstep, name: str) -> str:
    identity = lockstep.subjects[lockstep.names.index(name)].identity()
    return f"{name} {identity.version} {identity.sha256[:12]}"


def _opinion_text(target: Target, case: Case, pair: tuple[str, str], oracle: str) -> str:
    try:
        one, other = (_agrees(target, case, name, oracle) for name in pair)
    except SubjectMissingError as error:
        return f"{oracle} was not consulted: {error}"
    if one and other:
        return f"{oracle} does not judge what differs"
    if not one and not other:
        return f"{oracle} agrees with neither"
    return f"{oracle} sides with {pair[0] if one else pair[1]}"


def _agrees(target: Target, case: Case, name: str, oracle: str) -> bool:
    """Whether the oracle, following the subject from step to step, contradicts none of its answers."""
    seats = seat_subjects(target, (name, opinion_name(oracle, name)))
    return Lockstep(target, seats).run_case(case, exact=True).agrees
