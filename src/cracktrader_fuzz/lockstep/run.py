"""Subjects side by side: the reference answers first, the others are compared with it.

Two speeds, one meaning. `explore` and `run_case` compare every whole outcome, and the whole state at the end of each
block; a block is as long as the state is large (at least `BLOCK_STEPS_MIN`), so that the cost of a step does not grow
with the run. `run_case(exact=True)` compares the whole state after every step, and that no subject changed its input:
it names the first bad step, and is what shrinking and certificates use. A difference that a block shows is always named
by an exact run.

Anything that a subject does is an outcome: an exception from a step, from `observe` or from `digest`, and an answer
that is not an outcome, are crashes of that step (`subjects.crash`). A subject that does not start is a crash at a place
of its own, before the first step, so that it is one difference whatever the steps are. Only the death of the whole
process is not seen here: that is what `subjects.isolated` is for. What a decoder or a tracker raises is no outcome, but
a TargetCodeError; a difference that shows before it comes first, since a wrong answer may be what it failed on.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from cracktrader_fuzz.case.model import Case, Config, Outcome, State, Step
from cracktrader_fuzz.errors import SubjectCrashedError, TargetCodeError, UnsteadyError
from cracktrader_fuzz.lockstep.compare import Difference, alike, canonical_bytes, first_difference, same
from cracktrader_fuzz.lockstep.signature import Signature, difference_text, path_text
from cracktrader_fuzz.lockstep.verdict import START, Divergence, Verdict
from cracktrader_fuzz.subjects.crash import garbage_code, is_outcome
from cracktrader_fuzz.target.protocol import Decoder, Subject, Tracker
from cracktrader_fuzz.target.target import Target

# docs/decisions/0001-blocks.md: few enough for a generated case to be compared once or twice before its end, and so
# many that the state of a short case is a small part of what they cost.
BLOCK_STEPS_MIN = 256
# A block grows with the state, so that the state's share of a step stays the same however long the run is: for the
# target `cracktrader` it has about twenty times as many steps as there are orders.
STATE_BYTES_A_STEP = 16
# A digest is a hash over the whole state's JSON, and costs more than comparing the state: at the end of a generated
# case only small states, which short cases have, are digested. A run of a stored case digests any.
DIGEST_BYTES_MAX = 2_048
# The kind and the context of the place before the first step, in signatures.
START_LABEL = ("start", "-")
STARTED: Outcome = {"outcome": "applied", "code": "ok"}

Followed = TypeVar("Followed")
Label = tuple[str, str]
Observation = tuple[State, str]
LabelledCode = tuple[Label, str]
Cells = Counter[LabelledCode]


class Exploration(msgspec.Struct, frozen=True):
    """A generated case and how it ended. `cells` counts ((step kind, context before), code) over its steps."""

    case: Case
    verdict: Verdict
    cells: Cells


def crash_outcome(error: BaseException) -> Outcome:
    """The outcome of a step that raised: a Rust panic is a BaseException, and so is SystemExit. Ctrl-C goes on up."""
    if isinstance(error, KeyboardInterrupt):
        raise error
    code = error.code if isinstance(error, SubjectCrashedError) else f"crashed:{type(error).__name__}"
    return {"outcome": "crashed", "code": code}


def begin(subject: Subject, config: Config) -> Outcome:
    """Start a case: `STARTED`, or the crash of a subject that refuses the configuration or raises."""
    try:
        subject.start(config)
    except BaseException as error:  # noqa: BLE001 - see `crash_outcome`
        return crash_outcome(error)
    return STARTED


def answer(subject: Subject, step: Step) -> Outcome:
    """The subject's outcome; an exception that escapes from it is an outcome too."""
    try:
        outcome = subject.step(step)
    except BaseException as error:  # noqa: BLE001 - see `crash_outcome`
        return crash_outcome(error)
    return outcome if is_outcome(outcome) else _garbage(outcome)


def answers(subject: Subject, steps: list[Step]) -> list[Outcome]:
    """The subject's outcomes, up to its first crash; their shape is not checked."""
    outcomes: list[Outcome] = []
    try:
        outcomes.extend(map(subject.step, steps))
    except BaseException as error:  # noqa: BLE001 - see `crash_outcome`
        outcomes.append(crash_outcome(error))
    return outcomes


def _explored(case: Case, verdict: Verdict, answered: list[LabelledCode]) -> Exploration:
    """Its cells count the steps up to the difference, not those that its block ran after it."""
    return Exploration(case, verdict, Counter(answered[: verdict.steps]))


