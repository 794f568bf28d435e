"""The timeline: two columns within 120, plain words, the difference marked, the state that changed."""

from __future__ import annotations

import pytest
from cases import CANARY, cores, overfill_case
from tally import FORGOTTEN, TALLY, case, lockstep

from cracktrader_fuzz.lockstep.compare import Difference
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import START
from cracktrader_fuzz.lockstep.watch import SubjectTrace, changes, watch
from cracktrader_fuzz.report.narrative import divergence_story
from cracktrader_fuzz.report.timeline import WIDTH, timeline
from cracktrader_fuzz.search.soak import explore
from cracktrader_strategies.target import CRACKTRADER

OVERFILL = """
step  python                                                    rust-overfill-by-one-accepted
   0  place_order o1: buy 1 limit v1:i1, limit price 1  [s1]
      ok new > CREATED, filled 0, open 1                        ok new > CREATED, filled 0, open 1
   1  order_submitted o1  [v1:i1 #1 t1]
      ok CREATED > SUBMITTED, filled 0, open 1                  ok CREATED > SUBMITTED, filled 0, open 1
   2  order_accepted o1  [v1:i1 #2 t1]
      ok SUBMITTED > ACCEPTED, filled 0, open 1                 ok SUBMITTED > ACCEPTED, filled 0, open 1
   3  order_fill o1: 1.00000001 at 1, fee 0 quote  [v1:i1 #3 t1]
>>    rejected overfill                                         ok ACCEPTED > PARTIALLY_FILLED, filled 1.00000001, open
                                                                  -0.00000001, cash -1.00000001, position 1.00000001

step 3: outcome.code: value
  python: 'overfill'
  rust-overfill-by-one-accepted: 'ok'

state changed by step 3, 8 places, * differs
* cash                                          1000                                 1000 > 998.99999999
* last_seq_id                                   2                                    2 > 3
* orders.o1.cumulative                          0                                    0 > 1.00000001
* orders.o1.leaves                              1                                    1 > -0.00000001
* orders.o1.status                              ACCEPTED                             ACCEPTED > PARTIALLY_FILLED
* positions.v1:i1.open_cost                     (none)                               (none) > 1.00000001
* positions.v1:i1.quantity                      (none)                               (none) > 1.00000001
* positions.v1:i1.realised                      (none)                               (none) > 0
"""


def story(seated: Lockstep, told: object) -> list[str]:
    """The story of the first difference of a case."""
    divergence = seated.run_case(told, exact=True).divergence  # type: ignore[arg-type]
    assert divergence is not None
    return divergence_story(seated, told, divergence)  # type: ignore[arg-type]


def test_story_of_an_overfill() -> None:
    """Every step in words with both answers, the step that differs marked, both values, the state of both by path."""
    assert story(cores("python", CANARY), overfill_case()) == OVERFILL.strip().splitlines()


def test_any_target_has_words() -> None:
    """A target without words of its own is shown by its fields, and a state that differs by its path."""
    lines = story(lockstep("forgetful"), case(*FORGOTTEN))
    assert lines[1] == "   0  add name=n5 amount=2.5"
    assert lines[2].split() == ["ok", "total=2.5", "ok", "total=2.5"]
    assert "* totals.n5                                     6.5 > 13.5                           6.5" in lines


def test_crash_is_shown() -> None:
    """A subject that dies has its code in its column, and its state is shown if it can still be looked at."""
    lines = story(lockstep("crashing"), case(("add", "n1", "20"), ("take", "n1", "13")))
    assert ">>    ok total=7                                                crashed:SystemExit" in lines


@pytest.mark.parametrize("index", range(4))
def test_no_line_is_wider_than_it_may_be(index: int) -> None:
    """Generated cases with all their odd values stay within 120 columns of printable ASCII."""
    seated = cores("python", "rust")
    generated = explore(seated, 7, index).case
    last = len(generated.steps) - 1
    pair = watch(seated, generated, "python", (last,)), watch(seated, generated, "rust", (last,))
    lines = list(timeline(CRACKTRADER, generated, pair, range(last + 1), None))
    assert len(lines) > 2 * last
    assert max(map(len, lines)) <= WIDTH
    assert all(line.isascii() and line.isprintable() for line in lines)


def test_missing_answers_have_a_word() -> None:
    """A column that ends early, as an expected trace of another length would, says so."""
    short = SubjectTrace("expected", [], {})
    told = list(timeline(TALLY, case(("add", "n1", "1")), (short, short), range(1), None))
    assert told[-1].count("(no answer)") == 2


def test_changes_are_all_that_differs() -> None:
    """Every place, in order of path, new and lost entries down to their leaves; types count."""
    before = {"a": 1, "b": {"x": {"y": "1"}}, "c": [1, 2], "d": {}}
    after = {"a": True, "c": [1, 3], "d": {}, "e": {"z": None}}
    assert changes(before, after) == [
        Difference(("a",), "type", 1, True),
        Difference(("b", "x", "y"), "missing", "1", None),
        Difference(("c",), "value", [1, 2], [1, 3]),
        Difference(("e", "z"), "extra", None, None),
    ]
    assert changes(after, after) == []


def test_watching_starts_before_the_first_step() -> None:
    """The state before anything happened can be wanted, and only wanted states are kept."""
    watched = watch(lockstep("forgetful"), case(*FORGOTTEN), "right", (START, 1))
    assert watched.states == {START: {"totals": {}}, 1: {"totals": {"n5": "2.5", "n9": "3"}}}
    assert len(watched.outcomes) == 2
