"""Descriptions of steps, and the rules of the page that a step falls under."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cases import place, report

from cracktrader_fuzz.case.model import Step
from cracktrader_fuzz.report.description import describe_step
from cracktrader_strategies.grammar import ODD_KIND, STEP_KINDS
from cracktrader_strategies.rules import RULES
from cracktrader_strategies.target import CRACKTRADER

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "engine.md").read_text(encoding="utf-8")


def changed(step: Step, **changes: object) -> Step:
    """The step with other fields."""
    return {**step, **changes}


TIMER = changed(report(4, "timer"), source="timer", payload={"name": "t1"})

# what | step | description
DESCRIPTIONS = [
    ("order", place(), "place_order o1: buy 1 limit v1:i1, limit price 1  [s1]"),
    ("null field", place(limit_price=None), "place_order o1: buy 1 limit v1:i1  [s1]"),
    ("float", place(quantity=1.0), "place_order o1: buy float 1.0 limit v1:i1, limit price 1  [s1]"),
    ("integer", place(quantity=1), "place_order o1: buy int 1 limit v1:i1, limit price 1  [s1]"),
    ("flag", place(reduce_only=True), "place_order o1: buy 1 limit v1:i1, limit price 1, reduce only True  [s1]"),
    ("report", report(1, "order_expired"), "order_expired o1  [v1:i1 #1 t1]"),
    ("reason", report(1, "order_expired", reason="a b"), "order_expired o1: reason 'a b'  [v1:i1 #1 t1]"),
    ("times", changed(report(1, "order_expired"), ingest_time=2), "order_expired o1  [v1:i1 #1 t1/2]"),
    ("key", changed(report(1, "order_expired"), idempotency_key="k1"), "order_expired o1  [v1:i1 #1 t1 key k1]"),
    ("timer", TIMER, "timer: name t1  [v1:i1 #4 t1]"),
    ("escape", report(1, "order_expired", reason="\x1b[31m"), r"order_expired o1: reason '\x1b[31m'  [v1:i1 #1 t1]"),
    ("surrogate", report(1, "order_expired", reason="\ud800"), r"order_expired o1: reason '\ud800'  [v1:i1 #1 t1]"),
]


@pytest.mark.parametrize(
    ("step", "description"), [row[1:] for row in DESCRIPTIONS], ids=[row[0] for row in DESCRIPTIONS]
)
def test_description_of_a_step(step: Step, description: str) -> None:
    """Kind, order, the fields that matter; what is not text as it should be shows its type."""
    assert describe_step(CRACKTRADER, step) == description


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        ({}, ""),
        ({"payload": 3}, "payload=3"),
        (changed(TIMER, extra="field"), "extra=field"),
        (changed(TIMER, source="control"), "source=control"),
        ({"intent_type": "no_op", "payload": []}, "intent_type=no_op payload=[]"),
    ],
)
def test_odd_step_shows_all_its_fields(step: Step, shown: str) -> None:
    """A step that cannot be described is shown field by field, and nothing of it is left out."""
    assert shown in describe_step(CRACKTRADER, step)


@pytest.mark.parametrize("name", sorted(RULES))
def test_rule_stands_on_the_page(name: str) -> None:
    """The words of a rule are those of the section that it names."""
    number, words = re.fullmatch(r"docs/engine\.md section ([0-9]): (.+)", RULES[name]).groups()  # type: ignore[union-attr]
    section = PAGE.split(f"\n## {number}. ")[1].split("\n## ")[0]
    assert words in " ".join(section.split())


def test_every_kind_and_code_has_its_rule() -> None:
    """No step kind and no code of section 7 is without a rule; `ok` is none."""
    codes = set(re.findall(r"`([a-z_]+)`", PAGE.split("\n## 7. ")[1].split("\n## ")[0])) - {"ok"}
    assert {*STEP_KINDS, ODD_KIND, *codes} - set(RULES) == set()
