"""The target `invariants`: both checkers get a core's outcomes, right, wrong and malformed.

The decoder runs a Python core of its own under the same order flow as the target `cracktrader`, and passes its outcomes
on: as they are, with one change that a broken core could make, or malformed. Now and then one is left out, the core's
snapshot goes to `verify`, and the checker's own snapshots are restored, some of them spoiled.
"""

import hashlib
import random
from copy import deepcopy
from typing import Any

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.rust_bridge import build_invariant_checker
from cracktrader.engine.snapshot import SnapshotWire
from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.target.grammar import ChoiceRule, DecimalRule, Grammar
from cracktrader_fuzz.target.target import Canary, Generation
from cracktrader_strategies.component_target import component_target
from cracktrader_strategies.data_spoiler import spoil_data
from cracktrader_strategies.decoder import OrderFlowDecoder
from cracktrader_strategies.grammar import GRAMMAR, ODD_KIND, SCALES, STEP_KINDS, step_kind
from cracktrader_strategies.orderbook import STATUSES
from cracktrader_strategies.space import evenly
from cracktrader_strategies.subjects.components import first_code

CALLS = ("verify", "violations", "violation_count", "snapshot", "restore", "reset")
CHANCES = ("observe",) * 40 + ("verify",) * 3 + CALLS
CODES = ("ok", "duplicate_event", "overfill", "unknown_order", "out_of_range", "malformed_field")
DELTAS = (
    "0",
    "1",
    "-1",
    "0.00000001",
    "-0.0000000000000001",
    "20000000000",
    "2000000000000000000000",
    "0.0",
    "-0",
    "1e3",
)
QUANTITIES = ("0", "1", "2", "0.5", "0.00000001", "10000000000", "10000000000.00000001", "-1", "1.0", "007")
DIGESTS = ("0" * 64, "f" * 64, "A" * 64, "0" * 63)
NULL_RESULT: Step = {
    "outcome": "applied",
    "code": "ok",
    "seq_id": None,
    "order_id": None,
    "transitions": [],
    "cash_delta": "0",
    "position_delta": "0",
    "realised_delta": "0",
}


class ViolationTracker:
    """Whether a violation was found so far in the case: the target's `Tracker`."""

    def __init__(self) -> None:
        self._is_broken = False

    def context(self, _: Step) -> str:
        """`clean` or `broken`."""
        return "broken" if self._is_broken else "clean"

    def observe(self, _: Step, outcome: Outcome) -> None:
        """Note whether the call found a violation."""
        self._is_broken |= outcome["outcome"] == "applied" and outcome["code"] != "ok"


