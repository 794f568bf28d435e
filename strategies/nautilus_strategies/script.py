"""A case as a script of a few lines that shows its difference with `nautilus_trader` and nothing else.

`python FILE` runs each side in a process of its own, prints the outcome of every step and the place where they
differ, and ends with 0 if they differ, or if both end their process. What differs is the same as in the harness: a
refusal is one word, whatever its class and text, and those stand behind a `|` for the reader.
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_fuzz.errors import EmitError
from cracktrader_fuzz.target.target import Emission
from nautilus_strategies.construction import Call, Member
from nautilus_strategies.construction import text as expression
from nautilus_strategies.objects import ABOUT_POSITIONS, event_of, instrument_of, order_of
from nautilus_strategies.seat import OK, REFUSALS
from nautilus_strategies.sides import CYTHON_MODULES, PACKAGE, RUST_MODULE
from nautilus_strategies.views import ORDER_EXPRESSIONS, POSITION_EXPRESSIONS

NEVER_BUILT = ("known_order", "unknown_order", "malformed")
SIDES = ("cython", "rust")

_TEMPLATE = '''\
"""{signature}

Needs nautilus_trader, and nothing else: `python FILE` runs each side in a process of its own and shows where they part.
"""

import subprocess
import sys
from decimal import Decimal

orders, positions = {{}}, {{}}
SIDE = sys.argv[1] if len(sys.argv) > 1 else "both"
if SIDE == "cython":
{imports}
elif SIDE == "rust":
    from {package} import {rust}

    globals().update(vars({rust}))


{steps}


def told(step):
    try:
        step()
    except NameError:
        raise
    except Exception as error:
        name = type(error).__name__
        return f"{{'refused' if name in {refusals} else name}} | {{name}}: {{error}}"
    return "ok"


if SIDE != "both":
    for step in ({names}):
        print(f"{{step.__name__}}: {{told(step)}}", flush=True)
{last}
else:
    shown = []
    for side in ("cython", "rust"):
        ran = subprocess.run([sys.executable, __file__, side], capture_output=True, text=True)
        print(f"{{side}}, exit status {{ran.returncode}}\\n{{ran.stdout}}")
        shown.append((ran.returncode, [line.split(" | ")[0] for line in ran.stdout.splitlines()]))
    if any(status > 0 for status, _ in shown):
        sys.exit("this script does not fit this version of nautilus_trader")
    sys.exit(0 if shown[0] != shown[1] or shown[0][0] < 0 else "both sides do the same")
'''


def script(emission: Emission) -> str:
    """The file. Raises EmitError for subjects that are not the two sides, and for steps that are not plain."""
    if tuple(emission.answers) != SIDES:
        raise EmitError(f"a script is for {' and '.join(SIDES)}, not for {' and '.join(emission.answers)}")
    answered = zip(emission.case.steps, emission.answers["cython"][0], strict=True)
    steps, outcomes = zip(*((step, each) for step, each in answered if each["code"] not in NEVER_BUILT), strict=True)
    try:
        return _TEMPLATE.format(
            signature=_plain(emission.signature or "no difference"),
            imports=textwrap.indent("\n".join(f"from {PACKAGE}.{name} import *" for name in CYTHON_MODULES), " " * 4),
            package=f"{PACKAGE}.{RUST_MODULE.rpartition('.')[0]}",
            rust=RUST_MODULE.rpartition(".")[2],
            steps="\n\n".join(_functions(steps, outcomes)),
            names="".join(f"{_name(index, step)}, " for index, step in enumerate(steps)).strip(),
            refusals=tuple(sorted(REFUSALS)),
            last=textwrap.indent(_last_look(emission), " " * 4),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise EmitError(f"a step is not one of NautilusTrader's: {type(error).__name__}: {error}") from error


def _functions(steps: Sequence[Step], outcomes: Sequence[Outcome]) -> list[str]:
    """A function for each step. The sides agree up to the last, so that what is there is the same on both."""
    terms: dict[str, Step] = {}
    positions: set[str] = set()
    functions = []
    for index, (step, outcome) in enumerate(zip(steps, outcomes, strict=True)):
        body = _body(step, terms, positions)
        functions.append(f"def {_name(index, step)}():\n{textwrap.indent(body, '    ')}\n")
        if outcome["code"] == OK and step["event"] == "order_initialized":
            terms[step["order_id"]] = step
        if outcome["code"] == OK and step.get("position_id") is not None:
            positions.add(step["position_id"])
    return functions


def _body(step: Step, terms: Mapping[str, Step], positions: set[str]) -> str:
    kind, order = step["event"], f"orders[{step['order_id']!r}]"
    if kind == "order_initialized":
        return f"{order} = {_both(order_of(step, 'cython'), order_of(step, 'rust'))}"
    if kind == ABOUT_POSITIONS:
        instrument, order_type = step["instrument"], "market"
    else:
        instrument, order_type = terms[step["order_id"]]["instrument"], terms[step["order_id"]]["order_type"]
    made = {**step, "event": "order_filled"} if kind == ABOUT_POSITIONS else step
    lines = [f"event = {_both(*(event_of(made, side, instrument, order_type) for side in SIDES))}"]
    if kind != ABOUT_POSITIONS:
        lines.append(f"{order}.apply(event)")
    if step.get("position_id") is not None:
        place = f"positions[{step['position_id']!r}]"
        first = f"{place} = Position({_both(*[instrument_of(instrument)] * 2)}, event)"
        lines.append(f"{place}.apply(event)" if step["position_id"] in positions else first)
    return "\n".join(lines)


def _both(cython: Call, rust: Call) -> str:
    """One expression for both sides; what only one of them takes is chosen as it runs."""
    _require_plain(rust)
    shared = [pair for pair in cython.named if pair in rust.named]
    parts = [f"{key}={expression(value, '')}" for key, value in shared]
    only = [{key: value for key, value in made.named if (key, value) not in shared} for made in (cython, rust)]
    if any(only):
        one, other = (
            "{" + ", ".join(f"{key!r}: {expression(value, '')}" for key, value in each.items()) + "}" for each in only
        )
        parts.append(f'**({one} if SIDE == "cython" else {other})')
    inner = textwrap.indent("".join(f"{part},\n" for part in parts), "    ")
    return f"{cython.name}(\n{inner})"


def _last_look(emission: Emission) -> str:
    """What is printed after the steps: the place that the signature names."""
    step = emission.case.steps[-1]
    order, position = f"orders[{step['order_id']!r}]", f"positions[{step.get('position_id')!r}]"
    path = emission.signature.split("/")[3].split(".") if emission.signature else ["outcome", "code"]
    field = path[-1].removesuffix("[]")
    codes = [answers[0][-1]["code"] for answers in emission.answers.values()]
    if path[:2] == ["state", "orders"]:
        shown = ORDER_EXPRESSIONS[field].format(order)
    elif path[0] == "state":
        shown = POSITION_EXPRESSIONS[field].format(position)
    elif field == "status":
        shown = f"{position}.side.name" if step["event"] == ABOUT_POSITIONS else f"{order}.status.name"
    elif codes[0] == codes[1] == OK:  # it is looking that fails
        field, shown = "to_dict", f"told({order}.to_dict)"
    else:
        return "sys.stdout.flush()"
    return f"print({f'{field}:'!r}, {shown}, flush=True)"


def _name(index: int, step: Step) -> str:
    return f"step_{index}_{_plain(step['event'])}"


def _plain(text: str) -> str:
    if not text.isascii() or not text.isprintable() or '"' in text or "\\" in text:
        raise EmitError(f"{text[:80]!r} cannot stand in a script")
    return text


def _require_plain(description: Any) -> None:
    """Only names become code that are names."""
    if isinstance(description, Member) and not description.name.isidentifier():
        raise EmitError(f"{description.name[:80]!r} is no {description.enum}")
    for value in getattr(description, "values", ()):
        _require_plain(value)
    for _, value in getattr(description, "named", ()):
        _require_plain(value)
