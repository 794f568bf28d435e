"""A finding becomes a fixture: somebody has said who is wrong, and from now on the case must come out right.

The case is shrunk if it is not certified, and shown twice by fresh processes. The expected trace is that of the subject
which is right. Nothing is overwritten; what was written is read back and compared before the finding goes away.
"""

import json
import subprocess
import sys
from pathlib import Path

from cracktrader_fuzz.case.codec import DocumentError, content_hash
from cracktrader_fuzz.corpus.documents import FORMAT, Expected, Finding, Fixture, Provenance, read_fixture, text_of
from cracktrader_fuzz.corpus.replay import trace
from cracktrader_fuzz.corpus.store import CorpusError, write_atomically
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.shrink.shrinker import Shrinker

BOTH = "both"
REASON_LENGTH_MIN = 10
FRESH_RUNS = 2


def promote(
    lockstep: Lockstep, path: Path, finding: Finding, *, verdict: str, reason: str, date: str, corpus: Path
) -> Path:
    """Write the fixture, take the finding away, return the fixture's path. After a CorpusError nothing has changed."""
    if verdict not in (*finding.subjects, BOTH):
        raise CorpusError(
            f"unknown verdict {verdict[:80]!r}: who is wrong is one of {', '.join(finding.subjects)}, {BOTH}"
        )
    if len(reason.strip()) < REASON_LENGTH_MIN:
        raise CorpusError(f"the reason {reason!r} says too little: write a sentence that says why {verdict} is wrong")
    for _ in range(FRESH_RUNS):
        _require_shown(path, finding.signature)
    fixture = _fixture(lockstep, finding, verdict, reason, date)
    stored = corpus / "regressions" / f"{path.stem.rpartition('-')[0]}-{fixture.hash[:8]}.json"
    if stored.exists():
        raise CorpusError(f"{stored} is there already: this case was promoted before")
    write_atomically(stored, text_of(fixture))
    try:
        read_back = read_fixture(stored)
    except DocumentError as error:
        stored.unlink()
        raise CorpusError(f"what was written could not be read back: {error}") from error
    if read_back != fixture:
        stored.unlink()
        raise CorpusError(f"{stored} did not read back as it was written; it was taken away again")
    path.unlink()
    return stored


def _fixture(lockstep: Lockstep, finding: Finding, verdict: str, reason: str, date: str) -> Fixture:
    case, certificate, signature = finding.case, finding.certificate, finding.signature
    if certificate is None:
        shrunk = Shrinker(lockstep).shrink(case)
        case, certificate, signature = shrunk.case, shrunk.certificate, str(shrunk.divergence.signature)
    draft = Fixture(
        format=FORMAT,
        sentence=reason.strip(),
        target=case.target,
        verdict=verdict,
        signature=signature,
        fails_on=None if verdict == BOTH else verdict,
        provenance=Provenance(finding.provenance.found_by, finding.provenance.builds, date),
        certificate=certificate,
        hash=content_hash(case),
        config=case.config,
        steps=case.steps,
        expected=None,
    )
    if verdict == BOTH:
        return draft
    right = next(place for place, name in enumerate(lockstep.names) if name != verdict)
    return _with_expected(draft, trace(lockstep, right, draft))


def _with_expected(fixture: Fixture, expected: Expected) -> Fixture:
    values = {name: getattr(fixture, name) for name in fixture.__struct_fields__}
    return Fixture(**{**values, "expected": expected})


def _require_shown(path: Path, signature: str) -> None:
    """Run the finding in a fresh process."""
    command = [sys.executable, "-m", "cracktrader_fuzz", "repro", str(path), "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    try:
        shown = json.loads(run.stdout)["signature"]
    except (ValueError, KeyError) as error:
        last = (run.stderr.strip().splitlines() or ["no output"])[-1]
        raise CorpusError(f"{path}: a fresh process could not run it: {last}") from error
    if shown != signature:
        raise CorpusError(f"{path}: a fresh process shows {shown or 'no divergence'}, the finding says {signature}")
