"""What is compared, and how its inputs are made up."""

from cracktrader_fuzz import Canary, IntegerRule, NameRule, Outcome, State, Step, call_target

from . import port, reference


def state(cache: reference.TtlCache | port.TtlCache) -> State:
    """All that a cache keeps: what there is, and in which order it will go."""
    entries = cache.entries()
    return {"entries": {key: [value, until] for key, value, until in entries}, "order": [each[0] for each in entries]}


def always_a_miss(step: Step, outcome: Outcome) -> Outcome:
    """A mistake made on purpose: nothing is ever found."""
    return {**outcome, "answer": None} if step["call"] == "get" else outcome


TARGET = call_target(
    __name__.partition(".")[0],
    cores={"reference": reference.TtlCache, "port": port.TtlCache},
    state=state,
    keyed=("entries",),
    configs=[{"capacity": 2, "ttl": 10}],
    refusals=(ValueError,),
    calls={
        "put": lambda draw: {"key": draw.name("k", 3), "value": draw.number(0, 9)},
        "get": lambda draw: {"key": draw.name("k", 3)},
        "wait": lambda draw: {"seconds": draw.number(-1, 12)},
    },
    rules={"key": NameRule("k"), "value": IntegerRule(), "seconds": IntegerRule()},
    canaries={Canary("canary-always-a-miss", "what is answered", steps_min=2): always_a_miss},
)
