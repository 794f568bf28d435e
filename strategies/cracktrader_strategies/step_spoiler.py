"""Malformed steps: a well-formed one with one thing wrong, or something that looks wrong and is not."""

from cracktrader_fuzz.case.model import Step
from cracktrader_strategies.numbers import TRAPS


def spoil_step(step: Step, data: bytes) -> Step:
    """A copy of the step with a field set to a trap, taken away, or added, in the envelope or in the payload."""
    copy = {**step, "payload": dict(step["payload"])}
    part = copy["payload"] if data[5] & 3 and copy["payload"] else copy
    keys = list(part)
    key = keys[data[3] % len(keys)]
    action = data[9] & 15
    if action == 0:
        del part[key]
    elif action == 1:
        part["surprise"] = 1
    else:
        trap = TRAPS[data[4] % len(TRAPS)]
        part[key] = type(trap)(trap) if isinstance(trap, list | dict) else trap
    return copy
