"""How a finding looks in the review: plain lines, readable without colour, with nothing that a terminal would obey."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from cracktrader_fuzz.corpus.documents import INTENDED, Finding
from cracktrader_fuzz.corpus.judgements import Judgements, wrong_words
from cracktrader_fuzz.corpus.ledger import KnownDivergences
from cracktrader_fuzz.corpus.promote import verdicts
from cracktrader_fuzz.corpus.review import PendingFinding
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import START, Divergence
from cracktrader_fuzz.lockstep.watch import watch
from cracktrader_fuzz.report.timeline import change_lines, difference_lines, timeline
from cracktrader_fuzz.text import printable

STEPS_SHOWN_MAX = 12  # two lines each: a finding and the question below it fit on a screen of 40 lines
NUMBER_CLASSES = {
    "sign-of-zero": "a zero and a negative zero",
    "sign": "the same amount with the other sign",
    "scale": "a power of ten apart",
    "overflow": "a whole number of 64-bit ranges apart",
    "rounding": "at most one unit in the last place apart",
    "amount": "two amounts, further apart than rounding explains",
}
KINDS = {
    "type": "values of two types",
    "missing": "there on the left only",
    "extra": "there on the right only",
    "length": "lists of two lengths",
    "changed": "the subject changed its input",
}


def finding_lines(
    waiting: PendingFinding, lockstep: Lockstep, ledger: KnownDivergences, judgements: Judgements
) -> Iterator[str]:
    """A finding: what it is in words, how sure it is, and its steps up to the first difference."""
    finding = waiting.finding
    divergence = lockstep.run_case(finding.case, exact=True).divergence
    yield from map(printable, _head(waiting, divergence, ledger, judgements))
    yield ""
    if divergence is None:
        yield f"{' and '.join(lockstep.names)} agree on it by now: there is nothing to accept"
        return
    case, index = finding.case, divergence.index
    left, right = (watch(lockstep, case, name, [index - 1, index]) for name in divergence.subjects)
    first = max(0, index + 1 - STEPS_SHOWN_MAX)
    if first:
        yield f"      {first} earlier steps are not shown: `o` opens the file"
    yield from timeline(lockstep.target, case, (left, right), range(first, index + 1), index)
    yield ""
    yield from difference_lines(index, divergence.subjects, divergence.difference)


def more_lines(waiting: PendingFinding, lockstep: Lockstep) -> Iterator[str]:
    """What the step of the difference changed in the state of each subject, and where the states differ after it."""
    case = waiting.finding.case
    divergence = lockstep.run_case(case, exact=True).divergence
    if divergence is None:
        yield "no difference shows: there is nothing more to see"
        return
    index = divergence.index
    left, right = (watch(lockstep, case, name, [index - 1, index]) for name in divergence.subjects)
    yield from change_lines(left, right, index)


def kind_words(difference: str) -> str:
    """The kind of difference in a signature, in words: the number's class where there is one."""
    kind, _, number = difference.partition(":")
    if number:
        return f"{number}: {NUMBER_CLASSES.get(number, 'two numbers')}"
    if "~" in difference:
        return f"two codes: {' and '.join(difference.split('~'))}"
    return KINDS.get(kind, "two values")


def commands(waiting: PendingFinding, options: str) -> Iterator[str]:
    """Every choice for a finding as a command to copy."""
    program = f"python -m cracktrader_fuzz promote {shlex.quote(_short(waiting.path))}{options}"
    who = ", ".join(name for name in verdicts(waiting.finding) if name != INTENDED)
    yield f"look       {program.replace(' promote ', ' repro ', 1)}"
    yield f'accept     {program} --verdict WHO --reason "WHY"'
    yield f"           WHO is wrong: {who}"
    yield f'ledger     {program} --ledger-until YYYY-MM-DD --owner "WHO" --reason "WHY"'
    yield f"reject     {program} --reject"


def one_line(waiting: PendingFinding) -> str:
    """A finding in a list."""
    finding = waiting.finding
    return printable(f"{_short(waiting.path)}: {finding.signature}: {_size(finding)}, {_seen(finding)}")


def _head(
    waiting: PendingFinding, divergence: Divergence | None, ledger: KnownDivergences, judgements: Judgements
) -> Iterator[str]:
    finding = waiting.finding
    yield f"file       {_short(waiting.path)}"
    yield f"signature  {finding.signature}"
    if divergence is not None:
        signature = divergence.signature
        met = "" if signature.context == "-" else f", which met {signature.context},"
        names = " and ".join(divergence.subjects)
        where = (
            f"after {divergence.place}, {signature.step_kind}{met}" if divergence.index != START else "at the start,"
        )
        yield f"in words   {where} {names} differ in {signature.path}"
        yield (
            f"numbers    {kind_words(signature.difference)}"
            if ":" in signature.difference
            else (f"kind       {kind_words(signature.difference)}")
        )
        if str(signature) != finding.signature:
            yield f"now        it shows {signature}: the builds have changed since it was found"
    yield f"size       {_size(finding)}"
    yield f"seen       {_seen(finding)}"
    yield f"builds     {'; '.join(finding.provenance.builds) or 'not recorded'}"
    entry = ledger.entry_of(finding.signature)
    yield from (f"oracle     {opinion}" for opinion in finding.opinions)
    yield f"ledger     {'not known' if entry is None else f'{entry.id} until {entry.expires}, {entry.owner}'}"
    for each in judgements.of(finding.signature):
        yield f"judged     on {each.date}: {wrong_words(each.verdict)}, {_short(Path(each.fixture))}"


def _size(finding: Finding) -> str:
    proof = finding.certificate
    if proof is None:
        return f"{len(finding.steps)} steps, not certified: accepting shrinks it first"
    tried = f"{proof.deletions} deletions, {proof.simplifications} simpler values, {proof.swaps} swaps"
    return f"{len(finding.steps)} steps, certified minimal: {tried}, none shows it"


def _seen(finding: Finding) -> str:
    times = f"{finding.sightings} times" if finding.sightings else "at least once"
    return f"{times}, first by {finding.provenance.found_by}"


def _short(path: Path) -> str:
    """The path from here where it lies below."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
