"""The bridge: which core it builds, what it says when it cannot, and a first run of the Rust core.

The runs on the Rust core fail where the extension is missing, and are never skipped: that must be seen.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from cracktrader.engine.backends import CoreProtocol
from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import BackendUnavailableError, MalformedInputError
from cracktrader.engine.rust_bridge import EXTENSION, build_core, is_rust_available

Wire = dict[str, Any]
MakeWire = Callable[..., Wire]

METHODS = {
    "apply_event",
    "process_intent",
    "apply_batch",
    "get_cash",
    "get_positions",
    "snapshot",
    "restore",
    "state_digest",
    "reset",
}


@pytest.fixture
def no_extension(monkeypatch: pytest.MonkeyPatch) -> None:
    """The import of the extension fails, as where it was never built."""
    monkeypatch.setitem(sys.modules, EXTENSION, None)


def test_protocol_holds_the_documented_methods() -> None:
    """The protocol is exactly the page's table, and the Python core fulfils it."""
    assert {name for name in vars(CoreProtocol) if not name.startswith("_")} == METHODS
    assert isinstance(build_core(), CoreProtocol)
    assert {name for name in vars(DeterministicCore) if not name.startswith("_")} == METHODS


@pytest.mark.parametrize("cash", [5, 5.0, "5"])
def test_python_core_by_default(cash: float | str) -> None:
    """Without a backend named, the Python core is built, with the cash in any of its forms."""
    core = build_core(cash)
    assert type(core) is DeterministicCore
    assert core.get_cash() == 5.0


@pytest.mark.usefixtures("no_extension")
def test_missing_extension_is_a_clear_error() -> None:
    """The error names both ways to build it and quotes the import error."""
    assert not is_rust_available()
    with pytest.raises(BackendUnavailableError) as caught:
        build_core(0.0, backend="rust")
    message = str(caught.value)
    assert "make env" in message
    assert "pip install ." in message
    assert isinstance(caught.value.__cause__, ImportError)
    assert str(caught.value.__cause__) in message


@pytest.mark.usefixtures("no_extension")
def test_missing_extension_leaves_the_python_backend_alone() -> None:
    """The Python core is built as ever."""
    assert build_core(1, backend="python").get_cash() == 1.0


@pytest.mark.parametrize("backend", ["Rust", "", None, 1])
def test_unknown_backend(backend: Any) -> None:
    """The error quotes what was asked for and names what there is."""
    with pytest.raises(ValueError, match="python, rust") as caught:
        build_core(0, backend=backend)
    assert repr(backend) in str(caught.value)


def test_importing_the_bridge_imports_no_extension() -> None:
    """A fresh interpreter that builds a Python core never loads the extension."""
    code = (
        "import sys, cracktrader; cracktrader.build_core(1.0); "
        f"sys.exit(any(name == {EXTENSION!r} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_rust_is_available() -> None:
    """Where these tests run, the extension is built."""
    assert is_rust_available(), f"{EXTENSION} is not built: run `make env`"


def test_rust_core_runs(event: MakeWire, fill: MakeWire, place: MakeWire) -> None:
    """An order from its placement to a fill gives the same answers and the same digest on both cores."""
    rust, python = build_core(1000.0, backend="rust"), build_core(1000.0, backend="python")
    assert isinstance(rust, CoreProtocol)
    assert rust.process_intent(place()) == python.process_intent(place())
    for step in (
        event(1, "order_submitted", {"order_id": "o1"}),
        event(2, "order_accepted", {"order_id": "o1", "reason": "x"}),
        fill(3, "2.5", "100", fee="0.1", idempotency_key="k"),
        fill(3, "2.5", "100", fee="0.1", idempotency_key="k"),
    ):
        assert rust.apply_event(step) == python.apply_event(step)
        assert rust.state_digest() == python.state_digest()


def test_rust_core_raises_the_shared_error() -> None:
    """Malformed input is the same exception class on both sides of the border."""
    with pytest.raises(MalformedInputError) as caught:
        build_core(0, backend="rust").apply_event({})
    assert caught.value.code == "malformed_field"
