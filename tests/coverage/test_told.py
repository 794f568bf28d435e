"""What a run says of the code that a search has seen."""

from __future__ import annotations

from cracktrader_fuzz.campaign.job import CodeReach, Report
from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.coverage.protocol import EdgeCount, OneSided
from cracktrader_fuzz.report.run_document import run_document
from cracktrader_fuzz.report.summary_text import console, render
from cracktrader_strategies.target import CRACKTRADER

ONE_SIDED = [OneSided("timer", "-", "ok", "rust", edges) for edges in (1, 7)]
ONE_SIDED += [OneSided("order_fill", "ACCEPTED", code, "python", 3) for code in ("ok", "overfill", "out_of_range")]


def test_code_of_one_side_is_told() -> None:
    """Text names the cells with most edges first and counts the others; JSON has all of them."""
    followed = CodeReach(EdgeCount(20_000, 9_000), EdgeCount(2_000, 1_000), ONE_SIDED)
    summary = Summary("cracktrader", 1, [], reports=[Report("coverage", cases=10, seconds=2.0, followed=followed)])
    with (screen := console()).capture() as captured:
        screen.print(render(summary, CRACKTRADER))
    cells = "timer in -: ok (7 in rust); order_fill in ACCEPTED: ok (3 in python)"
    line = f"coverage new code in one subject and none in the other: {cells}; "
    assert line in captured.get()
    assert "; and 1 more\n" in captured.get()
    listed = run_document(summary).front_ends["coverage"].followed.one_sided
    assert [(each.subject, each.edges) for each in listed] == [(each.subject, each.edges) for each in ONE_SIDED]
