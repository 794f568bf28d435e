"""The parity gate: one command that says whether the Rust backend may stand in for the Python one.

python scripts/run_rust_parity_gate.py [--bars N] [--json]

Checks that the extension is built, that both cores answer every fixture as it says and agree on it, that a whole run
gives one summary with a digest at every step, and that the log of each backend replays on the other. Exit code 0 when
all of it holds, 1 when something does not, 2 without the extension.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.synthetic import parts  # noqa: E402

from cracktrader import Backend, BackendUnavailableError, CracktraderEngine, ReplayLog, ReplayRunner, build_core  # noqa: E402
from cracktrader_fuzz.corpus.documents import read_fixture  # noqa: E402
from cracktrader_fuzz.corpus.rerun import fixture_paths  # noqa: E402
from cracktrader_fuzz.lockstep.compare import first_difference  # noqa: E402
from cracktrader_fuzz.lockstep.run import Lockstep  # noqa: E402
from cracktrader_fuzz.seating import load_target, seat_subjects  # noqa: E402
from cracktrader_fuzz.settings import read_settings  # noqa: E402

BACKENDS: tuple[Backend, ...] = ("python", "rust")


class GateError(Exception):
    """A check that does not hold; the message says which case, and how."""


@click.command()
@click.option("--bars", default=2_000, show_default=True, help="Bars of the whole run.")
@click.option("--json", "wants_json", is_flag=True, help="The same facts as JSON.")
def main(bars: int, wants_json: bool) -> None:
    """Run the gate."""
    try:
        build_core(0, "rust")
    except BackendUnavailableError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    checks: dict[str, Callable[[], str]] = {"fixtures": check_fixtures, "run and replay": lambda: check_run(bars)}
    found = [_verdict(name, check) for name, check in checks.items()]
    if wants_json:
        click.echo(json.dumps({"passed": all(row["passed"] for row in found), "checks": found}))
    else:
        for row in found:
            click.echo(f"{'PASS' if row['passed'] else 'FAIL'}  {row['check']:16} {row['detail']}")
    sys.exit(0 if all(row["passed"] for row in found) else 1)


def _verdict(name: str, check: Callable[[], str]) -> dict[str, str | bool]:
    try:
        return {"check": name, "passed": True, "detail": check()}
    except GateError as error:
        return {"check": name, "passed": False, "detail": str(error)}


def check_fixtures() -> str:
    """Both cores against every fixture, alone and in lockstep."""
    settings = read_settings(ROOT)
    target = load_target(settings, "cracktrader")
    lockstep = Lockstep(target, seat_subjects(target, BACKENDS))
    paths = fixture_paths(settings.corpus)
    if not paths:
        raise GateError(f"no fixtures under {settings.corpus}: a gate without cases proves nothing")
    for path in paths:
        fixture = read_fixture(path)
        verdict = lockstep.run_case(fixture.case, exact=True)
        if verdict.divergence is not None:
            raise GateError(f"{path.name}: the cores differ at step {verdict.divergence.index}")
        if fixture.expected is not None:
            for place, backend in enumerate(BACKENDS):
                told = [outcome for _, outcome, _ in lockstep.outcomes(fixture.case, place)]
                if first_difference(fixture.expected.outcomes, told) is not None:
                    raise GateError(f"{path.name}: {backend} does not answer as the fixture says")
    return f"{len(paths)} fixtures"


def check_run(bars: int) -> str:
    """One run on each backend, a digest at every step, and each log replayed on the other backend."""
    with tempfile.TemporaryDirectory() as folder:
        logs = {backend: Path(folder) / f"{backend}.jsonl" for backend in BACKENDS}
        summaries = [
            CracktraderEngine(engine_backend=backend).run_native(**parts(bars), log=log, digest_every=1)
            for backend, log in logs.items()
        ]
        if summaries[0] != summaries[1]:
            raise GateError(f"the summaries differ: {summaries[0]} on python, {summaries[1]} on rust")
        written = [ReplayLog.read(log) for log in logs.values()]
        if written[0].records != written[1].records:
            raise GateError("the records of the two logs differ")
        for log, backend in zip(written, BACKENDS[::-1], strict=True):
            report = ReplayRunner(log, backend=backend).run()
            if report.digest != summaries[0].digest:
                raise GateError(f"the replay on {backend} ends with {report.digest}, not {summaries[0].digest}")
    return f"{summaries[0].steps} steps, {summaries[0].intents} intents, digest {summaries[0].digest[:16]}"


if __name__ == "__main__":
    main()
