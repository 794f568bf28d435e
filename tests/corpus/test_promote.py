"""Every choice of the review by flags, for a pipe or CI; and what is said where nobody can be asked."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from making import CANARIES, DAY, REASON, UNTIL, call, known, make_finding, snapshot, write_ledger

from cracktrader_fuzz.corpus.documents import read_finding, read_fixture
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, read_ledger
from cracktrader_fuzz.corpus.store import FindingStore

LEDGER = ("--ledger-until", UNTIL.isoformat(), "--owner", "the maintainers", "--reason", REASON)
TODAY = ("--today", DAY.isoformat())


def findings(corpus: Path) -> list[Path]:
    """What waits."""
    return FindingStore(corpus / "findings").paths()


def test_pending(three: Path) -> None:
    """Something waits: a line each and a 1, by the same facts as JSON; nothing waits: a 0."""
    text, facts = call("promote", "--pending", corpus=three), call("promote", "--pending", "--json", corpus=three)
    assert (text.exit_code, facts.exit_code) == (1, 1)
    lines, listed = text.stdout.splitlines(), json.loads(facts.stdout)["pending"]
    assert lines[-1] == f"findings that wait under {three / 'findings'}: 3"
    assert [each["file"] for each in listed] == [str(path) for path in findings(three)]
    for line, each in zip(lines, listed, strict=False):
        assert each["signature"] in line
        assert (each["steps"], each["certified"], each["sightings"]) == (1, True, 0)
    for path in findings(three):
        path.unlink()
    assert call("promote", "--pending", corpus=three).exit_code == 0
    assert json.loads(call("promote", "--pending", "--json", corpus=three).stdout)["pending"] == []


def test_without_a_terminal_the_commands_are_printed(three: Path) -> None:
    """Each finding with its commands, which do what they say when the capitals are filled in; a 1 while it waits."""
    ended = call("promote", corpus=three)
    assert ended.exit_code == 1
    lines = [line.strip() for line in ended.stdout.splitlines()]
    wanted = [line for line in lines if line.startswith(("accept", "ledger", "reject"))]
    assert len(wanted) == 9
    filled = [wanted[0], wanted[4], wanted[8]]
    for line in filled:
        for blank, text in (("WHY", REASON), ("--verdict WHO", "--verdict both"), ("YYYY-MM-DD", UNTIL.isoformat())):
            line = line.replace(blank, text)
        words = shlex.split(line)
        assert words[1:4] == ["python", "-m", "cracktrader_fuzz"]
        assert call(*words[4:], *TODAY, corpus=three).exit_code == 0, line
    assert findings(three) == []
    verdicts = [read_fixture(path).verdict for path in (three / "regressions").iterdir()]
    assert sorted(verdicts) == ["both", "intended"]
    assert call("promote", corpus=three).exit_code == 0


def test_known_until(three: Path) -> None:
    """The fixture is intended, its trace is the reference's, the entry names it, and the check is content."""
    path = findings(three)[0]
    finding = read_finding(path)
    ended = call("promote", path, *LEDGER, *TODAY, "--name", "as-agreed", "--json", corpus=three)
    assert ended.exit_code == 0, ended.output
    fixture = three / "regressions" / "as-agreed.json"
    facts = {"fixture": str(fixture), "signature": finding.signature, "verdict": "intended", "earlier": None}
    assert json.loads(ended.stdout)["judged"] == [facts]
    stored, (entry,) = read_fixture(fixture), read_ledger(three).known
    assert (stored.verdict, stored.fails_on, stored.case) == ("intended", finding.subjects[1], finding.case)
    assert stored.expected is not None
    assert known(id="as-agreed", signature=finding.signature, fixture="regressions/as-agreed.json") == entry
    checked = call("corpus", "check", *TODAY, corpus=three)
    assert checked.exit_code == 0, checked.output
    assert "1 certificates verified, 1 known divergences: 0 problems" in checked.stdout
    assert call("corpus", "liveness", corpus=three).stdout.endswith("1 alive, 0 dead, 0 not tried, 0 name no subject\n")


def test_ledger_keeps_what_stands_in_it(three: Path) -> None:
    """An entry is added behind comments and others; undoing is the review's, so nothing else changes."""
    (three / LEDGER_NAME).write_text("# ours\n")
    for path in findings(three)[:2]:
        assert call("promote", path, *LEDGER, *TODAY, corpus=three).exit_code == 0
    assert (three / LEDGER_NAME).read_text().startswith("# ours\n\n[[known]]\n")
    assert len(read_ledger(three).known) == 2


def test_all_at_once(three: Path) -> None:
    """One verdict for all that wait, or none of them any more."""
    ended = call("promote", "--all", "--verdict", "harness", "--reason", REASON, "--json", corpus=three)
    assert ended.exit_code == 0
    assert [each["verdict"] for each in json.loads(ended.stdout)["judged"]] == ["harness"] * 3
    assert all(read_fixture(path).expected is None for path in (three / "regressions").iterdir())
    make_finding(three, CANARIES[0])
    assert call("promote", "--all", "--reject", corpus=three).exit_code == 0
    assert findings(three) == []


