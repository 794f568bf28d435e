"""What every test run has: the Hypothesis profiles, the choice of subjects, and findings out of failures.

`--subjects python,rust`, an option of the plugin, says who sits in the seats of the differential tests, the reference
first, and `--findings DIR` where a divergence is kept. A failure that carries a divergence (see
`cracktrader_fuzz.search.gate`) is shrunk and written down, in whichever process it happened; the test still fails.

Profiles, loaded here by name so that no environment variable chooses one:
- `pr`, the default: the same examples on every run of the same tests, hence without a database.
- `nightly` (`--hypothesis-profile nightly`): new examples each time, many of them, and those that failed come first
  next time, from `.hypothesis/` in the repository.
Neither shrinks nor explains, because our shrinker is better at it, and neither has a deadline, which is a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase

from cracktrader_fuzz.campaign.worker import keep
from cracktrader_fuzz.corpus.store import FindingStore
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.pytest_plugin import corpus_run
from cracktrader_fuzz.search.gate import DivergenceError, carried

ROOT = Path(__file__).resolve().parents[1]
SECTION = "divergence"

set_hypothesis_home_dir(ROOT / ".hypothesis")
settings.register_profile(
    "pr",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=100,
    stateful_step_count=50,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],  # it looks at the clock
    verbosity=Verbosity.quiet,  # the section about the divergence says it better than a block of bytes
)
settings.register_profile(
    "nightly",
    settings.get_profile("pr"),
    derandomize=False,
    database=DirectoryBasedExampleDatabase(ROOT / ".hypothesis" / "examples"),
    max_examples=20_000,
)
settings.load_profile("pr")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where findings go; who is compared, `--subjects`, is the plugin's option."""
    parser.getgroup("cracktrader_fuzz").addoption(
        "--findings",
        metavar="DIR",
        type=Path,
        default=ROOT / "corpus" / "findings",
        help="where divergences are kept (default: corpus/findings)",
    )


@pytest.fixture(scope="session")
def seated(pytestconfig: pytest.Config) -> Callable[[], Lockstep]:
    """`seated()` gives the lockstep of this run; called in the test, so that a backend that is missing fails it."""
    return lambda: corpus_run(pytestconfig).lockstep


@pytest.fixture(scope="session")
def profile() -> settings:
    """The Hypothesis profile of this run."""
    return settings.get_profile(settings.get_current_profile_name())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what became of each divergence that a failure carries; a failure that shows known ones only is expected."""
    report = yield
    if report.failed and call.excinfo is not None:
        store, found = FindingStore(item.config.getoption("--findings")), carried(call.excinfo.value)
        if found and (known := known_text(found, item.config)):
            report.outcome, report.wasxfail = "skipped", known
            return report
        for divergence in found:
            report.sections.append((SECTION, kept_text(divergence, store, item.nodeid)))
    return report


def known_text(found: list[DivergenceError], config: pytest.Config) -> str:
    """Which entries of the ledger cover all the divergences, or nothing where one is new or its date has passed."""
    run = corpus_run(config)
    entries = [run.ledger.entry_of(str(each.divergence.signature)) for each in found]
    known = [entry for entry in entries if entry is not None and not entry.is_expired(run.today)]
    told = (f"known until {entry.expires}: {entry.id}: {entry.reason}" for entry in known)
    return "; ".join(told) if len(known) == len(found) else ""


def kept_text(error: DivergenceError, store: FindingStore, origin: str) -> str:
    """Shrink and keep a divergence: what to do next. A failure of that is told, and hides nothing."""
    signature, lines = str(error.divergence.signature), [f"steps:     {len(error.case.steps)}"]
    wrong = ", ".join((*error.subjects, "both"))
    try:
        signature, kept = keep(error.lockstep, error.case, error.divergence, f"pytest {origin}", store)
    except Exception as problem:  # noqa: BLE001 - whatever it is, the test's own failure must be reported
        lines.append(f"not kept:  {type(problem).__name__}: {problem}")
    else:
        minimal = "minimal, with a certificate" if kept.certified else "not proved minimal"
        lines = [
            f"steps:     {len(error.case.steps)} -> {kept.steps} ({minimal})",
            f"file:      {kept.path}",
            f"again:     python -m cracktrader_fuzz repro {kept.path}",
            f'keep it:   python -m cracktrader_fuzz promote {kept.path} --verdict WRONG --reason "..."',
            f"           WRONG, who is wrong: {wrong}",
        ]
    return "\n".join((f"signature: {signature}", *lines))
