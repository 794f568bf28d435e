"""The report of a failing test on the divergences that it carries, which are shrunk and kept in the same process.

A divergence is an exception of `cracktrader_fuzz.testing.divergence`. The test still fails, unless the ledger excuses
all that it showed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cracktrader_fuzz.corpus.record import record
from cracktrader_fuzz.corpus.store import FindingStore
from cracktrader_fuzz.testing.divergence import DivergenceError, carried
from cracktrader_fuzz.testing.items import CorpusRun

SECTION = "divergence"


def report_divergences(report: pytest.TestReport, error: BaseException, run: CorpusRun) -> None:
    """Add what became of each divergence to a failure's report; one that shows known ones only is expected."""
    found = carried(error)
    known = known_text(found, run) if found else ""
    if known:
        report.outcome, report.wasxfail = "skipped", known
        return
    for divergence in found:
        report.sections.append((SECTION, kept_text(divergence, run, report.nodeid)))


def known_text(found: list[DivergenceError], run: CorpusRun) -> str:
    """Which entries of the ledger cover all the divergences, or nothing where one is new or its date has passed."""
    entries = [run.ledger.entry_of(str(each.divergence.signature)) for each in found]
    known = [entry for entry in entries if entry is not None and not entry.is_expired(run.today)]
    lines = (f"known until {entry.expires}: {entry.id}: {entry.reason}" for entry in known)
    return "; ".join(lines) if len(known) == len(found) else ""


def kept_text(error: DivergenceError, run: CorpusRun, origin: str) -> str:
    """Shrink and keep a divergence. Returns what to do next, or why it was not kept."""
    signature, lines = str(error.divergence.signature), [f"steps:     {len(error.case.steps)}"]
    wrong = ", ".join((*error.subjects, "both"))
    try:
        store = FindingStore(run.findings)
        kept = record(error.lockstep, error.case, error.divergence, f"pytest {origin}", store)
    except Exception as problem:  # noqa: BLE001 - whatever it is, the test's own failure must be reported
        lines.append(f"not kept:  {type(problem).__name__}: {problem}")
    else:
        signature, path = kept.signature, run.shown(Path(kept.path))
        minimal = "minimal, with a certificate" if kept.certified else "not proved minimal"
        lines = [
            f"steps:     {len(error.case.steps)} -> {kept.steps} ({minimal})",
            f"file:      {path}",
            f"again:     python -m cracktrader_fuzz repro {path}",
            f'keep it:   python -m cracktrader_fuzz promote {path} --verdict WRONG --reason "..."',
            f"           WRONG, who is wrong: {wrong}",
        ]
    return "\n".join((f"signature: {signature}", *lines))
