"""`list`: every name that another command takes is printed, a line each, and the same facts as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from documents import printed as printed_document
from program import ROOT, TARGETS, call, told

from cracktrader_fuzz.campaign.front_ends import FRONT_ENDS
from cracktrader_fuzz.settings import read_settings
from cracktrader_fuzz.subjects.oracle import is_opinion
from cracktrader_strategies.target import CRACKTRADER


@pytest.fixture(autouse=True)
def in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that hold are the repository's."""
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(TARGETS)


def lines(*arguments: str) -> list[str]:
    """The lines that `list` prints."""
    ended = call("list", *arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


def facts(*arguments: str) -> dict[str, Any]:
    """The same facts as a document, which is valid."""
    ended = call("list", *arguments, "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    return printed_document(ended.stdout, f"list-{arguments[0]}")


def test_targets() -> None:
    """Each target of the settings with its reference, the default one marked; a corpus of its own is in the JSON."""
    settings = read_settings()
    printed = [line.split() for line in lines("targets")]
    assert [(row[0], row[1]) for row in printed] == list(settings.targets.items())
    assert [row[0] for row in printed if row[2:] == ["default"]] == [settings.target]
    own = {each["name"]: each["corpus"] for each in facts("targets")["targets"]}
    assert own["nautilus"] == str(ROOT / "corpus" / "nautilus")
    assert own["cracktrader"] == str(ROOT / "corpus")


def test_targets_where_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings the way out is printed, and the document is empty."""
    monkeypatch.chdir(tmp_path)
    assert lines("targets") == ["no targets here: `python -m cracktrader_fuzz init` writes a first one"]
    assert facts("targets")["targets"] == []


def test_default_target_by_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A default that is a reference and no key is listed too."""
    (tmp_path / "pyproject.toml").write_text('[tool.cracktrader-fuzz]\ntarget = "mine:T"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [line.split() for line in lines("targets")] == [["mine:T", "mine:T", "default"]]


def test_subjects() -> None:
    """Every subject once, the seats first; a relation names its plain subject, a canary what it is held against."""
    printed = {line.split()[0]: line.split(maxsplit=1)[1] for line in lines("subjects")}
    plain = [name for name in CRACKTRADER.subjects if not is_opinion(CRACKTRADER.oracles, name)]
    assert list(printed)[:2] == list(CRACKTRADER.seats)
    assert sorted(printed) == sorted([*plain, "nautilus-on-NAME"])
    assert printed["python"] == "seat      seat 1, the reference"
    assert printed["python-batched"].endswith("must agree with python, front end relations")
    assert printed["canary-rebate-not-paid"].endswith("held against python, breaks cash_delta")
    assert printed["canary-batch-answers-reversed"].endswith("the reference of canary-batch-answers-reversed-batched")
    assert printed["python-needle"].endswith("made by cracktrader_strategies.subjects.needle:NeedleCore")
    assert printed["nautilus-on-NAME"].endswith("the oracle nautilus on any subject NAME")
    documents = facts("subjects")["subjects"]
    assert [each["name"] for each in documents] == list(printed)
    assert documents[0]["missing"] is None


def test_subjects_that_cannot_be_made() -> None:
    """Only with `--check` is each made, and the cause stands on its line; that is no failure of the command."""
    named = ("subjects", "--target", "odd_targets:UNBUILT")
    assert not any("cannot be made" in line for line in lines(*named))
    (line,) = (line for line in lines(*named, "--check") if "cannot be made" in line)
    assert line.startswith("other ")
    assert line.endswith("seat 2; cannot be made here: subject 'other' cannot be made: OSError: no such core")
    missing = {each["name"]: each["missing"] for each in facts(*named, "--check")["subjects"]}
    assert missing["python"] == ""
    assert missing["other"].endswith("OSError: no such core")


def test_canaries() -> None:
    """Every canary with what it breaks and its known size; those of relations with their front end."""
    found = facts("canaries")["canaries"]
    assert {each["name"]: each["steps_min"] for each in found} == {
        each.name: each.steps_min
        for some in (CRACKTRADER.canaries, *CRACKTRADER.relations.canaries.values())
        for each in some
    }
    printed = {line.split()[0]: line for line in lines("canaries")}
    assert len(printed) == len(found)
    assert printed["canary-rebate-not-paid"].split()[1:] == ["breaks", "cash_delta", "4", "steps", "any"]
    assert printed["canary-batch-answers-reversed-batched"].endswith("3 steps  relations")
    assert lines("canaries", "--target", "odd_targets:WITHOUT_CANARY")[0].startswith("canary-one-mark-for-all-apart")


def test_front_ends() -> None:
    """Each front end with whether it ends, where it runs, and what it does."""
    printed = lines("front-ends")
    assert [line.split()[0] for line in printed] == list(FRONT_ENDS)
    assert all(each.does for each in FRONT_ENDS.values())
    documents = {each["name"]: each for each in facts("front-ends")["front_ends"]}
    assert documents["corpus"]["endless"] is False
    assert documents["coverage"] == {
        "name": "coverage",
        "does": FRONT_ENDS["coverage"].does,
        "endless": True,
        "in_plain_run": False,
    }


def test_rules() -> None:
    """Each rule of the target's page by what falls under it; a target without any says so."""
    assert facts("rules")["rules"] == dict(CRACKTRADER.reading.rules)
    assert len(lines("rules")) == len(CRACKTRADER.reading.rules)


@pytest.mark.parametrize(
    ("wrong", "near"), [("target", "targets"), ("frontends", "front-ends"), ("canary", "canaries")]
)
def test_misspelt_kind(wrong: str, near: str) -> None:
    """A kind of name that is none is refused with the nearest one."""
    ended = call("list", wrong)
    assert ended.returncode == 2
    assert f"No such command {wrong!r}; did you mean {near!r}" in told(ended)
