//! Which statuses an input may lead from and to: the second invariant.

use crate::core::Step;
use crate::domain::Status;
use crate::events::EventType;
use crate::intents::IntentType;

/// The type of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InputType {
    Event(EventType),
    Intent(IntentType),
}

impl InputType {
    pub(super) const fn of(step: &Step) -> Self {
        match step {
            Step::Event(event) => Self::Event(event.event_type),
            Step::Intent(intent) => Self::Intent(intent.intent_type()),
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Event(event_type) => event_type.name(),
            Self::Intent(intent_type) => intent_type.name(),
        }
    }

    /// Whether an order may go from a status, none for a new one, to a status by this input.
    pub(super) const fn leads(self, from: Option<Status>, to: Status) -> bool {
        use IntentType::{CancelOrder, PlaceOrder, ReplaceOrder};
        use Status::{Accepted, CancelPending, Created, PartiallyFilled, ReplacePending, Submitted};
        match (self, from) {
            (Self::Intent(PlaceOrder), None) => matches!(to, Created),
            (Self::Intent(CancelOrder), Some(from)) => matches!(
                (from, to),
                (Created | Submitted | Accepted | PartiallyFilled | ReplacePending, CancelPending)
            ),
            (Self::Intent(ReplaceOrder), Some(from)) => {
                matches!((from, to), (Created | Submitted | Accepted | PartiallyFilled, ReplacePending))
            }
            (Self::Event(report), Some(from)) => reports(report, from, to),
            _ => false,
        }
    }
}

/// The rows of the reports; C, S, A, P, F, X and R as the page has them.
const fn reports(report: EventType, from: Status, to: Status) -> bool {
    use Status::{
        Accepted as A, CancelPending as X, Cancelled, Created as C, Expired, Filled as F,
        PartiallyFilled as P, Rejected, ReplacePending as R, Submitted as S,
    };
    match report {
        EventType::OrderSubmitted => matches!((from, to), (C, S) | (X, X) | (R, R)),
        EventType::OrderAccepted => matches!((from, to), (S, A) | (X, X) | (R, R)),
        EventType::OrderRejected => matches!((from, to), (C | S | A | X | R, Rejected)),
        EventType::OrderTriggered => matches!((from, to), (A, A) | (P, P) | (X, X) | (R, R)),
        EventType::OrderFill => matches!(
            (from, to),
            (A | P, P | F) | (X, X) | (R, R) | (Cancelled, Cancelled) | (Expired, Expired)
        ),
        EventType::OrderCancelPending => matches!((from, to), (C | S | A | P | X | R, X)),
        EventType::OrderCancelled => matches!((from, to), (S | A | P | X | R, Cancelled) | (X | R, F)),
        EventType::OrderCancelRejected => matches!((from, to), (X, C | S | A | P | F | R)),
        EventType::OrderReplacePending => matches!((from, to), (R, R) | (X, X)),
        EventType::OrderReplaced | EventType::OrderReplaceRejected => {
            matches!((from, to), (R, C | S | A | P | F) | (X, X))
        }
        EventType::OrderRestated => matches!((from, to), (A, A) | (P, P | F) | (X, X) | (R, R)),
        EventType::OrderExpired => matches!((from, to), (A | P | X | R, Expired)),
        _ => false,
    }
}
