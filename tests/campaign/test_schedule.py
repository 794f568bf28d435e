"""The schedule: what ends goes first, what finds something gets more, nothing starves, and no clock has a say."""

from __future__ import annotations

from collections import Counter

import pytest

from cracktrader_fuzz.campaign.schedule import SHARE_MIN, Arm, Schedule, without

ENDLESS = 10**6


def arm(front_end: str, cases: int = ENDLESS, *, weight: float = 1.0, target: str = "t") -> Arm:
    """An arm in slices of ten."""
    return Arm(target, front_end, 0, cases, 10, is_endless=cases == ENDLESS, weight=weight)


def turns(schedule: Schedule, jobs: int, news: tuple[str, ...] = (), seconds: float = 1.0) -> Counter[str]:
    """How often each front end's turn comes when every job takes as long, and only some show anything new."""
    found: Counter[str] = Counter()
    for _ in range(jobs):
        taken = schedule.next(set(), is_over=False)
        assert taken is not None
        found[taken.arm.front_end] += 1
        taken.arm.settle(taken.start, taken.stop, (), seconds, showed_news=taken.arm.front_end in news)
    return found


def test_what_ends_goes_first() -> None:
    """All of the arms that end, in their order, before any endless one; endless ones stop when the budget is over."""
    schedule = Schedule([arm("soak"), arm("corpus", 25), arm("traffic", 10)])
    taken = [schedule.next(set(), is_over=False) for _ in range(5)]
    names = [(each.arm.front_end, each.start, each.stop) for each in taken if each is not None]
    assert names == [("corpus", 0, 10), ("corpus", 10, 20), ("corpus", 20, 25), ("traffic", 0, 10), ("soak", 0, 10)]
    assert schedule.next(set(), is_over=True) is None


def test_news_is_worth_time() -> None:
    """An arm that goes on to find something gets many times the turns of one that does not, by the documented floor."""
    found = turns(Schedule([arm("rich"), arm("poor")]), 1_000, news=("rich",))
    assert found["poor"] >= 1_000 * SHARE_MIN / (1 + SHARE_MIN) - 1
    assert found["rich"] > 5 * found["poor"]


def test_weights_share_the_time() -> None:
    """Of arms that find equally much, each has turns by its weight."""
    found = turns(Schedule([arm("heavy", weight=4.0), arm("light")]), 500, news=("heavy", "light"))
    assert found == {"heavy": 400, "light": 100}


def test_slow_jobs_get_fewer_turns() -> None:
    """Time is shared, not turns: an arm whose jobs take four times as long has a quarter of the turns."""
    schedule, found = Schedule([arm("slow"), arm("quick")]), Counter[str]()
    for _ in range(500):
        taken = schedule.next(set(), is_over=False)
        assert taken is not None
        found[taken.arm.front_end] += 1
        taken.arm.settle(taken.start, taken.stop, (), 4.0 if taken.arm.front_end == "slow" else 1.0, showed_news=True)
    assert found["quick"] == pytest.approx(4 * found["slow"], abs=5)


def test_given_up_targets_have_no_turn() -> None:
    """A target whose part is broken gets nothing more."""
    schedule = Schedule([arm("soak", target="broken"), arm("soak", target="sound")])
    taken = [schedule.next({"broken"}, is_over=False) for _ in range(5)]
    assert {each.arm.target for each in taken if each is not None} == {"sound"}


def test_same_reports_same_turns() -> None:
    """The turns are a function of the reports."""
    one, two = (turns(Schedule([arm("a"), arm("b", weight=2.0), arm("c")]), 200, news=("b",)) for _ in range(2))
    assert one == two


def test_what_is_out_comes_back() -> None:
    """Cases that nobody reported are handed out again, once each; reported ones and later ones are not disturbed."""
    each = arm("soak", 45)
    taken = [each.take() for _ in range(3)]
    each.settle(taken[1].start, taken[1].stop, [13], 1.0, showed_news=False)
    each.take_back()
    again = []
    while each.has_more:
        part = each.take()
        again += range(part.start, part.stop)
    assert sorted(again) == [*range(10), 13, *range(20, 45)]


@pytest.mark.parametrize(
    ("start", "stop", "rest"),
    [
        (0, 10, []),
        (0, 4, [(4, 10)]),
        (6, 10, [(0, 6)]),
        (3, 4, [(0, 3), (4, 10)]),
        (20, 30, [(0, 10)]),
        (5, 30, [(0, 5)]),
    ],
)
def test_without(start: int, stop: int, rest: list[tuple[int, int]]) -> None:
    """A span less another leaves what lies before and behind it."""
    assert without([(0, 10)], start, stop) == rest