# what                     | arguments after `promote`                               | words
REFUSED = """
intended without a date    | {file} --verdict intended --reason "{reason}" --owner us            | needs an owner and the date until which it may stay
intended without an owner  | {file} --reason "{reason}" --ledger-until 2027-02-01               | needs an owner and the date until which it may stay
a day that is over         | {file} --reason "{reason}" --owner us --ledger-until 2020-02-01    | 2020-02-01 is over: name a day from 2026-11-22 on
a date for a mistake       | {file} --verdict both --reason "{reason}" --ledger-until 2027-02-01 | an owner and a date belong to the verdict 'intended', not to 'both'
an owner for a mistake     | {file} --verdict both --reason "{reason}" --owner us               | an owner and a date belong to the verdict 'intended'
a date that is none        | {file} --reason "{reason}" --owner us --ledger-until soon          | 'soon' does not match the format '%Y-%m-%d'
a name that climbs         | {file} --verdict both --reason "{reason}" --name ../x              | the name '../x' must be lower case letters
a name with an escape      | {file} --verdict both --reason "{reason}" --name "<b>"             | the name '<b>' must be lower case letters
an owner with an escape    | {file} --reason "{reason}" --owner "\x1b[1m" --ledger-until 2027-02-01 | must be one printable line
a reason and a rejection   | {file} --reject --reason "{reason}"                                | --reject deletes the finding: it takes no verdict
a judgement of nothing     | --verdict both --reason "{reason}"                                 | a judgement needs a FILE, or --all
all and one                | {file} --all --reject                                              | --all is for a judgement on every finding: no FILE
all without a judgement    | --all                                                              | --all is for a judgement on every finding
all under one name         | --all --verdict both --reason "{reason}" --name x                  | --name is for one finding
a list of one              | {file} --pending                                                   | --pending only lists
a list with a judgement    | --pending --reject                                                 | --pending only lists
"""  # noqa: E501 - one row a line


@pytest.mark.parametrize("row", REFUSED.strip().split("\n"), ids=lambda row: row.split("|")[0].strip())
def test_refused(three: Path, row: str) -> None:
    """What makes no sense together is a usage error with the way out, and changes nothing."""
    before = snapshot(three)
    _, arguments, words = (cell.strip() for cell in row.split("|"))
    named = shlex.split(arguments.format(file=shlex.quote(str(findings(three)[0])), reason=REASON))
    ended = call("promote", *named, *TODAY, corpus=three)
    assert ended.exit_code == 2
    assert words in ended.output
    assert "\x1b" not in ended.output
    assert snapshot(three) == before


def test_an_entry_that_says_the_same_is_refused(three: Path) -> None:
    """What the ledger knows already cannot be entered again, and nothing is written."""
    path = findings(three)[0]
    write_ledger(three, known(signature=read_finding(path).signature))
    before = snapshot(three)
    ended = call("promote", path, *LEDGER, *TODAY, corpus=three)
    assert ended.exit_code == 2
    assert "entries 1 and 2 speak of the same signature" in ended.output
    assert snapshot(three) == before


def test_a_fixture_that_does_not_come_back_is_taken_away(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a fresh process does not show what was written, the finding stays and the fixture does not."""
    before, path = snapshot(three), findings(three)[0]
    shown = iter([read_finding(path).signature, read_finding(path).signature, "another"])

    class Answer:
        stderr = ""

        def __init__(self) -> None:
            self.stdout = json.dumps({"signature": next(shown)})

    monkeypatch.setattr("cracktrader_fuzz.corpus.promote.subprocess.run", lambda *_, **__: Answer())
    ended = call("promote", path, "--verdict", "both", "--reason", REASON, corpus=three)
    assert ended.exit_code == 2
    assert "was taken away again" in ended.output
    assert "a fresh process shows another, the finding says" in ended.output
    assert snapshot(three) == before


def test_unreadable_findings_are_left_alone(three: Path) -> None:
    """A huge and a torn file are told on standard error, with their name, and the others can still be judged."""
    huge, torn = three / "findings" / "huge.json", three / "findings" / "torn.json"
    with huge.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    torn.write_text('{"format": 1, "signature": "<b>\\u001b[1m')
    ended = call("promote", "--pending", corpus=three)
    assert (ended.exit_code, len(ended.stdout.splitlines())) == (1, 4)
    assert f"left alone: {huge}: 104857600 bytes, more than the " in ended.stderr
    assert f"left alone: {torn}:1:" in ended.stderr
    assert call("promote", "--all", "--reject", corpus=three).exit_code == 0
    assert findings(three) == [huge, torn]


def test_sightings_are_counted(corpus: Path) -> None:
    """Each finished run adds what it saw to the finding that is kept; a smaller case takes the count along."""
    path, finding = make_finding(corpus, CANARIES[0])
    store = FindingStore(corpus / "findings")
    store.tally(finding.signature, 40)
    store.tally(finding.signature, 2)
    assert read_finding(path).sightings == 42
    assert make_finding(corpus, CANARIES[0])[1].sightings == 42
    assert "42 times, first by soak 1/0" in call("promote", "--pending", corpus=corpus).stdout
