//! The core: one state, changed by events and intents, one step at a time.
//!
//! Promises: a step is checked and computed in full before it is committed; what is not applied changes
//! nothing; the same inputs give the same results. Does not: parse (`events`, `intents`), read a clock or
//! draw a number. Costs: a few hash look-ups a step; a reduce-only order walks all orders.

use crate::accounting::{Booking, Position, book, money};
use crate::canary::{Canary, planted};
use crate::domain::{FeeAsset, Flag, Identifier, Side, Source, Symbol};
use crate::events::{Event, Fill, Payload, Report};
use crate::fingerprint::Fingerprint;
use crate::intents::{Intent, NewOrder};
use crate::orders::{Order, OrderState, refuse_unless};
use crate::results::{Code, Deltas, Outcome, StepResult, Transition};
use crate::table::Table;

/// Everything that a core remembers; see the snapshot in section 8 of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the snapshot")]
pub struct State {
    pub cash: i128,
    pub last_seq_id: Option<i64>,
    pub positions: Table<Symbol, Position>,
    pub orders: Table<Identifier, Order>,
    pub fees: Table<Identifier, i128>,
    pub marks: Table<Symbol, i64>,
    pub market_data_clock: Table<Symbol, i64>,
    pub timer_clock: Table<Symbol, i64>,
    pub halt: bool,
    pub reduce_only: bool,
    pub idempotency_keys: Table<Identifier, Fingerprint>,
}

/// The deterministic core.
#[derive(Clone, Debug)]
pub struct DeterministicCore {
    initial_cash: i128,
    state: State,
}

/// A step of the engine, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// From the venue.
    Event(Event),
    /// From the strategy.
    Intent(Intent),
}

/// What an input does to the state: computed, not yet committed.
enum Effect<'a> {
    Place {
        id: &'a Identifier,
        order: Order,
    },
    Order {
        id: &'a Identifier,
        before: OrderState,
        after: OrderState,
    },
    Fill {
        id: &'a Identifier,
        before: OrderState,
        after: OrderState,
        symbol: &'a Symbol,
        fee_asset: &'a FeeAsset,
        booking: Booking,
    },
    Cash {
        after: i128,
        delta: i128,
    },
    Mark {
        symbol: &'a Symbol,
        event_time: i64,
        price: i64,
    },
    Timer {
        symbol: &'a Symbol,
        event_time: i64,
    },
    Flag {
        flag: Flag,
        on: bool,
    },
    Nothing,
}

/// What a committed effect reports.
type Moved = (Option<Transition>, Deltas);

impl DeterministicCore {
    /// A core with nothing but cash, in 1e-16.
    #[must_use]
    pub fn new(initial_cash: i128) -> Self {
        Self { initial_cash, state: State { cash: initial_cash, ..State::default() } }
    }

    /// Takes in an event.
    pub fn apply_event(&mut self, event: Event) -> StepResult {
        let (code, (transition, deltas)) = match self.event_effect(&event) {
            Ok(effect) => (Code::Ok, self.commit(effect)),
            Err(code) => (code, Moved::default()),
        };
        let applied = code == Code::Ok;
        if applied {
            self.state.last_seq_id = Some(event.seq_id);
        }
        if applied || (planted(Canary::RefusedKeyUsed) && code.outcome() == Outcome::Rejected) {
            self.remember_key(&event);
        }
        StepResult {
            code,
            seq_id: Some(event.seq_id),
            order_id: event.payload.into_order_id(),
            transition,
            deltas,
        }
    }

    /// Takes in an intent.
    pub fn process_intent(&mut self, intent: Intent) -> StepResult {
        let (code, (transition, deltas)) = match self.intent_effect(&intent) {
            Ok(effect) => (Code::Ok, self.commit(effect)),
            Err(code) => (code, Moved::default()),
        };
        StepResult { code, seq_id: None, order_id: intent.into_order_id(), transition, deltas }
    }

    /// Takes in an event or an intent.
    pub fn step(&mut self, step: Step) -> StepResult {
        match step {
            Step::Event(event) => self.apply_event(event),
            Step::Intent(intent) => self.process_intent(intent),
        }
    }

    /// Back to the state as constructed.
    pub fn reset(&mut self) {
        *self = Self::new(self.initial_cash);
    }

