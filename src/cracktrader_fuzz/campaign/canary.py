"""The canary: before a run is believed, it must find a bug that is known to be there, and shrink it to known size."""

import msgspec

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.errors import TargetCodeError
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
# Of these the reference is run once more, to see which kinds of steps it never applies: some thousand steps, in which a
# kind that it does apply has been applied a hundred times, and a fraction of a second.
CASES_LOOKED_AT = 50
MAY_BE_WRONG = "the reference itself may be wrong"


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
    looked_at: list[Case] = []
    crashes = 0
    failures: list[TargetCodeError] = []
    for index in range(CASES_MAX):
        try:
            explored = explore(lockstep, seed, index)
        except TargetCodeError as error:
            failures.append(error)
            continue
        # Where the reference crashes by itself, the canary, which is made of it, does the same: that is not its bug.
        if explored.verdict.divergence is not None and not _both_crashed(explored.verdict.divergence):
            break
        crashes += explored.verdict.divergence is not None
        if index < CASES_LOOKED_AT:
            looked_at.append(explored.case)
    else:
        problem = f"not found in {CASES_MAX} cases; "
        if failures:
            problem += f"{len(failures)} of them ended with {failures[0]}"
        else:
            problem += _suspicion(lockstep, looked_at, crashes)
        return CanaryResult(canary.name, CASES_MAX, 0, 0, "", problem)
    shrunk = Shrinker(lockstep).shrink(explored.case)
    steps = len(shrunk.case.steps)
    problem = ""
    if steps != canary.steps_min:
        problem = f"shrunk to {steps} steps, its known size is {canary.steps_min}; {MAY_BE_WRONG}"
    elif shrunk.certificate is None:
        problem = "shrunk without a certificate"
    elif faults := verify(lockstep, shrunk.case, shrunk.certificate):
        problem = f"its certificate does not hold: {faults[0]}"
    signature = str(shrunk.divergence.signature)
    return CanaryResult(canary.name, index + 1, len(explored.case.steps), steps, signature, problem)


def _suspicion(lockstep: Lockstep, cases: list[Case], crashes: int) -> str:
    """What a miss may mean besides a canary that is wrong, as far as the reference's own answers show it."""
    signs = [f"it crashed in {crashes} of {CASES_MAX} cases"] if crashes else []
    never = _never_applied(lockstep, cases)
    if never:
        signs.append(f"it applied no step of kind {' or '.join(never)} in {len(cases)} cases")
    return MAY_BE_WRONG + (f": {', and '.join(signs)}" if signs else "")


def _never_applied(lockstep: Lockstep, cases: list[Case]) -> list[str]:
    """The kinds of the steps in these cases of which the reference applied none."""
    applied: dict[str, bool] = {}
    for case in cases:
        for step, outcome, _ in lockstep.outcomes(case, 0):
            kind = lockstep.target.grammar.kind(step)
            applied[kind] = applied.get(kind, False) or outcome["outcome"] == "applied"
    return sorted(kind for kind, once in applied.items() if not once)


def _both_crashed(divergence: Divergence) -> bool:
    """Whether both subjects crashed, and alike: the one difference whose two sides are equal."""
    return divergence.difference.kind == "value" and divergence.difference.left == divergence.difference.right
