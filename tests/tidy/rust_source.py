"""Rust sources as a graph of modules: which file uses which, by the paths that its code names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

# What may hold a brace or a name that is none: comments, strings, raw strings, characters (no lifetimes).
NO_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|r(#+)".*?"\1|"(?:\\.|[^"\\])*"|\'(?:\\[^\']+|[^\'\\])\'', re.DOTALL)
WORD = re.compile(r"\w+|[{},*]")
SUBMODULE = re.compile(r"\bmod\s+(\w+)\s*;")
INLINE_MODULE = re.compile(r"\bmod\s+(\w+)\s*\{")
PATH = re.compile(r"(?<![\w:$])(\w+)\s*::\s*")

Module = tuple[str, ...]
"""The names from the crate to a module: `("invariants", "books")`; of the crate itself, `()`."""


def code_of(text: str) -> str:
    """The text with its comments and literals blanked, line by line."""
    return NO_CODE.sub(lambda found: "\n" * found[0].count("\n"), text)


def module_of(path: str) -> Module:
    """The module of a file, named from the source folder: `invariants/books.rs`."""
    names = path.removesuffix(".rs").split("/")
    return () if names == ["lib"] else tuple(names)


def graph_of(texts: Mapping[str, str]) -> dict[str, set[str]]:
    """Which of these files uses which; what only declares a submodule does not use it."""
    files = {module_of(path): path for path in texts}
    graph = {}
    for path, text in texts.items():
        used = {_file_of(target, files) for target in _uses(code_of(text), module_of(path))}
        graph[path] = {each for each in used if each and each != path}
    return graph


def circle_in(graph: Mapping[str, set[str]]) -> list[str]:
    """The files of a circle, the first one again at its end; none where there is no circle."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[::-1]  # each is used by the next
    return []


def _file_of(target: Module, files: Mapping[Module, str]) -> str | None:
    """The file that holds a path: the longest beginning of it that is a module. What `lib.rs` holds belongs to none."""
    for length in range(len(target), 0, -1):
        if target[:length] in files:
            return files[target[:length]]
    return None


def _uses(code: str, module: Module) -> Iterator[Module]:
    """The paths within the crate that a module's code names, those in the modules inside of it too."""
    children = set(SUBMODULE.findall(code))
    position = 0
    while found := INLINE_MODULE.search(code, position):
        end = _closing(code, found.end())
        yield from _uses(code[found.end() : end], (*module, found[1]))
        code, position = code[: found.start()] + code[end:], found.start()
    for found in PATH.finditer(code):
        head = _head(found[1], module, children)
        if head is not None:
            base, place = head, found.end()
            while up := re.compile(r"super\s*::\s*").match(code, place):
                base, place = base[:-1], up.end()
            yield from _leaves(WORD.findall(code[place : _end_of_path(code, place)]), base)


def _head(word: str, module: Module, children: set[str]) -> Module | None:
    """The module that a path begins in, by its first word; None where that is another crate or a name of the file."""
    known = {"crate": (), "self": module, "super": module[:-1]}
    if word in children:
        return (*module, word)
    return known.get(word)


def _end_of_path(code: str, start: int) -> int:
    """Where a path ends: with the names in braces, where it has them."""
    single = re.compile(r"(?:\w+\s*::\s*)*(?:\w+|\{|\*)").match(code, start)
    if single is None:
        return start
    return _closing(code, single.end()) + 1 if single[0].endswith("{") else single.end()


def _closing(code: str, start: int) -> int:
    """Where the brace ends that was opened before `start`."""
    depth, place = 1, start
    while depth:
        depth += {"{": 1, "}": -1}.get(code[place], 0)
        place += 1
    return place - 1


def _leaves(words: list[str], base: Module) -> Iterator[Module]:
    """Each path of a tree of names: `a::{b, c::d}` are `a::b` and `a::c::d`."""
    stack: list[Module] = [base]
    path: Module | None = None
    for word in (*words, ","):
        if word == "{":
            stack.append(path or stack[-1])
            path = None
        elif word in (",", "}"):
            if path is not None:
                yield path
            if word == "}":
                stack.pop()
            path = None
        elif word in ("self", "*"):
            path = path or stack[-1]
        else:
            path = (*(path or stack[-1]), word)
