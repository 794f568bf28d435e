"""The bridge: which core it builds, what it says when it cannot, and a first run of the Rust core.

The runs on the Rust core fail where the extension is missing, and are never skipped: that must be seen.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from cracktrader.engine.backends import (
    CoreProtocol,
    EventNormalizerProtocol,
    InvariantCheckerProtocol,
    SequencerProtocol,
)
from cracktrader.engine.core import DeterministicCore
from cracktrader.engine.error import BackendUnavailableError, MalformedInputError
from cracktrader.engine.invariants import InvariantChecker
from cracktrader.engine.normalizer import EventNormalizer
from cracktrader.engine.rust_bridge import (
    EXTENSION,
    build_core,
    build_event_normalizer,
    build_invariant_checker,
    build_sequencer,
    is_rust_available,
)
from cracktrader.engine.sequencer import Sequencer

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
    assert "pip install ./src" in message
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


BUILDERS: list[tuple[Callable[..., Any], type[Any], type[Any]]] = [
    (build_sequencer, Sequencer, SequencerProtocol),
    (build_invariant_checker, InvariantChecker, InvariantCheckerProtocol),
    (build_event_normalizer, EventNormalizer, EventNormalizerProtocol),
]


@pytest.mark.parametrize(("build", "python_class", "protocol"), BUILDERS)
def test_parts_around_the_core(build: Callable[..., Any], python_class: type[Any], protocol: type[Any]) -> None:
    """Each is built in Python by default and in Rust when asked for, with exactly the protocol's methods in both."""
    methods = {name for name in vars(protocol) if not name.startswith("_")}
    python, rust = build(), build("rust")
    assert type(python) is python_class
    assert type(rust).__name__ == f"Rust{python_class.__name__}"
    for part in (python, rust):
        assert isinstance(part, protocol)
        assert {name for name in dir(part) if not name.startswith("_")} == methods


@pytest.mark.parametrize(("build", "python_class", "protocol"), BUILDERS)
def test_parts_of_another_backend(build: Callable[..., Any], python_class: type[Any], protocol: type[Any]) -> None:
    """A backend of another name is an error that names the two that there are."""
    with pytest.raises(ValueError, match="python, rust"):
        build("java")


@pytest.mark.usefixtures("no_extension")
@pytest.mark.parametrize(("build", "python_class", "protocol"), BUILDERS)
def test_parts_without_the_extension(build: Callable[..., Any], python_class: type[Any], protocol: type[Any]) -> None:
    """Without the extension the Python parts are built as ever, and the Rust ones tell how to get them."""
    assert type(build("python")) is python_class
    with pytest.raises(BackendUnavailableError, match="make env"):
        build("rust")


@pytest.mark.parametrize(("build", "python_class", "protocol"), BUILDERS)
def test_parts_that_an_older_build_lacks(
    monkeypatch: pytest.MonkeyPatch, build: Callable[..., Any], python_class: type[Any], protocol: type[Any]
) -> None:
    """An extension from before a part was written is told like one that is missing, with the name it lacks."""
    monkeypatch.setitem(sys.modules, EXTENSION, ModuleType(EXTENSION))
    with pytest.raises(BackendUnavailableError, match=rf"has no Rust{python_class.__name__}.*make env"):
        build("rust")


@pytest.mark.parametrize("backend", ["python", "rust"])
def test_arguments_reach_the_parts(backend: Any) -> None:
    """First number, cash and mode are those that were asked for, and a wrong word is refused by both."""
    assert build_sequencer(backend, first_seq_id=9).snapshot()["next_seq_id"] == 9
    assert build_invariant_checker(backend, initial_cash="1.50").snapshot()["initial_cash"] == "1.5"
    event = build_event_normalizer(backend, mode="live").timer("V", {"name": "t"}, 3)
    assert event["event_time"] == 3
    for call in (
        lambda: build_sequencer(backend, late="never"),  # type: ignore[arg-type]
        lambda: build_invariant_checker(backend, mode="loud"),  # type: ignore[arg-type]
        lambda: build_event_normalizer(backend, mode="dream"),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match=r"never|loud|dream"):
            call()
