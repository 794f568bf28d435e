//! Violations: which promise was broken, where, and what stood against what.

use std::fmt::Display;

use crate::canonical_json::Json;
use crate::domain::closed_set;

closed_set!(
    /// The closed list of what can be found, by the numbers of section 9 of `docs/engine.md`.
    ViolationCode {
        SeqIdMismatch = "seq_id_mismatch",
        SeqIdNotRising = "seq_id_not_rising",
        LastSeqIdMismatch = "last_seq_id_mismatch",
        CodeMismatch = "code_mismatch",
        OrderIdMismatch = "order_id_mismatch",
        TransitionCount = "transition_count",
        TransitionOrder = "transition_order",
        UnknownOrder = "unknown_order",
        StatusMismatch = "status_mismatch",
        IllegalTransition = "illegal_transition",
        OrderMissing = "order_missing",
        OrderStatusMismatch = "order_status_mismatch",
        CumulativeFalls = "cumulative_falls",
        CumulativeMismatch = "cumulative_mismatch",
        LeavesMismatch = "leaves_mismatch",
        OrderQuantityMismatch = "order_quantity_mismatch",
        OrderCumulativeMismatch = "order_cumulative_mismatch",
        CashDeltaMismatch = "cash_delta_mismatch",
        PositionDeltaMismatch = "position_delta_mismatch",
        CashMismatch = "cash_mismatch",
        PositionMismatch = "position_mismatch",
        RealisedDeltaMismatch = "realised_delta_mismatch",
        RealisedMismatch = "realised_mismatch",
        ValueNotConserved = "value_not_conserved",
        RefusalWithEffect = "refusal_with_effect",
        DigestChanged = "digest_changed",
        TerminalLeft = "terminal_left",
    }
);

/// One broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub code: ViolationCode,
    /// An order id or a position key.
    pub subject: Option<String>,
    /// What was reported.
    pub left: String,
    /// What the checker has.
    pub right: String,
}

impl ViolationCode {
    /// The number of the invariant.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::SeqIdMismatch | Self::SeqIdNotRising | Self::LastSeqIdMismatch => 1,
            Self::CodeMismatch
            | Self::OrderIdMismatch
            | Self::TransitionCount
            | Self::TransitionOrder
            | Self::UnknownOrder
            | Self::StatusMismatch
            | Self::IllegalTransition
            | Self::OrderMissing
            | Self::OrderStatusMismatch => 2,
            Self::CumulativeFalls
            | Self::CumulativeMismatch
            | Self::LeavesMismatch
            | Self::OrderQuantityMismatch
            | Self::OrderCumulativeMismatch => 3,
            Self::CashDeltaMismatch
            | Self::PositionDeltaMismatch
            | Self::CashMismatch
            | Self::PositionMismatch => 4,
            Self::RealisedDeltaMismatch | Self::RealisedMismatch | Self::ValueNotConserved => 5,
            Self::RefusalWithEffect | Self::DigestChanged => 6,
            Self::TerminalLeft => 7,
        }
    }
}

impl Violation {
    /// The violation as a wire dict.
    #[must_use]
    pub fn to_json(&self) -> Json {
        Json::record([
            ("number", Json::int(self.code.number())),
            ("code", Json::name(self.code.name())),
            ("subject", self.subject.as_ref().map_or(Json::Null, Json::text)),
            ("left", Json::text(&self.left)),
            ("right", Json::text(&self.right)),
        ])
    }
}

/// The violations of one call, in the order of the rows that find them.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Violation>);

impl Findings {
    /// Adds a violation if `left` differs from `right`, both given as they are shown.
    pub(super) fn compare<T: PartialEq>(
        &mut self,
        code: ViolationCode,
        subject: Option<&str>,
        (left, right): (T, T),
        show: impl Fn(&T) -> String,
    ) {
        if left != right {
            self.add(code, subject, show(&left), show(&right));
        }
    }

    /// Adds a violation.
    pub(super) fn add(
        &mut self,
        code: ViolationCode,
        subject: Option<&str>,
        left: impl Display,
        right: impl Display,
    ) {
        let subject = subject.map(str::to_owned);
        self.0.push(Violation { code, subject, left: left.to_string(), right: right.to_string() });
    }
}

/// A value that may be missing, as a violation shows it.
pub(super) fn or_null(value: Option<impl Display>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}
