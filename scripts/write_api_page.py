"""Write `docs/reference/api.md` from the sources: signatures, fields, methods and docstrings of the public names.

    python scripts/write_api_page.py

Reads the sources as syntax trees and imports nothing, so that the page is the same on every machine and Python version.
A name that a public one mentions and that is not public itself is put at the end: readers need it.
"""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "cracktrader_fuzz"
PAGE = ROOT / "docs" / "reference" / "api.md"
NAME = "cracktrader_fuzz"
LINE_LENGTH_MAX = 110  # a reader's window, less the frame that GitHub puts around code
Node = ast.ClassDef | ast.FunctionDef | ast.Assign

GROUPS = {
    "Data": ("Case", "Config", "Step", "Outcome", "State"),
    "A target, from a table of calls": ("call_target", "Draw", "Canary"),
    "A target, by parts": (
        *("Target", "Subject", "BuildIdentity", "Decoder", "Tracker"),
        *("Grammar", "ChoiceRule", "DecimalRule", "IntegerRule", "NameRule"),
        *("Generation", "Space", "Reading", "Recordings", "Recording", "RecordingVerdict"),
        *("Relations", "related_subjects", "restorable_subjects", "Isolation", "CoverageGuide"),
    ),
    "Comparing and shrinking": (
        *("Lockstep", "Verdict", "Divergence", "Signature", "Shrinker", "ShrinkResult", "Certificate"),
    ),
    "In a test file": ("gate_test",),
    "Errors": ("FuzzError", "UsageError", "BrokenError", "SubjectMissingError"),
    "The version": ("__version__",),
}

HEAD = """# API reference

Written by `python scripts/write_api_page.py` from the docstrings; a test compares. All names but those of the last
section are imported from `cracktrader_fuzz`, and loaded when they are first used. What may change and what may not:
[stability.md](stability.md). How to begin: [your-own-core.md](../your-own-core.md).
"""
INNER = """
## Not public

Named by the signatures above, and imported from the module that is given. They may change with any version.
"""


@cache
def tree_of(module: str) -> ast.Module:
    """The syntax tree of a module below the package."""
    path = PACKAGE / Path(*module.split(".")).with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def public_names() -> dict[str, str]:
    """Every public name with its module, as the package's `_MODULES` has it."""
    for node in tree_of("__init__").body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_MODULES":
            found: dict[str, str] = ast.literal_eval(node.value)
            return {**found, "__version__": "version"}
    raise ValueError("the package has no _MODULES any more: mend this script")


@cache
def definition(module: str, name: str) -> tuple[Node, str] | None:
    """What a module calls so, with its docstring: a class, a function, or a value with the text below it."""
    body = tree_of(module).body
    for place, node in enumerate(body):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            return node, ast.get_docstring(node) or ""
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return node, _text(body[place + 1]) if place + 1 < len(body) else ""
    return None


def _text(node: ast.stmt) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return inspect.cleandoc(node.value.value)
    return ""


@cache
def home(module: str, name: str) -> str | None:
    """The module of this package that defines a name that `module` uses; None for another package's, or a builtin."""
    if definition(module, name) is not None:
        return module
    for node in tree_of(module).body:
        if isinstance(node, ast.ImportFrom) and name in [alias.name for alias in node.names]:
            module_of, _, rest = (node.module or "").partition(".")
            return rest if module_of == NAME else None
    return None


def mentioned(node: Node) -> Iterator[str]:
    """The names in the types of what a reader sees: fields, parameters, results, or an alias's value."""
    if isinstance(node, ast.Assign):
        types: list[ast.expr | None] = [node.value]
    elif isinstance(node, ast.FunctionDef):
        types = [node.returns, *(argument.annotation for argument in _arguments(node))]
    else:
        types = [each.annotation for each in _fields(node)]
        types += [kind for method in _methods(node) for kind in (method.returns, *_types(method))]
    for each in filter(None, types):
        yield from (inner.id for inner in ast.walk(each) if isinstance(inner, ast.Name))


def _types(function: ast.FunctionDef) -> list[ast.expr | None]:
    return [argument.annotation for argument in _arguments(function)]


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _fields(node: ast.ClassDef) -> list[ast.AnnAssign]:
    """The annotated names, and plain constants as such."""
    return [each for each in node.body if isinstance(each, ast.AnnAssign)]


def _methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """What a user may call, the constructor among them."""
    functions = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    return [each for each in functions if each.name == "__init__" or not each.name.startswith("_")]


