"""What was never generated: the cells of a target's space that no front end reached, and the floors under the soak.

A floor says how often at least the soak must reach a cell. Whether the soak ran long enough to be judged is decided by
its steps, never by time, so that a busy machine changes no result. Costs nothing beside the run.
"""

from collections import Counter
from collections.abc import Iterator

from cracktrader_fuzz.campaign.job import Report
from cracktrader_fuzz.campaign.summary import SpaceReached, Summary
from cracktrader_fuzz.target.target import Cell, Space, Target

SOAK = "soak"
MILLION = 1_000_000  # floors are counts in a million steps, so that the rarest of them are still whole numbers
ANY = "*"


def judge(summary: Summary, target: Target) -> None:
    """Add to the summary what was never reached, and break it if a floor is not."""
    summary.never = never(_cells(summary.whole), target)
    if target.generation.space is not None:
        summary.space = _space_reached(target.generation.space, set(summary.never))
    # The soak alone: its distribution is the generator's own, while the other front ends change or choose cases.
    soak = next((report for report in summary.reports if report.front_end == SOAK), None)
    if target.generation.space is None or soak is None:
        return
    low = list(_missed_floors(_cells(soak), soak.steps, target.generation.space))
    if soak.steps < target.generation.space.steps_min:
        summary.notes.append(
            f"floors are judged from {target.generation.space.steps_min:,} steps of the soak on: it ran {soak.steps:,}"
        )
    elif low:
        message = f"{len(low)} floors of the soak were not reached: {low[0]}"
        if summary.new:
            summary.notes.append(f"{message}; not judged, as new differences end cases early")
        elif not summary.interrupted:
            summary.broken.append(f"the generator no longer generates: {message}")
        summary.low = low


def _cells(report: Report) -> Counter[Cell]:
    return Counter({(*label, code): count for (label, code), count in report.cells.items()})


def _space_reached(space: Space, never: set[Cell]) -> SpaceReached:
    return SpaceReached(
        cells=len(space.cells),
        reached=len(space.cells - never),
        legal=len(space.legal),
        legal_reached=len(space.legal - never),
    )


def never(reached: Counter[Cell], target: Target) -> list[Cell]:
    """The cells of the space that were not reached, in its order; of kinds and contexts where there is no space."""
    if target.generation.space is not None:
        return sorted(cell for cell in target.generation.space.cells if not reached[cell])
    met = {(kind, context) for kind, context, _ in reached}
    return [
        (kind, context, ANY)
        for kind in target.generation.kinds
        for context in target.generation.contexts
        if (kind, context) not in met
    ]


def _missed_floors(reached: Counter[Cell], steps: int, space: Space) -> Iterator[str]:
    for (kind, context, code), floor in sorted(space.floors.items()):
        count = reached[kind, context, code]
        if count * MILLION < floor * steps:
            yield f"{kind} in {context} answered {code}: {count} in {steps:,} steps, the floor is {floor} in a million"
