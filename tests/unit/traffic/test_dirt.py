"""The table of dirt and the readers that use it are closed over each other."""

import re
from pathlib import Path

import cracktrader_strategies.traffic as traffic
from cracktrader_strategies.traffic import DIRT

FOUND_BY_THE_CHECK = {"opening_position", "venue_rounding"}


def test_every_kind_is_marked_by_a_reader_and_every_mark_is_a_kind() -> None:
    """No kind without a reader, and no mark without a meaning."""
    sources = [path for path in Path(traffic.__file__).parent.glob("*.py") if path.name != "dirt.py"]
    quoted = {word for path in sources for word in re.findall(r'"([a-z_]+)"', path.read_text(encoding="utf-8"))}
    marks = {
        word
        for path in sources
        for call in re.findall(r"\bdirt(?:\.append)?\(([^)]*)\)", path.read_text(encoding="utf-8"))
        for word in re.findall(r'"([a-z_]+)"', call)
    }
    assert marks <= set(DIRT)
    assert set(DIRT) - quoted == set()
    assert FOUND_BY_THE_CHECK.isdisjoint(marks)


def test_only_the_kinds_of_the_check_and_of_odd_orders_explain_anything() -> None:
    """Dirt that a core can follow excuses nothing."""
    excusing = {name for name, kind in DIRT.items() if kind.codes or kind.fields}
    assert excusing == FOUND_BY_THE_CHECK | {
        "created_again",
        "unknown_order",
        "update_after_end",
        "total_falls",
    }