class CheckerDecoder:
    """Draw bytes to calls: decoded as a step of the order flow, and the seed of what the checker receives of it."""

    def begin(self, data: bytes) -> Config:
        """Draw the mode, and how often an outcome is changed."""
        self._begun = data
        self._flow = OrderFlowDecoder()
        self._cash = self._flow.begin(data)["initial_cash"]
        self._core = DeterministicCore(self._cash)
        self.tracker = ViolationTracker()
        self._snapshots: list[tuple[Step, SnapshotWire, OrderFlowDecoder]] = []
        self._result: Step = NULL_RESULT
        take = random.Random(int.from_bytes(data[::-1], "little")).choice  # noqa: S311 - repeatable on purpose
        self._change_chance = take((0.0, 0.02, 0.2))
        self._trap_chance = take((0.0, 0.0, 0.03))
        self._digest_chance = take((0.0, 0.1, 0.5))
        return {"initial_cash": self._cash, "mode": take(("warn", "warn", "warn", "strict"))}

    def decode(self, data: bytes) -> Step:
        seed = hashlib.blake2b(data, digest_size=8).digest()  # the flow has used the bytes themselves
        self._draw = random.Random(int.from_bytes(seed, "little"))  # noqa: S311 - repeatable on purpose
        call = self._take(CHANCES)
        if call == "restore" and not self._snapshots:
            call = "snapshot"
        step = {"call": call, "arguments": getattr(self, f"_{call}", _nothing)(data)}
        self.label = call_kind(step), self.tracker.context(step)
        return step

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Note a violation, and keep each snapshot of the checker with the core and the flow of its time."""
        self.tracker.observe(step, outcome)
        if step["call"] == "snapshot":
            kept = outcome["answer"], self._core.snapshot(), deepcopy(self._flow)
            self._snapshots = [*self._snapshots[-3:], kept]

    def _observe(self, data: bytes) -> Step:
        if self._draw.random() < 0.01:
            self._play(data[::-1])
        step, result = self._play(data)
        arguments: Step = {"step": step, "result": deepcopy(result)}
        if self._draw.random() < self._digest_chance:
            arguments["digest"] = self._core.state_digest()
        if self._draw.random() < self._change_chance:
            self._change(arguments)
        if self._draw.random() < self._trap_chance:
            arguments["result"] = spoil_data(arguments["result"], self._draw.getrandbits(40))
        return arguments

    def _play(self, data: bytes) -> tuple[Step, Step]:
        """A step of the order flow and the core's outcome; for a malformed step the outcome before."""
        step = self._flow.decode(data)
        try:
            apply = self._core.process_intent if "intent_type" in step else self._core.apply_event
            result: Any = apply(step)
        except MalformedInputError:
            return step, self._result
        if result["outcome"] == "applied":
            self._flow.observe(step, result)
        self._result = result
        return step, result

    def _change(self, arguments: Step) -> None:
        result, transitions = arguments["result"], arguments["result"]["transitions"]
        match self._draw.randrange(9):
            case 0:
                result["outcome"] = self._take(("applied", "duplicate", "rejected"))
            case 1:
                result["code"] = self._take(CODES)
            case 2:
                result["seq_id"] = self._take((None, 0, 1, 2**63 - 1))
            case 3:
                result["order_id"] = self._take((None, "o1", "o2", "o9"))
            case 4:
                arguments["digest"] = self._take((*DIGESTS, None))
            case 5:
                result[self._take(("cash_delta", "position_delta", "realised_delta"))] = self._take(DELTAS)
            case 6:
                result["transitions"] = self._take(([], [*transitions, *transitions], [self._transition()]))
            case _ if transitions:
                name = self._take(("order_id", "from", "from", "to", "to", "cumulative", "leaves"))
                transitions[0][name] = self._transition()[name]

    def _transition(self) -> Step:
        return {
            "order_id": self._take(("o1", "o2", "o9")),
            "from": self._take((None, *STATUSES)),
            "to": self._take(STATUSES),
            "cumulative": self._take(QUANTITIES),
            "leaves": self._take(QUANTITIES),
        }

    def _verify(self, _: bytes) -> Step:
        snapshot: Any = self._core.snapshot()
        if self._draw.random() < self._change_chance:
            self._disturb(snapshot)
        if self._draw.random() < self._trap_chance:
            snapshot = spoil_data(snapshot, self._draw.getrandbits(40))
        return {"snapshot": snapshot}

    def _disturb(self, snapshot: Step) -> None:
        """Change the snapshot to that of a core in another state."""
        match self._draw.randrange(5):
            case 0:
                snapshot["cash"] = self._take(("0", "1", "1000.5"))
            case 1:
                snapshot["last_seq_id"] = self._take((None, 0, 7))
            case 2:
                snapshot["orders"] = dict(list(snapshot["orders"].items())[1:])
            case 3:
                snapshot["positions"] = dict(list(snapshot["positions"].items())[1:])
            case _:
                for position in snapshot["positions"].values():
                    if position["quantity"] != "0":
                        position[self._take(("open_cost", "realised"))] = "1.5"

    def _restore(self, _: bytes) -> Step:
        mine, core, flow = self._take(self._snapshots)
        if self._draw.random() < 0.7:
            return {"snapshot": spoil_data(mine, self._draw.getrandbits(40))}
        self._core.restore(core)
        self._flow = deepcopy(flow)
        return {"snapshot": deepcopy(mine)}

    def _reset(self, _: bytes) -> Step:
        self._flow.begin(self._begun)
        self._core.reset()
        return {}

    def _take(self, values: Any) -> Any:
        return values[self._draw.randrange(len(values))]


def _nothing(_: bytes) -> Step:
    return {}


def call_kind(step: Step) -> str:
    """The kind of the step that is observed; any other call by its name."""
    if step["call"] != "observe":
        return str(step["call"])
    inner = step["arguments"]["step"]
    return step_kind(inner) if type(inner) is dict else ODD_KIND


def digest_change_missed(_: Step, outcome: Outcome) -> Outcome:
    """The canary: a digest that changed without an applied step is not reported."""
    answer = outcome["answer"]
    if type(answer) is not list or not any(violation["code"] == "digest_changed" for violation in answer):
        return outcome
    left = [violation for violation in answer if violation["code"] != "digest_changed"]
    return {**outcome, "code": first_code(left), "answer": left}


_STATUS = ChoiceRule((None, *STATUSES))
_DELTA = DecimalRule(("0", "1", "-1"))

INVARIANTS = component_target(
    "invariants",
    build_invariant_checker,
    decoder=CheckerDecoder,
    tracker=ViolationTracker,
    grammar=Grammar(
        kind=call_kind,
        rules={
            **GRAMMAR.rules,
            "outcome": ChoiceRule(("applied", "duplicate", "rejected")),
            "code": ChoiceRule(("ok", "duplicate_event", "unknown_order")),
            "digest": ChoiceRule((None, *DIGESTS[:2])),
            "from": _STATUS,
            "to": _STATUS,
            **dict.fromkeys(("cumulative", "leaves", "cash_delta", "position_delta", "realised_delta"), _DELTA),
        },
        keyed=frozenset({"orders", "positions"}),
        scales=SCALES,
    ),
    generation=Generation(
        kinds=(*STEP_KINDS, ODD_KIND, *CALLS),
        contexts={"clean": "clean", "broken": "broken"},
        space=evenly((*STEP_KINDS, *CALLS), ("clean", "broken"), 400),
    ),
    canary=Canary("canary-digest-change-missed", "the sixth invariant", 2),
    spoil=digest_change_missed,
)
