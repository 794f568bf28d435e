"""Who is alone: what a target's oracles say of a case on which two subjects differ.

An oracle goes along with each of the two by itself; it sides with the one that it does not contradict. Costs two runs
of the case for each oracle. Nobody is asked about a case that takes its process along.
"""

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.settings import seat
from cracktrader_fuzz.subjects.crash import needs_isolation
from cracktrader_fuzz.subjects.opinions import is_opinion, opinion_name
from cracktrader_fuzz.subjects.protocol import SubjectMissingError, Target


def consult(target: Target, case: Case, divergence: Divergence) -> list[str]:
    """A line for each oracle that has something to say: `nautilus sides with python`."""
    pair = divergence.subjects
    if needs_isolation(str(divergence.signature)) or any(is_opinion(target.oracles, name) for name in pair):
        return []
    cut = case.with_steps(case.steps[: divergence.index + 1])
    return [_said(target, cut, pair, oracle) for oracle in target.oracles]


def _said(target: Target, case: Case, pair: tuple[str, str], oracle: str) -> str:
    try:
        one, other = (_goes_along(target, case, name, oracle) for name in pair)
    except SubjectMissingError as error:
        return f"{oracle} was not asked: {error}"
    if one and other:
        return f"{oracle} does not judge what differs"
    if not one and not other:
        return f"{oracle} agrees with neither"
    return f"{oracle} sides with {pair[0] if one else pair[1]}"


def _goes_along(target: Target, case: Case, name: str, oracle: str) -> bool:
    seats = seat(target, (name, opinion_name(oracle, name)))
    return Lockstep(target, seats).replay(case, exact=True).agrees
