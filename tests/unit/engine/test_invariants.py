"""The invariant checker: silent on a true core, and each lie of a core told by its code.

Every test runs on the Python class and on its Rust twin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import InvariantViolationError, MalformedInputError
from cracktrader.engine.events import EngineEvent
from cracktrader.engine.intents import EngineIntent
from cracktrader.engine.invariants import InvariantChecker
from cracktrader.engine.violations import NUMBER_OF_CODE, OBSERVED_CODES, VERIFIED_CODES

pytestmark = pytest.mark.usefixtures("twin")
TWIN = "InvariantChecker"

Wire = dict[str, Any]
Make = Callable[..., Wire]

PENDING = {"cancel_pending": True, "status": "CANCEL_PENDING"}
FOREIGN = {"V:J": {"quantity": "1", "open_cost": "0", "realised": "0"}}
MISNUMBERED = {"number": 2, "code": "cash_mismatch", "subject": None, "left": "", "right": ""}


def send(core: DeterministicCore, step: Wire) -> Any:
    """The core's answer to a wire dict."""
    return core.process_intent(step) if "intent_type" in step else core.apply_event(step)


class Watched:
    """A core and its checker, fed the same steps; the last answer can be bent before the checker sees it."""

    def __init__(self, mode: Any = "warn", cash: int = 1000) -> None:
        self.core = DeterministicCore(cash)
        self.checker = InvariantChecker(cash, mode)

    def send(self, step: Wire, digest: str | None = None, **lies: Any) -> list[Any]:
        """The violations of a step; `lies` replace keys of the core's answer."""
        return self.checker.observe(step, {**send(self.core, step), **lies}, digest)


@pytest.fixture
def steps(event: Make, fill: Make, place: Make) -> list[Wire]:
    """A session: placed, accepted, filled in two parts around a cancel request, with a deposit and a duplicate."""
    return [
        event(1, "cash_adjustment", {"amount": "5.5", "reason": "deposit"}),
        place(),
        event(2, "order_submitted", {"order_id": "o1"}),
        event(3, "order_accepted", {"order_id": "o1"}),
        fill(4, "4", "100", fee="0.1", idempotency_key="k"),
        fill(4, "4", "100", fee="0.1", idempotency_key="k"),
        {"intent_type": "cancel_order", "payload": {"order_id": "o1"}, "strategy_id": "s"},
        fill(5, "6", "101", fee="0.01", fee_asset="base"),
        event(6, "order_cancel_rejected", {"order_id": "o1"}),
        event(7, "bar", {"open": 1, "high": 1, "low": 1, "close": 1, "volume": 1}),
    ]


@pytest.fixture
def working(event: Make, place: Make) -> Watched:
    """A watched core in which o1, to buy 10, has worked since event 2."""
    watched = Watched()
    for step in (
        place(),
        event(1, "order_submitted", {"order_id": "o1"}),
        event(2, "order_accepted", {"order_id": "o1"}),
    ):
        assert watched.send(step) == []
    return watched


def codes(violations: list[Any]) -> list[str]:
    """The codes, in order."""
    return [each["code"] for each in violations]


def test_silent_on_a_true_core(steps: list[Wire]) -> None:
    """A whole session, with a digest after each step, breaks nothing, nor does the end state."""
    watched = Watched("strict")
    for step in steps:
        answer = send(watched.core, step)
        assert watched.checker.observe(step, answer, watched.core.state_digest()) == []
    assert watched.checker.verify(watched.core.snapshot()) == []
    assert watched.checker.violation_count() == 0


def test_objects_are_steps_too(event: Make, place: Make) -> None:
    """Events and intents may come as objects."""
    core, checker = DeterministicCore(), InvariantChecker()
    intent = EngineIntent.from_dict(place())
    assert checker.observe(intent, core.process_intent(intent)) == []
    submitted = EngineEvent.from_dict(event(1, "order_submitted", {"order_id": "o1"}))
    assert checker.observe(submitted, core.apply_event(submitted)) == []


def transition(**changes: Any) -> list[Wire]:
    """The transition of a first fill of 4 of 10, changed."""
    return [
        {"order_id": "o1", "from": "ACCEPTED", "to": "PARTIALLY_FILLED", "cumulative": "4", "leaves": "6"} | changes
    ]


