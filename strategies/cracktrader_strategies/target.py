"""The target `cracktrader`: the Python core, which is the reference, and the Rust core; canaries; recorded traffic."""

from collections.abc import Callable
from functools import partial

from cracktrader.engine.results import CODES, MALFORMED_CODES
from cracktrader_fuzz.subjects.oracle import opinions
from cracktrader_fuzz.subjects.relations import HOT_SWAP, RELATIONS, restorable_subjects
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_fuzz.target.target import CoverageGuide, Generation, Oracle, Reading, Recordings, Relations, Target
from cracktrader_strategies.decoder import OrderFlowDecoder
from cracktrader_strategies.description import describe_outcome, describe_step
from cracktrader_strategies.emit.pytest import emit_pytest
from cracktrader_strategies.emit.rust import emit_rust
from cracktrader_strategies.features import OrderFeatures
from cracktrader_strategies.grammar import GRAMMAR, ODD_KIND, STEP_KINDS
from cracktrader_strategies.oracle.departures import DEPARTURES
from cracktrader_strategies.oracle.opinion import NautilusOpinion
from cracktrader_strategies.orderbook import NO_ORDER, STATUSES, UNKNOWN_ORDER, OrderBook
from cracktrader_strategies.relations.canaries import HOT_SWAP_CANARIES, RELATION_CANARIES, pair_subjects
from cracktrader_strategies.relations.table import related
from cracktrader_strategies.rules import RULES
from cracktrader_strategies.space import SPACE
from cracktrader_strategies.subjects.canaries import MISTAKES, RUST_CANARIES, MistakenCore
from cracktrader_strategies.subjects.cores import PythonCore, RustCore
from cracktrader_strategies.subjects.needle import NAME as PYTHON_NEEDLE
from cracktrader_strategies.subjects.needle import NeedleCore
from cracktrader_strategies.subjects.rust_builds import coverage_library, install_coverage_library
from cracktrader_strategies.subjects.rust_canary import RustCanary
from cracktrader_strategies.traffic import READERS
from cracktrader_strategies.traffic.judge import harness_recordings

HEADINGS = {
    "CREATED": "created",
    "SUBMITTED": "submit",
    "ACCEPTED": "accept",
    "PARTIALLY_FILLED": "partial",
    "FILLED": "filled",
    "CANCEL_PENDING": "cxl-pen",
    "REPLACE_PENDING": "rpl-pen",
    "CANCELLED": "cancel",
    "REJECTED": "reject",
    "EXPIRED": "expire",
}

CORES = restorable_subjects({"python": PythonCore, "rust": RustCore})
CORES |= related("python", PythonCore) | related("rust", RustCore)

SUBJECTS: dict[str, Callable[[], Subject]] = {
    **CORES.subjects,
    **{mistake.canary.name: partial(MistakenCore, mistake) for mistake in MISTAKES},
    **{canary.name: partial(RustCanary, canary.name.removeprefix("rust-")) for canary in RUST_CANARIES},
    **pair_subjects(),
    PYTHON_NEEDLE: NeedleCore,
    "rust-needle": partial(RustCanary, "needle"),
}
ORACLES = {"nautilus": Oracle(NautilusOpinion, DEPARTURES)}

CRACKTRADER = Target(
    name="cracktrader",
    seats=("python", "rust"),
    subjects={**SUBJECTS, **opinions(ORACLES, SUBJECTS)},
    oracles=ORACLES,
    grammar=GRAMMAR,
    decoder=OrderFlowDecoder,
    tracker=OrderBook,
    coverage=CoverageGuide(
        modules=("cracktrader.engine", NeedleCore.__module__),
        library=coverage_library,
        install=install_coverage_library,
        features=OrderFeatures,
    ),
    canaries=(*(mistake.canary for mistake in MISTAKES), *RUST_CANARIES),
    generation=Generation(
        kinds=(*STEP_KINDS, ODD_KIND),
        contexts={NO_ORDER: "-", UNKNOWN_ORDER: "unknown", **{status: HEADINGS[status] for status in STATUSES}},
        codes=(*CODES, *MALFORMED_CODES),
        space=SPACE,
    ),
    recordings=Recordings(
        files=tuple(READERS),
        read=harness_recordings,
    ),
    reading=Reading(
        describe_step=describe_step,
        describe_outcome=describe_outcome,
        rules=RULES,
        emitters={"pytest": emit_pytest, "rust": emit_rust},
    ),
    relations=Relations(
        pairs=CORES.pairs,
        canaries={RELATIONS: RELATION_CANARIES, HOT_SWAP: HOT_SWAP_CANARIES},
    ),
)
