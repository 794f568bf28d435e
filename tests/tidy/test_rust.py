"""The Rust crate: no circle among its modules, Python's names for what both sides have, a reason beside each number."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from rust_source import circle_in, graph_of
from tree import ROOT, short, tracked

SOURCES = "rust/cracktrader_engine/src"
BINDING = "python"  # the files that know Python: Python has no second one of them
ONLY_IN_RUST = {
    "answer": "a part of Python's `invariants`",
    "canary": "the bugs of the test build; Python's stand in the harness, with what is in the folder",
    "canonical": "functions of Python's `events`",
    "canonical_json": "a function of Python's `snapshot`",
    "decimal": "functions of Python's `numbers`",
    "fault": "a part of Python's `error`",
    "fee": "a part of Python's `normalizer`",
    "forgetful": "see `canary`",
    "lib": "the crate itself",
    "needle": "see `canary`",
    "observation": "a part of Python's `invariants`",
    "planted_core": "see `canary`",
    "schemas": "a part of Python's `normalizer`",
    "sum": "Python's integers have no bound",
    "table": "Python's dict",
    "value": "Python's own values",
    "verification": "a part of Python's `invariants`",
}
"""The Rust modules without a Python file of their name, and where Python has the same."""

CONSTANT = re.compile(
    r"^[ ]*(?:pub(?:\(\w+\))? )?(?:const|static) (\w+): (?:[iu](?:8|16|32|64|128|size)|f(?:32|64)) = [^\n]*",
    re.MULTILINE,
)
WORDS_OF_A_REASON = 3  # fewer are a number said once more, or a unit


def rust_texts() -> dict[str, str]:
    """The crate's sources, named from its source folder."""
    return {
        path.relative_to(ROOT / SOURCES).as_posix(): path.read_text(encoding="utf-8")
        for path in tracked(".rs", SOURCES)
    }


def bare_constants(text: str) -> list[str]:
    """The numeric constants of a Rust text that have no reason: on the line, or in the comment right above."""
    bare = []
    for found in CONSTANT.finditer(text):
        above = re.search(r"(?:^[ ]*//[^\n]*\n)+(?:^[ ]*#\[[^\n]*\n)*\Z", text[: found.start()], re.MULTILINE)
        reason = found[0].partition("//")[2] + (above[0] if above else "")
        if len(re.findall(r"[A-Za-z]{2,}", reason)) < WORDS_OF_A_REASON:
            bare.append(found[1])
    return bare


def test_rust_modules_make_no_circle() -> None:
    """No module of the crate uses another that uses it, by way of whatever others."""
    graph = graph_of(rust_texts())
    assert len(graph["core.rs"]) > 5, "the paths are read"
    assert " uses ".join(circle_in(graph)) == ""


@pytest.mark.parametrize(
    ("how", "texts", "used", "circle"),
    [
        ("path", {"a.rs": "use crate::b::B;", "b.rs": "fn f() { crate::a::g(); }"}, "b.rs", True),
        ("braces", {"a.rs": "use crate::{c, b::{B, C}};", "b.rs": "use super::a;"}, "b.rs", True),
        ("child", {"a.rs": "mod b;\nuse b::B;", "a/b.rs": "use super::A;"}, "a/b.rs", True),
        ("child in code", {"a.rs": "mod b;\nfn f() { b::f() }", "a/b.rs": "use crate::a;"}, "a/b.rs", True),
        ("inner module", {"a.rs": "mod m { use super::super::b; }", "b.rs": "use crate::a;"}, "b.rs", True),
        ("everything", {"a.rs": "mod b;\nuse b::B;", "a/b.rs": "use super::*;"}, "a/b.rs", True),
        ("declared only", {"a.rs": "mod b;", "a/b.rs": "use super::A;"}, "", False),
        (
            "sibling",
            {"a.rs": "mod b;\nuse b::B;", "a/b.rs": "use super::c::{C, d::{D},};", "a/c.rs": ""},
            "a/b.rs",
            False,
        ),
        ("of itself", {"a.rs": "use crate::b;\nmod tests { use super::*; }", "b.rs": ""}, "b.rs", False),
        ("comment, text", {"a.rs": "use crate::b;", "b.rs": '// crate::a\nf("crate::a");'}, "b.rs", False),
        (
            "another crate",
            {"a.rs": "use crate::b;", "b.rs": "use other::a::b;\nfn f() { std::a::g(); }"},
            "b.rs",
            False,
        ),
    ],
)
def test_circles_are_seen(how: str, texts: dict[str, str], used: str, circle: bool) -> None:
    """Paths are read in uses and in code, in braces and in inner modules, and nowhere else."""
    graph = graph_of(texts)
    assert graph["a.rs"] == ({used} if used else set()), how
    assert set(circle_in(graph)) == ({"a.rs", used} if circle else set()), how


def test_both_sides_have_the_same_names() -> None:
    """A Rust module is named as the Python file that holds the same, or stands in the list of those that have none."""
    python = {path.stem for path in tracked(".py", "src/cracktrader/engine")}
    rust = {PurePosixPath(name).stem for name in rust_texts() if PurePosixPath(name).parts[0] != BINDING}
    assert rust - {BINDING} - python - set(ONLY_IN_RUST) == set(), "name it as Python does, or say here why not"
    assert set(ONLY_IN_RUST) - rust == set(), "gone: take it out of the list"
    assert set(ONLY_IN_RUST) & python == set(), "Python has it by now: take it out of the list"


def test_each_number_has_its_reason() -> None:
    """Every numeric constant of the Rust sources says beside it why it is this number."""
    bare = {short(path): bare_constants(path.read_text(encoding="utf-8")) for path in tracked(".rs", "rust")}
    assert {name: names for name, names in bare.items() if names} == {}


def test_bare_numbers_are_seen() -> None:
    """A comment above, by way of attributes, or behind is a reason; none, a distant one or the number again is not."""
    text = """
/// The most that fits one line.
#[allow(dead_code)]
pub(crate) const REASONED: usize = 64;
const BESIDE: f64 = 1e8; // the grid that floats have
    const BARE: u128 = 10_u128.pow(18);
/// 0.5
static AGAIN: i64 = 50_000_000;
// A reason for something else.

pub const DISTANT: u32 = 16;
const NOT_A_NUMBER: &str = "16";
"""
    assert bare_constants(text) == ["BARE", "AGAIN", "DISTANT"]
