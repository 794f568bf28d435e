"""How a figure is taken: the contestants by turns, several rounds, the best of each in CPU time.

By turns, so that whatever else the machine does meets all of them alike; CPU time of this process, so that waiting does
not count; no garbage collector, as in a worker of a run.
"""

import gc
import time
from collections.abc import Callable

ROUNDS = 7  # a judgement: one of seven is quiet, on a machine that others use too


def by_turns(contestants: dict[str, Callable[[], int]], rounds: int = ROUNDS) -> dict[str, float]:
    """Microseconds a step for each: a contestant does its work and returns how many steps that was."""
    best: dict[str, float] = {}
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, work in contestants.items():
                start = time.process_time()
                steps = work()
                taken = (time.process_time() - start) / steps * 1e6
                best[name] = min(taken, best.get(name, taken))
                gc.collect()
    finally:
        gc.enable()
    return best
