"""Findings and fixtures: strict in, canonical out, and a store that keeps the smallest of each signature."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tally import FORGOTTEN, case, lockstep

from cracktrader_fuzz.case.codec import content_hash
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.documents import Finding, Fixture, Provenance, read_finding, read_fixture, text_of
from cracktrader_fuzz.corpus.store import FindingStore, finding_of, write_atomically
from cracktrader_fuzz.errors import CorpusError, DocumentError
from cracktrader_fuzz.shrink.certificate import Certificate
from cracktrader_fuzz.shrink.shrinker import Shrinker

PROVENANCE = Provenance("soak 1/2", ["tally 1"])
LONG = case(*FORGOTTEN[:5])
SHORT = case(("add", "n1", "1"), ("add", "n1", "7"))


def finding(of: Case, certificate: Certificate | None = None) -> Finding:
    """The finding for a case on which `forgetful` is wrong."""
    divergence = lockstep("forgetful").run_case(of, exact=True).divergence
    assert divergence is not None
    return finding_of(of, divergence, certificate, PROVENANCE)


def fixture() -> Fixture:
    """A fixture without an expectation."""
    return Fixture(
        format=1, sentence="Says why.", target="tally", verdict="both", signature=None, fails_on="forgetful",
        provenance=PROVENANCE, certificate=None, hash=content_hash(SHORT), config={}, steps=SHORT.steps, expected=None,
    )  # fmt: skip


def test_finding_tells_what_was_seen(tmp_path: Path) -> None:
    """A finding is written and read back unchanged, with the step, the place and both values."""
    path = tmp_path / "f.json"
    path.write_text(text_of(finding(LONG)), encoding="utf-8")
    read = read_finding(path)
    assert read == finding(LONG)
    assert read.case == LONG
    assert (read.seen.step, read.seen.path, read.seen.left, read.seen.right) == (
        4, "state.totals.*", "'13.5'", "'6.5'",
    )  # fmt: skip


def test_fixture_reads_back(tmp_path: Path) -> None:
    """A fixture is written and read back unchanged."""
    path = tmp_path / "f.json"
    path.write_text(text_of(fixture()), encoding="utf-8")
    assert read_fixture(path) == fixture()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "format 2 is not 1"),
        ({"format": "1"}, "format '1' is not 1"),
        ({"surprise": 1}, "unknown field `surprise`"),
        ({"steps": {}}, "Expected `array`, got `object`"),
        ({"steps": []}, "the case was edited"),
        ({"hash": "0"}, "the case was edited"),
        ({"certificate": {"signature": "x"}}, "missing required field `deletions`"),
    ],
    ids=str,
)
def test_changed_documents_are_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    """Anything that is not exactly a finding of this format, with the hash of its case, is a DocumentError."""
    path = tmp_path / "f.json"
    path.write_text(json.dumps({**msgspec.to_builtins(finding(SHORT)), **change}), encoding="utf-8")
    with pytest.raises(DocumentError) as error:
        read_finding(path)
    assert str(path) in str(error.value)
    assert message in str(error.value)


def test_store_keeps_the_smallest_of_a_signature(tmp_path: Path) -> None:
    """A smaller finding takes the place of a larger one, and never the other way round."""
    store = FindingStore(tmp_path / "findings")
    large = store.keep(finding(LONG), "slug")
    small = store.keep(finding(SHORT), "slug")
    assert store.paths() == [small]
    assert not large.exists()
    assert store.keep(finding(LONG), "slug") == small
    assert store.paths() == [small]


def test_writers_at_the_same_time_agree_on_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that did not see the smaller finding before it wrote takes its own away afterwards."""
    store = FindingStore(tmp_path)
    small = store.keep(finding(SHORT), "slug")
    monkeypatch.setattr(store, "kept", lambda _: None)
    assert store.keep(finding(LONG), "slug") == small
    assert store.paths() == [small]


def test_store_prefers_a_certificate(tmp_path: Path) -> None:
    """The same case with a certificate takes the place of the one without."""
    store = FindingStore(tmp_path)
    store.keep(finding(SHORT), "slug")
    certificate = Shrinker(lockstep("forgetful")).shrink(SHORT).certificate
    path = store.keep(finding(SHORT, certificate), "slug")
    assert [read_finding(each).certificate for each in store.paths()] == [certificate]
    assert store.keep(finding(SHORT), "slug") == path
    assert read_finding(path).certificate == certificate


def test_store_leaves_other_files_alone(tmp_path: Path) -> None:
    """What is no finding is neither read as one nor taken away."""
    (tmp_path / "notes.json").write_text("not JSON", encoding="utf-8")
    FindingStore(tmp_path).keep(finding(SHORT), "slug")
    assert (tmp_path / "notes.json").read_text(encoding="utf-8") == "not JSON"


def test_writing_is_whole_or_not_at_all(tmp_path: Path) -> None:
    """A write that fails leaves the old text, no temporary file, and an error with the path."""
    path = tmp_path / "f.json"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(CorpusError, match="cannot be written"):
        write_atomically(path / "below", "x")
