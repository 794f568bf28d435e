"""Which files of the harness one run enters, in the order of the first entry: `python walk.py worker|run`, as JSON.

`run` is `run --cases 3 --front-end soak --workers 1` in the process of the command; `worker` is the job of its case
0/2, in which a worker meets the bug. Counted are calls of functions, not the import of modules.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import cracktrader_fuzz
from cracktrader_fuzz.campaign.job import Job
from cracktrader_fuzz.campaign.worker import run_job
from cracktrader_fuzz.cli import main
from cracktrader_fuzz.subjects.limits import Limits

PACKAGE = Path(cracktrader_fuzz.__file__).parent
LAZY_NAMES = "__init__.py"  # public names are looked up there once, when the target is imported


def entered(body: Callable[[], object]) -> list[str]:
    """The files of the harness whose functions are called, each once."""
    seen: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        """Take note of a call; the body of a class or module is none."""
        if event == "call" and frame.f_code.co_flags & inspect.CO_OPTIMIZED:
            path = Path(frame.f_code.co_filename)
            if path.is_relative_to(PACKAGE) and path.name != LAZY_NAMES:
                seen[path.relative_to(PACKAGE).as_posix()] = None

    sys.setprofile(note)
    try:
        body()
    finally:
        sys.setprofile(None)
    return list(seen)


def run() -> None:
    """The command, in the current folder."""
    sys.argv = ["cracktrader_fuzz", "run", "--cases", "3", "--front-end", "soak", "--workers", "1"]
    with contextlib.suppress(SystemExit):
        main()


def work() -> None:
    """The job in which the bug is met, in the current folder."""
    findings = Path("corpus/findings").absolute()
    findings.mkdir(parents=True)
    report = run_job(
        Job(
            root=str(Path.cwd()),
            target="fuzzing",
            subjects=("reference", "port"),
            front_end="soak",
            seed=0,
            start=2,
            stop=3,
            findings=str(findings),
            limits=Limits(),
            journal=str(Path("journal").absolute()),
        )
    )
    assert report.sightings


if __name__ == "__main__":
    sys.stderr.write(json.dumps(entered({"worker": work, "run": run}[sys.argv[1]])))
