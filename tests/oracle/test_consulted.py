"""NautilusTrader at work: `run --oracle` has it on every case, and a difference is told with the side that it takes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from program import call, run, told

from cracktrader_fuzz.corpus.documents import read_finding
from cracktrader_fuzz.subjects.oracle import JUDGED
from cracktrader_strategies.oracle.departures import DEPARTURES

ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-rebate-not-paid"
SEARCH = ("run", "--front-end", "soak", "--cases", "6", "--workers", "1")
LINE = "oracle     nautilus sides with python"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with a finding: a canary in the second seat."""
    folder = tmp_path_factory.mktemp("corpus")
    ended = run(*SEARCH, "--subjects", f"python,{CANARY}", corpus=folder)
    assert ended.returncode == 1, ended.stderr
    assert LINE in ended.stdout
    return folder


def test_finding_says_who_is_alone(corpus: Path) -> None:
    """In its file, in `repro`, for a program too."""
    (path,) = (corpus / "findings").iterdir()
    assert read_finding(path).opinions == ["nautilus sides with python"]
    shown = call("repro", path, corpus=corpus)
    assert (shown.returncode, LINE in shown.stdout.splitlines()) == (1, True)
    assert json.loads(call("repro", path, "--json", corpus=corpus).stdout)["oracles"] == ["nautilus sides with python"]


def test_run_with_an_oracle(tmp_path: Path) -> None:
    """It has the third seat, its build and what it judged are told, the counts add up to the steps of the search."""
    ended = run(*SEARCH, "--oracle", "nautilus", "--json", corpus=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    facts = json.loads(ended.stdout)
    assert [build["subject"] for build in facts["builds"]] == ["python", "rust", "nautilus"]
    counts = facts["opinions"]["nautilus-on-python"]
    assert sum(counts.values()) == facts["total"]["steps"]
    assert 0 < counts[JUDGED] < facts["total"]["steps"]
    ended = run(*SEARCH, "--oracle", "nautilus", corpus=tmp_path)
    (line,) = (line for line in ended.stdout.splitlines() if line.startswith("oracle"))
    assert line.startswith(
        f"oracle   nautilus-on-python judged {counts[JUDGED]:,} of {facts['total']['steps']:,} steps ("
    )
    assert f"no-order {counts['no-order']:,}" in line


def test_unknown_oracle(tmp_path: Path) -> None:
    """Told in one line, with the oracles that there are."""
    ended = call("run", "--oracle", "delphi", corpus=tmp_path)
    assert (ended.returncode, told(ended)) == (2, "unknown oracle 'delphi': cracktrader has nautilus: see `oracles`")
    ended = call("run", "--oracle", "nautilus", "--target", "sequencer", corpus=tmp_path)
    assert (ended.returncode, told(ended)) == (2, "unknown oracle 'nautilus': sequencer has none: see `oracles`")


def test_oracles_are_listed() -> None:
    """With every departure; the same facts for a program; a target without any says so."""
    listed = call("oracles")
    head, *rows = listed.stdout.splitlines()
    assert head == f"nautilus: can be used; it judges all but these {len(DEPARTURES)}:"
    assert [re.split(r" {2,}", row.strip()) for row in rows] == [
        [each.name, each.covers, each.rule, each.other] for each in DEPARTURES
    ]
    facts = json.loads(call("oracles", "--json").stdout)["oracles"]["nautilus"]
    assert facts["missing"] == ""
    assert [each["name"] for each in facts["departures"]] == [each.name for each in DEPARTURES]
    assert call("oracles", "--target", "sequencer").stdout == "sequencer has no oracle\n"


def test_page_has_the_list() -> None:
    """`docs/oracle.md` lists the departures as the data does."""
    rows = re.findall(
        r"^\| `([\w-]+)` \| (.+) \| (.+) \| (.+) \|$", (ROOT / "docs/oracle.md").read_text(), re.MULTILINE
    )
    assert rows == [(each.name, each.covers, each.rule, each.other) for each in DEPARTURES]
