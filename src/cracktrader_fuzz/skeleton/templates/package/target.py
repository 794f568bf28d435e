"""What is compared, and how its inputs are made up: the one file of the harness's that you write."""

from cracktrader_fuzz import Canary, IntegerRule, NameRule, Outcome, Step, call_target

from . import port, reference


def off_by_one(step: Step, outcome: Outcome) -> Outcome:
    """A mistake made on purpose, where a take leaves something: a run must find it first, or it proves nothing."""
    if step["call"] == "take" and outcome["answer"]:
        return {**outcome, "answer": outcome["answer"] + 1}
    return outcome


TARGET = call_target(
    __name__.partition(".")[0],
    cores={"reference": reference.Tally, "port": port.Tally},
    state=lambda tally: {"totals": tally.totals()},
    keyed=("totals",),
    refusals=(ValueError,),
    calls={
        "add": lambda draw: {"name": draw.name("n", 3), "amount": draw.number(0, 9)},
        "take": lambda draw: {"name": draw.name("n", 3), "amount": draw.number(0, 9)},
    },
    rules={"name": NameRule("n"), "amount": IntegerRule()},
    canaries={Canary("canary-off-by-one", "what is answered", steps_min=2): off_by_one},
)
