"""What was never generated: the cells of a target's space that nothing reached, and the floors under the soak.

The cells are those of all front ends together; the floors are held against the soak alone, whose distribution is its
generator's own. Steps decide whether it ran long enough to be judged, never time. A run that has found something new is
not judged: its cases ended early.
"""

from collections import Counter
from collections.abc import Iterator

from cracktrader_fuzz.campaign.job import Report
from cracktrader_fuzz.campaign.summary import SpaceReached, Summary
from cracktrader_fuzz.target.target import Cell, Space, Target

SOAK = "soak"
MILLION = 1_000_000  # floors are per million steps, so that the rarest, five of them, is a whole number
ANY = "*"


def judge(summary: Summary, target: Target) -> None:
    """Add to the summary what was never reached, and break it if a floor is not."""
    summary.never = never(_cells(summary.whole), target)
    if target.generation.space is not None:
        summary.space = _reached(target.generation.space, set(summary.never))
    soak = next((report for report in summary.reports if report.front_end == SOAK), None)
    if target.generation.space is None or soak is None:
        return
    low = list(_low(_cells(soak), soak.steps, target.generation.space))
    if soak.steps < target.generation.space.steps_min:
        summary.notes.append(
            f"floors are judged from {target.generation.space.steps_min:,} steps of the soak on: it ran {soak.steps:,}"
        )
    elif low:
        told = f"{len(low)} floors of the soak were not reached: {low[0]}"
        if summary.new:
            summary.notes.append(f"{told}; not judged, as new differences end cases early")
        elif not summary.interrupted:
            summary.broken.append(f"the generator no longer generates: {told}")
        summary.low = low


def _cells(report: Report) -> Counter[Cell]:
    return Counter({(*label, code): count for (label, code), count in report.cells.items()})


def _reached(space: Space, never: set[Cell]) -> SpaceReached:
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


def _low(reached: Counter[Cell], steps: int, space: Space) -> Iterator[str]:
    for (kind, context, code), floor in sorted(space.floors.items()):
        count = reached[kind, context, code]
        if count * MILLION < floor * steps:
            yield f"{kind} in {context} answered {code}: {count} in {steps:,} steps, the floor is {floor} in a million"
