//! Short ways to say events and intents in tests.

#![allow(dead_code, reason = "each test file uses its own part")]

#[cfg(feature = "canary")]
pub use cracktrader_engine::canary::planted_core::PlantedCore as Core;
#[cfg(not(feature = "canary"))]
pub use cracktrader_engine::core::DeterministicCore as Core;
use cracktrader_engine::core::Step;
use cracktrader_engine::domain::{FeeAsset, Identifier, OrderType, Side, Symbol, TimeInForce};
use cracktrader_engine::events::{Amendment, Event, EventType, Fill, Payload, Report};
use cracktrader_engine::intents::{Intent, NewOrder};
use cracktrader_engine::numbers::{MONEY, PRICE};
use cracktrader_engine::results::{Code, StepResult};

pub const NOTHING_NAMED: Amendment = Amendment { quantity: None, limit_price: None, stop_price: None };

pub fn id(text: &str) -> Identifier {
    Identifier::parse(text).expect("an identifier")
}

pub fn symbol() -> Symbol {
    Symbol::parse("V:I").expect("a symbol")
}

/// A decimal in 1e-8.
pub fn units(text: &str) -> i64 {
    PRICE.parse(text).and_then(|units| i64::try_from(units).ok()).expect("a number of 1e-8")
}

/// A decimal in 1e-16.
pub fn money(text: &str) -> i128 {
    MONEY.parse(text).expect("a number of 1e-16")
}

pub fn event(seq_id: i64, event_type: EventType, payload: Payload, key: Option<&str>) -> Event {
    let idempotency_key = key.map(id);
    Event { seq_id, event_time: 5, ingest_time: 6, symbol: symbol(), event_type, payload, idempotency_key }
}

pub fn report(seq_id: i64, order_id: &str, event_type: EventType, report: Report) -> Event {
    event(seq_id, event_type, Payload::Report { order_id: id(order_id), report }, None)
}

pub fn fill(quantity: &str, price: &str, fee: i128, fee_asset: FeeAsset) -> Fill {
    Fill { last_quantity: units(quantity), last_price: units(price), fee, fee_asset }
}

/// A limit or market order of one unit, or what its type needs.
pub fn new_order(order_id: &str, side: Side, order_type: OrderType, quantity: &str) -> NewOrder {
    NewOrder {
        order_id: id(order_id),
        symbol: symbol(),
        side,
        order_type,
        time_in_force: TimeInForce::Gtc,
        quantity: units(quantity),
        limit_price: order_type.has_limit_price().then(|| units("100")),
        stop_price: order_type.has_stop_price().then(|| units("90")),
        reduce_only: false,
        strategy_id: id("s"),
    }
}

/// A core, as the Python binding of this build has it, and the sequence number of its next event.
pub struct Desk {
    pub core: Core,
    seq_id: i64,
}

impl Desk {
    pub fn new(cash: i128) -> Self {
        Self { core: Core::new(cash), seq_id: 0 }
    }

    pub fn ask(&mut self, intent: Intent) -> StepResult {
        self.core.step(Step::Intent(intent))
    }

    pub fn place(&mut self, new: NewOrder) -> StepResult {
        self.ask(Intent::PlaceOrder(Box::new(new)))
    }

    pub fn tell(&mut self, order_id: &str, event_type: EventType, said: Report) -> StepResult {
        self.seq_id += 1;
        self.core.apply_event(report(self.seq_id, order_id, event_type, said))
    }

    pub fn notice(&mut self, order_id: &str, event_type: EventType) -> StepResult {
        self.tell(order_id, event_type, Report::Notice(None))
    }

    pub fn fill(&mut self, order_id: &str, fill: Fill) -> StepResult {
        self.tell(order_id, EventType::OrderFill, Report::Fill(fill))
    }

    pub fn send(&mut self, event_type: EventType, payload: Payload) -> StepResult {
        self.seq_id += 1;
        self.core.apply_event(event(self.seq_id, event_type, payload, None))
    }

    /// Places an order and lets the venue accept it.
    pub fn work(&mut self, new: NewOrder) {
        let order_id = new.order_id.clone();
        assert_eq!(self.place(new).code, Code::Ok);
        for step in [EventType::OrderSubmitted, EventType::OrderAccepted] {
            assert_eq!(self.notice(order_id.as_str(), step).code, Code::Ok);
        }
    }
}
