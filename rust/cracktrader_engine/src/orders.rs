//! Orders: the terms of one, its state, and what each report and request makes of it.
//!
//! Promises: a step is computed on a copy and is legal by sections 3 to 5 of `docs/engine.md`, or it is
//! refused with the code of the first row that applies. Does not: touch money (`accounting`). Costs: a copy
//! of 80 bytes a step.

use crate::canary::{Canary, planted};
use crate::domain::{Identifier, OrderType, Phase, Side, Status, Symbol, TimeInForce};
use crate::events::{Amendment, EventType, Fill, Report};
use crate::intents::NewOrder;
use crate::results::{Code, Transition};

/// An order of the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Where it is placed.
    pub symbol: Symbol,
    /// Who placed it.
    pub strategy_id: Identifier,
    /// Everything else.
    pub state: OrderState,
}

/// The terms and the state of an order; quantities and prices in 1e-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of section 4 of the page")]
#[allow(clippy::struct_excessive_bools, reason = "the flags are independent facts of the page")]
pub struct OrderState {
    pub side: Side,
    pub order_type: OrderType,
    pub time_in_force: TimeInForce,
    pub limit_price: Option<i64>,
    pub stop_price: Option<i64>,
    pub reduce_only: bool,
    pub phase: Phase,
    pub quantity: i64,
    pub cumulative: i64,
    pub triggered: bool,
    pub cancel_pending: bool,
    pub replace_pending: bool,
}

impl Order {
    /// The order as it is placed.
    #[must_use]
    pub fn new(new: NewOrder) -> Self {
        let state = OrderState {
            side: new.side,
            order_type: new.order_type,
            time_in_force: new.time_in_force,
            limit_price: new.limit_price,
            stop_price: new.stop_price,
            reduce_only: new.reduce_only,
            phase: Phase::Created,
            quantity: new.quantity,
            cumulative: 0,
            triggered: false,
            cancel_pending: false,
            replace_pending: false,
        };
        Self { symbol: new.symbol, strategy_id: new.strategy_id, state }
    }
}

impl OrderState {
    /// The quantity that may still be filled.
    #[must_use]
    pub const fn leaves(&self) -> i64 {
        match self.phase {
            Phase::Created | Phase::Submitted | Phase::Working => self.quantity - self.cumulative,
            Phase::Cancelled | Phase::Rejected | Phase::Expired => 0,
        }
    }

    /// The derived status.
    #[must_use]
    pub const fn status(&self) -> Status {
        match self.phase {
            Phase::Rejected => Status::Rejected,
            Phase::Cancelled => Status::Cancelled,
            Phase::Expired => Status::Expired,
            _ if self.cancel_pending => Status::CancelPending,
            _ if self.replace_pending => Status::ReplacePending,
            _ if self.cumulative == self.quantity => Status::Filled,
            _ if self.cumulative > 0 => Status::PartiallyFilled,
            Phase::Working => Status::Accepted,
            Phase::Submitted => Status::Submitted,
            Phase::Created => Status::Created,
        }
    }

