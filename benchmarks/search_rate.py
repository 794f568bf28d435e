"""What it costs to follow the code: cases and steps a second of the search in each mode, by time of the processor."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.processors import processor_seconds
from cracktrader_fuzz.corpus.rerun import parents_of
from cracktrader_fuzz.coverage.protocol import SearchRequest
from cracktrader_fuzz.coverage.session import SearchSession
from cracktrader_fuzz.subjects.limits import Limits

ROOT = Path(__file__).resolve().parents[1]
FIRST_CASES = 500  # not measured: they load the code, and the first cases find new edges all the time
CASES = 1_500  # some seconds in each mode, so that the start of the process does not count
TURN_SECONDS = 3_600.0  # no limit in practice: a slow machine must give a figure too
MODES = (("neither", False, False), ("Rust", True, False), ("Python", False, True), ("Rust and Python", True, True))


def rows() -> Iterator[tuple[str, ...]]:
    """A row for each mode: what is followed, cases a second, steps a second, steps a case."""
    for name, follows_rust, follows_python in MODES:
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            seats, corpus = ("python", "rust"), str(Path(folder) / "corpus")
            request = SearchRequest(
                str(ROOT), "cracktrader", seats, 1, corpus, "", Limits(), follows_rust, follows_python
            )
            session = SearchSession(request, parents_of(ROOT / "corpus", "cracktrader").cases, Path(folder))
            before, used = session.turn(FIRST_CASES, TURN_SECONDS), processor_seconds(process=session.process_id)
            after = session.turn(CASES, TURN_SECONDS)
            seconds = processor_seconds(process=session.process_id) - used
            session.close()
        cases, steps = after.executions - before.executions, after.steps - before.steps
        yield name, f"{cases / seconds:,.0f}", f"{steps / seconds:,.0f}", f"{steps / cases:.0f}"
