"""The target `cracktrader`: the Python core, which is the reference, and the Rust core; canaries; recorded traffic."""

from functools import partial

from cracktrader.engine.results import CODES, MALFORMED_CODES
from cracktrader_fuzz.subjects.canaries import RUST_CANARIES, SPOILS, SpoiledCore
from cracktrader_fuzz.subjects.cores import PythonCore, RustCore
from cracktrader_fuzz.subjects.protocol import Target
from cracktrader_fuzz.subjects.rust_canary import RustCanary
from cracktrader_strategies.decoder import OrderFlowDecoder
from cracktrader_strategies.emit.pytest import emit_pytest
from cracktrader_strategies.emit.rust import emit_rust
from cracktrader_strategies.grammar import GRAMMAR, ODD_KIND, STEP_KINDS
from cracktrader_strategies.machine_seats import Meddled, Relayed
from cracktrader_strategies.orderbook import NO_ORDER, STATUSES, UNKNOWN_ORDER, OrderBook
from cracktrader_strategies.rules import RULES
from cracktrader_strategies.traffic import READERS
from cracktrader_strategies.traffic.judge import harness_recordings
from cracktrader_strategies.words import outcome_words, step_words

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

CRACKTRADER = Target(
    name="cracktrader",
    seats=("python", "rust"),
    subjects={
        "python": PythonCore,
        "rust": RustCore,
        "python-via-rust": lambda: Relayed(PythonCore(), RustCore()),
        "rust-via-python": lambda: Relayed(RustCore(), PythonCore()),
        "meddled-python": lambda: Meddled(PythonCore()),
        "meddled-rust": lambda: Meddled(RustCore()),
        **{spoil.canary.name: partial(SpoiledCore, spoil) for spoil in SPOILS},
        **{canary.name: partial(RustCanary, canary.name.removeprefix("rust-")) for canary in RUST_CANARIES},
    },
    grammar=GRAMMAR,
    decoder=OrderFlowDecoder,
    tracker=OrderBook,
    kinds=(*STEP_KINDS, ODD_KIND),
    contexts={NO_ORDER: "-", UNKNOWN_ORDER: "unknown", **{status: HEADINGS[status] for status in STATUSES}},
    codes=(*CODES, *MALFORMED_CODES),
    recording_files=tuple(READERS),
    recordings=harness_recordings,
    step_words=step_words,
    outcome_words=outcome_words,
    rules=RULES,
    emitters={"pytest": emit_pytest, "rust": emit_rust},
    canaries=(*(spoil.canary for spoil in SPOILS), *RUST_CANARIES),
)
