"""A piece of work that a worker process takes, and what it gives back. Both travel between processes as plain data."""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from cracktrader_fuzz.corpus.judgements import JudgedDifference
from cracktrader_fuzz.coverage.protocol import EdgeCount, OneSided
from cracktrader_fuzz.lockstep.run import Cells
from cracktrader_fuzz.lockstep.verdict import Verdict
from cracktrader_fuzz.subjects.limits import Limits

# Stands for "no end": more cases than a worker runs in months, and a number that every reader of JSON has exactly.
EVERYTHING = 2**31
STORED = ("corpus", "traffic")


class Job(msgspec.Struct, frozen=True):
    """Cases `start` to `stop` (exclusive) of a front end, for these subjects. Paths are text.

    A case is a generated case, a recording of file number `source`, or a fixture in order of path. `careful` is the
    reason why the subjects must be isolated, if they must; `tries` counts the workers that were lost over the job.
    """

    root: str
    target: str
    subjects: tuple[str, ...]
    front_end: str
    seed: int
    start: int
    stop: int
    findings: str
    limits: Limits
    source: int = 0
    careful: str = ""
    tries: int = 0
    journal: str = ""

    def name(self, index: int) -> str:
        """A case's name for a reader: stored ones are named by their source, others by the seed."""
        return f"{self.front_end} {self.source if self.front_end in STORED else self.seed}/{index}"

    def alone(self, index: int, careful: str) -> "Job":
        """A job of one of the cases, with its subjects isolated."""
        return msgspec.structs.replace(self, start=index, stop=index + 1, careful=careful, tries=0)

    def without(self, index: int) -> list["Job"]:
        """Jobs of the cases before one of them, and of those after it."""
        parts = (self.start, index), (index + 1, self.stop)
        return [msgspec.structs.replace(self, start=one, stop=end, tries=0) for one, end in parts if one < end]


class Sighting(msgspec.Struct, forbid_unknown_fields=True):
    """A signature that was seen, and the smallest case that is kept for it."""

    path: str
    """The file of the case; empty where it was lost with its worker."""
    steps: int
    """How many steps the case has."""
    certified: bool
    """Whether it has a certificate that nothing smaller shows the difference."""
    origin: str
    """The front end that found it first, with seed and index."""
    seen: int = 1
    """How many cases showed it."""
    opinions: list[str] = []
    """A line for each oracle that has an opinion on the difference."""


class JudgedSighting(msgspec.Struct, forbid_unknown_fields=True):
    """A judged difference that was seen and is not mended yet."""

    judgement: JudgedDifference
    """The difference, and who is wrong."""
    seen: int = 0
    """How many cases showed it, fixtures among them."""
    fixtures: list[str] = []
    """The fixtures that fail for it."""

    def add(self, seen: int, fixtures: Iterable[str]) -> None:
        """Take in more sightings."""
        self.seen += seen
        self.fixtures = sorted({*self.fixtures, *fixtures})


class CodeReach(msgspec.Struct, forbid_unknown_fields=True):
    """What the search that saw most of the code has seen of it."""

    rust: EdgeCount = EdgeCount()
    """Edges of compiled code."""
    python: EdgeCount = EdgeCount()
    """Edges of Python's code."""
    one_sided: list[OneSided] = []
    """Where code was new in one subject and none in the other."""

    def add(self, other: "CodeReach") -> None:
        """Take in what another search saw."""
        # Searches of one target see much the same code, so the larger counts stand: a sum would count edges twice.
        self.rust = max(self.rust, other.rust, key=lambda each: each.taken)
        self.python = max(self.python, other.python, key=lambda each: each.taken)
        self.one_sided = max(self.one_sided, other.one_sided, key=len)


class Report(msgspec.Struct):
    """What a job did. Reports of one front end add up; `remarks` are lines for a reader.

    `judged` are the judged differences that it saw, by fixture: they are not among the sightings.
    `careful` are cases that it has not counted, as they must be run with their subjects isolated, and the reason.
    `failed` has a line for each case that a part of the target failed on, not counted either.
    `opinions` are by subject how many steps an oracle judged, and how many not, by reason. `seconds` are a worker's, on
    the clock. `edges` counts what the guided search saw for the first time, `followed` what it has seen in all.
    """

    front_end: str
    cases: int = 0
    steps: int = 0
    applied: int = 0
    edges: int = 0
    seconds: float = 0.0
    cells: Cells = msgspec.field(default_factory=Counter)
    sightings: dict[str, Sighting] = msgspec.field(default_factory=dict)
    judged: dict[str, JudgedSighting] = msgspec.field(default_factory=dict)
    remarks: list[str] = msgspec.field(default_factory=list)
    problems: list[str] = msgspec.field(default_factory=list)
    careful: dict[int, str] = msgspec.field(default_factory=dict)
    failed: list[str] = msgspec.field(default_factory=list)
    opinions: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    followed: CodeReach = msgspec.field(default_factory=CodeReach)

    def count(self, verdict: Verdict, cells: Cells) -> None:
        """Add one case."""
        self.cases += 1
        self.steps += verdict.steps
        self.applied += verdict.applied
        self.cells.update(cells)

    def sight(self, signature: str, sighting: Sighting) -> None:
        """Add a sighting of a signature; of two cases the one kept last on the disk stands."""
        known = self.sightings.get(signature)
        if known is None:
            # A copy: the report that it comes from must not change when counts are added.
            self.sightings[signature] = msgspec.structs.replace(sighting)
        else:
            known.seen += sighting.seen
            if (sighting.steps, sighting.path) < (known.steps, known.path):
                known.path, known.steps = sighting.path, sighting.steps
                known.certified, known.origin = sighting.certified, sighting.origin

    def judge(self, judgement: JudgedDifference, seen: int = 1, fixtures: Iterable[str] = ()) -> None:
        """Add sightings of a judged difference, and the fixtures that fail for it."""
        self.judged.setdefault(judgement.fixture, JudgedSighting(judgement)).add(seen, fixtures)

    @property
    def shown(self) -> int:
        """How much it has to show: grows with each difference, problem and case that failed."""
        judged = sum(each.seen for each in self.judged.values())
        return len(self.sightings) + len(self.problems) + len(self.failed) + judged

    def tally(self, name: str, counts: Mapping[str, int]) -> None:
        """Add the counts of an opinion."""
        mine = self.opinions.setdefault(name, {})
        for reason, count in counts.items():
            mine[reason] = mine.get(reason, 0) + count

    def add(self, other: "Report") -> None:
        """Take in another report of the same front end."""
        self.cases += other.cases
        self.steps += other.steps
        self.applied += other.applied
        self.edges += other.edges
        self.followed.add(other.followed)
        self.seconds += other.seconds
        self.cells.update(other.cells)
        for signature, sighting in other.sightings.items():
            self.sight(signature, sighting)
        for judged in other.judged.values():
            self.judge(judged.judgement, judged.seen, judged.fixtures)
        self.remarks += other.remarks
        self.problems += other.problems
        for name, counts in other.opinions.items():
            self.tally(name, counts)


def codes(cells: Cells) -> Counter[str]:
    """How often each code was answered."""
    found: Counter[str] = Counter()
    for (_, code), count in cells.items():
        found[code] += count
    return found


def total(reports: Iterable[Report], name: str) -> Report:
    """The sum of several reports, under a name of its own."""
    result = Report(name)
    for report in reports:
        result.add(report)
    return result
