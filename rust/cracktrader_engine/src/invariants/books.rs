//! The checker's own books: what the inputs alone say of cash, positions and orders.
//!
//! Promises: moved by what is applied, by the inputs' own numbers; only a status and a realised profit are
//! taken as reported. Does not: judge. Costs: some look-ups a step.

use super::answer::Answer;
use super::sum::Sum;
use crate::core::Step;
use crate::domain::{FeeAsset, Identifier, Side, Status, Symbol};
use crate::events::{Event, Fill, Payload, Report};
use crate::intents::{Intent, NewOrder};
use crate::table::Table;

/// Everything that the checker has counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Books {
    /// In 1e-16.
    pub(super) initial_cash: i128,
    /// In 1e-16.
    pub(super) cash: Sum,
    pub(super) last_seq_id: Option<i64>,
    pub(super) positions: Table<Symbol, BookPosition>,
    pub(super) orders: Table<Identifier, BookOrder>,
    /// The last digest that was given.
    pub(super) digest: Option<String>,
    /// Whether nothing was applied since that digest.
    pub(super) is_quiet: bool,
}

/// A position; it appears with its first booked fill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BookPosition {
    /// In 1e-8.
    pub(super) quantity: Sum,
    /// The sum of quantity x price over the fills, in 1e-16.
    pub(super) notional: Sum,
    /// As reported, in 1e-16.
    pub(super) realised: Sum,
}

/// An order; quantities in 1e-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BookOrder {
    pub(super) position: Symbol,
    pub(super) side: Side,
    pub(super) quantity: Sum,
    pub(super) cumulative: Sum,
    pub(super) status: Status,
}

/// What a fill moves, by section 6 of `docs/engine.md`.
pub(super) struct FillEffect {
    /// In 1e-16.
    pub(super) cash: i128,
    /// In 1e-8.
    pub(super) quantity: i128,
    /// In 1e-16.
    pub(super) notional: i128,
}

impl FillEffect {
    pub(super) fn of(side: Side, fill: &Fill) -> Self {
        let traded = i128::from(side.signed(fill.last_quantity));
        let notional = traded * i128::from(fill.last_price);
        let (quote_fee, base_fee) = match fill.fee_asset {
            FeeAsset::Quote => (fill.fee, 0),
            FeeAsset::Base => (0, fill.fee),
            FeeAsset::Other(_) => (0, 0),
        };
        Self { cash: -notional - quote_fee, quantity: traded - base_fee, notional }
    }
}

impl Books {
    /// The books of a core that starts with this cash.
    pub(super) fn new(initial_cash: i128) -> Self {
        Self {
            initial_cash,
            cash: Sum::of(initial_cash),
            last_seq_id: None,
            positions: Table::default(),
            orders: Table::default(),
            digest: None,
            is_quiet: true,
        }
    }

    /// Takes in a step and its answer; what was not applied moves nothing.
    pub(super) fn take(&mut self, step: &Step, answer: &Answer) {
        if !answer.is_applied() {
            return;
        }
        match step {
            Step::Intent(Intent::PlaceOrder(new)) => self.take_order(new, answer),
            Step::Intent(Intent::CancelOrder { order_id } | Intent::ReplaceOrder { order_id, .. }) => {
                self.take_status(order_id, answer);
            }
            Step::Intent(Intent::SetRiskFlag { .. } | Intent::NoOp) => {}
            Step::Event(event) => self.take_event(event, answer),
        }
    }

    /// Remembers a digest that was given, and whether anything was applied since.
    pub(super) fn remember(&mut self, was_applied: bool, digest: Option<&str>) {
        self.is_quiet = digest.is_some() || (self.is_quiet && !was_applied);
        self.digest = digest.map(str::to_owned).or_else(|| self.digest.take());
    }

    fn take_order(&mut self, new: &NewOrder, answer: &Answer) {
        if self.orders.get(&new.order_id).is_some() {
            return;
        }
        let order = BookOrder {
            position: new.symbol.clone(),
            side: new.side,
            quantity: Sum::of(new.quantity),
            cumulative: Sum::default(),
            status: answer.first_of(&new.order_id).map_or(Status::Created, |claim| claim.to),
        };
        self.orders.insert(new.order_id.clone(), order);
    }

    fn take_event(&mut self, event: &Event, answer: &Answer) {
        self.last_seq_id = Some(event.seq_id);
        match &event.payload {
            Payload::CashAdjustment { amount, .. } => self.cash += *amount,
            Payload::Report { order_id, report } => {
                if let Report::Fill(fill) = report {
                    self.take_fill(order_id, fill, answer.realised_delta);
                }
                if let Some(order) = self.orders.get_mut(order_id) {
                    order.take_report(report);
                }
                self.take_status(order_id, answer);
            }
            _ => {}
        }
    }

    fn take_fill(&mut self, order_id: &Identifier, fill: &Fill, realised_delta: i128) {
        let Some(order) = self.orders.get(order_id) else { return };
        let effect = FillEffect::of(order.side, fill);
        self.cash += effect.cash;
        if self.positions.get(&order.position).is_none() {
            self.positions.insert(order.position.clone(), BookPosition::default());
        }
        if let Some(position) = self.positions.get_mut(&order.position) {
            position.quantity += effect.quantity;
            position.notional += effect.notional;
            position.realised += realised_delta;
        }
    }

    fn take_status(&mut self, order_id: &Identifier, answer: &Answer) {
        if let (Some(order), Some(claim)) = (self.orders.get_mut(order_id), answer.first_of(order_id)) {
            order.status = claim.to;
        }
    }
}

impl BookOrder {
    /// What a report says of the quantities.
    pub(super) fn take_report(&mut self, report: &Report) {
        match report {
            Report::Fill(fill) => self.cumulative += i128::from(fill.last_quantity),
            Report::Replaced(amendment) => {
                if let Some(quantity) = amendment.quantity {
                    self.quantity = Sum::of(quantity).max(self.cumulative.clone());
                }
            }
            Report::Restated(quantity) => self.quantity = Sum::of(*quantity),
            Report::Notice(_) => {}
        }
    }
}
