"""`engine_backend`: additive, python by default, and clear where there is no extension.

The runs on the Rust backend fail where the extension is missing, and are never skipped: that must be seen.
"""

from __future__ import annotations

import inspect
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cracktrader as ct
from cracktrader.engine.rust_bridge import EXTENSION

CANDLES = [(minute * 60_000, 100, 102, 99, 101, 5) for minute in range(4)]


def port() -> ct.InMemoryFeedPort:
    """A port over four candles."""
    return ct.InMemoryFeedPort([ct.InMemoryFeedCursor("I", CANDLES, timeframe="1m")])


def buy_once(context: Any) -> list[dict[str, Any]]:
    """Buys one at the first event."""
    if context.step:
        return []
    payload = {
        "order_id": "o1",
        "venue": "sim",
        "instrument": "I",
        "side": "buy",
        "order_type": "market",
        "quantity": 1,
    }
    return [{"intent_type": "place_order", "payload": payload, "strategy_id": "s"}]


@pytest.fixture
def no_extension(monkeypatch: pytest.MonkeyPatch) -> None:
    """The import of the extension fails, as where it was never built."""
    monkeypatch.setitem(sys.modules, EXTENSION, None)


@pytest.mark.parametrize("owner", [ct.CerebroEngineRuntime, ct.CracktraderEngine])
def test_the_keyword_is_additive(owner: Any) -> None:
    """It is a keyword with the default `python`."""
    parameter = inspect.signature(owner).parameters["engine_backend"]
    assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
    assert parameter.default == "python"


@pytest.mark.parametrize("backend", ["python", "rust"])
def test_every_part_is_of_the_backend(backend: Any) -> None:
    """Core, sequencer, checker and normaliser are all of the language that was asked for."""
    feed_port = port()
    runner = ct.CerebroEngineRuntime(engine_backend=backend, feed_port=feed_port).runner
    parts = [runner._core, runner._sequencer, runner._checker, feed_port.normalizer]
    names = [type(part).__name__ for part in parts]
    prefix = "Rust" if backend == "rust" else ""
    wanted = ["DeterministicCore", "Sequencer", "InvariantChecker", "EventNormalizer"]
    assert names == [f"{prefix}{name}" for name in wanted]


def test_both_backends_give_one_summary() -> None:
    """The trace, the cash, the positions and the digest do not depend on the backend."""
    summaries = [
        ct.CracktraderEngine(engine_backend=backend).run_native(
            feed_port=port(), strategy_callback=buy_once, initial_cash=1000
        )
        for backend in ("python", "rust")
    ]
    assert summaries[0] == summaries[1]
    assert summaries[0].positions == {"sim:I": "1"}


def test_a_run_may_choose_its_own_backend() -> None:
    """`run_native(engine_backend=...)` overrides the engine's, for this run."""
    engine = ct.CracktraderEngine()
    other = engine.run_native(feed_port=port(), strategy_callback=buy_once, engine_backend="rust")
    assert engine.engine_backend == "python"
    assert other == engine.run_native(feed_port=port(), strategy_callback=buy_once)


def test_an_injected_normaliser_stays() -> None:
    """The runtime gives its normaliser only to a port that has none."""
    normalizer = ct.build_event_normalizer("python")
    feed_port = ct.InMemoryFeedPort([ct.InMemoryFeedCursor("I", CANDLES)], normalizer=normalizer)
    ct.CerebroEngineRuntime(engine_backend="rust", feed_port=feed_port)
    assert feed_port.normalizer is normalizer


@pytest.mark.parametrize("backend", ["Rust", "", None])
def test_another_backend_is_refused(backend: Any) -> None:
    """The error quotes it and names what there is."""
    with pytest.raises(ValueError, match="python, rust") as caught:
        ct.CerebroEngineRuntime(engine_backend=backend, feed_port=port())
    assert repr(backend) in str(caught.value)


@pytest.mark.usefixtures("no_extension")
def test_a_missing_extension_is_told_at_once(tmp_path: Path) -> None:
    """Before a file is opened: the error says how to build it."""
    log = tmp_path / "run.jsonl"
    with pytest.raises(ct.BackendUnavailableError, match="make env"):
        ct.CracktraderEngine(engine_backend="rust")
    with pytest.raises(ct.BackendUnavailableError, match="make env"):
        ct.CracktraderEngine().run_native(feed_port=port(), engine_backend="rust", log=log)
    assert not log.exists()


@pytest.mark.usefixtures("no_extension")
def test_the_python_backend_needs_no_extension() -> None:
    """It runs as ever."""
    assert ct.CracktraderEngine().run_native(feed_port=port(), strategy_callback=buy_once).positions == {"sim:I": "1"}


def test_an_installation_without_the_extension(tmp_path: Path) -> None:
    """A copy of the package without the built file runs on Python alone, in an interpreter of its own."""
    source = Path(ct.__file__).parent
    shutil.copytree(source, tmp_path / "cracktrader", ignore=shutil.ignore_patterns("_rust*", "__pycache__"))
    code = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import cracktrader as ct
assert ct.__file__.startswith({str(tmp_path)!r}), ct.__file__
assert not ct.is_rust_available()
port = ct.InMemoryFeedPort([ct.InMemoryFeedCursor("I", {CANDLES!r}, timeframe="1m")])
print(ct.CracktraderEngine().run_native(feed_port=port, initial_cash=5).cash)
try:
    ct.CracktraderEngine(engine_backend="rust")
except ct.BackendUnavailableError as error:
    print("make env" in str(error))
"""
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["5", "True"], "")
