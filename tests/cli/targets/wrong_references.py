"""Targets whose own parts are wrong: the reference, a constructor, the decoder. Named `wrong_references:NAME`."""

from __future__ import annotations

from dataclasses import replace

from cracktrader_fuzz import Canary, Draw, Isolation, Target, call_target
from cracktrader_fuzz.case.model import Outcome, State, Step
from cracktrader_fuzz.target.call_target import CallDecoder, NoContext


class Purse:
    """Holds money: `put` adds to it, and `take` is refused where there is too little."""

    def __init__(self, limit: int = 0) -> None:
        self.money = 0

    def put(self, amount: int) -> int:
        """What is in it then."""
        self.money += amount
        return self.money

    def take(self, amount: int) -> int:
        """What is left."""
        if amount > self.money:
            raise LookupError("too little")
        self.money -= amount
        return self.money


class ShutPurse(Purse):
    """Gives nothing back: every `take` is refused."""

    def take(self, amount: int) -> int:
        """Always too little."""
        raise LookupError("too little")


def one_too_many(step: Step, outcome: Outcome) -> Outcome:
    """A canary that shows at a `take` that was applied, and nowhere else."""
    if step["call"] == "take" and outcome["code"] == "ok":
        return {**outcome, "answer": outcome["answer"] + 1}
    return outcome


def state(purse: Purse) -> State:
    """The money."""
    return {"money": purse.money}


def amount(draw: Draw) -> dict[str, int]:
    """A small amount."""
    return {"amount": draw.pick((1, 2, 5))}


CALLS = {"put": amount, "take": amount}
CANARIES = {Canary("canary-one-too-many", "what a take answers", steps_min=2): one_too_many}


def purse_target(name: str, reference: type[Purse], other: type[Purse]) -> Target:
    """These two purses, the canary made of the first."""
    return call_target(
        name,
        cores={"first": reference, "second": other},
        state=state,
        calls=CALLS,
        configs=({}, {"limit": 3}),
        refusals=(LookupError,),
        canaries=CANARIES,
    )


class PickyPurse(Purse):
    """Takes no limit of 3."""

    def __init__(self, limit: int = 0) -> None:
        super().__init__(limit)
        if limit == 3:
            raise OverflowError(f"limit {limit}")


class FailingDecoder(CallDecoder):
    """Does not know what one draw in 256 stands for, nor an answer that is text."""

    def decode(self, data: bytes) -> Step:
        """The step."""
        if data[-1] == UNKNOWN:
            raise KeyError("XX")
        return super().decode(data)

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Only numbers are known."""
        outcome["answer"] + 1


class LostDecoder(CallDecoder):
    """Knows nothing at all."""

    def decode(self, data: bytes) -> Step:
        """Never a step."""
        raise KeyError("YY")


class FailingTracker(NoContext):
    """Has no word for a refusal."""

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Look the word up."""
        WORDS[outcome["code"]]


class WordyPurse(Purse):
    """Answers a take with text."""

    def take(self, amount: int) -> str:  # type: ignore[override]
        """What is left, in text."""
        return str(super().take(amount))


UNKNOWN = 255
WORDS = {"ok": "fine"}
SHUT = purse_target("shut", ShutPurse, Purse)
BOTH_SHUT = purse_target("both_shut", ShutPurse, ShutPurse)
PICKY = purse_target("picky", Purse, PickyPurse)
BOTH_PICKY = purse_target("both_picky", PickyPurse, PickyPurse)
PICKY_REFERENCE = purse_target("picky_reference", PickyPurse, Purse)
PICKY_ALONE = replace(PICKY, isolation=Isolation(always=True))


def with_decoder(target: Target, decoder: type[CallDecoder]) -> Target:
    """The target with another decoder of the same calls."""
    return replace(target, decoder=lambda: decoder(CALLS, tuple(CALLS), ({},)))


PURSE = purse_target("purse", Purse, Purse)
SOMETIMES = with_decoder(PURSE, FailingDecoder)
NEVER = with_decoder(PURSE, LostDecoder)
WORDY = with_decoder(purse_target("wordy", WordyPurse, Purse), FailingDecoder)
UNTRACKED = replace(PURSE, tracker=FailingTracker)
