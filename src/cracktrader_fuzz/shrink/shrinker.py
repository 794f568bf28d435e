"""The shrinker: deterministic passes over concrete steps, until no neighbour of the case is interesting.

A case is interesting when an exact run ends in a divergence of the same family (see `lockstep.signature`) that is
not excused; it is cut after its first divergence every time. Every accepted change makes the case smaller in the order
of `neighbours.size`, so the passes end. Work is bounded by steps run, not by time: the same case shrinks to the same
result on any machine. Typical: 4 to 8 steps left after 30 to 300 runs.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.errors import TargetCodeError
from cracktrader_fuzz.lockstep.compare import canonical_bytes
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.signature import Signature
from cracktrader_fuzz.lockstep.verdict import Divergence, Verdict
from cracktrader_fuzz.shrink.certificate import Certificate, never
from cracktrader_fuzz.shrink.neighbours import deletions, is_smaller, mends, neighbours, numbers_of
from cracktrader_fuzz.shrink.rewrites import merges, rename, replace_all
from cracktrader_fuzz.target.fields import renumber

# About a minute for subjects as fast as the soak's (docs/performance.md). Steps, not seconds, so that every machine
# ends at the same case.
STEPS_RUN_MAX = 3_000_000
# An exact run compares the state after every step, and both grow with the case. Longer cases are run by blocks until
# they are this short, and have no certificate.
EXACT_STEPS_MAX = 100
PAIRS_STEPS_MAX = 40  # 780 pairs; what is longer has hardly been reduced, and is by other passes first
# Every deletion times every value times some ten candidates: thousands of runs for a case of twelve steps.
MENDED_STEPS_MAX = 12


class ShrinkResult(msgspec.Struct, frozen=True):
    """The smallest case found, the divergence it ends in, and a certificate if all its neighbours were tried."""

    case: Case
    divergence: Divergence
    certificate: Certificate | None


class Shrinker:
    """Makes one case small. `excused` says which signatures are known and must not be shrunk into."""

    def __init__(self, lockstep: Lockstep, excused: Callable[[Signature], bool] = never) -> None:
        self.lockstep = lockstep
        self.grammar = lockstep.target.grammar
        self.excused = excused
        self._steps_run = 0
        self._seen: dict[bytes, Verdict | None] = {}

    def shrink(self, case: Case) -> ShrinkResult:
        """The smallest interesting case that the passes reach. Raises ValueError when the case does not diverge."""
        verdict = self.lockstep.run_case(case)
        if verdict.divergence is None:
            raise ValueError(f"nothing to shrink: the subjects agree on all {len(case.steps)} steps")
        self._family = verdict.divergence.signature.family
        self._best = case.with_steps(case.steps[: verdict.divergence.index + 1])
        self._divergence = verdict.divergence
        before = None
        while before != self._best and self._steps_left():
            before = self._best
            self._run_passes()
            self._accept_first(self._mended_deletions())
        certificate = self._certify() if self._steps_left() else None
        return ShrinkResult(self._best, self._divergence, certificate)

    def _run_passes(self) -> None:
        self._delete_chunks()
        self._accept_first(self._pairs())  # steps that only make sense together, and not beside each other
        # Whole cases first: a change of one of several equal values would break what they hold together.
        self._accept_one(renumber(self._best, self.grammar))
        self._accept_one(rename(self._best, self.grammar))
        self._repeat(lambda: merges(self._best, self.grammar))
        self._repeat(lambda: replace_all(self._best, self.grammar))
        self._repeat(lambda: neighbours(self._best, self.grammar))

    def _delete_chunks(self) -> None:
        chunk = max(1, len(self._best.steps) // 2)
        while chunk:
            end = len(self._best.steps)
            while end > 0 and self._steps_left():  # from the end: later steps depend on earlier ones
                steps = self._best.steps
                kept = steps[: max(0, end - chunk)] + steps[end:]
                if len(kept) < len(steps):
                    self._accept_one(self._best.with_steps(kept))
                end = min(end - chunk, len(self._best.steps))
            chunk //= 2

    def _pairs(self) -> Iterator[Case]:
        steps = self._best.steps
        if len(steps) > PAIRS_STEPS_MAX:
            return
        for late in range(len(steps) - 1, 0, -1):
            for early in range(late - 1, -1, -1):
                yield self._best.with_steps(steps[:early] + steps[early + 1 : late] + steps[late + 1 :])

    def _mended_deletions(self) -> Iterator[Case]:
        """One step deleted and one value replaced: for a step that is only there to make a value what it is."""
        if len(self._best.steps) > MENDED_STEPS_MAX:
            return
        numbers = numbers_of(self._best, self.grammar)
        for shorter in deletions(self._best):
            yield from mends(shorter, self.grammar, numbers)

    def _repeat(self, candidates: Callable[[], Iterable[Case]]) -> None:
        """Accept the first smaller candidate, list the candidates anew, until none is left."""
        while self._accept_first(candidates()):
            pass

    def _accept_first(self, candidates: Iterable[Case]) -> bool:
        return any(self._accept_one(candidate) for candidate in candidates if self._steps_left())

    def _accept_one(self, candidate: Case) -> bool:
        """Take the candidate for the best case if it is smaller and interesting."""
        if not is_smaller(candidate, self._best, self.grammar):
            return False
        verdict = self._interesting(candidate)
        if verdict is None or verdict.divergence is None:
            return False
        self._best = candidate.with_steps(candidate.steps[: verdict.divergence.index + 1])
        self._divergence = verdict.divergence
        return True

    def _interesting(self, case: Case) -> Verdict | None:
        if len(case.steps) > EXACT_STEPS_MAX:
            return self._judged(case)
        key = canonical_bytes(case.steps)  # the passes are repeated, and meet the same short cases again
        if key not in self._seen:
            self._seen[key] = self._judged(case)
        return self._seen[key]

    def _judged(self, case: Case) -> Verdict | None:
        self._steps_run += len(case.steps)
        try:
            verdict = self.lockstep.run_case(case, exact=len(case.steps) <= EXACT_STEPS_MAX)
        except TargetCodeError:  # a tracker may fail on a case that no decoder would make
            return None
        if verdict.divergence is None:
            return None
        signature = verdict.divergence.signature
        return verdict if signature.family == self._family and not self.excused(signature) else None

    def _steps_left(self) -> bool:
        return self._steps_run < STEPS_RUN_MAX

    def _certify(self) -> Certificate | None:
        """The passes have just tried every neighbour; the certificate counts them."""
        if len(self._best.steps) > EXACT_STEPS_MAX:
            return None
        return Certificate.of(self._best, self._divergence.signature, self.grammar)