    /// The whole state.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Replaces the whole state; `reset` still knows the constructor's cash.
    pub fn replace_state(&mut self, state: State) {
        self.state = state;
    }

    /// The checks in the order of section 2, then what the event does.
    fn event_effect<'a>(&self, event: &'a Event) -> Result<Effect<'a>, Code> {
        self.check_key(event)?;
        refuse_unless(self.state.last_seq_id < Some(event.seq_id), Code::SequenceRegression)?;
        self.check_time(event)?;
        match &event.payload {
            Payload::Report { order_id, report } => self.report_effect(event, order_id, report),
            Payload::Trade { price, .. } => Ok(event.mark(*price)),
            Payload::Bar([_, _, _, close, _]) => Ok(event.mark(*close)),
            Payload::Quote { bid, ask } => Ok(event.mark(middle(*bid, *ask))),
            Payload::Timer { .. } => {
                Ok(Effect::Timer { symbol: &event.symbol, event_time: event.event_time })
            }
            Payload::CashAdjustment { amount, .. } => {
                let after = money(self.state.cash + amount).ok_or(Code::OutOfRange)?;
                Ok(Effect::Cash { after, delta: *amount })
            }
            Payload::RiskFlag { flag, on } => Ok(Effect::Flag { flag: *flag, on: *on }),
        }
    }

    fn check_key(&self, event: &Event) -> Result<(), Code> {
        let known = event.idempotency_key.as_ref().and_then(|key| self.state.idempotency_keys.get(key));
        match known {
            None => Ok(()),
            Some(fingerprint) if *fingerprint == Fingerprint::of(event) => Err(Code::DuplicateEvent),
            Some(_) => Err(Code::IdempotencyConflict),
        }
    }

    fn check_time(&self, event: &Event) -> Result<(), Code> {
        let clock = match event.event_type.source() {
            Source::MarketData => &self.state.market_data_clock,
            Source::Timer => &self.state.timer_clock,
            Source::BrokerReport | Source::Control => return Ok(()),
        };
        refuse_unless(clock.get(&event.symbol) <= Some(&event.event_time), Code::TimeRegression)
    }

    fn report_effect<'a>(
        &self,
        event: &'a Event,
        id: &'a Identifier,
        report: &'a Report,
    ) -> Result<Effect<'a>, Code> {
        let order = self.state.orders.get(id).ok_or(Code::UnknownOrder)?;
        refuse_unless(order.symbol == event.symbol, Code::InstrumentMismatch)?;
        let (before, after) = (order.state, order.state.reported(event.event_type, report)?);
        let Report::Fill(fill) = report else {
            return Ok(Effect::Order { id, before, after });
        };
        let booking = self.booking(event, before.side, fill).ok_or(Code::OutOfRange)?;
        Ok(Effect::Fill { id, before, after, symbol: &event.symbol, fee_asset: &fill.fee_asset, booking })
    }

    fn booking(&self, event: &Event, side: Side, fill: &Fill) -> Option<Booking> {
        let position = self.state.positions.get(&event.symbol).copied().unwrap_or_default();
        let fee_total = match &fill.fee_asset {
            FeeAsset::Other(asset) => self.state.fees.get(asset).copied().unwrap_or_default(),
            FeeAsset::Quote | FeeAsset::Base => 0,
        };
        book(side, fill, self.state.cash, position, fee_total)
    }

    fn intent_effect<'a>(&self, intent: &'a Intent) -> Result<Effect<'a>, Code> {
        match intent {
            Intent::PlaceOrder(new) => self.place_effect(new),
            Intent::CancelOrder { order_id } => self.request_effect(order_id, OrderState::cancel_asked),
            Intent::ReplaceOrder { order_id, amendment } => {
                self.request_effect(order_id, |order| order.replace_asked(*amendment))
            }
            Intent::SetRiskFlag { flag, on } => Ok(Effect::Flag { flag: *flag, on: *on }),
            Intent::NoOp => Ok(Effect::Nothing),
        }
    }

    fn request_effect<'a>(
        &self,
        id: &'a Identifier,
        asked: impl FnOnce(OrderState) -> Result<OrderState, Code>,
    ) -> Result<Effect<'a>, Code> {
        let before = self.state.orders.get(id).ok_or(Code::UnknownOrder)?.state;
        Ok(Effect::Order { id, before, after: asked(before)? })
    }

    fn place_effect<'a>(&self, new: &'a NewOrder) -> Result<Effect<'a>, Code> {
        refuse_unless(self.state.orders.get(&new.order_id).is_none(), Code::DuplicateOrderId)?;
        let mut order = Order::new(new.clone());
        refuse_unless(order.state.prices_suit_type(), Code::PriceMismatch)?;
        refuse_unless(!self.state.halt, Code::TradingHalted)?;
        order.state.reduce_only |= self.state.reduce_only;
        refuse_unless(self.may_reduce(&order), Code::ReduceOnlyViolation)?;
        Ok(Effect::Place { id: &new.order_id, order })
    }

    /// Whether a reduce-only order still fits into its position, beside the other live ones of its side.
    fn may_reduce(&self, order: &Order) -> bool {
        if !order.state.reduce_only {
            return true;
        }
        let position = self.state.positions.get(&order.symbol).map_or(0, |position| position.quantity);
        let taken = self.state.orders.sum(|other| {
            let counts = other.state.reduce_only && other.state.side == order.state.side;
            // An order that is closed has no leaves.
            if counts && other.symbol == order.symbol { i128::from(other.state.leaves()) } else { 0 }
        });
        let opposite = order.state.side.signed(1).signum() == -position.signum();
        opposite && i128::from(order.state.quantity) + taken <= i128::from(position).abs()
    }

    fn commit(&mut self, effect: Effect<'_>) -> Moved {
        let state = &mut self.state;
        match effect {
            Effect::Place { id, order } => {
                let transition = order.state.transition_from(None);
                state.orders.insert(id.clone(), order);
                return (Some(transition), Deltas::default());
            }
            Effect::Order { id, before, after } => {
                return (Some(state.step_order(id, &before, after)), Deltas::default());
            }
            Effect::Fill { id, before, after, symbol, fee_asset, booking } => {
                state.commit_booking(symbol, fee_asset, &booking);
                return (Some(state.step_order(id, &before, after)), booking.deltas);
            }
            Effect::Cash { after, delta } => {
                state.cash = after;
                return (None, Deltas { cash: delta, ..Deltas::default() });
            }
            Effect::Mark { symbol, event_time, price } => {
                state.market_data_clock.set(symbol, event_time);
                state.marks.set(symbol, price);
            }
            Effect::Timer { symbol, event_time } => state.timer_clock.set(symbol, event_time),
            Effect::Flag { flag: Flag::Halt, on } => state.halt = on,
            Effect::Flag { flag: Flag::ReduceOnly, on } => state.reduce_only = on,
            Effect::Nothing => {}
        }
        Moved::default()
    }

    fn remember_key(&mut self, event: &Event) {
        if let Some(key) = &event.idempotency_key {
            self.state.idempotency_keys.set(key, Fingerprint::of(event));
        }
    }
}

impl State {
    fn step_order(&mut self, id: &Identifier, before: &OrderState, after: OrderState) -> Transition {
        if let Some(order) = self.orders.get_mut(id) {
            order.state = after;
        }
        after.transition_from(Some(before))
    }

    fn commit_booking(&mut self, symbol: &Symbol, fee_asset: &FeeAsset, booking: &Booking) {
        self.cash = booking.cash;
        self.positions.set(symbol, booking.position);
        match (fee_asset, booking.fee_total) {
            (FeeAsset::Other(asset), Some(0)) => self.fees.remove(asset),
            (FeeAsset::Other(asset), Some(total)) => self.fees.set(asset, total),
            _ => {}
        }
    }
}

impl Event {
    const fn mark(&self, price: i64) -> Effect<'_> {
        Effect::Mark { symbol: &self.symbol, event_time: self.event_time, price }
    }
}

/// The middle of two prices, half to even at 1e-8.
fn middle(bid: i64, ask: i64) -> i64 {
    let sum = bid + ask;
    let down = sum.div_euclid(2);
    // Of an odd sum both neighbours are equally near: take the even one.
    down + if sum % 2 == 0 { 0 } else { down.rem_euclid(2) }
}