def needed() -> dict[str, str]:
    """The names that are not public and that the public ones lead to, each with its module, in order of name."""
    public = public_names()
    found: dict[str, str] = {}
    waiting = [(module, name) for name, module in public.items()]
    while waiting:
        module, name = waiting.pop()
        defined = definition(module, name)
        for each in mentioned(defined[0]) if defined else ():
            where = home(module, each)
            if where is not None and each not in {*public, *found} and not _is_type_variable(where, each):
                found[each] = where
                waiting.append((where, each))
    return dict(sorted(found.items()))


def _is_type_variable(module: str, name: str) -> bool:
    defined = definition(module, name)
    return defined is not None and isinstance(defined[0], ast.Assign) and "TypeVar(" in ast.unparse(defined[0])


def entry(module: str, name: str, note: str = "") -> str:
    """One name: its heading, its code, its docstring, its methods."""
    defined = definition(module, name)
    if defined is None:
        raise ValueError(f"{module} has no {name}")
    node, text = defined
    code = _class_code(node) if isinstance(node, ast.ClassDef) else _head(node)
    parts = [f"### {name}", f"{note}```python\n{code}\n```", text]
    if isinstance(node, ast.ClassDef):
        parts.append("\n".join(_method_line(each) for each in _methods(node) if each.name != "__init__"))
    return "\n\n".join(part for part in parts if part)


def _head(node: ast.FunctionDef | ast.Assign) -> str:
    """A function's signature, an argument a line where it is long; an alias as it is written."""
    if isinstance(node, ast.Assign):
        return ast.unparse(node)
    return _signature(node)


def _signature(node: ast.FunctionDef, *, bound: bool = False, returns: bool = True) -> str:
    """Name, arguments and result, on one line if it is short; `bound` leaves the first argument out."""
    arguments = [*_argument_texts(node)][bound:]
    result = f" -> {_type(node.returns)}" if node.returns is not None and returns else ""
    line = f"{node.name}({', '.join(arguments)}){result}"
    if len(line) <= LINE_LENGTH_MAX:
        return line
    return f"{node.name}(\n" + "".join(f"    {each},\n" for each in arguments) + f"){result}"


def _type(node: ast.expr) -> str:
    """A type as text; one that is written in quotes, since it is defined later, without them."""
    return str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)


def _argument_texts(node: ast.FunctionDef) -> Iterator[str]:
    plain = node.args.args
    missing = len(plain) - len(node.args.defaults)
    for place, argument in enumerate(plain):
        yield _argument(argument, node.args.defaults[place - missing] if place >= missing else None)
    if node.args.kwonlyargs:
        yield "*"
    for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        yield _argument(argument, default)


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(argument) + (f" = {ast.unparse(default)}" if default is not None else "")


def _class_code(node: ast.ClassDef) -> str:
    """The class with its bases, its constructor where it writes one, and its fields with their defaults."""
    bases = [ast.unparse(base) for base in node.bases if ast.unparse(base) != "msgspec.Struct"]
    lines = [f"class {node.name}({', '.join(bases)})" if bases else f"class {node.name}"]
    for method in _methods(node):
        if method.name == "__init__":
            lines = [f"{node.name}{_signature(method, bound=True, returns=False).removeprefix('__init__')}"]
    return "\n".join([*lines, *(f"    {ast.unparse(each)}" for each in _fields(node))])


def _method_line(method: ast.FunctionDef) -> str:
    text = " ".join((ast.get_docstring(method) or "").split())
    decorators = [ast.unparse(each) for each in method.decorator_list]
    if "property" in decorators:
        kind = f"`{method.name}: {_type(method.returns)}`" if method.returns else f"`{method.name}`"
    else:
        kind = f"`{_signature(method, bound=True)}`"
    return f"- {kind}{' (of the class)' if 'classmethod' in decorators else ''}: {text}"


def page() -> str:
    """The whole page. Raises ValueError where the groups are not exactly the public names."""
    public = public_names()
    grouped = [name for names in GROUPS.values() for name in names]
    if sorted(grouped) != sorted(public):
        raise ValueError(f"in a group or public, not both: {sorted(set(grouped) ^ set(public))}: mend GROUPS")
    parts = [HEAD]
    for title, names in GROUPS.items():
        parts.append(f"## {title}\n")
        parts += [f"{entry(public[name], name)}\n" for name in names]
    parts.append(INNER.lstrip("\n"))
    parts += [f"{entry(module, name, f'`{NAME}.{module}`{chr(10) * 2}')}\n" for name, module in needed().items()]
    return "\n".join(parts)


def main() -> None:
    """Write it."""
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
