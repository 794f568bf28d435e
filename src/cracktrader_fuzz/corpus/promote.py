"""Turns a judged finding into a fixture, with an entry in the ledger if the difference may stay; or takes it away.

The case is shrunk if it is not certified. The expected trace is that of the subject which is right. Promises that
nothing is overwritten, and that the fixture reads back and shows its difference in fresh processes before anything else
changes. What was done can be undone as long as the files are as it left them. Cost: three starts of Python.
"""

import datetime
import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec

from cracktrader_fuzz.case.codec import content_hash
from cracktrader_fuzz.corpus.documents import (
    BOTH,
    FILE_NAME,
    FORMAT,
    HARNESS,
    INTENDED,
    SENTENCE_LENGTH_MIN,
    WITHOUT_TRACE,
    Finding,
    Fixture,
    Provenance,
    read_fixture,
    text_of,
)
from cracktrader_fuzz.corpus.judgements import JudgedDifference, read_judgements, wrong_words
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, KnownDivergence, read_ledger, with_entry
from cracktrader_fuzz.corpus.rerun import REGRESSIONS, trace
from cracktrader_fuzz.corpus.store import write_atomically
from cracktrader_fuzz.errors import CorpusError, DocumentError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.shrink.shrinker import Shrinker
from cracktrader_fuzz.text import unknown_name

# A difference that rests on hash order, on time or on what ran before in this process does not come back in fresh ones.
# Two of them also have different hash seeds from one another.
FRESH_RUNS = 2


class Judgement(msgspec.Struct, frozen=True):
    """A person's verdict on a finding: who is wrong and why; where neither is, whose it is and until when.

    `verdict` is a subject of the finding, `both`, `harness`, or `intended`; `name` is the fixture's, without `.json`.
    """

    verdict: str
    reason: str
    date: datetime.date
    name: str | None = None
    owner: str = ""
    until: datetime.date | None = None


class FileChanges(msgspec.Struct, frozen=True):
    """Files as they were and as they are: texts before and after, None where there was no file.

    `earlier` is the fixture that judged the signature before; where it is of the same case, no other one is written.
    """

    finding: Path
    changes: list[tuple[Path, str | None, str | None]]
    earlier: JudgedDifference | None = None

    @property
    def fixture(self) -> Path | None:
        """The fixture that was written."""
        return next((path for path, before, _ in self.changes if before is None), None)


def verdicts(finding: Finding) -> tuple[str, ...]:
    """The verdicts that a finding can have."""
    return (*finding.subjects, BOTH, HARNESS, INTENDED)


def promote(
    lockstep: Lockstep, path: Path, finding: Finding, judgement: Judgement, corpus: Path, target: str | None = None
) -> FileChanges:
    """Write the fixture and take the finding away. After a CorpusError or DocumentError nothing has changed.

    A case that was judged so already gets no second fixture. `target` is the reference by which a fresh process finds
    the target, if that is not the finding's own name for it.
    """
    _require_sound(finding, judgement)
    reference = target or finding.target
    # Before the work: a finding that another process cannot show would not make a fixture anyway.
    _require_shown(path, finding, finding.signature, reference)
    slug, fixture = _make_fixture(lockstep, finding, judgement, corpus)
    judgements = read_judgements(corpus, fixture.target)
    same = judgements.same_case(str(fixture.signature), fixture.hash)
    if same is not None:
        _require_same_verdict(same, judgement)
        return reject(path, same)
    stored = corpus / REGRESSIONS / f"{judgement.name or f'{slug}-{fixture.hash[:8]}'}.json"
    if stored.exists():
        raise CorpusError(f"{stored} is there already: another case has the name, or the ledger has this one")
    changes: list[tuple[Path, str | None, str | None]] = [(stored, None, text_of(fixture))]
    if judgement.verdict == INTENDED:
        changes.append(_ledger_change(judgement, fixture, stored, corpus))
    changes.append((path, _text_in(path), None))
    _write_shown(stored, fixture, finding, reference)
    # Only now the ledger and the finding: until here an error leaves all as it was.
    for changed, _, after in changes[1:]:
        _set_text(changed, after)
    return FileChanges(path, changes, next(iter(judgements.of(str(fixture.signature))), None))


def reject(path: Path, earlier: JudgedDifference | None = None) -> FileChanges:
    """Take a finding away; `earlier` judged its case before."""
    done = FileChanges(path, [(path, _text_in(path), None)], earlier)
    path.unlink()
    return done


def undo(done: FileChanges) -> None:
    """Put every file back as it was. Raises CorpusError, and changes nothing, where one was changed since."""
    for path, _, after in done.changes:
        if _text_in(path) != after:
            raise CorpusError(f"{path} was changed since: it is left as it is, and nothing was undone")
    # The finding comes back before its fixture goes: whatever ends this half-way leaves at least one of the two.
    for path, before, _ in reversed(done.changes):
        _set_text(path, before)


