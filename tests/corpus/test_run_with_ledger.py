"""What a known divergence does to a run: nothing, unless its date has passed or it no longer shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from making import KNOWN_CANARY, UNTIL, call, known, searched, snapshot

from cracktrader_fuzz.campaign.job import Report, Sighting
from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, KnownDivergences, read_ledger
from cracktrader_fuzz.report.run_document import run_document
from cracktrader_fuzz.report.summary_text import console, render, verdict_line
from cracktrader_strategies.target import CRACKTRADER

SEATS = f"python,{KNOWN_CANARY}"
AFTER = UNTIL.replace(day=UNTIL.day + 1).isoformat()
KNOWN, NEW = "cracktrader/order_fill/ACCEPTED/outcome.code/overfill~ok/python~rust", "t/k/c/p/d/a~b"


def run(corpus: Path, *options: str, seats: str = SEATS) -> tuple[int, dict[str, Any]]:
    """A run of the stored cases, or of what the options name: its exit code and what it says as JSON."""
    named = options if "--front-end" in options else ("--front-end", "corpus", *options)
    ended = call("run", "--json", "--subjects", seats, *named, corpus=corpus)
    return ended.exit_code, json.loads(ended.stdout)


def summary(*signatures: str, **changes: Any) -> Summary:
    """A finished run that knows one divergence and saw these signatures, each twice."""
    seen = {each: Sighting("a.json", 1, certified=True, origin="soak 1/0", seen=2) for each in signatures}
    report = Report("soak", cases=1, steps=9, applied=9, sightings=seen)
    return Summary("cracktrader", 1, [], reports=[report], ledger=KnownDivergences([known()]), **changes)


# seen           | changes                                          | exit code
CODES = [
    ((), {}, 0),
    ((KNOWN,), {}, 4),
    ((KNOWN, NEW), {}, 1),
    ((NEW,), {}, 1),
    ((KNOWN,), {"ledger_problems": ["expired"]}, 1),
    ((KNOWN,), {"fixture_problems": ["stale"]}, 1),
    ((KNOWN,), {"interrupted": True}, 130),
    ((KNOWN,), {"broken": ["canary"]}, 3),
]


@pytest.mark.parametrize(("seen", "changes", "code"), CODES)
def test_exit_codes(seen: tuple[str, ...], changes: dict[str, Any], code: int) -> None:
    """4 is for known divergences and nothing else; whatever is worse wins."""
    assert summary(*seen, **changes).exit_code == code


def test_known_and_new_are_told_apart() -> None:
    """In the facts, in the lines and in the last of them; a known one is never offered for promotion."""
    facts = run_document(summary(KNOWN, NEW))
    assert (list(facts.findings), [(each.id, each.seen) for each in facts.known]) == ([NEW], [("one", 2)])
    with (screen := console()).capture() as captured:
        screen.print(render(summary(KNOWN), CRACKTRADER))
    assert f"known    one until {UNTIL}, seen 2 times\n" in captured.get()
    assert "promote" not in captured.get()
    assert verdict_line(summary(KNOWN)).startswith("0 new signatures, 1 known divergences and nothing else: ")


def test_unexercised_entry_warns() -> None:
    """An entry that a whole search did not come across is noted; after a run that was cut short nothing is said."""
    assert summary().unexercised() == ["known divergence one was not seen in this run: does it still happen?"]
    assert summary(KNOWN).unexercised() == []
    assert summary(interrupted=True).unexercised() == []
    assert summary(broken=["a worker died"]).unexercised() == []
    fixtures_only = summary()
    fixtures_only.reports[0].front_end = "corpus"
    assert fixtures_only.unexercised() == []


def test_search_that_shows_known_divergences_only(with_known: Path) -> None:
    """Exit code 4, the fixture of the ledger in order, nothing kept and nothing shrunk."""
    before = snapshot(with_known)
    cases = str(searched(KNOWN_CANARY)[0] + 1)
    options = ("--front-end", "corpus", "--front-end", "soak", "--cases", cases, "--seed", "1", "--workers", "1")
    code, facts = run(with_known, *options)
    assert (code, facts["exit_code"], facts["findings"], facts["ledger_problems"]) == (4, 4, {}, [])
    assert [each["seen"] for each in facts["known"]] == [1]
    assert facts["fixtures"] == {"run": 2, "problems": []}
    assert snapshot(with_known) == before


def test_expired_entry_fails(with_known: Path) -> None:
    """The day after its last a run ends with 1 and names the entry, and so does the check; other subjects care not."""
    (entry,) = read_ledger(with_known).known
    assert run(with_known, "--today", UNTIL.isoformat())[0] == 0
    code, facts = run(with_known, "--today", AFTER)
    told = f"{with_known / LEDGER_NAME}: {entry.id}: expired on {UNTIL}: mend it and take the entry away, or say again"
    assert (code, len(facts["ledger_problems"])) == (1, 1)
    assert facts["ledger_problems"][0].startswith(told)
    checked = call("corpus", "check", "--today", AFTER, corpus=with_known)
    assert (checked.exit_code, told in checked.output) == (1, True)
    assert run(with_known, "--today", AFTER, seats="python,rust")[0] == 0


def test_stale_entry_fails(with_known: Path) -> None:
    """A fixture of the ledger whose subjects agree by now fails the run and the check, with the way out."""
    (entry,) = read_ledger(with_known).known
    for path in (with_known / LEDGER_NAME, with_known / entry.fixture):
        path.write_text(path.read_text().replace(f"~{KNOWN_CANARY}", "~rust"))
    code, facts = run(with_known, seats="python,rust")
    assert code == 1
    (problem,) = facts["fixtures"]["problems"]
    assert f"{entry.fixture}: stale: it shows no difference, the ledger knows " in problem
    assert "the entry can go" in problem
    checked = call("corpus", "check", corpus=with_known)
    assert checked.exit_code == 1
    assert "stale: it shows no difference" in checked.output


def test_entry_without_its_fixture_fails(with_known: Path) -> None:
    """A known divergence that nobody can look at is none."""
    (entry,) = read_ledger(with_known).known
    (with_known / entry.fixture).unlink()
    code, facts = run(with_known)
    assert code == 1
    assert f"fixture {entry.fixture} is not there: bring it back, or take the entry away" in facts["ledger_problems"][0]


def test_unreadable_ledger_ends_a_run_before_it_begins(with_known: Path) -> None:
    """Exit code 2, one line, and nothing is run: a run that cannot tell known from new proves nothing."""
    (with_known / LEDGER_NAME).write_text("known = 7")
    ended = call("run", "--subjects", SEATS, "--cases", "1", corpus=with_known)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "`known` is a list of tables" in ended.stderr


@pytest.mark.parametrize("day", ["soon", "2026-13-01", ""])
def test_day_that_is_none(corpus: Path, day: str) -> None:
    """A date that cannot be read is a usage error that shows how one is written."""
    ended = call("corpus", "check", "--today", day, corpus=corpus)
    assert ended.exit_code == 2
    assert "%Y-%m-%d" in ended.output
