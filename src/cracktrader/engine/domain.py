"""The closed sets and the bounds of the engine, as docs/engine.md names them.

Promises: every word that a wire document may hold stands here once, in a `Literal` in the page's order; the tuple
beside it has the same members. Does not parse or compute. Costs nothing: constants only.
"""

from __future__ import annotations

from typing import Literal, get_args

Source = Literal["market_data", "broker_report", "timer", "control"]
SOURCES: tuple[Source, ...] = get_args(Source)

Side = Literal["buy", "sell"]
SIDES: tuple[Side, ...] = get_args(Side)

OrderType = Literal["market", "limit", "stop", "stop_limit"]
ORDER_TYPES: tuple[OrderType, ...] = get_args(OrderType)
STOP_TYPES: frozenset[str] = frozenset({"stop", "stop_limit"})
LIMIT_TYPES: frozenset[str] = frozenset({"limit", "stop_limit"})

TimeInForce = Literal["gtc", "day", "ioc", "fok"]
TIMES_IN_FORCE: tuple[TimeInForce, ...] = get_args(TimeInForce)

Phase = Literal["created", "submitted", "working", "cancelled", "rejected", "expired"]
PHASES: tuple[Phase, ...] = get_args(Phase)
LIVE_PHASES: frozenset[str] = frozenset({"created", "submitted", "working"})

Status = Literal[
    "REJECTED",
    "CANCELLED",
    "EXPIRED",
    "CANCEL_PENDING",
    "REPLACE_PENDING",
    "FILLED",
    "PARTIALLY_FILLED",
    "ACCEPTED",
    "SUBMITTED",
    "CREATED",
]
STATUSES: tuple[Status, ...] = get_args(Status)
TERMINAL_STATUSES: frozenset[str] = frozenset({"CANCELLED", "REJECTED", "EXPIRED", "FILLED"})

RiskFlag = Literal["halt", "reduce_only"]
RISK_FLAGS: tuple[RiskFlag, ...] = get_args(RiskFlag)

AdjustmentReason = Literal["deposit", "withdrawal", "funding"]
ADJUSTMENT_REASONS: tuple[AdjustmentReason, ...] = get_args(AdjustmentReason)

FEE_IN_QUOTE = "quote"
FEE_IN_BASE = "base"

# Grids: quantities and prices are integers of 1e-8, money is integers of 1e-16, so quantity x price is exact.
UNIT_DECIMALS = 8
MONEY_DECIMALS = 16  # quantity times price is exact: 8 decimals and 8 decimals
UNIT_SCALE = 10**UNIT_DECIMALS
MONEY_SCALE = 10**MONEY_DECIMALS

# Bounds, in units of their grid.
QUANTITY_MAX = 10**10 * UNIT_SCALE
PRICE_MAX = 10**10 * UNIT_SCALE
BASE_FEE_MAX = 10**10 * UNIT_SCALE
VOLUME_MAX = 9 * 10**10 * UNIT_SCALE
POSITION_MAX = 9 * 10**10 * UNIT_SCALE
MONEY_MAX = 10**21 * MONEY_SCALE

INTEGER_MAX = 2**63 - 1  # what a signed 64-bit integer holds, as in Rust
IDENTIFIER_LENGTH_MAX = 64  # docs/engine.md, section 2: longer than any venue's identifiers
DECIMAL_TEXT_LENGTH_MAX = 64  # docs/engine.md, section 1 (D3): money's largest number has 39 characters
FREE_TEXT_LENGTH_MAX = 256  # docs/engine.md, section 2: a reason is a sentence, and is not kept
