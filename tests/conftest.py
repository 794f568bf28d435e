"""What every test run has: the Hypothesis profiles and the choice of subjects.

`--subjects python,rust`, an option of the plugin, says who sits in the seats of the differential tests, the reference
first, and `--findings DIR` where a divergence is kept.

Profiles, loaded here by name so that no environment variable chooses one:
- `pr`, the default: the same examples on every run of the same tests, hence without a database.
- `nightly` (`--hypothesis-profile nightly`): new examples each time, many of them, and those that failed come first
  next time, from `.hypothesis/` in the repository.
Neither shrinks nor explains, because our shrinker is better at it, and neither has a deadline, which is a clock.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase

from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.testing.gate import PROFILE
from cracktrader_fuzz.testing.plugin import corpus_run

ROOT = Path(__file__).resolve().parents[1]

set_hypothesis_home_dir(ROOT / ".hypothesis")
settings.register_profile(
    "pr",
    PROFILE,
    max_examples=100,
    stateful_step_count=50,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
settings.register_profile(
    "nightly",
    settings.get_profile("pr"),
    derandomize=False,
    database=DirectoryBasedExampleDatabase(ROOT / ".hypothesis" / "examples"),
    max_examples=20_000,
)
settings.load_profile("pr")


@pytest.fixture(scope="session")
def seated(pytestconfig: pytest.Config) -> Callable[[], Lockstep]:
    """`seated()` gives the lockstep of this run; called in the test, so that a backend that is missing fails it."""
    return lambda: corpus_run(pytestconfig).lockstep


@pytest.fixture(scope="session")
def profile() -> settings:
    """The Hypothesis profile of this run."""
    return settings.get_profile(settings.get_current_profile_name())


@pytest.fixture(scope="session")
def nautilus_trader() -> None:
    """NautilusTrader, an extra: tests that ask for it are skipped without it, but fail in CI, where all has to run."""
    if importlib.util.find_spec("nautilus_trader") is None:
        told = "nautilus_trader is not installed: pip install .[nautilus]"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
