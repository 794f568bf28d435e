"""The search sees the code: Rust's and Python's, an edge and a comparison at a time, and says so when it does not.

These tests are what stands between a coverage that works and one that is lost without a word, say by a compiler whose
flags have changed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from haystack import ROOT, session

from cracktrader_fuzz.corpus.documents import read_fixture
from cracktrader_fuzz.coverage.shim import Shim
from cracktrader_fuzz.errors import CoverageLostError
from cracktrader_strategies.subjects.rust_builds import COVERAGE_VARIABLE, coverage_library
from cracktrader_strategies.subjects.rust_canary import load_canary_extension

EXECUTIONS = 100
TURNS_MAX = 20
TURN_SECONDS = 300.0


@pytest.mark.parametrize(("needle", "follows_python"), [("rust-needle", False), ("python-needle", True)])
def test_exact_numbers_are_found(tmp_path: Path, needle: str, follows_python: bool) -> None:
    """Three exact numbers, one behind the other, are found by a few hundred cases; chance would need 10 to the 25."""
    search = session(tmp_path, "python", needle, follows_python=follows_python)
    try:
        for _ in range(TURNS_MAX):
            tally = search.turn(EXECUTIONS, TURN_SECONDS)
            if tally.found:
                break
        (signature,) = {name.rpartition("/")[2] for name in tally.found}
        assert signature == f"python~{needle}"
        case = search.found(0)
        assert case is not None
        fill = case.steps[-1]["payload"]
        numbers = ["4.75318642", "61.80339887"] if needle == "rust-needle" else ["8.57204913", "26.45751311"]
        assert [fill["last_quantity"], fill["last_price"]] == numbers
    finally:
        search.close()


def test_new_code_is_new_to_the_fuzzer(tmp_path: Path) -> None:
    """With Rust's counters attached the fuzzer keeps more cases than the answers alone are worth; both are counted."""
    taken, kept = {}, {}
    for follows_rust in (False, True):
        folder = tmp_path / str(follows_rust)
        folder.mkdir()
        search = session(folder, "python", "rust", follows_rust=follows_rust)
        tally = search.turn(EXECUTIONS, TURN_SECONDS)
        search.close()
        assert tally.executions == EXECUTIONS
        taken[follows_rust] = tally.rust.taken
        kept[follows_rust] = len(list((folder / "corpus").iterdir()))
    assert taken[False] == 0
    assert taken[True] > 1_000
    assert 0 < kept[False] < kept[True]


def test_both_languages_are_held_against_each_other(tmp_path: Path) -> None:
    """Where Python is followed too, its edges are counted, and cells with new code on one side only are named."""
    search = session(tmp_path, "python", "rust", follows_python=True)
    tally = search.turn(EXECUTIONS, TURN_SECONDS)
    search.close()
    assert 100 < tally.python.taken < tally.python.edges
    assert tally.one_sided
    assert {each.subject for each in tally.one_sided} <= {"python", "rust"}
    assert {(each.kind, each.context, each.code) for each in tally.one_sided} <= {cell[:3] for cell in tally.cells}


def test_build_that_counts_nothing_is_refused() -> None:
    """A library without the shim is an error that says how to build one with it."""
    path = Path(str(load_canary_extension().__file__))
    with pytest.raises(CoverageLostError, match="has no shim: build it with `make coverage`"):
        Shim(path)


def test_child_says_why_it_cannot_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that should follow Rust and has no build for it ends with the way out, not with a blind search."""
    from cracktrader_fuzz.coverage.session import SearchUnableError

    monkeypatch.setenv(COVERAGE_VARIABLE, str(tmp_path / "none.so"))
    with pytest.raises(SearchUnableError, match="build it with `make coverage`"):
        session(tmp_path, "python", "rust").turn(EXECUTIONS, TURN_SECONDS)


def test_library_is_where_make_puts_it() -> None:
    """The build that is searched is the one of this repository."""
    assert coverage_library().is_relative_to(ROOT / "rust" / "target" / "coverage")


def test_unsafe_code_stands_in_the_shim_only() -> None:
    """No Rust source but the shim's has an unsafe block, function or attribute, and the workspace forbids it."""
    sources = [path for path in (ROOT / "rust").rglob("*.rs") if "target" not in path.relative_to(ROOT).parts]
    having = {path.relative_to(ROOT / "rust").parts[0] for path in sources if _has_unsafe(path)}
    assert having == {"sancov_shim"}
    assert 'unsafe_code = "forbid"' in (ROOT / "rust" / "Cargo.toml").read_text(encoding="utf-8")
    engine = (ROOT / "rust" / "cracktrader_engine" / "Cargo.toml").read_text(encoding="utf-8")
    assert "[lints]\nworkspace = true" in engine


def _has_unsafe(path: Path) -> bool:
    lines = (line.partition("//")[0] for line in path.read_text(encoding="utf-8").splitlines())
    return any("unsafe" in line for line in lines)


def test_fixtures_fit_into_the_fuzzer() -> None:
    """Every fixture is a seed: none is larger than an input may be."""
    from cracktrader_fuzz.coverage.packing import pack
    from cracktrader_fuzz.coverage.protocol import BYTES_MAX

    paths = list((ROOT / "corpus" / "fixtures").rglob("*.json"))
    assert paths
    assert all(len(pack(read_fixture(path).case)) < BYTES_MAX for path in paths)
