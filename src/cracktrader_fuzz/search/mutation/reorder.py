"""Other orders of the same steps: dropped, duplicated, repeated, moved, swapped; of two lists spliced or interleaved.

The place is drawn; a stretch is at most half of the steps. Lists are never changed, steps are shared.
"""

import random

from cracktrader_fuzz.case.model import Step

Steps = list[Step]

STRETCH_MAX = 24  # room for something that begins and ends within it; a longer stretch is a case of its own
REPEATS_MAX = 8  # enough for what is counted or capped at a few; more would leave no room for anything else
RUN_MAX = 4  # short, so that steps of one case come between steps of the other that belong together
WHOLE_CHANCE = 0.25  # else a cut would nearly always lose the end of one case and the beginning of the other


def dropped(draw: random.Random, steps: Steps) -> Steps:
    """Without a stretch; never without all."""
    start, end = _stretch(draw, steps)
    return (steps[:start] + steps[end:]) or steps


def duplicated(draw: random.Random, steps: Steps) -> Steps:
    """With a stretch once more, anywhere."""
    start, end = _stretch(draw, steps)
    return _inserted(draw, steps, steps[start:end])


def repeated(draw: random.Random, steps: Steps) -> Steps:
    """With a stretch several times, one after the other."""
    start, end = _stretch(draw, steps)
    return steps[:end] + steps[start:end] * draw.randrange(1, REPEATS_MAX) + steps[end:]


def moved(draw: random.Random, steps: Steps) -> Steps:
    """With a stretch somewhere else."""
    start, end = _stretch(draw, steps)
    return _inserted(draw, steps[:start] + steps[end:], steps[start:end])


def swapped(draw: random.Random, steps: Steps) -> Steps:
    """With two steps exchanged, neighbours half of the time."""
    if len(steps) < 2:
        return steps
    one = draw.randrange(len(steps) - 1)
    other = one + 1 if draw.random() < 0.5 else draw.randrange(one + 1, len(steps))
    return [*steps[:one], steps[other], *steps[one + 1 : other], steps[one], *steps[other + 1 :]]


def spliced(draw: random.Random, one: Steps, other: Steps) -> Steps:
    """The head of one and the tail of the other, either of which may be all of it."""
    return one[: _cut(draw, one)] + other[len(other) - _cut(draw, other) :]


def interleaved(draw: random.Random, one: Steps, other: Steps) -> Steps:
    """Runs of either in turn; the order within each stays."""
    mixed: Steps = []
    queues = [one[::-1], other[::-1]]
    while queues[0] and queues[1]:
        queue = draw.choice(queues)
        mixed += [queue.pop() for _ in range(min(len(queue), draw.randrange(1, RUN_MAX + 1)))]
    return mixed + queues[0][::-1] + queues[1][::-1]


REARRANGEMENTS = (dropped, dropped, duplicated, duplicated, repeated, moved, swapped)
MIXTURES = (spliced, interleaved)


def _stretch(draw: random.Random, steps: Steps) -> tuple[int, int]:
    longest = min(STRETCH_MAX, max(1, len(steps) // 2))
    length = draw.randrange(1, draw.randrange(1, longest + 1) + 1)  # drawn twice: short ones are likelier
    start = draw.randrange(max(1, len(steps) - length + 1))
    return start, min(len(steps), start + length)


def _cut(draw: random.Random, steps: Steps) -> int:
    return len(steps) if draw.random() < WHOLE_CHANCE else draw.randrange(len(steps) + 1)


def _inserted(draw: random.Random, steps: Steps, stretch: Steps) -> Steps:
    place = draw.randrange(len(steps) + 1)
    return steps[:place] + stretch + steps[place:]
