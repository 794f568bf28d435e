"""Outcome codes for subjects that crash, hang or return garbage.

    crashed:Class     an exception of that class escaped: any BaseException but Ctrl-C
    garbage:Type      the answer is not JSON-like: the type of the first value in it that is not
    died:SIGABRT      the process was ended by a signal
    died:exit-3       the process ended by itself, with this status
    timeout           a step, or the start, took longer than its limit

All but the first two occur only where a subject has a process of its own (`subjects.isolated`). A subject that refuses
its configuration has the code of its exception, at the place before the first step.
"""

import re
import signal
from typing import Any

# The codes, in a signature's difference, that a case shows only, or safely, where subjects have processes of their own.
ISOLATED_CODES = re.compile(r"(?:\A|~)(?:died:|garbage:|(?:timeout|crashed:MemoryError)(?:~|\Z))")
DEPTH_MAX = 64  # an answer nested deeper mostly holds itself; following it would end in a RecursionError
# By these signals the timers of `subjects.limits` end a process.
TIMER_SIGNALS = frozenset({"SIGPROF", "SIGALRM"})
PLAIN = (str, int, float, bool, type(None))


def needs_isolation(signature: str | None) -> bool:
    """Whether a divergence of this signature may take the process that runs it along, or its memory."""
    # The last part but one of a signature is its difference.
    return signature is not None and ISOLATED_CODES.search(signature.rpartition("/")[0].rpartition("/")[2]) is not None


def death_code(status: int) -> str:
    """The code for a process that ended with this exit status, which is minus the signal if it was one."""
    if status >= 0:
        return f"died:exit-{status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal-{-status}"
    return "timeout" if name in TIMER_SIGNALS else f"died:{name}"


def garbage_code(answer: Any) -> str:
    """The code for an answer that is not an outcome, a state or a digest."""
    return f"garbage:{_odd_type(answer, DEPTH_MAX) or type(answer).__name__}"


def is_outcome(answer: Any) -> bool:
    """Whether this is a plain dict with text for `outcome` and `code`."""
    return type(answer) is dict and type(answer.get("outcome")) is str and type(answer.get("code")) is str


def _odd_type(value: Any, depth: int) -> str:
    """The type of the first value that JSON does not have; `endless` for what is too deep, "" where all is plain."""
    if type(value) in PLAIN:
        return ""
    if depth == 0:
        return "endless"
    if type(value) is dict:
        inner = (_odd_type(each, depth - 1) for pair in value.items() for each in pair)
    elif type(value) is list:
        inner = (_odd_type(each, depth - 1) for each in value)
    else:
        return type(value).__name__
    return next(filter(None, inner), "")
