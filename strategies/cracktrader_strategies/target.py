"""The target `cracktrader`: the Python core, which is the reference, and the Rust core; canaries; recorded traffic."""

from functools import partial

from cracktrader_fuzz.subjects.canaries import RUST_CANARIES, SPOILS, SpoiledCore
from cracktrader_fuzz.subjects.cores import PythonCore, RustCore
from cracktrader_fuzz.subjects.protocol import Target
from cracktrader_fuzz.subjects.rust_canary import RustCanary
from cracktrader_strategies.decoder import OrderFlowDecoder
from cracktrader_strategies.grammar import GRAMMAR, ODD_KIND, STEP_KINDS
from cracktrader_strategies.orderbook import NO_ORDER, STATUSES, UNKNOWN_ORDER, OrderBook
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

CRACKTRADER = Target(
    name="cracktrader",
    seats=("python", "rust"),
    subjects={
        "python": PythonCore,
        "rust": RustCore,
        **{spoil.canary.name: partial(SpoiledCore, spoil) for spoil in SPOILS},
        **{canary.name: partial(RustCanary, canary.name.removeprefix("rust-")) for canary in RUST_CANARIES},
    },
    grammar=GRAMMAR,
    decoder=OrderFlowDecoder,
    tracker=OrderBook,
    kinds=(*STEP_KINDS, ODD_KIND),
    contexts={NO_ORDER: "-", UNKNOWN_ORDER: "unknown", **{status: HEADINGS[status] for status in STATUSES}},
    recording_files=tuple(READERS),
    recordings=harness_recordings,
    canaries=(*(spoil.canary for spoil in SPOILS), *RUST_CANARIES),
)