def _require_sound(finding: Finding, judgement: Judgement) -> None:
    verdict, reason = judgement.verdict, judgement.reason
    if verdict not in verdicts(finding):
        known = unknown_name("verdict", verdict, verdicts(finding))
        raise CorpusError(f"{known}: a subject that is wrong, {BOTH}, {HARNESS}, or {INTENDED} where none is wrong")
    if len(reason.strip()) < SENTENCE_LENGTH_MIN:
        raise CorpusError(
            f"the reason {reason!r} says too little: write a sentence of at least {SENTENCE_LENGTH_MIN} letters that "
            f"says why {verdict} is {'to stay' if verdict == INTENDED else 'wrong'}"
        )
    if judgement.name is not None and not FILE_NAME.fullmatch(f"{judgement.name}.json"):
        raise CorpusError(f"the name {judgement.name[:80]!r} must be lower case letters, digits, `-`, `_` and `.`")
    if verdict != INTENDED:
        if judgement.until is not None or judgement.owner:
            raise CorpusError(f"an owner and a date belong to the verdict {INTENDED!r}, not to {verdict!r}")
        return
    if judgement.until is None or not judgement.owner.strip():
        raise CorpusError(f"the verdict {INTENDED!r} needs an owner and the date until which it may stay")
    if judgement.until < judgement.date:
        raise CorpusError(f"{judgement.until} is over: name a day from {judgement.date} on")


def _require_same_verdict(earlier: JudgedDifference, judgement: Judgement) -> None:
    if judgement.verdict != earlier.verdict:
        raise CorpusError(
            f"{earlier.fixture} judged this case on {earlier.date}: {wrong_words(earlier.verdict)}, and now "
            f"{judgement.verdict!r}: take that file away to judge it anew, or --reject the finding"
        )


def _make_fixture(lockstep: Lockstep, finding: Finding, judgement: Judgement, corpus: Path) -> tuple[str, Fixture]:
    """The slug of the signature, and the fixture: the case as it was certified, or shrunk now."""
    verdict, case, certificate = judgement.verdict, finding.case, finding.certificate
    divergence = lockstep.run_case(case, exact=True).divergence
    if divergence is None:
        raise CorpusError(f"nothing to promote: {' and '.join(lockstep.names)} agree on all {len(case.steps)} steps")
    if certificate is None:
        shrunk = Shrinker(lockstep, read_ledger(corpus).excused_from(finding.signature)).shrink(case)
        case, certificate, divergence = shrunk.case, shrunk.certificate, shrunk.divergence
    wrong = {BOTH: None, HARNESS: None, INTENDED: divergence.subjects[1]}.get(verdict, verdict)
    fixture = Fixture(
        format=FORMAT,
        sentence=judgement.reason.strip(),
        target=case.target,
        verdict=verdict,
        signature=str(divergence.signature),
        fails_on=wrong,
        provenance=Provenance(finding.provenance.found_by, finding.provenance.builds, judgement.date.isoformat()),
        certificate=certificate,
        hash=content_hash(case),
        config=case.config,
        steps=case.steps,
        expected=None,
    )
    if verdict in WITHOUT_TRACE:
        return divergence.signature.slug, fixture
    right = next(place for place, name in enumerate(lockstep.names) if name != wrong)
    return divergence.signature.slug, msgspec.structs.replace(fixture, expected=trace(lockstep, right, fixture))


def _ledger_change(judgement: Judgement, fixture: Fixture, stored: Path, corpus: Path) -> tuple[Path, str | None, str]:
    """The ledger with one more entry, which names the fixture."""
    assert judgement.until is not None
    ledger = corpus / LEDGER_NAME
    entry = KnownDivergence(
        id=re.sub(r"[^a-z0-9]+", "-", stored.stem)[:100],
        signature=str(fixture.signature),
        reason=fixture.sentence,
        owner=judgement.owner.strip(),
        since=judgement.date,
        expires=judgement.until,
        fixture=stored.relative_to(corpus).as_posix(),
    )
    before = _text_in(ledger)
    return ledger, before, with_entry(before or "", entry, ledger)


def _write_shown(stored: Path, fixture: Fixture, finding: Finding, target: str) -> None:
    """Write the fixture, read it back, and have fresh processes show it; on any error the file is taken away again."""
    write_atomically(stored, text_of(fixture))
    try:
        if read_fixture(stored) != fixture:
            raise CorpusError("it reads back as something else")
        for _ in range(FRESH_RUNS):
            _require_shown(stored, finding, str(fixture.signature), target)
    except (CorpusError, DocumentError) as error:
        stored.unlink()
        raise CorpusError(f"{stored} did not come back as it was written, and was taken away again: {error}") from error
    except BaseException:  # Ctrl-C too: a fixture that was not shown must not stay
        stored.unlink()
        raise


def _require_shown(path: Path, finding: Finding, signature: str, target: str) -> None:
    """Run a stored case in a fresh process, which must show the signature."""
    command = [sys.executable, "-m", "cracktrader_fuzz", "repro", str(path), "--target", target, "--json"]
    command += ["--subjects", ",".join(finding.subjects)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    try:
        shown = json.loads(run.stdout)["signature"]
    except (ValueError, KeyError) as error:
        last = (run.stderr.strip().splitlines() or ["no output"])[-1]
        raise CorpusError(f"{path}: a fresh process could not run it: {last}") from error
    if shown != signature:
        raise CorpusError(f"{path}: a fresh process shows {shown or 'no divergence'}, the finding says {signature}")


def _text_in(path: Path) -> str | None:
    try:
        # Not as text, which would change line ends: what is undone must be the same to the byte.
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None


def _set_text(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
    else:
        write_atomically(path, text)
