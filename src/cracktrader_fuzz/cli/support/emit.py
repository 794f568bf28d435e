"""`repro --emit`: a case as a test of its own. A pytest file has been run once, before it is believed."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from cracktrader_fuzz.cli.support.case_argument import CaseArgument
from cracktrader_fuzz.cli.support.options import print_json, print_lines, print_text
from cracktrader_fuzz.corpus.store import write_atomically
from cracktrader_fuzz.errors import EmitError
from cracktrader_fuzz.lockstep.verdict import START, Verdict
from cracktrader_fuzz.lockstep.watch import watch
from cracktrader_fuzz.report.documents import EmittedDocument
from cracktrader_fuzz.target.target import Emission
from cracktrader_fuzz.text import unknown_name

PYTEST = "pytest"
_RUN = "import runpy, sys; [test() for name, test in runpy.run_path(sys.argv[1]).items() if name.startswith('test_')]"


def emit(argument: CaseArgument, verdict: Verdict, kind: str, output: Path | None, *, wants_json: bool) -> None:
    """Write the test to a file or to standard output. Raises EmitError."""
    emitters = argument.lockstep.target.reading.emitters
    if kind not in emitters:
        raise EmitError(
            f"--emit: {unknown_name('kind of test', kind, sorted(emitters), owner=argument.lockstep.target.name)}"
        )
    text = emitters[kind](_emission(argument, verdict))
    if kind == PYTEST:
        _require_outcome(text, fails=not verdict.agrees)
    if output is not None:
        write_atomically(output, text)
    if wants_json:
        print_json(_document(argument, verdict, kind, output, text))
    elif output is None:
        print_text(text)
    else:
        result = ("passes on" if verdict.agrees else "fails on") if kind == PYTEST else "written and not run, for"
        print_lines([f"{output}: {result} {' and '.join(_pair(argument, verdict))}"])


def _document(argument: CaseArgument, verdict: Verdict, kind: str, output: Path | None, text: str) -> EmittedDocument:
    found = verdict.divergence
    outcome: Literal["fails", "passes"] = "passes" if found is None else "fails"
    return EmittedDocument(
        kind=kind,
        file=None if output is None else str(output),
        text=text if output is None else None,
        subjects=list(_pair(argument, verdict)),
        signature=None if found is None else str(found.signature),
        result=outcome if kind == PYTEST else "not_run",
    )


def _pair(argument: CaseArgument, verdict: Verdict) -> tuple[str, ...]:
    return verdict.divergence.subjects if verdict.divergence else tuple(argument.lockstep.names[:2])


def _emission(argument: CaseArgument, verdict: Verdict) -> Emission:
    case, found = argument.case, verdict.divergence
    if found is not None and found.index == START:
        raise EmitError(
            "--emit: the subjects differ at the start, before there is a step: keep it with `promote` instead"
        )
    if found is not None:
        case = case.with_steps(case.steps[: found.index + 1])
    last = len(case.steps) - 1
    watched = [watch(argument.lockstep, case, name, (last,)) for name in _pair(argument, verdict)]
    answers = {each.name: (each.outcomes, each.states.get(last, {})) for each in watched}
    return Emission(case, str(found.signature) if found else "", answers)


def _require_outcome(text: str, *, fails: bool) -> None:
    """Run the test in a fresh process: it must fail while the subjects differ, and pass once they agree."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "test_emitted.py"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, "-c", _RUN, str(file)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    failed = ended.returncode != 0
    asserted = "AssertionError" in ended.stderr
    if failed is not fails or (failed and not asserted):
        last = (ended.stderr.strip().splitlines() or ["it ended without a message"])[-1]
        raise EmitError(
            f"the test was written and run, and does not {'fail' if fails else 'pass'} as it must ({last}): "
            "keep the case with `promote` instead"
        )
