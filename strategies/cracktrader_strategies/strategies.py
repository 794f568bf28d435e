"""Hypothesis strategies over Cracktrader's inputs, for `@given` tests of your own.

    @given(cases(steps_max=30))
    def test_my_core_agrees(case): ...

Steps come from the harness's own decoder, which follows the Python core to know what each order's status is; so cases
hold what matters (fills, late reports, duplicates, malformed fields) and not mostly refusals. Numbers are `int`,
`float` or decimal text, every one of them legal for its field. A case costs about 20 us a step to draw. Failing
examples shrink better with `cracktrader_fuzz.shrink.Shrinker` than with Hypothesis.
"""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from cracktrader_fuzz.case.model import Case, Outcome, Step
from cracktrader_fuzz.lockstep.run import answer
from cracktrader_fuzz.target.protocol import DRAW_BYTES
from cracktrader_fuzz.testing.divergence import block_bytes
from cracktrader_strategies.decoder import OrderFlowDecoder
from cracktrader_strategies.numbers import PRICES, QUANTITIES
from cracktrader_strategies.subjects.cores import PythonCore

STEPS_BEFORE = 24  # a session before the step that is drawn: long enough for orders to be placed, filled and closed
BOUND = Decimal(10_000_000_000)  # of quantities and prices (section 1 of `docs/engine.md`)
TARGET = "cracktrader"


def quantities() -> st.SearchStrategy[Any]:
    """Order and fill quantities in whole units: above 0, at most 1e10, with at most 8 decimals."""
    return st.sampled_from(QUANTITIES) | _texts(Decimal("0.00000001"), BOUND)


def prices() -> st.SearchStrategy[Any]:
    """Prices in whole units: from -1e10 to 1e10, zero among them, with at most 8 decimals."""
    return st.sampled_from(PRICES) | _texts(-BOUND, BOUND)


# Fifty, so that the hundred examples of a usual `@given` test cost a tenth of a second to draw.
def cases(steps_max: int = 50) -> st.SearchStrategy[Case]:
    """Cases of 1 to `steps_max` steps. Raises ValueError when `steps_max` is not in 1 .. 300."""
    if not 1 <= steps_max <= 300:
        raise ValueError(f"steps_max is {steps_max}: choose 1 to 300, longer cases are for the soak")
    blocks = st.binary(min_size=block_bytes(1), max_size=block_bytes(steps_max))
    return blocks.map(lambda block: _run(block)[0])


def steps() -> st.SearchStrategy[Step]:
    """Single steps, events and intents as a running session meets them; a few of them are malformed."""
    return _sessions().map(lambda session: session[0].steps[-1])


def wire_events() -> st.SearchStrategy[Step]:
    """Single events that have the shape of one: the core takes them or refuses them, and never calls them malformed."""
    return _sessions().map(_last_event).filter(bool)


def _texts(lowest: Decimal, highest: Decimal) -> st.SearchStrategy[str]:
    return st.decimals(lowest, highest, places=8).map(lambda number: format(number, "f"))


def _sessions() -> st.SearchStrategy[tuple[Case, list[Outcome]]]:
    length = block_bytes(STEPS_BEFORE)
    return st.binary(min_size=length, max_size=length).map(_run)


def _last_event(session: tuple[Case, list[Outcome]]) -> Step:
    case, outcomes = session
    answered = zip(reversed(case.steps), reversed(outcomes), strict=True)
    return next((step for step, outcome in answered if _is_event(step) and outcome["outcome"] != "refused"), {})


def _is_event(step: Step) -> bool:
    return "event_type" in step


def _run(block: bytes) -> tuple[Case, list[Outcome]]:
    drawn = [block[place : place + DRAW_BYTES] for place in range(0, len(block) - DRAW_BYTES + 1, DRAW_BYTES)]
    decoder, core = OrderFlowDecoder(), PythonCore()
    case, outcomes = Case(TARGET, decoder.begin(drawn[0]), []), []
    core.start(case.config)
    for data in drawn[1:]:
        step = decoder.decode(data)
        outcome = answer(core, step)
        if outcome["outcome"] == "applied":
            decoder.observe(step, outcome)
        case.steps.append(step)
        outcomes.append(outcome)
    return case, outcomes
