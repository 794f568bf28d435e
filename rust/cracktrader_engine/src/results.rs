//! Results: what the core answers to an event or an intent.
//!
//! Promises: the codes are the closed list of section 7 of `docs/engine.md`, in its order.
//! Does not: hold anything that belongs to the core. Costs: one identifier.

use crate::domain::{Identifier, Status, closed_set};

closed_set!(
    /// What became of an input.
    Outcome { Applied = "applied", Duplicate = "duplicate", Rejected = "rejected" }
);
closed_set!(
    /// Why.
    Code {
        Ok = "ok",
        DuplicateEvent = "duplicate_event",
        IdempotencyConflict = "idempotency_conflict",
        SequenceRegression = "sequence_regression",
        TimeRegression = "time_regression",
        UnknownOrder = "unknown_order",
        InstrumentMismatch = "instrument_mismatch",
        DuplicateOrderId = "duplicate_order_id",
        PriceMismatch = "price_mismatch",
        TradingHalted = "trading_halted",
        ReduceOnlyViolation = "reduce_only_violation",
        OrderClosed = "order_closed",
        CancelAlreadyPending = "cancel_already_pending",
        ReplaceAlreadyPending = "replace_already_pending",
        NothingToChange = "nothing_to_change",
        NothingPending = "nothing_pending",
        IllegalTransition = "illegal_transition",
        FillBeforeAcceptance = "fill_before_acceptance",
        FillOnRejected = "fill_on_rejected",
        Overfill = "overfill",
        OutOfRange = "out_of_range",
    }
);

impl Code {
    /// The outcome that comes with this code.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Ok => Outcome::Applied,
            Self::DuplicateEvent => Outcome::Duplicate,
            _ => Outcome::Rejected,
        }
    }
}

/// The answer to one event or intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepResult {
    /// Why; the outcome follows from it.
    pub code: Code,
    /// The event's, none for an intent.
    pub seq_id: Option<i64>,
    /// The order that the input names, known or not.
    pub order_id: Option<Identifier>,
    /// What became of that order, where the input was applied.
    pub transition: Option<Transition>,
    /// What moved.
    pub deltas: Deltas,
}

/// The step of an order; its id is the result's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The status before, none where the order is new.
    pub from: Option<Status>,
    /// The status after.
    pub to: Status,
    /// The filled quantity after, in 1e-8.
    pub cumulative: i64,
    /// The open quantity after, in 1e-8.
    pub leaves: i64,
}

/// What moved in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deltas {
    /// Cash, in 1e-16.
    pub cash: i128,
    /// Position, in 1e-8.
    pub position: i128,
    /// Realised profit, in 1e-16.
    pub realised: i128,
}
