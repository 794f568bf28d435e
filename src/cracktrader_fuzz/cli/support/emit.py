"""`repro --emit`: a case as a test of its own. A pytest file has been run once, before it is believed."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

import click

from cracktrader_fuzz.cli.support.case_argument import CaseArgument
from cracktrader_fuzz.cli.support.options import print_json
from cracktrader_fuzz.corpus.store import write_atomically
from cracktrader_fuzz.errors import EmitError
from cracktrader_fuzz.lockstep.verdict import Verdict
from cracktrader_fuzz.lockstep.watch import watch
from cracktrader_fuzz.report.documents import EmittedDocument
from cracktrader_fuzz.target.target import Emission

PYTEST = "pytest"
_RUN = "import runpy, sys; [test() for name, test in runpy.run_path(sys.argv[1]).items() if name.startswith('test_')]"


def emit(asked: CaseArgument, verdict: Verdict, kind: str, output: Path | None, *, wants_json: bool) -> None:
    """Write the test to a file or to standard output. Raises EmitError."""
    emitters = asked.lockstep.target.reading.emitters
    if kind not in emitters:
        known = ", ".join(sorted(emitters)) or "none"
        raise EmitError(f"{asked.lockstep.target.name} cannot be written as {kind!r}: its kinds of test are: {known}")
    text = emitters[kind](_emission(asked, verdict))
    if kind == PYTEST:
        _require_telling(text, fails=not verdict.agrees)
    if output is not None:
        write_atomically(output, text)
    if wants_json:
        print_json(_document(asked, verdict, kind, output, text))
    elif output is None:
        click.echo(text, nl=False)
    else:
        came = ("passes on" if verdict.agrees else "fails on") if kind == PYTEST else "written and not run, for"
        click.echo(f"{output}: {came} {' and '.join(_pair(asked, verdict))}")


def _document(asked: CaseArgument, verdict: Verdict, kind: str, output: Path | None, text: str) -> EmittedDocument:
    found = verdict.divergence
    result: Literal["fails", "passes"] = "passes" if found is None else "fails"
    return EmittedDocument(
        kind=kind,
        file=None if output is None else str(output),
        text=text if output is None else None,
        subjects=list(_pair(asked, verdict)),
        signature=None if found is None else str(found.signature),
        result=result if kind == PYTEST else "not_run",
    )


def _pair(asked: CaseArgument, verdict: Verdict) -> tuple[str, ...]:
    return verdict.divergence.subjects if verdict.divergence else tuple(asked.lockstep.names[:2])


def _emission(asked: CaseArgument, verdict: Verdict) -> Emission:
    case, found = asked.case, verdict.divergence
    if found is not None:
        case = case.with_steps(case.steps[: found.index + 1])
    last = len(case.steps) - 1
    watched = [watch(asked.lockstep, case, name, (last,)) for name in _pair(asked, verdict)]
    answers = {each.name: (each.outcomes, each.states.get(last, {})) for each in watched}
    return Emission(case, str(found.signature) if found else "", answers)


def _require_telling(text: str, *, fails: bool) -> None:
    """Run the test in a fresh process: it must fail while the subjects differ, and pass once they agree."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "test_emitted.py"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, "-c", _RUN, str(file)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    failed = ended.returncode != 0
    asserted = "AssertionError" in ended.stderr
    if failed is not fails or (failed and not asserted):
        last = (ended.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        raise EmitError(
            f"the test was written and run, and does not {'fail' if fails else 'pass'} as it must ({last}): "
            "keep the case with `promote` instead"
        )
