"""What every test run has: the Hypothesis profiles, the choice of subjects, and findings out of failures.

Options: `--subjects python,rust` says who sits in the seats of the differential tests, the reference first, and
`--findings DIR` where a divergence is kept. A failure that carries a divergence (see `cracktrader_fuzz.search.gate`)
is shrunk and written down, in whichever process it happened; the test fails all the same.

Profiles, loaded here by name so that no environment variable chooses one:
- `pr`, the default: the same examples on every run of the same tests, hence without a database.
- `nightly` (`--hypothesis-profile nightly`): new examples each time, many of them, and those that failed come first
  next time, from `.hypothesis/` in the repository.
Neither shrinks nor explains, because our shrinker is better at it, and neither has a deadline, which is a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase

from cracktrader_fuzz.campaign.worker import keep
from cracktrader_fuzz.corpus.store import FindingStore
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.gate import DivergenceError, carried
from cracktrader_fuzz.settings import seat
from cracktrader_strategies.target import CRACKTRADER

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
    """The two options of the module."""
    group = parser.getgroup("differential")
    group.addoption(
        "--subjects",
        metavar="NAME,NAME",
        default=",".join(CRACKTRADER.seats),
        help="who is compared, the reference first (default: %(default)s)",
    )
    group.addoption(
        "--findings",
        metavar="DIR",
        type=Path,
        default=ROOT / "corpus" / "findings",
        help="where divergences are kept (default: corpus/findings)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse subjects that are not known, and any number of them but two."""
    names = subject_names(config)
    unknown = [name for name in names if name not in CRACKTRADER.subjects]
    if unknown:
        known = ", ".join(sorted(CRACKTRADER.subjects))
        raise pytest.UsageError(f"--subjects: unknown subject {unknown[0][:80]!r}: known are {known}")
    if len(names) != 2 or names[0] == names[1]:
        raise pytest.UsageError(f"--subjects: {','.join(names)[:80]!r} is not two names joined by a comma")


def subject_names(config: pytest.Config) -> list[str]:
    """The names that `--subjects` gives."""
    return [name.strip() for name in str(config.getoption("--subjects")).split(",")]


@pytest.fixture(scope="session")
def seated(pytestconfig: pytest.Config) -> Callable[[], Lockstep]:
    """`seated()` gives the lockstep of this run; called in the test, so that a backend that is missing fails it."""
    names = tuple(subject_names(pytestconfig))
    return cache(lambda: Lockstep(CRACKTRADER, seat(CRACKTRADER, names)))


@pytest.fixture(scope="session")
def profile() -> settings:
    """The Hypothesis profile of this run."""
    return settings.get_profile(settings.get_current_profile_name())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what became of each divergence that a failure carries."""
    report = yield
    if report.failed and call.excinfo is not None:
        store = FindingStore(item.config.getoption("--findings"))
        for divergence in carried(call.excinfo.value):
            report.sections.append((SECTION, kept_text(divergence, store, item.nodeid)))
    return report


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
