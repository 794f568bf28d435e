"""Reduce-only orders: which are let in, and which live orders count against the position (docs/engine.md 3).

How to read the table: the position in V:I when the order comes, the steps sent then (other orders), the
order, and its answer by `ANSWERS`. `WORDS` spells out the short words: `ro` makes an order reduce-only, `on`
and `off` set and clear the risk flag.
"""

from __future__ import annotations

from typing import Any

import pytest
from scenario import Session, table

WORDS = {
    "ro": "reduce_only=true",
    "on": "set_risk_flag flag=reduce_only",
    "off": "set_risk_flag flag=reduce_only on=false",
    "work": "submitted id=o2; accepted id=o2",
    "ask4": "replace quantity=4 id=o2",
    "get4": "replace quantity=4 id=o2; replaced quantity=4 id=o2",
    "get50": "replace quantity=50 id=o2; replaced quantity=50 id=o2",
    "buy10": "place buy 10 id=o3; submitted id=o3; accepted id=o3; fill 10 id=o3",
    "sell8": "place sell 8 id=o3; submitted id=o3; accepted id=o3; fill 8 id=o3",
}

ANSWERS = {"ok": "ok", "no": "reduce_only_violation"}

REDUCE_ONLY = """
# position | then                                                    | order                          | answer
# -- the position alone
0          | -                                                       | place sell 1 ro                | no
0          | -                                                       | place buy 1 ro                 | no
5          | -                                                       | place sell 5 ro                | ok
5          | -                                                       | place sell 5.00000001 ro       | no
5          | -                                                       | place buy 1 ro                 | no
-5         | -                                                       | place buy 5 ro                 | ok
-5         | -                                                       | place buy 5.00000001 ro        | no
-5         | -                                                       | place sell 1 ro                | no
5          | -                                                       | place sell 1 ro instrument=J   | no
5          | -                                                       | place sell 1 ro venue=W        | no
5          | -                                                       | place sell 6                   | ok
# -- the flag makes every new order reduce-only
5          | on                                                      | place sell 5                   | ok
5          | on                                                      | place sell 6                   | no
5          | on                                                      | place buy 1                    | no
5          | on                                                      | place sell 6 reduce_only=false | no
5          | on; off                                                 | place sell 6                   | ok
5          | on; place sell 3 id=o2; off                             | place sell 3 ro                | no
5          | on; place sell 3 id=o2; off                             | place sell 2 ro                | ok
# -- the leaves of the other live reduce-only orders of the same venue, instrument and side count
5          | place sell 3 ro id=o2                                   | place sell 2 ro                | ok
5          | place sell 3 ro id=o2                                   | place sell 2.00000001 ro       | no
5          | place sell 3 ro id=o2; place sell 1 ro id=o3            | place sell 2 ro                | no
5          | place sell 3 ro id=o2; place sell 1 ro id=o3            | place sell 1 ro                | ok
5          | place sell 3 id=o2                                      | place sell 5 ro                | ok
5          | place sell 3 ro id=o2; work; cancel id=o2               | place sell 3 ro                | no
5          | place sell 3 ro id=o2; work; cancelled id=o2            | place sell 5 ro                | ok
5          | place sell 3 ro id=o2; rejected id=o2                   | place sell 5 ro                | ok
5          | place sell 3 ro id=o2; work; expired id=o2              | place sell 5 ro                | ok
5          | place sell 3 ro id=o2; work; fill 1 id=o2               | place sell 2 ro                | ok
5          | place sell 3 ro id=o2; work; fill 1 id=o2               | place sell 3 ro                | no
5          | place sell 3 ro id=o2; work; fill 3 id=o2               | place sell 2 ro                | ok
5          | place sell 3 ro id=o2; work; cancel id=o2; fill 3 id=o2 | place sell 2 ro                | ok
# -- another side's, or one whose position has since turned, does not
-5         | place buy 5 ro id=o2; buy10                             | place sell 5 ro                | ok
5          | place sell 3 ro id=o2; sell8                            | place buy 3 ro                 | ok
# -- replaces are not checked, and count with their new leaves
5          | place sell 3 ro id=o2; ask4                             | place sell 2 ro                | ok
5          | place sell 3 ro id=o2; get4                             | place sell 2 ro                | no
5          | place sell 3 ro id=o2; get50                            | place sell 0.00000001 ro       | no
"""


def expand(text: str) -> str:
    """The text with the words of `WORDS` written out."""
    return "; ".join(" ".join(WORDS.get(word, word) for word in step.split()) for step in text.split(";"))


@pytest.mark.parametrize(("position", "then", "order", "answer"), table(REDUCE_ONLY))
def test_reduce_only(core_of: Any, position: str, then: str, order: str, answer: str) -> None:
    """An order that could take the position through zero or away from it is refused and changes nothing."""
    session = Session(core_of())
    if position != "0":
        session.execute(f"{'sell' if position.startswith('-') else 'buy'} {position.lstrip('-')}@100")
    session.run(expand(then))
    digest = session.core.state_digest()
    result = session.send(expand(order))
    assert result["code"] == ANSWERS[answer]
    assert (session.core.state_digest() == digest) is (answer == "no")


@pytest.mark.parametrize(("setting", "order", "recorded"), [
    ("no_op", "place sell 1 ro", True), ("no_op", "place sell 1", False),
    ("on", "place sell 1", True), ("on", "place sell 1 reduce_only=false", True),
    ("on; off", "place sell 1", False),
])  # fmt: skip
def test_reduce_only_is_recorded(core_of: Any, setting: str, order: str, recorded: bool) -> None:
    """An order keeps whether it was reduce-only as it was placed, by its own word or by the risk flag."""
    session = Session(core_of())
    session.execute("buy 5@100")
    session.run(expand(setting)).run(expand(order)).run("set_risk_flag flag=reduce_only on=true")
    assert session.order()["reduce_only"] is recorded