def _garbage(answered: object) -> Outcome:
    return {"outcome": "crashed", "code": garbage_code(answered)}


def _up_to_garbage(outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes up to the first answer that is not one, which becomes a crash."""
    for place, outcome in enumerate(outcomes):
        if not is_outcome(outcome):
            return [*outcomes[:place], _garbage(outcome)]
    return outcomes


def _applied(outcomes: list[Outcome]) -> int:
    return [outcome["outcome"] for outcome in outcomes].count("applied")


class Lockstep:
    """The subjects of one run, by name, the reference first; it runs cases on all of them and compares."""

    def __init__(self, target: Target, subjects: Sequence[tuple[str, Subject]]) -> None:
        if len(subjects) < 2:
            raise ValueError(f"{len(subjects)} subject is too few to compare: name two or more")
        self.target = target
        self.names = [name for name, _ in subjects]
        self.subjects = [subject for _, subject in subjects]

    def explore(self, decoder: Decoder, draw: Callable[[], bytes], steps_max: int) -> Exploration:
        """Generate up to `steps_max` steps, each from the bytes that `draw` returns next, and compare.

        Raises TargetCodeError where the decoder raises, UnsteadyError for a difference that does not show again.
        """
        config = begun(decoder, draw())
        case = Case(self.target.name, config, [])
        answered: list[LabelledCode] = []
        if self._start(config) is not None:
            return _explored(*self._named(case, 0), answered)
        applied, block_steps, good, state_bytes = 0, BLOCK_STEPS_MIN, 0, 0
        while len(case.steps) < steps_max:
            count = min(block_steps, steps_max - len(case.steps))
            block, outcomes, failure = self._generate(decoder, draw, count, answered)
            case.steps.extend(block)
            applied += _applied(outcomes)
            compared = self._compare_block(block, outcomes)
            if compared is None:
                return _explored(*self._named(case, good), answered)
            if failure is not None:
                raise failure
            good, state_bytes = len(case.steps), compared
            block_steps = max(BLOCK_STEPS_MIN, state_bytes // STATE_BYTES_A_STEP)
        if state_bytes <= DIGEST_BYTES_MAX and not self._digests_agree():
            return _explored(*self._named(case, 0), answered)
        return _explored(case, Verdict(len(case.steps), applied), answered)

    def run_case(self, case: Case, *, exact: bool = False, cells: Cells | None = None) -> Verdict:
        """Run a case. Without `exact`, a difference is still named by an exact run over the block that shows it."""
        if exact:
            return self._run_exact(case, 0)
        answered: list[LabelledCode] = []
        verdict = self._run_blocks(case, None if cells is None else answered)
        if cells is not None:
            cells.update(answered[: verdict.steps])
        return verdict

    def outcomes(self, case: Case, place: int) -> Iterator[tuple[Step, Outcome, Subject]]:
        """What the subject in seat `place` answers, step by step; the subject comes along, to be observed.

        Nothing, where it does not start.
        """
        subject = self.subjects[place]
        started = begin(subject, case.config)["outcome"] != "crashed"
        for step in case.steps if started else ():
            yield step, answer(subject, step), subject

    def _run_blocks(self, case: Case, answered: list[LabelledCode] | None) -> Verdict:
        if self._start(case.config) is not None:
            return self._named(case, 0)[1]
        tracker = self.target.tracker()
        applied, place, block_steps = 0, 0, BLOCK_STEPS_MIN
        while place < len(case.steps):
            block = case.steps[place : place + block_steps]
            outcomes = _up_to_garbage(answers(self.subjects[0], block))
            failure = None if answered is None else self._label(tracker, block, outcomes, answered)
            applied += _applied(outcomes)
            state_bytes = self._compare_block(block, outcomes)
            if state_bytes is None:
                return self._named(case, place)[1]
            if failure is not None:
                raise failure
            place += len(block)
            block_steps = max(BLOCK_STEPS_MIN, state_bytes // STATE_BYTES_A_STEP)
        return Verdict(place, applied) if self._digests_agree() else self._named(case, 0)[1]

    def _label(
        self, tracker: Tracker, block: list[Step], outcomes: list[Outcome], answered: list[LabelledCode]
    ) -> TargetCodeError | None:
        """Add the labels of a block to `answered`; what the tracker failed with, if it did."""
        try:
            for step, outcome in zip(block, outcomes, strict=False):
                answered.append(((self.target.grammar.kind(step), tracker.context(step)), outcome["code"]))
                tracker.observe(step, outcome)
        except Exception as error:  # noqa: BLE001 - a user's code, which may raise what it likes
            return TargetCodeError.of("tracker", error)
        return None

    def _start(self, config: Config) -> Divergence | None:
        """Start all subjects. Returns the divergence if one of them crashes; that all do alike is one as well."""
        codes = [begin(subject, config)["code"] for subject in self.subjects]
        if all(code == STARTED["code"] for code in codes):
            return None
        seat = next((seat for seat, code in enumerate(codes) if code != codes[0]), 1)
        difference = Difference(("outcome", "code"), "value", codes[0], codes[seat])
        return self._divergence(START, START_LABEL, seat, difference)

    def _generate(
        self, decoder: Decoder, draw: Callable[[], bytes], count: int, answered: list[LabelledCode]
    ) -> tuple[list[Step], list[Outcome], TargetCodeError | None]:
        """The steps of a block, the reference's outcomes, and what the decoder failed with, which ends the block."""
        step_reference, decode, observe = self.subjects[0].step, decoder.decode, decoder.observe
        steps: list[Step] = []
        outcomes: list[Outcome] = []
        labels: list[Label] = []
        failure: TargetCodeError | None = None
        for _ in range(count):
            try:
                step = decode(draw())
                labels.append(decoder.label)
            except Exception as error:  # noqa: BLE001 - a user's code, which may raise what it likes
                failure = TargetCodeError.of("decoder", error)
                break
            steps.append(step)
            try:
                outcome = step_reference(step)
                is_applied = outcome["outcome"] == "applied"
            except BaseException as error:  # noqa: BLE001 - see `crash_outcome`
                outcomes.append(crash_outcome(error))
                break
            outcomes.append(outcome)
            if is_applied:
                try:
                    observe(step, outcome)
                except Exception as error:  # noqa: BLE001 - the same
                    failure = TargetCodeError.of("decoder", error)
                    break
        outcomes = _up_to_garbage(outcomes)
        answered.extend(zip(labels, [outcome["code"] for outcome in outcomes], strict=False))
        return steps, outcomes, failure

    def _compare_block(self, block: list[Step], outcomes: list[Outcome]) -> int | None:
        """The bytes of the agreed state, or None where outcomes or states differ or the reference crashed."""
        if outcomes and outcomes[-1]["outcome"] == "crashed":
            return None
        try:
            state = self.subjects[0].observe()
            if type(state) is not dict:
                return None
            state_bytes = 0
            for other in self.subjects[1:]:
                answered = answers(other, block)
                # `alike` takes a tuple for a list. Such a type is wrong in every outcome, so that one exact comparison
                # a block finds it.
                if not alike(outcomes, answered) or not same(outcomes[-1:], answered[-1:]):
                    return None
                state_bytes = alike(state, other.observe())
                if not state_bytes:
                    return None
        except BaseException as error:  # noqa: BLE001 - see `crash_outcome`; the exact run names it
            crash_outcome(error)
            return None
        return state_bytes

    def _digests_agree(self) -> bool:
        try:
            return len({subject.digest() for subject in self.subjects}) == 1
        except BaseException as error:  # noqa: BLE001 - see `crash_outcome`; the exact run names it
            crash_outcome(error)
            return False

    def _named(self, case: Case, good: int) -> tuple[Case, Verdict]:
        """The case cut after its first difference, which lies after `good` steps, and the verdict that names it."""
        verdict = self._run_exact(case, good)
        if verdict.divergence is None:  # not after `good`, then: look at every step
            verdict = self._run_exact(case, 0)
        if verdict.divergence is None:
            raise UnsteadyError(
                f"{' and '.join(self.names)} differed on {len(case.steps)} steps and agreed when they were run again: "
                "one of them keeps something over a restart, or is not deterministic"
            )
        return case.with_steps(case.steps[: verdict.divergence.index + 1]), verdict

    def _run_exact(self, case: Case, good: int, *, digests: bool = False) -> Verdict:
        """Compare everything after every step; the first `good` steps are run without looking at the state.

        Digests are compared at the end, and step by step only if they differ there: equal states rarely have different
        digests, and a digest costs more than a state.
        """
        unstarted = self._start(case.config)
        if unstarted is not None:
            return Verdict(0, 0, unstarted)
        tracker = self.target.tracker()
        applied = 0
        for index, step in enumerate(case.steps):
            before = _bytes(step) if index >= good else b""
            outcomes = [answer(subject, step) for subject in self.subjects]
            applied += outcomes[0]["outcome"] == "applied"
            context = _followed(tracker.context, step)
            if index >= good:
                found = self._difference(step, before, outcomes, digests=digests)
                if found is not None:
                    label = self.target.grammar.kind(step), context
                    return Verdict(index + 1, applied, self._divergence(index, label, *found))
            _followed(tracker.observe, step, outcomes[0])  # after it: an answer that is wrong may be more than it takes
        if not digests and not self._digests_agree():
            return self._run_exact(case, good, digests=True)
        return Verdict(len(case.steps), applied)

    def _difference(
        self, step: Step, before: bytes, outcomes: list[Outcome], *, digests: bool
    ) -> tuple[int, Difference] | None:
        """The seat that differs from the reference, and where."""
        if _bytes(step) != before:  # any of the subjects may have changed it: the first pair stands for all
            return 1, Difference(("input",), "changed", None, None)
        mine = self._look(0, outcomes, digests=digests)
        for seat in range(1, len(self.subjects)):
            theirs = self._look(seat, outcomes, digests=digests)
            found = _first(outcomes[0], outcomes[seat], mine, theirs)
            if found is not None:
                return seat, found
        if outcomes[0]["outcome"] == "crashed":  # a bug even where every subject crashes alike
            return 1, Difference(("outcome", "code"), "value", outcomes[0]["code"], outcomes[1]["code"])
        return None

    def _look(self, seat: int, outcomes: list[Outcome], *, digests: bool) -> Observation:
        """The state and the digest of the subject in a seat. If it cannot be looked at, its outcome becomes a crash."""
        if outcomes[seat]["outcome"] == "crashed":
            return {}, ""
        try:
            state = self.subjects[seat].observe()
            digest = self.subjects[seat].digest() if digests else ""
        except BaseException as error:  # noqa: BLE001 - see `crash_outcome`
            outcomes[seat] = crash_outcome(error)
            return {}, ""
        if type(state) is dict and type(digest) is str:
            return state, digest
        outcomes[seat] = _garbage(digest if type(state) is dict else state)
        return {}, ""

    def _divergence(self, index: int, label: Label, seat: int, difference: Difference) -> Divergence:
        pair = (self.names[0], self.names[seat])
        signature = Signature(
            self.target.name,
            *label,
            path_text(difference, self.target.grammar.keyed),
            difference_text(difference, self.target.grammar.scale_at(difference.path)),
            "~".join(pair),
        )
        return Divergence(index, pair, difference, signature)


def begun(decoder: Decoder, data: bytes) -> Config:
    """The configuration that a decoder begins a case with. Raises TargetCodeError."""
    try:
        return decoder.begin(data)
    except Exception as error:  # a user's code, which may raise what it likes
        raise TargetCodeError.of("decoder", error) from error


def _followed(method: Callable[..., Followed], *arguments: object) -> Followed:
    """What a tracker's method returns. Raises TargetCodeError."""
    try:
        return method(*arguments)
    except Exception as error:  # a user's code, which may raise what it likes
        raise TargetCodeError.of("tracker", error) from error


def _bytes(step: Step) -> bytes:
    try:
        return canonical_bytes(step)
    except Exception:  # noqa: BLE001 - a subject has put something into it that cannot be packed
        return b""


def _first(left: Outcome, right: Outcome, mine: Observation, theirs: Observation) -> Difference | None:
    """The first difference; where the values cannot even be compared, the right side is charged with it."""
    try:
        return (
            _outcome_difference(left, right)
            or (None if same(mine[0], theirs[0]) else first_difference(mine[0], theirs[0], ("state",)))
            or first_difference(mine[1], theirs[1], ("digest",))
        )
    except Exception:  # noqa: BLE001 - endless nesting, or an object that raises at being compared
        return Difference(("outcome", "code"), "value", left["code"], garbage_code([right, theirs[0]]))


def _outcome_difference(left: Outcome, right: Outcome) -> Difference | None:
    """The code decides first: where two subjects disagree about what happened, its consequences say nothing new."""
    if not same(left["code"], right["code"]):
        return Difference(("outcome", "code"), "value", left["code"], right["code"])
    return first_difference(left, right, ("outcome",))
