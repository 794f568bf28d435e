"""A target out of a table of calls: what it draws, how calls become outcomes, and what a table must not be."""

from __future__ import annotations

from collections import Counter as Count

import pytest

from cracktrader_fuzz.campaign.canary import catch
from cracktrader_fuzz.case.model import Case, Outcome, State, Step
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.report.description import describe_outcome, describe_step
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.target.call_target import NO_CONTEXT, call_target
from cracktrader_fuzz.target.draw import Draw
from cracktrader_fuzz.target.grammar import IntegerRule
from cracktrader_fuzz.target.target import Canary


class Stack:
    """A stack of numbers."""

    def __init__(self, deepest: int) -> None:
        self.deepest = deepest
        self.values: list[int] = []

    def push(self, value: int) -> int:
        """Put a value on it, unless it is full: how many there are."""
        if len(self.values) == self.deepest:
            raise OverflowError
        self.values.append(value)
        return len(self.values)

    def pop(self) -> int:
        """Take the value from the top; an IndexError where there is none."""
        return self.values.pop()


class Shallow(Stack):
    """Wrong: the lowest value goes where there is no room."""

    def push(self, value: int) -> int:
        """Put a value on it."""
        del self.values[: 1 + len(self.values) - self.deepest]
        return super().push(value)


def state(stack: Stack) -> State:
    """The values, the lowest first."""
    return {"values": list(stack.values)}


def one_less(step: Step, outcome: Outcome) -> Outcome:
    """Counts wrong from two values on."""
    return {**outcome, "answer": 1} if step["call"] == "push" and outcome["answer"] == 2 else outcome


CALLS = {"push": lambda draw: {"value": draw.number(-3, 300)}, "pop": lambda draw: {}}
CANARY = Canary("canary-one-less", "what is answered", 2)
STACK = call_target(
    "stack",
    cores={"right": Stack, "shallow": Shallow},
    state=state,
    calls=CALLS,
    weights={"push": 3},
    configs=[{"deepest": 2}],
    refusals=(OverflowError, IndexError),
    rules={"value": IntegerRule()},
    canaries={CANARY: one_less},
)


def pair(*names: str) -> Lockstep:
    """These subjects."""
    return Lockstep(STACK, seat_subjects(STACK, names))


def step(call: str, **arguments: object) -> Step:
    """One step."""
    return {"call": call, "arguments": arguments}


def test_numbers_lie_between_their_ends() -> None:
    """Both ends are reached, in ranges of one, of a byte and of more; the same bytes give the same numbers."""
    for low, high in ((5, 5), (0, 2), (-1, 255), (0, 70_000)):
        draws = [place.to_bytes(3, "big") for place in range(0, 2**24, 12_345)] + [b"\0" * 3, b"\xff" * 3]
        drawn = [Draw(data).number(low, high) for data in draws]
        assert (min(drawn), max(drawn)) == (low, high)
        assert drawn == [Draw(data).number(low, high) for data in draws]


def test_draw_bytes_do_not_run_out() -> None:
    """After the bytes others follow, the same each time, and not over and over."""
    one, other = Draw(b"ab"), Draw(b"ab")
    drawn = [one.number(0, 255) for _ in range(200)]
    assert drawn[:2] == list(b"ab")
    assert drawn == [other.number(0, 255) for _ in range(200)]
    assert drawn[2:66] != drawn[66:130]


def test_picks_and_names() -> None:
    """Every value can be picked, one that is named twice twice as often; names are counted from 1."""
    picked = Count(Draw(bytes([byte])).pick("aab") for byte in range(256))
    assert (picked["a"], picked["b"]) == (171, 85)
    assert {Draw(bytes([byte])).name("k", 3) for byte in range(256)} == {"k1", "k2", "k3"}


def test_nothing_to_draw_from() -> None:
    """A range without a number is a mistake that is named."""
    with pytest.raises(ValueError, match="no integer lies between 3 and 2"):
        Draw(b"x").number(3, 2)
    with pytest.raises(ValueError, match="no integer lies between"):
        Draw(b"x").pick(())


def test_calls_become_outcomes() -> None:
    """What a method gives is the answer, an exception of the refusals is told by its class, the state is seen."""
    subject = STACK.subjects["right"]()
    subject.start({"deepest": 1})
    outcomes = [subject.step(each) for each in (step("pop"), step("push", value=7), step("push", value=8))]
    assert outcomes == [
        {"outcome": "refused", "code": "IndexError", "answer": None},
        {"outcome": "applied", "code": "ok", "answer": 1},
        {"outcome": "refused", "code": "OverflowError", "answer": None},
    ]
    assert (subject.observe(), subject.digest()) == ({"values": [7]}, "")
    assert subject.identity().module == __name__


def test_other_exceptions_are_crashes() -> None:
    """A method that is not there, as an argument too many, is a difference though both subjects raise alike."""
    for odd in (step("peek"), step("pop", value=1)):
        divergence = pair("right", "shallow").run_case(Case("stack", {"deepest": 2}, [odd]), exact=True).divergence
        assert divergence is not None
        assert divergence.difference.left in ("crashed:AttributeError", "crashed:TypeError")


def test_bug_is_found() -> None:
    """Generated cases show the wrong stack, by its code, and the canary is caught at its size."""
    found = next(each for index in range(9) if (each := explore(pair("right", "shallow"), 0, index).verdict.divergence))
    assert str(found.signature) == "stack/push/-/outcome.code/OverflowError~ok/right~shallow"
    assert catch(STACK, CANARY, 0).problem == ""


def test_weights_count() -> None:
    """A call of weight 3 is drawn about three times as often as one of weight 1; the table says what there is."""
    drawn = explore(pair("right", CANARY.name), 1, 2).cells
    decoder = STACK.decoder()
    assert decoder.begin(b"data") == {"deepest": 2}
    kinds = Count(decoder.decode(byte.to_bytes(1, "big"))["call"] for byte in range(256))
    assert (kinds["push"], kinds["pop"]) == (192, 64)
    assert {label[1] for label, _ in drawn} == {NO_CONTEXT}
    assert (STACK.generation.kinds, STACK.seats) == (("push", "pop"), ("right", "shallow"))


def test_descriptions_for_readers() -> None:
    """A step reads like its call, an answer like Python writes it."""
    assert describe_step(STACK, step("push", value=7)) == "push(value=7)"
    assert describe_outcome(STACK, {"outcome": "applied", "code": "ok", "answer": [1, "a"]}) == "ok [1, 'a']"
    assert describe_outcome(STACK, {"outcome": "refused", "code": "IndexError", "answer": None}) == (
        "refused IndexError None"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cores": {}}, "needs at least one of the cores"),
        ({"calls": {}}, "needs at least one of the cores and one of the calls"),
        ({"weights": {"peek": 1}}, "weight of 'peek', which is no call: there are push, pop"),
        ({"weights": {"push": 0, "pop": 0}}, "every call has the weight 0"),
    ],
)
def test_tables_that_make_no_target(changes: dict[str, object], words: str) -> None:
    """A mistake in the table is told when the target is made."""
    table: dict[str, object] = {"cores": {"right": Stack}, "state": state, "calls": CALLS}
    with pytest.raises(ValueError, match=words):
        call_target("stack", **{**table, **changes})  # type: ignore[arg-type]
