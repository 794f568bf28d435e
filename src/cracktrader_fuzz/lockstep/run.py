"""Subjects side by side: the reference answers first, the others are held to what it said.

Two speeds, one meaning. `explore` and `replay` compare every whole outcome, and the whole state at the end of each
block; a block is as long as the state is large (at least `BLOCK_STEPS_MIN`), so that the cost of a step does not grow
with the run. `replay(exact=True)` compares the whole state after every step, and that no subject changed its input: it
names the first bad step, and is what shrinking and certificates use. A difference that a block shows is always named
by an exact replay.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from cracktrader_fuzz.case.model import Case, Config, Outcome, State, Step
from cracktrader_fuzz.lockstep.compare import Difference, canonical_bytes, first_difference, same
from cracktrader_fuzz.lockstep.signature import Signature, difference_text, path_text
from cracktrader_fuzz.lockstep.verdict import Divergence, Verdict
from cracktrader_fuzz.subjects.protocol import Decoder, Subject, Target

BLOCK_STEPS_MIN = 256
STATE_BYTES_A_STEP = 256

Cells = Counter[tuple[tuple[str, str], str]]


class UnsteadyError(RuntimeError):
    """A difference was seen once and not again on the same steps: a subject is not deterministic."""


class Explored(msgspec.Struct, frozen=True):
    """A generated case and how it ended. `cells` counts ((step kind, context before), code) over its steps."""

    case: Case
    verdict: Verdict
    cells: Cells


def answer(subject: Subject, step: Step) -> Outcome:
    """The subject's outcome; whatever escapes from it, a panic included, is an outcome too: `crashed`."""
    try:
        return subject.step(step)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a Rust panic is a BaseException, and so is SystemExit
        return {"outcome": "crashed", "code": f"crashed:{type(error).__name__}"}


