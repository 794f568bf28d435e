"""Findings, fixtures and ledgers made for a test: small, quick, by the harness's own hands."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path

from click.testing import CliRunner, Result

from cracktrader_fuzz.case.model import Case, Step
from cracktrader_fuzz.cli.main import commands
from cracktrader_fuzz.corpus.documents import Finding
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, KnownDivergence, entry_text
from cracktrader_fuzz.corpus.promote import Judgement, promote
from cracktrader_fuzz.corpus.record import record
from cracktrader_fuzz.corpus.store import FindingStore
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_strategies.target import CRACKTRADER

KNOWN_CANARY = "canary-seq-id-of-duplicate"
CASES_MAX = 500
REASON = "The page says it in so many words, and this side does not do it."
DAY = datetime.date(2026, 11, 22)
UNTIL = datetime.date(2027, 2, 1)


def locked(name: str) -> Lockstep:
    """The reference and one other."""
    return Lockstep(CRACKTRADER, seat_subjects(CRACKTRADER, ("python", name)))


def event(source: str, event_type: str, **payload: str) -> Step:
    """The first event of a case."""
    envelope = {"seq_id": 1, "event_time": 1, "ingest_time": 1, "source": source, "venue": "v1", "instrument": "i1"}
    return {**envelope, "event_type": event_type, "payload": payload, "idempotency_key": None}


# Canaries that show at one step, and that step: what is made of them does not depend on what the decoder draws.
STEPS = {
    "canary-cash-as-float": event("control", "cash_adjustment", amount="1", reason="deposit"),
    "canary-timer-clock-lost": event("timer", "timer", name="t1"),
    "canary-zero-price-raises": event("market_data", "trade", price="0", quantity="1"),
}
CANARIES = tuple(STEPS)


def stored(canary: str) -> tuple[Case, Divergence]:
    """The case of one of `CANARIES`."""
    case = Case(CRACKTRADER.name, {"initial_cash": "1000"}, [STEPS[canary]])
    divergence = locked(canary).run_case(case, exact=True).divergence
    assert divergence is not None
    return case, divergence


@cache
def searched(canary: str) -> tuple[int, Case, Divergence]:
    """The first case of seed 1 on which a canary shows, with its index."""
    lockstep = locked(canary)
    for index in range(CASES_MAX):
        explored = explore(lockstep, 1, index)
        if explored.verdict.divergence is not None:
            return index, explored.case, explored.verdict.divergence
    raise AssertionError(f"{canary} was not found in {CASES_MAX} cases")


def make_finding(corpus: Path, canary: str) -> tuple[Path, Finding]:
    """A shrunk, certified finding of a canary, where a run puts it."""
    case, divergence = stored(canary) if canary in STEPS else searched(canary)[1:]
    signature = record(locked(canary), case, divergence, "soak 1/0", FindingStore(corpus / "findings")).signature
    kept = FindingStore(corpus / "findings").kept(signature)
    assert kept is not None
    return kept


def make_known(corpus: Path, canary: str, until: datetime.date = UNTIL) -> Path:
    """A finding that was judged: it may stay. The fixture."""
    path, finding = make_finding(corpus, canary)
    judgement = Judgement("intended", REASON, DAY, owner="the maintainers", until=until)
    done = promote(locked(canary), path, finding, judgement, corpus)
    assert done.fixture is not None
    return done.fixture


def known(**changes: object) -> KnownDivergence:
    """An entry that is sound but for the changes."""
    fields: dict[str, object] = {
        "id": "one",
        "signature": "cracktrader/order_fill/ACCEPTED/outcome.code/overfill~ok/python~rust",
        "reason": REASON,
        "owner": "the maintainers",
        "since": DAY,
        "expires": UNTIL,
        "fixture": "regressions/one.json",
    }
    return KnownDivergence(**{**fields, **changes})  # type: ignore[arg-type]


def write_ledger(corpus: Path, *entries: KnownDivergence) -> Path:
    """A ledger of these entries."""
    path = corpus / LEDGER_NAME
    path.write_text("\n".join(map(entry_text, entries)))
    return path


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with what is in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def call(*arguments: str | Path, corpus: Path) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(commands, [*map(str, arguments), "--corpus", str(corpus)])