LIES: list[tuple[Wire, list[tuple[str, str | None, str, str]]]] = [
    ({"seq_id": 4}, [("seq_id_mismatch", None, "4", "3")]),
    ({"seq_id": None}, [("seq_id_mismatch", None, "null", "3")]),
    ({"code": "overfill"}, [("code_mismatch", None, "overfill", "applied")]),
    ({"order_id": None}, [("order_id_mismatch", "o1", "null", "o1")]),
    ({"transitions": []}, [("transition_count", "o1", "0", "1")]),
    ({"transitions": transition() * 2}, [("transition_count", "o1", "2", "1")]),
    ({"transitions": transition(order_id="o2")}, [("transition_order", "o2", "o2", "o1")]),
    (
        {"transitions": transition(**{"from": "SUBMITTED"})},
        [
            ("status_mismatch", "o1", "SUBMITTED", "ACCEPTED"),
            ("illegal_transition", "o1", "SUBMITTED>PARTIALLY_FILLED", "order_fill"),
        ],
    ),
    ({"transitions": transition(to="ACCEPTED")}, [("illegal_transition", "o1", "ACCEPTED>ACCEPTED", "order_fill")]),
    ({"transitions": transition(cumulative="5")}, [("cumulative_mismatch", "o1", "5", "4")]),
    ({"transitions": transition(leaves="5.99999999")}, [("leaves_mismatch", "o1", "5.99999999", "6")]),
    ({"cash_delta": "-400"}, [("cash_delta_mismatch", "V:I", "-400", "-400.1")]),
    ({"position_delta": "-4"}, [("position_delta_mismatch", "V:I", "-4", "4")]),
]  # fmt: skip


@pytest.mark.parametrize(("lies", "wanted"), LIES, ids=[next(iter(lies)) + "-" + told[0][0] for lies, told in LIES])
def test_each_lie_about_a_fill(working: Watched, fill: Make, lies: Wire, wanted: list[tuple[Any, ...]]) -> None:
    """One key of a fill's answer is bent, and exactly its violations are told."""
    violations = working.send(fill(3, "4", "100", fee="0.1"), **lies)
    assert [(each["code"], each["subject"], each["left"], each["right"]) for each in violations] == wanted
    assert all(each["number"] == NUMBER_OF_CODE[each["code"]] for each in violations)


def test_cumulative_that_falls(working: Watched, fill: Make) -> None:
    """A cumulative below the one before is told for itself, besides being wrong."""
    assert working.send(fill(3, "4", "100")) == []
    lies = {"transitions": transition(**{"from": "PARTIALLY_FILLED", "cumulative": "3"})}
    step = fill(4, "1", "100")
    assert codes(working.send(step, **lies)) == ["cumulative_falls", "cumulative_mismatch", "leaves_mismatch"]


def test_sequence_that_does_not_rise(working: Watched, event: Make) -> None:
    """An applied event must have a higher number than the one before."""
    bar = event(2, "bar", {"open": 1, "high": 1, "low": 1, "close": 1, "volume": 1})
    violations = working.send(bar, outcome="applied", code="ok")
    assert [(each["code"], each["left"], each["right"]) for each in violations] == [("seq_id_not_rising", "2", "2")]


def test_refusals_with_effect(working: Watched, fill: Make) -> None:
    """A refused input has moved nothing; the first delta that says otherwise is told."""
    violations = working.send(fill(3, "11", "100"), position_delta="1", realised_delta="2")
    assert [(each["code"], each["left"]) for each in violations] == [("refusal_with_effect", "1")]
    assert codes(working.send(fill(3, "11", "100"), transitions=transition())) == ["transition_count"]
    assert codes(working.send(fill(3, "11", "100"), code="ok")) == ["code_mismatch"]


def test_digest_that_changes_without_a_cause(working: Watched, fill: Make, event: Make) -> None:
    """Only an applied step may change the digest; the first digest, and one after an applied step, are free."""
    refused, digests = fill(3, "11", "100"), ["a" * 64, "b" * 64, "c" * 64, "d" * 64]
    assert working.send(refused, digests[0]) == []
    assert working.send(refused) == []
    assert codes(working.send(refused, digests[1])) == ["digest_changed"]
    assert working.send(refused, digests[1]) == []
    assert working.send(event(3, "order_cancel_pending", {"order_id": "o1"})) == []
    assert working.send(refused, digests[2]) == []
    assert working.send(event(4, "order_cancel_pending", {"order_id": "o1"}), digests[3]) == []


def test_terminal_orders_stay_terminal(working: Watched, event: Make) -> None:
    """An order that was cancelled and becomes live again breaks invariants 2, 3 and 7."""
    assert working.send(event(3, "order_cancelled", {"order_id": "o1"})) == []
    lies: Wire = {
        "outcome": "applied",
        "code": "ok",
        "transitions": transition(**{"from": "CANCELLED", "to": "ACCEPTED", "cumulative": "0", "leaves": "10"}),
    }
    violations = working.send(event(4, "order_accepted", {"order_id": "o1"}), **lies)
    assert codes(violations) == ["illegal_transition", "terminal_left"]


