"""What a judged difference does to a run's end and to what it tells other programs; which judgements a corpus has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from making import DAY, REASON, known, locked, make_finding, make_known

from cracktrader_fuzz.campaign.job import Report, Sighting
from cracktrader_fuzz.campaign.summary import Summary, totals
from cracktrader_fuzz.corpus.documents import read_fixture, text_of
from cracktrader_fuzz.corpus.judgements import JudgedDifference, read_judgements
from cracktrader_fuzz.corpus.ledger import KnownDivergences
from cracktrader_fuzz.corpus.promote import Judgement, promote
from cracktrader_fuzz.report.github import annotations
from cracktrader_fuzz.report.notice import Level, notices
from cracktrader_fuzz.report.summary_text import verdict_line

CANARY = "canary-cash-as-float"
KNOWN, NEW = "cracktrader/order_fill/ACCEPTED/outcome.code/overfill~ok/python~rust", "t/k/c/p/d/a~b"
JUDGED = JudgedDifference("corpus/regressions/one.json", "t/k/c/q/d/a~b", "b", "2026-11-22", REASON)


def summary(*signatures: str, **changes: Any) -> Summary:
    """A finished run that saw a judged difference in two cases and a fixture, and these signatures."""
    seen = {each: Sighting("a.json", 1, certified=True, origin="soak 1/0") for each in signatures}
    soak, stored = Report("soak", cases=1, steps=9, applied=9, sightings=seen), Report("corpus", cases=1)
    soak.judge(JUDGED, seen=2)
    stored.judge(JUDGED, fixtures=["corpus/fixtures/two.json"])
    return Summary("cracktrader", 1, [], reports=[stored, soak], ledger=KnownDivergences([known()]), **changes)


# seen           | changes                            | exit code
CODES = [
    ((), {}, 4),
    ((KNOWN,), {}, 4),
    ((NEW,), {}, 1),
    ((), {"fixture_problems": ["a.json: another"]}, 1),
    ((), {"interrupted": True}, 130),
    ((), {"broken": ["canary"]}, 3),
]


@pytest.mark.parametrize(("seen", "changes", "code"), CODES)
def test_exit_codes(seen: tuple[str, ...], changes: dict[str, Any], code: int) -> None:
    """4 is for what is known or judged and nothing else; whatever is worse wins."""
    assert summary(*seen, **changes).exit_code == code


def test_counted_over_front_ends() -> None:
    """Front ends add up to one line; the last line of the run names it beside what is known."""
    (judged,) = summary().judged
    assert (judged.seen, judged.fixtures) == (3, ["corpus/fixtures/two.json"])
    assert (totals([summary(), summary()]).judged, summary().unjudged) == (2, {})
    assert verdict_line(summary()).startswith("0 new signatures, 1 judged and not mended yet and nothing else: ")
    both = "0 new signatures, 1 known divergences, 1 judged and not mended yet and nothing else: "
    assert verdict_line(summary(KNOWN)).startswith(both)
    assert verdict_line(summary(NEW)).startswith("1 new signatures, 1 judged, 0 problems: ")


def test_notice_fails_nothing() -> None:
    """For other programs it is a fact that fails nothing, at the fixture's file; GitHub shows it as a notice."""
    facts = [each for each in notices(summary()) if each.kind == "judged"]
    words = "judged on 2026-11-22: b is wrong, corpus/regressions/one.json, not mended yet, seen 3 times"
    assert [(each.level, each.text, each.file) for each in facts] == [(Level.KNOWN, words, JUDGED.fixture)]
    (line,) = annotations(facts, [], Path.cwd())
    assert line == f"::notice title=judged one,file={JUDGED.fixture}::{words}"


def test_judgements_of_a_corpus(corpus: Path) -> None:
    """A promoted difference is judged, in any context it is of the family; what is intended or unreadable is not."""
    path, finding = make_finding(corpus, CANARY)
    done = promote(locked(CANARY), path, finding, Judgement(CANARY, REASON, DAY), corpus)
    assert done.fixture is not None
    make_known(corpus, "canary-timer-clock-lost")
    (corpus / "regressions" / "torn.json").write_text("{")
    judgements, signature = read_judgements(corpus, "cracktrader"), finding.signature
    (judged,) = judgements.of(signature)
    assert (judged.fixture, judged.date, judged.wrong) == (str(done.fixture), DAY.isoformat(), (CANARY,))
    assert judgements.has_family_of(signature.replace("/-/", "/ACCEPTED/"))
    assert not judgements.has_family_of(signature.replace("/-/", "/-/state."))
    assert not judgements.has_family_of(signature.replace("cracktrader", "other"))
    assert read_judgements(corpus, "other").of(signature) == []


def test_judgement_stands_while_its_fixture_shows_it(corpus: Path) -> None:
    """On subjects that agree it does not, and then whatever shows its signature is another bug."""
    path, finding = make_finding(corpus, CANARY)
    done = promote(locked(CANARY), path, finding, Judgement("both", REASON, DAY), corpus)
    assert done.fixture is not None
    judged = read_judgements(corpus, "cracktrader").standing(finding.signature, locked(CANARY))
    assert judged is not None
    assert judged.wrong == ("python", CANARY)
    assert read_judgements(corpus, "cracktrader").standing(finding.signature, locked("rust")) is None
    unstartable = msgspec.structs.replace(read_fixture(done.fixture), config={"initial_cash": []})
    done.fixture.write_text(text_of(unstartable))
    assert read_judgements(corpus, "cracktrader").standing(finding.signature, locked(CANARY)) is None
