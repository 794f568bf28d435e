"""Canonical text and strict reading of JSON documents that hold cases.

Writing: keys in the document's order, one step a line, so that a diff of two fixtures reads step by step. Reading
refuses duplicate keys, `NaN` and the like, numbers past a float (`1e999`), nesting past `DEPTH_MAX`, files past
`BYTES_MAX`; the error names the place. Content is named by `content_hash`, the SHA-256 of the canonical JSON (keys
sorted, no white space).
"""

import hashlib
import json
import math
import stat
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.errors import DocumentError

# Room for a finding in recorded traffic of 100,000 steps and more; a larger file is refused before it is in memory.
BYTES_MAX = 64 * 1024 * 1024
DEPTH_MAX = 32  # no step nests so deep, and what reads, compares and shrinks one recurses
ONE_A_LINE = frozenset({"steps", "outcomes"})


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no white space; ASCII only, so that lone surrogates survive as escapes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def content_hash(case: Case) -> str:
    """64 hexadecimal digits over what is run (target, configuration, steps) and nothing else."""
    document = {"target": case.target, "config": case.config, "steps": case.steps}
    return hashlib.sha256(canonical_json(document).encode("ascii")).hexdigest()


def document_text(document: dict[str, Any]) -> str:
    """The document as it is stored: one top-level key a line, and one element a line for steps and outcomes."""
    lines = []
    for key, value in document.items():
        if key in ONE_A_LINE and isinstance(value, list) and value:
            rows = ",\n".join(f"    {_one_line(row)}" for row in value)
            lines.append(f"  {json.dumps(key)}: [\n{rows}\n  ]")
        elif key == "expected" and isinstance(value, dict):
            inner = document_text(value).rstrip("\n").replace("\n", "\n  ")
            lines.append(f'  "expected": {inner}')
        else:
            lines.append(f"  {json.dumps(key)}: {_one_line(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_document(path: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises DocumentError, which quotes the path and the place."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for, and a device may have no end
            raise DocumentError(f"{path}: cannot be read: it is no regular file")
        size_bytes = status.st_size
        if size_bytes > BYTES_MAX:
            raise DocumentError(f"{path}: {size_bytes} bytes, more than the {BYTES_MAX} a document may have")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path}: not UTF-8 at byte {error.start}") from error
    return parse_document(text, str(path))


def parse_document(text: str, place: str) -> dict[str, Any]:
    """The JSON object in a text; `place` is quoted in errors."""
    try:
        value = json.loads(
            text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise DocumentError(f"{place}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise DocumentError(f"{place}: nested too deeply") from error
    except ValueError as error:
        raise DocumentError(f"{place}: {error}") from error
    if not isinstance(value, dict):
        raise DocumentError(f"{place}: a JSON object is expected, this is a {type(value).__name__}")
    if _deeper_than(value, DEPTH_MAX):
        raise DocumentError(f"{place}: nested deeper than {DEPTH_MAX} levels")
    return value


def _one_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)  # of equal keys this keeps the last, and a reader may see the first
    if len(result) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise ValueError(f"the key {twice[:80]!r} stands twice in one object: keep one")
    return result


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:80]} is past what a number can hold: write it as text")
    return value


def _deeper_than(value: Any, limit: int) -> bool:
    if limit == 0:
        return True
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_deeper_than(child, limit - 1) for child in children if isinstance(child, dict | list))
