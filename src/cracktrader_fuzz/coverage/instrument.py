"""The Python side: code of chosen modules, instrumented by Atheris, and the edges and comparisons of each step.

Does not count how often an edge was taken. Uses names that are private to Atheris: its version is pinned, and a test
holds what is used of it. Cost: instrumented code is several times as slow.
"""

import gc
import types
from collections.abc import Callable
from typing import Any

import atheris

Pair = tuple[Any, Any]


class PythonCode:
    """The instrumented functions of this process, of which there can be one such object."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        first = atheris._reserve_counter()
        patched: dict[types.CodeType, types.CodeType] = {}
        for function in _functions_of(modules):  # closures of one definition share their code, and so its edges
            code = function.__code__
            if code not in patched:
                patched[code] = atheris.patch_code(code, trace_dataflow=True)
            function.__code__ = patched[code]
        self.edges = atheris._reserve_counter() - first - 1
        self.seen: set[int] = set()
        self._step: set[int] = set()
        self._case: set[int] = set()
        self._compared: set[Pair] = set()
        self._trace_branch: Callable[[int], None]
        self._trace_cmp: Callable[..., Any]

    def attach(self) -> None:
        """Take the place of the native functions, which must be those of the running fuzzer."""
        # Instrumented code looks these names up at each call. A set's own `add` costs a third of the native function,
        # and leaves the edges of a step to be looked at; `end_case` hands the edges of a case on to the native one.
        self._trace_branch, self._trace_cmp = atheris._trace_branch, atheris._trace_cmp
        atheris._trace_branch = self._step.add

    def path(self) -> int:
        """The set of edges taken since the last call, as one number; 0 for none."""
        if not self._step:
            return 0
        path = hash(frozenset(self._step))  # of integers, so the same in every process
        self._case |= self._step
        self.seen |= self._step
        self._step.clear()
        return path

    def end_case(self) -> None:
        """Hand the edges of the case on to the fuzzer, and forget them."""
        self.path()
        for edge in sorted(self._case):
            self._trace_branch(edge)
        self._case.clear()

    def watch_compares(self) -> None:
        """Note from now on what is compared. Costs a Python call a comparison, so it is for one step at a time."""
        self._compared = set()
        atheris._trace_cmp = self._note

    def compares(self) -> set[Pair]:
        """The distinct pairs of integers and texts that were compared since `watch_compares`, which ends here."""
        atheris._trace_cmp = self._trace_cmp
        # The edges that were taken meanwhile belong to no case of the fuzzer's.
        self._step.clear()
        self._case.clear()
        return self._compared

    def _note(self, left: Any, right: Any, *rest: Any) -> Any:
        if type(left) is type(right) and type(left) in (int, str):
            self._compared.add((left, right))
        return self._trace_cmp(left, right, *rest)


def _functions_of(modules: tuple[str, ...]) -> list[types.FunctionType]:
    """Every function, method and lambda that is defined in the modules or below, always in the same order."""
    below = tuple(f"{name}." for name in modules)
    found = [
        each
        for each in gc.get_objects()
        if type(each) is types.FunctionType and f"{each.__module__}.".startswith(below)
    ]
    return sorted(found, key=lambda each: (each.__module__, each.__code__.co_firstlineno, each.__qualname__))
