"""The search inside its process: runs a case in lockstep, gives the fuzzer its feedback, keeps what diverges, goes on.

A divergence ends nothing: the case is written to a file, once for each signature, and counted afterwards. Whatever ends
the process leaves the case in the `last` file. After a turn the search waits for the next, and without one it ends the
process. Cost: `docs/search.md` has the cases a second of each mode.
"""

import gc
import os
import sys
from collections import Counter
from pathlib import Path

import atheris
import msgspec

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.store import write_atomically
from cracktrader_fuzz.coverage.feedback import Feedback
from cracktrader_fuzz.coverage.instrument import PythonCode
from cracktrader_fuzz.coverage.mutator import Mutator
from cracktrader_fuzz.coverage.observed import ObservedReference, ObservedSubject, StepPath
from cracktrader_fuzz.coverage.operands import Candidate, candidates, signed
from cracktrader_fuzz.coverage.packing import pack
from cracktrader_fuzz.coverage.protocol import (
    FOUND,
    LAST,
    TALLY,
    TURN_DONE,
    EdgeCount,
    LastInput,
    OneSided,
    SearchRequest,
    SearchTally,
)
from cracktrader_fuzz.coverage.shim import GAINED, Shim
from cracktrader_fuzz.errors import UnsteadyError
from cracktrader_fuzz.lockstep.run import Lockstep, answer, begin
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.subjects.limits import time_limited
from cracktrader_fuzz.target.fields import step_fields
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_fuzz.target.target import Target

# Following the code makes a step two to four times as slow, so cases are short. Those that the search runs have 9 to 18
# steps on average (`docs/search.md`), and the longest fixture has 14.
STEPS_MAX = 64


