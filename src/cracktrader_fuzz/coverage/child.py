"""The process of a search: `python -m cracktrader_fuzz.coverage.child FOLDER`, where `order.json` is in the folder.

It ends with 0 when nothing more is asked of it, with 3 and a line in `log` when it cannot begin. Any other end is the
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

EXIT_CANNOT = 3
RELOAD_SECONDS = 30
"""Between looks at what other searches have added to the corpus: all of it is run."""


def main(folder: Path) -> None:
    """Search as the order in the folder says."""
    order = msgspec.json.decode((folder / REQUEST).read_bytes(), type=SearchRequest)
    done = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a subject prints goes to the log
    try:
        search = _search(order, folder, done)
    except (SubjectMissingError, CoverageLostError) as error:
        sys.stderr.write(f"{error}\n")  # this is the log
        raise SystemExit(EXIT_CANNOT) from error
    limit_cores()
    limit_memory(order.limits.memory_mib)
    gc.disable()
    mutator = search.mutator
    atheris.Setup(
        _arguments(order, folder),
        search.run,
        internal_libfuzzer=True,
        custom_mutator=lambda data, size_max, seed: mutator.mutate(bytes(data), size_max, seed),
        custom_crossover=lambda one, other, size_max, seed: mutator.cross(bytes(one), bytes(other), size_max, seed),
    )
    atheris.Fuzz()


def _search(order: SearchRequest, folder: Path, done: int) -> Search:
    settings = read_settings(Path(order.root))
    target = load_target(settings, order.target)
    guidance = target.coverage or CoverageGuide(())
    shim = Shim(guidance.install()) if order.follows_rust and guidance.install is not None else None
    subjects = seat_subjects(target, order.subjects)
    python = PythonCode(guidance.modules) if order.follows_python else None
    return Search(order, folder, target, subjects, shim, python, done)


def _arguments(order: SearchRequest, folder: Path) -> list[str]:
    """libFuzzer's. Its handlers and limits are off: the process dies as any other, and is judged from outside.

    What it writes all the same, a case that took long, goes into the search's own `folder`.
    """
    handlers = ("abrt", "bus", "fpe", "ill", "int", "segv", "term", "usr1", "usr2", "xfsz")
    return [
        sys.argv[0],
        f"-seed={order.seed % (2**31 - 2) + 1}",
        f"-max_len={BYTES_MAX}",
        "-len_control=0",
        "-timeout=0",
        "-rss_limit_mb=0",
        "-detect_leaks=0",
        "-verbosity=0",
        f"-artifact_prefix={folder}/",
        f"-reload={RELOAD_SECONDS}",
        *(f"-handle_{name}=0" for name in handlers),
        order.corpus,
        order.seeds,
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
