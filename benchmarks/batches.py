"""What a core gains when a whole batch crosses the boundary at once."""

from collections.abc import Callable
from functools import partial

from benchmarks.growth import order_flow
from cracktrader.engine.backends import Backend
from cracktrader.engine.rust_bridge import build_core
from cracktrader_fuzz.case.model import Case

STEPS = 12_000  # 2,000 orders of six steps: a round takes 20 to 100 ms, which a timer measures well


def contestants() -> dict[str, Callable[[], int]]:
    """The same well-formed flow on both cores, step by step and in one batch."""
    case = order_flow(STEPS)
    return {
        "python, step by step": partial(_by_step, "python", case),
        "python, apply_batch": partial(_by_batch, "python", case),
        "rust, step by step": partial(_by_step, "rust", case),
        "rust, apply_batch": partial(_by_batch, "rust", case),
    }


def _by_step(backend: Backend, case: Case) -> int:
    core = build_core(case.config["initial_cash"], backend)
    for step in case.steps:
        if "intent_type" in step:
            core.process_intent(step)
        else:
            core.apply_event(step)
    return len(case.steps)


def _by_batch(backend: Backend, case: Case) -> int:
    return len(build_core(case.config["initial_cash"], backend).apply_batch([*case.steps]))