class Search:
    """The search of one process. `shim` and `python` are None where the edges of Rust or Python are not counted.

    `done` is the file descriptor to which the end of a turn is written.
    """

    def __init__(
        self,
        request: SearchRequest,
        folder: Path,
        target: Target,
        subjects: list[tuple[str, Subject]],
        shim: Shim | None,
        python: PythonCode | None,
        done: int,
    ) -> None:
        self._request, self._folder, self._target = request, folder, target
        self._shim, self._python = shim, python
        (name, first), *others = subjects
        self._reference = ObservedReference(first, self._look, target)
        self._others = [ObservedSubject(subject, self._look) for _, subject in others]
        seats = [(name, self._reference), *zip([each for each, _ in others], self._others, strict=True)]
        self._lockstep = Lockstep(target, seats)
        self._feedback = Feedback()
        self.mutator = Mutator(target.name, target.grammar, self._candidates_at, STEPS_MAX)
        self._last = LastInput(folder / LAST)
        self._tally = SearchTally()
        self._cells: Counter[tuple[str, str, str]] = Counter()
        self._one_sided: Counter[tuple[str, str, str, str]] = Counter()
        self._left = 0
        self._done = done
        self._is_attached = False

    def run(self, data: bytes) -> None:
        """Run an input. The fuzzer calls this with each."""
        if not self._is_attached:
            self._attach()
        case = self.mutator.case_of(data)
        if case is None:
            return
        self._wait_for_turn()
        self._tally.executions += 1
        self._last.begin(data)
        try:
            with time_limited(self._request.limits.case_seconds):
                verdict = self._lockstep.run_case(case)
        except UnsteadyError as error:
            self._tally.problem = str(error)
        else:
            self._tally.steps += verdict.steps
            self._tally.applied += verdict.applied
            if verdict.divergence is not None:
                self._keep(case, verdict.divergence)
        self._last.end()
        self._give_feedback()
        for seat in (self._reference, *self._others):
            for index, each in enumerate(seat.paths[: len(case.steps)]):
                if each.gained:
                    self.mutator.note_new_step(case, index)

    def _attach(self) -> None:
        """Connect the counters of both languages to the fuzzer, at its first call."""
        # Not earlier: only now are the fuzzer's own functions in their place. Nothing has been counted yet.
        self._is_attached = True
        self._trace = atheris._trace_branch
        if self._shim is not None:
            self._shim.attach()
        if self._python is not None:
            self._python.attach()

    def _look(self) -> StepPath:
        """Which path the code took since the last look."""
        python = self._python
        rust_path = self._shim.path() if self._shim is not None else 0
        if python is None:
            return StepPath(rust_path, rust_path & GAINED)
        before = len(python.seen)
        path = python.path() ^ rust_path
        return StepPath(path, len(python.seen) - before + (rust_path & GAINED))

    def _give_feedback(self) -> None:
        """Count the states and paths of the case, for the fuzzer and for the tally."""
        reference = self._reference
        counters = self._feedback.of_states(reference.states)
        self._cells.update(state[:3] for state in reference.states)
        if self._python is not None:
            mine = [each.path for each in reference.paths]
            for other in self._others:
                counters |= self._feedback.of_paths(mine, [each.path for each in other.paths])
            self._count_one_sided()
            self._python.end_case()
        if self._shim is not None:
            self._shim.flatten()
        self._feedback.count(counters, self._trace)

    def _count_one_sided(self) -> None:
        names, reference = self._lockstep.names, self._reference
        for name, other in zip(names[1:], self._others, strict=True):
            for state, mine, theirs in zip(reference.states, reference.paths, other.paths, strict=False):
                if (mine.gained > 0) != (theirs.gained > 0):
                    subject, gained = (names[0], mine.gained) if mine.gained else (name, theirs.gained)
                    self._one_sided[*state[:3], subject] += gained

    def _candidates_at(self, case: Case, index: int) -> list[Candidate]:
        """What could be put into a step, going by what the code compares when it runs that step."""
        places = step_fields(case.steps, index, self._target.grammar)
        compared: set[tuple[int | str, int | str]] = set()
        self._last.begin(pack(case))  # this run, too, may be the last thing that the process does
        with time_limited(self._request.limits.case_seconds):
            for seat in self._lockstep.subjects:
                if begin(seat, case.config)["outcome"] == "crashed":
                    continue
                for step in case.steps[:index]:
                    answer(seat, step)
                self._watch_compares()
                answer(seat, case.steps[index])
                compared |= self._compares()
        self._last.end()
        return candidates(places, compared)

    def _watch_compares(self) -> None:
        if self._shim is not None:
            self._shim.forget_compares()
        if self._python is not None:
            self._python.watch_compares()

    def _compares(self) -> set[tuple[int | str, int | str]]:
        found: set[tuple[int | str, int | str]] = set()
        if self._python is not None:
            found |= self._python.compares()
        if self._shim is not None:
            found |= {(signed(one), signed(other)) for one, other in self._shim.compares()}
            found |= {(one.decode("latin-1"), other.decode("latin-1")) for one, other in self._shim.texts()}
        return found

    def _keep(self, case: Case, divergence: Divergence) -> None:
        signature = str(divergence.signature)
        found = self._tally.found
        if signature not in found:
            # What comes after the difference is no part of it, and would only have to be shrunk away.
            cut = case.with_steps(case.steps[: divergence.index + 1])
            (self._folder / f"{FOUND}{len(found)}").write_bytes(pack(cut))
        found[signature] = found.get(signature, 0) + 1

    def _wait_for_turn(self) -> None:
        """Go on if this turn has a case left; else write the tally, and wait for the next turn."""
        while not self._left:
            if self._tally.executions:
                self._write_tally()
                os.write(self._done, TURN_DONE)
            line = sys.stdin.readline()
            if not line.strip():
                os._exit(0)  # libFuzzer ends in the same way: nothing here waits to be closed
            self._left = int(line)
            gc.collect()
        self._left -= 1

    def _write_tally(self) -> None:
        tally = self._tally
        tally.cells = [(*cell, count) for cell, count in sorted(self._cells.items())]
        tally.one_sided = [OneSided(*cell, edges) for cell, edges in sorted(self._one_sided.items())]
        if self._shim is not None:
            tally.rust = EdgeCount(self._shim.edges, self._shim.seen_count())
        if self._python is not None:
            tally.python = EdgeCount(self._python.edges, len(self._python.seen))
        write_atomically(self._folder / TALLY, msgspec.json.encode(tally).decode("utf-8"))
