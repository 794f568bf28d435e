"""What a run reports to other programs: one notice a fact, in the order of the summary. JUnit, SARIF and the
annotations of GitHub are three spellings of this list, so that their totals are the same.
"""

from enum import Enum
from pathlib import Path

import msgspec

from cracktrader_fuzz.campaign.job import Sighting
from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.text import printable


class Level(Enum):
    """How a fact counts: `PASSED` and `KNOWN` fail nothing, `FAILED` is exit code 1, `BROKEN` is 3."""

    PASSED = "passed"
    KNOWN = "known"
    FAILED = "failed"
    BROKEN = "broken"


class Notice(msgspec.Struct, frozen=True):
    """A fact: `kind` groups facts, `name` distinguishes them, `text` is for a person, `file` may be ""."""

    kind: str
    name: str
    level: Level
    text: str = ""
    file: str = ""
    signature: str = ""


def notices(summary: Summary) -> list[Notice]:
    """Everything that a run checked, found or could not do."""
    found = [_canary(summary)] if summary.canary is not None else []
    found += [Notice("front end", report.front_end, Level.PASSED) for report in summary.reports]
    found += [_problem("ledger", line) for line in summary.ledger_problems]
    found += [_problem("fixture", line) for line in summary.fixture_problems]
    found += [_problem("recording", line) for line in summary.whole.problems]
    found += [_problem("case", line) for line in summary.open_cases]
    at_base = summary.at_base
    for signature, sighting in summary.unjudged.items():
        level = Level.KNOWN if signature in at_base else Level.FAILED  # what the base has too fails nothing
        found.append(_finding(signature, sighting, level))
    for entry, count in summary.known:
        text = f"known until {entry.expires}, seen {count} times: {entry.reason}"
        found.append(Notice("known", entry.id, Level.KNOWN, printable(text), signature=entry.signature))
    for judged in summary.judged:
        words, signature = f"{judged.judgement.words}, seen {judged.seen} times", judged.judgement.signature
        name, file = Path(judged.judgement.fixture).stem, judged.judgement.fixture
        found.append(Notice("judged", printable(name), Level.KNOWN, printable(words), file, signature))
    found += [Notice("harness", printable(line), Level.BROKEN, printable(line)) for line in summary.why_broken]
    return found


def _canary(summary: Summary) -> Notice:
    assert summary.canary is not None
    problem = summary.canary.problem
    # Where the run found something all the same, it is that, and the miss is one more thing to look at.
    missed = Level.BROKEN if summary.why_broken else Level.FAILED
    level = missed if problem else Level.PASSED
    return Notice("canary", summary.canary.name, level, f"missed: {printable(problem)}" if problem else "")


def _finding(signature: str, sighting: Sighting, level: Level) -> Notice:
    text = (
        f"{sighting.steps} steps, {'certified minimal' if sighting.certified else 'not certified'}, "
        f"seen {sighting.seen} times, first by {sighting.origin}. "
        f"Look: python -m cracktrader_fuzz repro {sighting.path}"
    )
    return Notice("finding", printable(signature), level, printable(text), sighting.path, signature)


def _problem(kind: str, line: str) -> Notice:
    """A problem's line begins with its file, where it has one."""
    file = line.partition(": ")[0]
    return Notice(kind, printable(line), Level.FAILED, printable(line), file if Path(file).suffix else "")