    /// Whether the order is in no terminal status.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        !matches!(self.status(), Status::Rejected | Status::Cancelled | Status::Expired | Status::Filled)
    }

    /// Whether the order has exactly the prices of its type.
    #[must_use]
    pub const fn prices_suit_type(&self) -> bool {
        self.limit_price.is_some() == self.order_type.has_limit_price()
            && self.stop_price.is_some() == self.order_type.has_stop_price()
    }

    /// The step from another state to this one.
    #[must_use]
    pub fn transition_from(&self, before: Option<&Self>) -> Transition {
        Transition {
            from: before.map(Self::status),
            to: self.status(),
            cumulative: self.cumulative,
            leaves: self.leaves(),
        }
    }

    /// The state once a cancel is asked for.
    ///
    /// # Errors
    /// `order_closed`, `cancel_already_pending`.
    pub fn cancel_asked(self) -> Result<Self, Code> {
        refuse_unless(self.is_live(), Code::OrderClosed)?;
        refuse_unless(!self.cancel_pending, Code::CancelAlreadyPending)?;
        Ok(Self { cancel_pending: true, ..self })
    }

    /// The state once a replace is asked for.
    ///
    /// # Errors
    /// The codes of `replace_order`, in the order of section 3.
    pub fn replace_asked(self, wanted: Amendment) -> Result<Self, Code> {
        refuse_unless(self.is_live(), Code::OrderClosed)?;
        refuse_unless(!self.cancel_pending, Code::CancelAlreadyPending)?;
        refuse_unless(!self.replace_pending, Code::ReplaceAlreadyPending)?;
        refuse_unless(self.has_prices_of(wanted), Code::PriceMismatch)?;
        refuse_unless(self.amended(wanted) != self, Code::NothingToChange)?;
        Ok(Self { replace_pending: true, ..self })
    }

    /// The state once a report is taken in.
    ///
    /// # Errors
    /// The code of the first row of section 5 that applies.
    pub fn reported(self, event_type: EventType, report: &Report) -> Result<Self, Code> {
        match report {
            Report::Notice(_) => self.noticed(event_type),
            Report::Fill(fill) => self.filled(fill),
            Report::Replaced(amendment) => self.replaced(*amendment),
            Report::Restated(quantity) => self.restated(*quantity),
        }
    }

    fn noticed(self, event_type: EventType) -> Result<Self, Code> {
        match event_type {
            EventType::OrderSubmitted => self.advanced(Phase::Created, Phase::Submitted),
            EventType::OrderAccepted => self.advanced(Phase::Submitted, Phase::Working),
            EventType::OrderRejected => {
                refuse_unless(self.is_live() && self.cumulative == 0, Code::IllegalTransition)?;
                Ok(self.ended(Phase::Rejected))
            }
            EventType::OrderTriggered => self.triggered(),
            EventType::OrderCancelPending => {
                refuse_unless(self.is_live(), Code::OrderClosed)?;
                Ok(Self { cancel_pending: true, ..self })
            }
            EventType::OrderCancelled => self.cancelled(),
            EventType::OrderCancelRejected => {
                refuse_unless(self.cancel_pending, Code::NothingPending)?;
                Ok(Self { cancel_pending: false, ..self })
            }
            EventType::OrderReplacePending => {
                refuse_unless(self.replace_pending, Code::NothingPending)?;
                Ok(self)
            }
            EventType::OrderReplaceRejected => {
                refuse_unless(self.replace_pending, Code::NothingPending)?;
                Ok(Self { replace_pending: false, ..self })
            }
            _ => self.expired(),
        }
    }

    fn advanced(self, from: Phase, to: Phase) -> Result<Self, Code> {
        refuse_unless(self.phase == from, Code::IllegalTransition)?;
        Ok(Self { phase: to, ..self })
    }

    fn triggered(self) -> Result<Self, Code> {
        let may = self.is_open() && self.order_type.has_stop_price() && !self.triggered;
        refuse_unless(may, Code::IllegalTransition)?;
        Ok(Self { triggered: true, ..self })
    }

    fn cancelled(self) -> Result<Self, Code> {
        match self.phase {
            Phase::Created => Err(Code::IllegalTransition),
            Phase::Submitted | Phase::Working if self.leaves() > 0 => Ok(self.ended(Phase::Cancelled)),
            // Nothing is left to cancel: the report settles what was pending, and the order stands as filled.
            _ if self.cancel_pending || self.replace_pending => Ok(self.ended(self.phase)),
            _ => Err(Code::OrderClosed),
        }
    }

    fn expired(self) -> Result<Self, Code> {
        if self.is_open() {
            return Ok(self.ended(Phase::Expired));
        }
        Err(if self.is_live() { Code::IllegalTransition } else { Code::OrderClosed })
    }

    fn filled(self, fill: &Fill) -> Result<Self, Code> {
        match self.phase {
            Phase::Created | Phase::Submitted => return Err(Code::FillBeforeAcceptance),
            Phase::Rejected => return Err(Code::FillOnRejected),
            Phase::Working | Phase::Cancelled | Phase::Expired => {}
        }
        let cumulative = self.cumulative + fill.last_quantity;
        let allowed = self.quantity + i64::from(planted(Canary::OverfillByOneAccepted));
        refuse_unless(cumulative <= allowed, Code::Overfill)?;
        let reopens = planted(Canary::LateFillReopens) && self.phase == Phase::Cancelled;
        let phase = if reopens && cumulative < self.quantity { Phase::Working } else { self.phase };
        Ok(Self { phase, cumulative, ..self })
    }

    fn replaced(self, accepted: Amendment) -> Result<Self, Code> {
        refuse_unless(self.replace_pending, Code::NothingPending)?;
        refuse_unless(self.has_prices_of(accepted), Code::PriceMismatch)?;
        let amended = self.amended(accepted);
        let lowest = if planted(Canary::ReplaceBelowCumulative) { 0 } else { self.cumulative };
        Ok(Self { quantity: amended.quantity.max(lowest), replace_pending: false, ..amended })
    }

    fn restated(self, quantity: i64) -> Result<Self, Code> {
        refuse_unless(self.is_open() && quantity >= self.cumulative, Code::IllegalTransition)?;
        Ok(Self { quantity, ..self })
    }

    /// Whether the order rests at the venue with something left.
    const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Working) && self.leaves() > 0
    }

    fn has_prices_of(&self, amendment: Amendment) -> bool {
        (amendment.limit_price.is_none() || self.order_type.has_limit_price())
            && (amendment.stop_price.is_none() || self.order_type.has_stop_price())
    }

    fn amended(self, amendment: Amendment) -> Self {
        Self {
            quantity: amendment.quantity.unwrap_or(self.quantity),
            limit_price: amendment.limit_price.or(self.limit_price),
            stop_price: amendment.stop_price.or(self.stop_price),
            ..self
        }
    }

    fn ended(self, phase: Phase) -> Self {
        Self { phase, cancel_pending: false, replace_pending: false, ..self }
    }
}

/// `Err(code)` unless the condition holds.
pub(crate) fn refuse_unless(condition: bool, code: Code) -> Result<(), Code> {
    if condition { Ok(()) } else { Err(code) }
}
