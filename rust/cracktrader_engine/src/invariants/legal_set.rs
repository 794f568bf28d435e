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

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of section 4 of `docs/runtime.md`, word by word.
    const PAGE: &str = "
        place_order: null -> C
        cancel_order: C S A P R -> X
        replace_order: C S A P -> R
        order_submitted: C -> S, X -> X, R -> R
        order_accepted: S -> A, X -> X, R -> R
        order_rejected: C S A X R -> REJECTED
        order_triggered: A -> A, P -> P, X -> X, R -> R
        order_fill: A -> P, A -> F, P -> P, P -> F, X -> X, R -> R, CANCELLED -> CANCELLED, EXPIRED -> EXPIRED
        order_cancel_pending: C S A P X R -> X
        order_cancelled: S A P X R -> CANCELLED, X -> F, R -> F
        order_cancel_rejected: X -> C, X -> S, X -> A, X -> P, X -> F, X -> R
        order_replace_pending: R -> R, X -> X
        order_replaced: R -> C, R -> S, R -> A, R -> P, R -> F, X -> X
        order_replace_rejected: R -> C, R -> S, R -> A, R -> P, R -> F, X -> X
        order_restated: A -> A, P -> P, P -> F, X -> X, R -> R
        order_expired: A P X R -> EXPIRED
    ";

    fn status(word: &str) -> Option<Status> {
        match word {
            "C" => Some(Status::Created),
            "S" => Some(Status::Submitted),
            "A" => Some(Status::Accepted),
            "P" => Some(Status::PartiallyFilled),
            "F" => Some(Status::Filled),
            "X" => Some(Status::CancelPending),
            "R" => Some(Status::ReplacePending),
            other => Status::parse(other),
        }
    }

    /// The pairs of one line of the page.
    fn pairs(line: &str) -> Vec<(Option<Status>, Status)> {
        let steps = line.split(", ").filter_map(|step| step.split_once(" -> "));
        let pairs = steps.flat_map(|(from, to)| from.split(' ').map(move |from| (status(from), status(to))));
        pairs.filter_map(|(from, to)| Some((from, to?))).collect()
    }

    /// The legal set is the page's, for every input and every pair of statuses.
    #[test]
    fn the_legal_set_is_the_pages() {
        let events = EventType::ALL.iter().map(|event_type| InputType::Event(*event_type));
        for input in events.chain(IntentType::ALL.iter().map(|intent_type| InputType::Intent(*intent_type))) {
            let line = PAGE.lines().find_map(|line| line.trim().strip_prefix(&format!("{}: ", input.name())));
            let legal = pairs(line.unwrap_or_default());
            for from in Status::ALL.iter().copied().map(Some).chain([None]) {
                for to in Status::ALL {
                    assert_eq!(
                        input.leads(from, *to),
                        legal.contains(&(from, *to)),
                        "{input:?} {from:?} {to:?}"
                    );
                }
            }
        }
    }
}
