"""How fast each planted bug is found by the soak and shrunk to its known size, in seconds of CPU time."""

import time

from cracktrader_fuzz.campaign.canary import catch
from cracktrader_strategies.target import CRACKTRADER

SEED = 1  # the first one, and always the same: the table compares machines and versions, not luck


def rows() -> list[tuple[str, str, str, str, str, str]]:
    """For each canary: name, what it breaks, cases until found, steps found and shrunk, seconds in all."""
    found = []
    for canary in CRACKTRADER.canaries:
        start = time.process_time()
        caught = catch(CRACKTRADER, canary, SEED)
        seconds = time.process_time() - start
        shrunk = caught.problem or f"{caught.steps_shrunk}, certified"
        found.append((canary.name, canary.breaks, str(caught.cases), str(caught.steps_found), shrunk, f"{seconds:.2f}"))
    return found
