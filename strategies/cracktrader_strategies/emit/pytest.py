"""A case as a pytest file that needs `cracktrader` and nothing else: both cores, step by step, exactly.

It fails as long as the two differ. A Rust canary in a seat is loaded from the test build and armed by the file itself.
"""

import ast
import json
import textwrap

from cracktrader_fuzz.case.codec import content_hash
from cracktrader_fuzz.target.target import Emission
from cracktrader_strategies.emit.seats import PYTHON, RUST, plant_of, require_core

WIDTH = 118  # lines have at most 120 characters here; two are kept in reserve

_TEMPLATE = '''\
"""{title}

Compares {left} with {right} on {count} steps: the outcome and the state after each, types included.
Needs `cracktrader` with its Rust extension{needs}.
"""

from __future__ import annotations

import copy
{imports}
from cracktrader.engine.error import MalformedInputError

CONFIG: dict[str, Any] = {config}
STEPS: list[dict[str, Any]] = [
{steps}
]


{cores}


def observed(core: Any, step: dict[str, Any]) -> Any:
    """A core's outcome of a step, and its state after it. Of a refusal only the code counts, not its text."""
    handed = copy.deepcopy(step)
    try:
        answer = core.process_intent(handed) if "intent_type" in step else core.apply_event(handed)
    except MalformedInputError as error:
        answer = {{"outcome": "refused", "code": error.code}}
    assert exact(handed) == exact(step), "the core changed what it was handed"
    return exact([answer, core.snapshot()])


def exact(value: Any) -> Any:
    """The value with its types: 1, 1.0 and True differ, and so do 0.0 and -0.0; the order of keys does not count."""
    if isinstance(value, dict):
        return {{key: exact(inner) for key, inner in value.items()}}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(exact, value)]
    return [type(value).__name__, repr(value)]


def test_{name}() -> None:
    """{left} and {right} answer and keep the same after every step."""
    one, other = {left_core}(), {right_core}()
    for index, step in enumerate(STEPS):
        assert observed(one, step) == observed(other, step), f"step {{index}}"
    assert one.state_digest() == other.state_digest()
'''

_PLAIN_CORE = '''\
def {function}() -> Any:
    """The {name} core."""
    return build_core(backend="{name}", **CONFIG)'''

_PLANTED_CORE = '''\
def {function}() -> Any:
    """The Rust test build with the bug `{plant}` planted in it."""
    default = Path("rust/target/canary/libcracktrader_engine.so")
    path = Path(os.environ.get("CRACKTRADER_CANARY_LIBRARY", default)).resolve()
    loader = importlib.machinery.ExtensionFileLoader("cracktrader_canary._rust", str(path))
    spec = importlib.util.spec_from_file_location("cracktrader_canary._rust", path, loader=loader)
    extension = importlib.util.module_from_spec(spec)
    loader.exec_module(extension)
    extension.plant("{plant}")
    return extension.RustDeterministicCore(**CONFIG)'''


def emit_pytest(emission: Emission) -> str:
    """The file's text. Raises EmitError for a subject that lives in the harness only."""
    left, right = emission.answers
    planted = [name for name in (left, right) if plant_of(name) is not None]
    text = _TEMPLATE.format(
        title=_title(emission),
        left=left,
        right=right,
        count=len(emission.case.steps),
        needs=", and the Rust test build (`make canary`)" if planted else "",
        imports=_imports(bool(planted), plain=len(planted) < 2),
        config=ascii(emission.case.config),
        steps="\n".join(_literal(step) for step in emission.case.steps),
        cores="\n\n\n".join(_core(name) for name in (left, right)),
        name=f"case_{content_hash(emission.case)[:8]}",
        left_core=_function(left),
        right_core=_function(right),
    )
    ast.parse(text)
    return text


def _title(emission: Emission) -> str:
    return json.dumps(emission.signature)[1:-1] or "Two cores on one case."


def _imports(planted: bool, *, plain: bool) -> str:
    lines = ["import importlib.machinery", "import importlib.util", "import os", "from pathlib import Path"]
    lines = [*(lines if planted else ()), "from typing import Any", ""]
    return "\n".join([*lines, *(["from cracktrader import build_core"] if plain else ())])


def _core(name: str) -> str:
    require_core(name)
    plant = plant_of(name)
    if plant is not None:
        return _PLANTED_CORE.format(function=_function(name), plant=plant)
    return _PLAIN_CORE.format(function=_function(name), name=name)


def _function(name: str) -> str:
    return f"{name}_core" if name in (PYTHON, RUST) else "canary_core"


def _literal(step: object) -> str:
    """A step as Python writes it, wrapped where that breaks nothing: between the entries of the outer dict."""
    line = f"    {step!a},"
    if len(line) <= WIDTH or not isinstance(step, dict):
        return line
    entries = "\n".join(f"    {key!a}: {value!a}," for key, value in step.items())
    return textwrap.indent(f"{{\n{entries}\n}},", "    ")
