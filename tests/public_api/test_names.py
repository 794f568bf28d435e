"""The public names: a closed set, which importing loads without its extras."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cracktrader as ct

LISTED = """
AsyncFeedCursor AsyncFeedPort Backend BackendUnavailableError Broker Cerebro CerebroEngineRuntime Checkpoint
CheckpointError CoreProtocol CracktraderEngine CsvFeedCursor DeterministicCore EngineEvent EngineIntent Feed FeedError
FeeModel InMemoryFeedCursor InMemoryFeedPort InvariantViolationError LogReader MalformedInputError OrderTransition
ReplayError ReplayLog ReplayRunner RunSummary SequenceError Session SimulatedBroker StepError Store Strategy
StrategyOrder TransitionResult build_core build_event_normalizer build_invariant_checker build_sequencer clear_stores
exchange is_rust_available register_exchange
"""
NAMES = LISTED.split()


def test_the_names_are_these_and_no_others() -> None:
    """A name that comes or goes is a decision."""
    assert sorted(ct.__all__) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there(name: str) -> None:
    """Also the one that is loaded when it is asked for."""
    assert getattr(ct, name) is not None


def test_another_name_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="Cerbero"):
        ct.Cerbero  # noqa: B018


def test_importing_loads_no_extra() -> None:
    """Neither the extension nor backtrader, ccxt or a JSON Schema package."""
    code = (
        "import sys, cracktrader; extras = {'backtrader', 'ccxt', 'jsonschema', 'cracktrader.engine._rust'}; "
        "print(sorted(extras & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_backtrader_the_error_says_how_to_get_it() -> None:
    """Everything else works, and `Cerebro` names its extra."""
    code = """
import sys
sys.modules["backtrader"] = None
import cracktrader as ct
try:
    ct.Cerebro
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "cracktrader-engine[backtrader]" in done.stdout
