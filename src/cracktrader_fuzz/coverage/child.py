"""The process of a search: `python -m cracktrader_fuzz.coverage.child FOLDER`, where `request.json` is in the folder.

It ends with 0 when there is no further turn, and with 3 and a line in `log` when it cannot begin. Any other end is the
work of the case in the file `last`.
"""

import gc
import os
import sys
from pathlib import Path

import atheris
import msgspec

from cracktrader_fuzz.coverage.instrument import PythonCode
from cracktrader_fuzz.coverage.protocol import BYTES_MAX, REQUEST, SearchRequest
from cracktrader_fuzz.coverage.search import Search
from cracktrader_fuzz.coverage.shim import Shim
from cracktrader_fuzz.errors import CoverageLostError, SubjectMissingError
from cracktrader_fuzz.seating import load_target, seat_subjects
from cracktrader_fuzz.settings import read_settings
from cracktrader_fuzz.subjects.limits import limit_cores, limit_memory
from cracktrader_fuzz.target.target import CoverageGuide

EXIT_CANNOT = 3  # as `EXIT_BROKEN`; libFuzzer's own ends are 0 and from 70 on
# Between looks at what other searches have added to the corpus. All of that is run, so that looking more often would
# take time from a search that has begun, and less often would have two searches look for the same edge.
RELOAD_SECONDS = 30


def main(folder: Path) -> None:
    """Search as the request in the folder says."""
    request = msgspec.json.decode((folder / REQUEST).read_bytes(), type=SearchRequest)
    done = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a subject prints goes to the log
    try:
        search = _search(request, folder, done)
    except (SubjectMissingError, CoverageLostError) as error:
        sys.stderr.write(f"{error}\n")  # this is the log
        raise SystemExit(EXIT_CANNOT) from error
    # After the subjects are made: the limit of memory counts from what is in use by then.
    limit_cores()
    limit_memory(request.limits.memory_mib)
    gc.disable()  # cases make no reference cycles; the search collects at the beginning of each turn
    mutator = search.mutator
    atheris.Setup(
        _arguments(request, folder),
        search.run,
        internal_libfuzzer=True,
        custom_mutator=lambda data, size_max, seed: mutator.mutate(bytes(data), size_max, seed),
        custom_crossover=lambda one, other, size_max, seed: mutator.cross(bytes(one), bytes(other), size_max, seed),
    )
    atheris.Fuzz()


def _search(request: SearchRequest, folder: Path, done: int) -> Search:
    settings = read_settings(Path(request.root))
    target = load_target(settings, request.target)
    guidance = target.coverage or CoverageGuide(())
    # The counting build is loaded before the subjects are made, which use whatever build is loaded.
    shim = Shim(guidance.install()) if request.follows_rust and guidance.install is not None else None
    subjects = seat_subjects(target, request.subjects)
    python = PythonCode(guidance.modules) if request.follows_python else None
    return Search(request, folder, target, subjects, shim, python, done)


def _arguments(request: SearchRequest, folder: Path) -> list[str]:
    """The options of libFuzzer.

    Its handlers and limits are off: the process dies as any other, and is judged from outside. What it writes all the
    same, a case that took long, goes into the search's own `folder`.
    """
    handlers = ("abrt", "bus", "fpe", "ill", "int", "segv", "term", "usr1", "usr2", "xfsz")
    return [
        sys.argv[0],
        # From 1 up: with 0 libFuzzer would draw a seed from the clock.
        f"-seed={request.seed % (2**31 - 2) + 1}",
        f"-max_len={BYTES_MAX}",
        "-len_control=0",  # it would begin with cases of a few bytes, and a packed case is never that short
        "-timeout=0",
        "-rss_limit_mb=0",
        "-detect_leaks=0",
        "-verbosity=0",
        f"-artifact_prefix={folder}/",
        f"-reload={RELOAD_SECONDS}",
        *(f"-handle_{name}=0" for name in handlers),
        request.corpus,
        request.seeds,
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
