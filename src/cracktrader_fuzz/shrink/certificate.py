"""A certificate says that a case is minimal, in a form that can be checked again.

It names the signature and how many smaller cases lie one move away: deletions of a step, simplifications of a value,
swaps of neighbours. `verify` runs every one of them, and the case itself twice, with fresh subjects: the case must
show the signature both times, and none of the others may show a divergence of its family. A neighbour that shows an
excused signature, one that is known and must not be shrunk into, is no smaller case of this one.
"""

from collections.abc import Callable

import msgspec

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.errors import TargetCodeError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.signature import Signature
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.shrink.neighbours import deletions, neighbours, simplifications, swaps
from cracktrader_fuzz.target.grammar import Grammar


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many neighbours of a case were tried, and the signature, whose family none of them shows."""

    signature: str
    """The signature of the case."""
    deletions: int
    """How many cases with a step less were tried."""
    simplifications: int
    """How many cases with a simpler value were tried."""
    swaps: int
    """How many cases with two neighbours swapped were tried."""

    @classmethod
    def of(cls, case: Case, signature: Signature, grammar: Grammar) -> "Certificate":
        """The certificate for a case whose neighbours have all been tried."""
        return cls(
            str(signature),
            sum(1 for _ in deletions(case)),
            sum(1 for _ in simplifications(case, grammar)),
            sum(1 for _ in swaps(case, grammar)),
        )


def never(_: Signature) -> bool:
    """No signature is excused."""
    return False


def verify(
    lockstep: Lockstep, case: Case, certificate: Certificate, excused: Callable[[Signature], bool] = never
) -> list[str]:
    """What is wrong with the certificate: an empty list when it holds."""
    signature = None
    for _ in range(2):  # twice: a subject that keeps something over a restart may differ the first time only
        divergence = lockstep.run_case(case, exact=True).divergence
        if divergence is None:
            return ["the case shows no divergence"]
        signature = divergence.signature
        if str(signature) != certificate.signature:
            return [f"the case shows {signature}, not {certificate.signature}"]
    assert signature is not None
    counted = Certificate.of(case, signature, lockstep.target.grammar)
    if counted != certificate:
        return [f"{_counts(counted)} neighbours exist, the certificate counts {_counts(certificate)}"]
    return [
        f"a smaller case shows {found.signature}: {len(smaller.steps)} steps"
        for smaller in neighbours(case, lockstep.target.grammar)
        if (found := _shown(lockstep, smaller)) is not None
        and found.signature.family == signature.family
        and not excused(found.signature)
    ]


def _shown(lockstep: Lockstep, case: Case) -> Divergence | None:
    """What a neighbour shows: nothing where a tracker fails on it, as when the case was shrunk."""
    try:
        return lockstep.run_case(case, exact=True).divergence
    except TargetCodeError:
        return None


def _counts(certificate: Certificate) -> str:
    return f"{certificate.deletions} + {certificate.simplifications} + {certificate.swaps}"
