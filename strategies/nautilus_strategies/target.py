"""The target `nautilus`: NautilusTrader's order model in Cython, the reference, and its order model in Rust.

Neither side is ours: a difference shows that the two are not the same, not which of them is right. Its Rust side can
abort the process, so both sides stand in child processes in every command.
"""

from functools import partial

from cracktrader_fuzz.target.target import Generation, Isolation, Reading, Target
from nautilus_strategies.canary import CANARY, PendingCancelCanary
from nautilus_strategies.decoder import NautilusDecoder
from nautilus_strategies.description import describe_outcome, describe_step
from nautilus_strategies.grammar import GRAMMAR, STRAY
from nautilus_strategies.objects import ABOUT_POSITIONS, EVENT_CLASSES
from nautilus_strategies.script import script
from nautilus_strategies.seat import NOTHING, NautilusSeat
from nautilus_strategies.sides import CYTHON_MODULES, PACKAGE, RUST_MODULE
from nautilus_strategies.tracker import StatusTracker

STATUSES = {
    NOTHING: "none",
    "INITIALIZED": "init",
    "DENIED": "den",
    "EMULATED": "emul",
    "RELEASED": "rel",
    "SUBMITTED": "subm",
    "ACCEPTED": "acc",
    "REJECTED": "rej",
    "TRIGGERED": "trig",
    "PENDING_UPDATE": "p-up",
    "PENDING_CANCEL": "p-can",
    "PARTIALLY_FILLED": "part",
    "FILLED": "fill",
    "CANCELED": "canc",
    "EXPIRED": "exp",
}
SIDES = {"LONG": "long", "SHORT": "short", "FLAT": "flat"}

NAUTILUS = Target(
    name="nautilus",
    seats=("cython", "rust"),
    subjects={
        "cython": partial(NautilusSeat, "cython"),
        "rust": partial(NautilusSeat, "rust"),
        CANARY.name: PendingCancelCanary,
    },
    grammar=GRAMMAR,
    decoder=NautilusDecoder,
    tracker=StatusTracker,
    canaries=(CANARY,),
    isolation=Isolation(
        always=True,
        preload=(*(f"{PACKAGE}.{module}" for module in CYTHON_MODULES), f"{PACKAGE}.{RUST_MODULE}"),
    ),
    generation=Generation(
        case_steps_max=100,
        kinds=("order_initialized", *EVENT_CLASSES, ABOUT_POSITIONS, STRAY),
        contexts={**STATUSES, **SIDES},
        codes=("ok", "refused", "refused_by_position", "malformed", "known_order", "unknown_order"),
    ),
    reading=Reading(
        emitters={"script": script},
        describe_step=describe_step,
        describe_outcome=describe_outcome,
    ),
)