def test_orders_that_nobody_placed(working: Watched, fill: Make, place: Make) -> None:
    """A fill of an unknown order is told once and books nothing; a second placing of an order is told too."""
    lies: Wire = {"outcome": "applied", "code": "ok", "transitions": transition(order_id="x"), "cash_delta": "9"}
    assert codes(working.send(fill(3, "4", "100", "x"), **lies)) == ["unknown_order"]
    again: Wire = {"outcome": "applied", "code": "ok", "transitions": transition(**{"from": None, "to": "CREATED"})}
    violations = working.send(place(), **again)
    assert [(each["code"], each["left"], each["right"]) for each in violations] == [
        ("unknown_order", "null", "ACCEPTED")
    ]
    assert working.checker.snapshot()["positions"] == {}


def test_realised_without_a_fill(working: Watched, event: Make) -> None:
    """Profit is realised by fills alone, and cash moves by its cause alone."""
    deposit = event(3, "cash_adjustment", {"amount": 5, "reason": "deposit"})
    violations = working.send(deposit, cash_delta="6", realised_delta="1")
    assert codes(violations) == ["cash_delta_mismatch", "realised_delta_mismatch"]


def test_one_fault_shows_once(working: Watched, fill: Make) -> None:
    """After a violation the books go on with their own numbers and the reported status."""
    assert codes(working.send(fill(3, "4", "100"), cash_delta="0")) == ["cash_delta_mismatch"]
    assert working.send(fill(4, "1", "100")) == []
    assert working.checker.verify(working.core.snapshot()) == []


def test_strict_raises_and_stays_as_it_was(fill: Make, place: Make) -> None:
    """In strict mode the violations are raised together, and the true answer is then taken."""
    watched = Watched("strict")
    answer = send(watched.core, place())
    before = watched.checker.snapshot()
    with pytest.raises(InvariantViolationError) as caught:
        watched.checker.observe(place(), {**answer, "cash_delta": "1", "seq_id": 5})
    assert isinstance(caught.value, RuntimeError)
    assert codes(caught.value.violations) == ["seq_id_mismatch", "cash_delta_mismatch"]
    assert "2 invariants broken" in str(caught.value)
    assert watched.checker.snapshot() == before
    assert watched.checker.observe(place(), answer) == []


@pytest.mark.parametrize(
    ("change", "code", "subject"),
    [
        (lambda s: s.update(last_seq_id=9), "last_seq_id_mismatch", None),
        (lambda s: s["orders"].pop("o1"), "order_missing", "o1"),
        (lambda s: s["orders"].update(o2=s["orders"]["o1"]), "order_missing", "o2"),
        (lambda s: s["orders"]["o1"].update(PENDING), "order_status_mismatch", "o1"),
        (lambda s: s["orders"]["o1"].update(quantity="11", leaves="7"), "order_quantity_mismatch", "o1"),
        (lambda s: s["orders"]["o1"].update(cumulative="3", leaves="7"), "order_cumulative_mismatch", "o1"),
        (lambda s: s.update(cash="0"), "cash_mismatch", None),
        (lambda s: s["positions"]["V:I"].update(quantity="5"), "position_mismatch", "V:I"),
        (lambda s: s["positions"].update(FOREIGN), "position_mismatch", "V:J"),
        (lambda s: s["positions"]["V:I"].update(realised="1", open_cost="401"), "realised_mismatch", "V:I"),
        (lambda s: s["positions"]["V:I"].update(open_cost="399"), "value_not_conserved", "V:I"),
    ],
)  # fmt: skip
def test_verify_finds_each_difference(
    working: Watched, fill: Make, change: Callable[[Any], Any], code: str, subject: str | None
) -> None:
    """One thing is altered in a true snapshot, and exactly that is told."""
    assert working.send(fill(3, "4", "100")) == []
    snapshot = working.core.snapshot()
    assert working.checker.verify(snapshot) == []
    change(snapshot)
    violations = working.checker.verify(snapshot)
    assert [(each["code"], each["subject"]) for each in violations] == [(code, subject)]
    assert working.checker.violation_count() == 1


def test_verify_reads_like_restore(working: Watched) -> None:
    """What no core would hand out is malformed, with the core's own codes."""
    for document, code in (([], "malformed_type"), ({}, "malformed_field")):
        with pytest.raises(MalformedInputError) as caught:
            working.checker.verify(document)  # type: ignore[arg-type]
        assert caught.value.code == code