class Lockstep:
    """The subjects of one run, by name, the reference first."""

    def __init__(self, target: Target, subjects: Sequence[tuple[str, Subject]]) -> None:
        if len(subjects) < 2:
            raise ValueError(f"{len(subjects)} subject is too few to compare: name two or more")
        self.target = target
        self.names = [name for name, _ in subjects]
        self.subjects = [subject for _, subject in subjects]

    def explore(self, decoder: Decoder, words: Callable[[], bytes], steps_max: int) -> Explored:
        """Generate up to `steps_max` steps, drawing a word for each, and compare."""
        config = decoder.begin(words())
        case = Case(self.target.name, config, [])
        self._start(config)
        cells: Cells = Counter()
        applied, block_steps, good = 0, BLOCK_STEPS_MIN, 0
        while len(case.steps) < steps_max:
            block, outcomes = self._generate(decoder, words, min(block_steps, steps_max - len(case.steps)), cells)
            case.steps.extend(block)
            applied += sum(outcome["outcome"] == "applied" for outcome in outcomes)
            state_bytes = self._compare_block(block, outcomes)
            if state_bytes is None:
                return Explored(*self._named(case, good), cells)
            good = len(case.steps)
            block_steps = max(BLOCK_STEPS_MIN, state_bytes // STATE_BYTES_A_STEP)
        if not self._digests_agree():
            return Explored(*self._named(case, 0), cells)
        return Explored(case, Verdict(len(case.steps), applied), cells)

    def replay(self, case: Case, *, exact: bool = False, cells: Cells | None = None) -> Verdict:
        """Run a case. Without `exact`, a difference is still named by an exact run over the block that shows it."""
        if exact:
            return self._replay_exact(case, 0)
        self._start(case.config)
        tracker = self.target.tracker()
        applied, place, block_steps = 0, 0, BLOCK_STEPS_MIN
        while place < len(case.steps):
            block = case.steps[place : place + block_steps]
            outcomes = [answer(self.subjects[0], step) for step in block]
            if cells is not None:
                for step, outcome in zip(block, outcomes, strict=True):
                    cells[(self.target.grammar.kind(step), tracker.context(step)), outcome["code"]] += 1
                    tracker.observe(step, outcome)
            applied += sum(outcome["outcome"] == "applied" for outcome in outcomes)
            state_bytes = self._compare_block(block, outcomes)
            if state_bytes is None:
                return self._named(case, place)[1]
            place += len(block)
            block_steps = max(BLOCK_STEPS_MIN, state_bytes // STATE_BYTES_A_STEP)
        return Verdict(place, applied) if self._digests_agree() else self._named(case, 0)[1]

    def outcomes(self, case: Case, place: int) -> Iterator[tuple[Step, Outcome, Subject]]:
        """What the subject in seat `place` answers, step by step; it comes along so that it can be observed."""
        subject = self.subjects[place]
        subject.start(case.config)
        for step in case.steps:
            yield step, answer(subject, step), subject

    def _start(self, config: Config) -> None:
        for subject in self.subjects:
            subject.start(config)

    def _generate(
        self, decoder: Decoder, words: Callable[[], bytes], count: int, cells: Cells
    ) -> tuple[list[Step], list[Outcome]]:
        reference = self.subjects[0]
        steps, outcomes = [], []
        for _ in range(count):
            step = decoder.decode(words())
            label = decoder.label
            outcome = answer(reference, step)
            decoder.observe(step, outcome)
            cells[label, outcome["code"]] += 1
            steps.append(step)
            outcomes.append(outcome)
        return steps, outcomes

    def _compare_block(self, block: list[Step], outcomes: list[Outcome]) -> int | None:
        """The bytes of the agreed state, or None where outcomes or states differ or the reference crashed."""
        if any(outcome["outcome"] == "crashed" for outcome in outcomes):
            return None
        for other in self.subjects[1:]:
            if not same(outcomes, [answer(other, step) for step in block]):
                return None
        state = canonical_bytes(self.subjects[0].observe())
        if any(canonical_bytes(other.observe()) != state for other in self.subjects[1:]):
            return None
        return len(state)

    def _digests_agree(self) -> bool:
        return len({subject.digest() for subject in self.subjects}) == 1

    def _named(self, case: Case, good: int) -> tuple[Case, Verdict]:
        """The case cut after its first difference, which lies after `good` steps, and the verdict that names it."""
        verdict = self._replay_exact(case, good)
        if verdict.divergence is None:
            verdict = self._replay_exact(case, 0)
        if verdict.divergence is None:
            raise UnsteadyError(
                f"{' and '.join(self.names)} differed on {len(case.steps)} steps and agreed when they were run again: "
                "one of them keeps something over a restart, or is not deterministic"
            )
        return case.with_steps(case.steps[: verdict.divergence.index + 1]), verdict

    def _replay_exact(self, case: Case, good: int, *, digests: bool = False) -> Verdict:
        """Compare everything after every step; the first `good` steps are run without looking at the state.

        Digests are compared at the end, and step by step only if they differ there: states that are equal and digests
        that are not is a rare sight, and a digest costs more than a state.
        """
        self._start(case.config)
        tracker = self.target.tracker()
        applied = 0
        for index, step in enumerate(case.steps):
            before = canonical_bytes(step) if index >= good else b""
            outcomes = [answer(subject, step) for subject in self.subjects]
            context = tracker.context(step)
            tracker.observe(step, outcomes[0])
            if index >= good:
                found = self._difference(step, before, outcomes, digests=digests)
                if found is not None:
                    return Verdict(index + 1, applied, self._divergence(index, step, context, *found))
            applied += outcomes[0]["outcome"] == "applied"
        if not digests and not self._digests_agree():
            return self._replay_exact(case, good, digests=True)
        return Verdict(len(case.steps), applied)

    def _difference(
        self, step: Step, before: bytes, outcomes: list[Outcome], *, digests: bool
    ) -> tuple[int, Difference] | None:
        """The seat that differs from the reference, and where."""
        if canonical_bytes(step) != before:
            return 1, Difference(("input",), "changed", None, None)
        state, digest = self.subjects[0].observe(), self.subjects[0].digest() if digests else ""
        for seat, other in enumerate(self.subjects[1:], 1):
            found = (
                _outcome_difference(outcomes[0], outcomes[seat])
                or _state_difference(state, other.observe())
                or first_difference(digest, other.digest() if digests else "", ("digest",))
            )
            if found is not None:
                return seat, found
        if outcomes[0]["outcome"] == "crashed":
            return 1, Difference(("outcome", "code"), "value", outcomes[0]["code"], outcomes[1]["code"])
        return None

    def _divergence(self, index: int, step: Step, context: str, seat: int, difference: Difference) -> Divergence:
        pair = (self.names[0], self.names[seat])
        signature = Signature(
            self.target.name,
            self.target.grammar.kind(step),
            context,
            path_text(difference, self.target.grammar.keyed),
            difference_text(difference),
            "~".join(pair),
        )
        return Divergence(index, pair, difference, signature)


def _state_difference(left: State, right: State) -> Difference | None:
    return None if same(left, right) else first_difference(left, right, ("state",))


def _outcome_difference(left: Outcome, right: Outcome) -> Difference | None:
    """The code decides first: where two subjects disagree about what happened, its consequences say nothing new."""
    if not same(left["code"], right["code"]):
        return Difference(("outcome", "code"), "value", left["code"], right["code"])
    return first_difference(left, right, ("outcome",))
