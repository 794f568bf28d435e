"""A search as its owner sees it: a process that is given turns, and what each turn added.

Promises that the owner's death ends the process, and that the process's death is reported with the case that it died
of. Costs a second or two to begin, then nothing but the turns. Linux only, as Atheris is; `missing` names what a
machine lacks.
"""

import importlib.util
import os
import select
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import NoReturn

import msgspec

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.coverage.packing import pack, unpack
from cracktrader_fuzz.coverage.protocol import FOUND, LAST, LOG, REQUEST, TALLY, SearchRequest, SearchTally, last_input
from cracktrader_fuzz.errors import BrokenError, SubjectMissingError
from cracktrader_fuzz.subjects.crash import death_code
from cracktrader_fuzz.target.target import Target

CORPUS_MAX = 2_000  # a search begins by running all of them: five seconds or so (`docs/search.md`)
# For the case under way, once the input is closed; a search that is killed instead loses nothing.
END_SECONDS = 2.0
LOG_TAIL = 300  # characters: the last lines, which hold the reason, and still one message on a screen


def missing() -> str:
    """What this machine lacks for a search, and how to get it; empty where it lacks nothing."""
    if importlib.util.find_spec("atheris") is None:
        return "Atheris is not installed: `pip install cracktrader-fuzz[coverage]` (Linux on x86-64)"
    return ""


def missing_library(target: Target) -> str:
    """Why no compiled code can be followed, and how to change that; empty where it can."""
    if target.coverage is None or target.coverage.library is None:
        return f"{target.name} names no build that counts its edges"
    try:
        target.coverage.library()
    except SubjectMissingError as error:
        return str(error)
    return ""


class SearchLostError(BrokenError):
    """The process ended over a case: `cause` is the code of its death."""

    def __init__(self, cause: str, case: Case) -> None:
        super().__init__(cause)
        self.cause = cause
        self.case = case


class SearchUnableError(BrokenError):
    """The process could not begin, or ended over no case; the message is the end of its log."""


class SearchSession:
    """One process, with its files below `folder`. It begins with `seeds` and with what its corpus has kept."""

    def __init__(self, request: SearchRequest, seeds: Iterable[Case], folder: Path) -> None:
        self._target = request.target
        self._folder = Path(mkdtemp(prefix="search-", dir=folder))
        seeded, corpus = self._folder / "seeds", Path(request.corpus)
        seeded.mkdir()
        corpus.mkdir(parents=True, exist_ok=True)
        _prune(corpus)
        for place, case in enumerate(seeds):
            (seeded / f"{place:04}").write_bytes(pack(case))
        whole = msgspec.structs.replace(request, seeds=str(seeded))
        (self._folder / REQUEST).write_bytes(msgspec.json.encode(whole))
        with (self._folder / LOG).open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "cracktrader_fuzz.coverage.child", str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "RUST_BACKTRACE": "0"},
            )

    def turn(self, executions: int, seconds_max: float) -> SearchTally:
        """Run so many cases. Returns the tally of all turns. After SearchLostError or SearchUnableError it is over."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(b"%d\n" % executions)
            self._process.stdin.flush()
        except BrokenPipeError:
            self._raise_end()
        ready, _, _ = select.select([self._process.stdout], [], [], seconds_max)
        if not ready:
            self._process.kill()
        if not ready or not os.read(self._process.stdout.fileno(), 1):
            self._raise_end()
        return msgspec.json.decode((self._folder / TALLY).read_bytes(), type=SearchTally)

    @property
    def process_id(self) -> int:
        """The number of the process, for measuring it."""
        return self._process.pid

    def found(self, place: int) -> Case | None:
        """The case of the signature in this place of the tally."""
        return unpack((self._folder / f"{FOUND}{place}").read_bytes(), self._target)

    def close(self) -> None:
        """End the process. Its corpus stays, and its files stay until their folder is taken away."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _raise_end(self) -> NoReturn:
        status = self._process.wait()
        data = last_input(self._folder / LAST)
        log = (self._folder / LOG).read_text(encoding="utf-8", errors="replace")
        case = unpack(data, self._target) if data else None
        self.close()
        if case is None:
            raise SearchUnableError(f"the search ended ({death_code(status)}): {log[-LOG_TAIL:].strip()}")
        raise SearchLostError(death_code(status), case)


def _prune(corpus: Path) -> None:
    """Keep the newest cases only."""
    paths = sorted(corpus.iterdir(), key=lambda path: (path.stat().st_mtime_ns, path.name))
    for path in paths[:-CORPUS_MAX]:
        path.unlink(missing_ok=True)
