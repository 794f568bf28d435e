"""The canary: before a run is believed, it must find a bug that is known to be there, and shrink it to known size."""

import msgspec

from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.shrink.certificate import verify
from cracktrader_fuzz.shrink.shrinker import Shrinker
from cracktrader_fuzz.target.target import Canary, Target

# The slowest canary of `docs/performance.md` takes 16 cases of the soak. Thirty times as many are a few seconds, and
# one that is not found in them is missed for a reason, and not by bad luck.
CASES_MAX = 500


class CanaryResult(msgspec.Struct, frozen=True):
    """How a canary fared: a bug that is known to be there, and must be found."""

    name: str
    """The canary's name."""
    cases: int
    """After how many cases it was found, or was given up."""
    steps_found: int
    """How many steps the case had that found it."""
    steps_shrunk: int
    """How many steps were left of it."""
    signature: str
    """Its signature; empty where it was not found."""
    problem: str = ""
    """Why it counts as missed; empty when it was found, shrunk to its known size and certified."""


def catch(target: Target, canary: Canary, seed: int) -> CanaryResult:
    """Search with the canary in the second seat until it is found, then shrink it."""
    lockstep = Lockstep(target, seat_subjects(target, (canary.reference or target.seats[0], canary.name)))
    for index in range(CASES_MAX):
        explored = explore(lockstep, seed, index)
        # Where the reference crashes by itself, the canary, which is made of it, does the same: that is not its bug.
        if explored.verdict.divergence is not None and not _both_crashed(explored.verdict.divergence):
            break
    else:
        return CanaryResult(canary.name, CASES_MAX, 0, 0, "", f"not found in {CASES_MAX} cases")
    shrunk = Shrinker(lockstep).shrink(explored.case)
    steps = len(shrunk.case.steps)
    problem = ""
    if steps != canary.steps_min:
        problem = f"shrunk to {steps} steps, its known size is {canary.steps_min}"
    elif shrunk.certificate is None:
        problem = "shrunk without a certificate"
    elif faults := verify(lockstep, shrunk.case, shrunk.certificate):
        problem = f"its certificate does not hold: {faults[0]}"
    signature = str(shrunk.divergence.signature)
    return CanaryResult(canary.name, index + 1, len(explored.case.steps), steps, signature, problem)


def _both_crashed(divergence: Divergence) -> bool:
    """Whether both subjects crashed, and alike: the one difference whose two sides are equal."""
    return divergence.difference.kind == "value" and divergence.difference.left == divergence.difference.right
