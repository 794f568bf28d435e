"""`pytest corpus/`: every stored fixture as tests, one a subject and one in lockstep; failures read like `repro`.

Any other test that fails with a divergence (`cracktrader_fuzz.testing.divergence`) leaves a finding, and its report
names the commands to go on with.

Loaded by pytest itself wherever the package is installed, so it must cost nothing there: this module imports pytest and
nothing else, and only a `.json` file below a folder of fixtures, `--subjects`, or a divergence brings in
`cracktrader_fuzz.testing.items`. The engines are imported when a fixture of the corpus is met, and the subjects are
made when its first test runs.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cracktrader_fuzz.testing.items import CorpusRun

FOLDERS = frozenset({"fixtures", "regressions"})
DIVERGING = "cracktrader_fuzz.testing.divergence"  # which raises divergences, so there are none where it is not loaded


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options: which subjects are compared, which corpus is used, and where findings go."""
    group = parser.getgroup("cracktrader_fuzz", "differential tests")
    group.addoption("--subjects", metavar="NAME,NAME", help="who is compared, the reference first (default: the seats)")
    group.addoption("--corpus", metavar="DIR", type=Path, help="the corpus (default: the settings')")
    group.addoption("--findings", metavar="DIR", type=Path, help="where divergences are kept (default: the corpus's)")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse subjects that are not known before anything is collected."""
    if config.getoption("--subjects") is not None:
        corpus_run(config).names()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a fixture file of the corpus."""
    if file_path.suffix != ".json" or FOLDERS.isdisjoint(file_path.parts):
        return None
    return corpus_run(parent.config).collected(file_path, parent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what became of each divergence that a failure carries."""
    report = yield
    if report.failed and call.excinfo is not None and DIVERGING in sys.modules:
        from cracktrader_fuzz.testing.report import report_divergences

        report_divergences(report, call.excinfo.value, corpus_run(item.config))
    return report


def corpus_run(config: pytest.Config) -> CorpusRun:
    """The one `CorpusRun` of this process."""
    from cracktrader_fuzz.testing.items import RUN, CorpusRun

    if RUN not in config.stash:
        config.stash[RUN] = CorpusRun(config)
    return config.stash[RUN]