def test_violations_are_kept_up_to_a_bound(working: Watched, fill: Make) -> None:
    """The first 256 are kept and all are counted; what is handed out is not shared."""
    for _ in range(300):
        working.send(fill(3, "11", "100"), position_delta="1")
    assert working.checker.violation_count() == 300
    kept = working.checker.violations()
    assert len(kept) == 256
    kept[0]["left"] = "changed"
    assert working.checker.violations()[0]["left"] == "1"
    other = InvariantChecker(1000, "warn")
    other.restore(working.checker.snapshot())
    assert other.violation_count() == 300


@pytest.mark.parametrize(
    ("result", "digest", "code"),
    [
        ([], None, "malformed_type"),
        ({"more": 1}, None, "malformed_field"),
        ({"transitions": ()}, None, "malformed_type"),
        ({"outcome": "maybe"}, None, "malformed_field"),
        ({"code": None}, None, "malformed_type"),
        ({"seq_id": True}, None, "malformed_type"),
        ({"order_id": ""}, None, "malformed_identifier"),
        ({"cash_delta": "1.0"}, None, "malformed_number"),
        ({"cash_delta": "2000000000000000000001"}, None, "malformed_number"),
        ({"position_delta": "20000000000.00000001"}, None, "malformed_number"),
        ({"realised_delta": 0}, None, "malformed_type"),
        ({"transitions": [{}]}, None, "malformed_field"),
        ({"transitions": transition(leaves="-1")}, None, "malformed_number"),
        ({"transitions": transition(to="Filled")}, None, "malformed_field"),
        ({}, 1, "malformed_type"),
        ({}, "A" * 64, "malformed_field"),
    ],
)
def test_malformed_answers(working: Watched, fill: Make, result: Any, digest: Any, code: str) -> None:
    """An answer without the shape of one is refused, and the checker is as before."""
    step = fill(3, "4", "100", fee="0.1")
    answer = {**send(working.core, step), **result} if isinstance(result, dict) else result
    before = working.checker.snapshot()
    with pytest.raises(MalformedInputError) as caught:
        working.checker.observe(step, answer, digest)
    assert caught.value.code == code
    assert working.checker.snapshot() == before


def test_restore_goes_on_as_if_nothing_had_happened(steps: list[Wire]) -> None:
    """A checker restored after any step ends as one that saw them all; reset forgets everything."""
    core, answers, whole = DeterministicCore(1000), [], InvariantChecker(1000)
    for step in steps:
        answers.append(send(core, step))
        whole.observe(step, answers[-1])
    for split in range(len(steps)):
        first, second = InvariantChecker(1000), InvariantChecker(7)
        for step, answer in zip(steps[:split], answers[:split], strict=True):
            first.observe(step, answer)
        second.restore(first.snapshot())
        for step, answer in zip(steps[split:], answers[split:], strict=True):
            second.observe(step, answer)
        assert second.snapshot() == whole.snapshot()
        second.reset()
        assert second.snapshot() == InvariantChecker(7).snapshot()


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": 2},
        {"cash": "1.0"},
        {"cash": 5},
        {"last_seq_id": -1},
        {"positions": {"V": {"quantity": "0", "notional": "0", "realised": "0"}}},
        {"orders": {"o1": {}}},
        {"digest": "x"},
        {"is_quiet": 1},
        {"violations": [{}]},
        {"violation_count": 1},
        {"violations": [MISNUMBERED], "violation_count": 1},
        {"more": 1},
    ],
)  # fmt: skip
def test_restore_refuses_what_no_checker_hands_out(steps: list[Wire], change: Wire) -> None:
    """Every spoiled snapshot is `malformed_field`, and the checker is as before."""
    watched = Watched()
    for step in steps:
        watched.send(step)
    before = watched.checker.snapshot()
    with pytest.raises(MalformedInputError) as caught:
        watched.checker.restore(before | change)
    assert caught.value.code == "malformed_field"
    assert watched.checker.snapshot() == before


def test_constructor_faults() -> None:
    """Cash is checked as the core's is, and then the mode."""
    with pytest.raises(MalformedInputError):
        InvariantChecker("1e3", "loud")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="strict, warn"):
        InvariantChecker(0, "loud")  # type: ignore[arg-type]


def test_codes_stand_in_the_order_of_their_numbers() -> None:
    """The tables rise, and no code stands in both."""
    for table in (OBSERVED_CODES, VERIFIED_CODES):
        assert list(table.values()) == sorted(table.values())
    assert not OBSERVED_CODES.keys() & VERIFIED_CODES.keys()
