//! Random intents and events against the invariants of section 9 of `docs/engine.md`.
//!
//! Goal: no sequence of well-formed inputs, with duplicates, conflicts, late and out-of-order reports among
//! them, breaks an invariant. Method: the model only aims (it follows a core of its own to name orders that
//! exist and reports that are often legal); the harness recomputes the money from the log of what was
//! applied, in plain equalities.

mod support;

use std::collections::BTreeMap;

use cracktrader_engine::core::{DeterministicCore, Step};
use cracktrader_engine::domain::{AdjustmentReason, FeeAsset, Flag, OrderType, Phase, Side, Status, Symbol};
use cracktrader_engine::events::{Amendment, Event, EventType, Fill, Payload, Report};
use cracktrader_engine::intents::{Intent, NewOrder};
use cracktrader_engine::results::{Deltas, Outcome, StepResult};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use support::{event, id, money, new_order, units};

const SYMBOLS: [&str; 3] = ["V:I", "V:I:J", "W:I"];
const ORDERS: [&str; 9] = ["o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8", "unknown"];
const INITIAL_CASH: &str = "1000.5";

/// What the next input is aimed at.
#[derive(Clone, Debug)]
struct Aim {
    core: DeterministicCore,
    seq_id: i64,
    /// The last event that had a key, to repeat it or to contradict it.
    keyed: Option<Event>,
}

impl ReferenceStateMachine for Aim {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        let core = DeterministicCore::new(money(INITIAL_CASH));
        Just(Self { core, seq_id: 0, keyed: None }).boxed()
    }

    fn transitions(aim: &Self) -> BoxedStrategy<Step> {
        let event = prop_oneof![
            24 => aim.lawful_report(),
            3 => any_report(),
            2 => market_data(),
            1 => control(),
        ];
        let numbered = (event, aim.seq_ids(), 0..4_i64, prop::option::weighted(0.4, 0..60_u8));
        let event = numbered.prop_map(|(mut event, seq_id, event_time, key)| {
            (event.seq_id, event.event_time, event.idempotency_key) =
                (seq_id, event_time, key.map(|key| id(&format!("k{key}"))));
            Step::Event(event)
        });
        prop_oneof![8 => event, 3 => intent().prop_map(Step::Intent), 1 => aim.repetition()].boxed()
    }

    fn apply(mut aim: Self, step: &Step) -> Self {
        if let Step::Event(event) = step {
            aim.seq_id = aim.seq_id.max(event.seq_id);
            aim.keyed = event.idempotency_key.is_some().then(|| event.clone()).or(aim.keyed);
        }
        let _ = aim.core.step(step.clone());
        aim
    }
}

impl Aim {
    /// Mostly the next number, at times one that was had.
    fn seq_ids(&self) -> BoxedStrategy<i64> {
        prop_oneof![9 => Just(self.seq_id + 1), 1 => 0..=self.seq_id].boxed()
    }

    /// A report that is often legal for one of the orders.
    fn lawful_report(&self) -> BoxedStrategy<Event> {
        let orders: Vec<_> = self.core.state().orders.sorted().into_iter().collect();
        if orders.is_empty() {
            return any_report();
        }
        let targets: Vec<_> = orders
            .into_iter()
            .map(|(order_id, order)| (order_id.clone(), order.symbol.clone(), order.state.phase))
            .collect();
        let named = (select(targets), any::<prop::sample::Index>(), fill(), amendment(), quantity());
        named
            .prop_map(|((order_id, symbol, phase), index, fill, amendment, quantity)| {
                let event_type = *index.get(likely(phase));
                let report = report_of(event_type, fill, amendment, quantity);
                Event { symbol, ..event(0, event_type, Payload::Report { order_id, report }, None) }
            })
            .boxed()
    }

    /// The last keyed event once more, at times with another time, which is other content.
    fn repetition(&self) -> BoxedStrategy<Step> {
        let Some(keyed) = self.keyed.clone() else { return Just(Step::Intent(Intent::NoOp)).boxed() };
        (0..2_i64, self.seq_ids())
            .prop_map(move |(later, seq_id)| {
                let event_time = keyed.event_time + later;
                Step::Event(Event { seq_id, event_time, ..keyed.clone() })
            })
            .boxed()
    }
}

/// The reports that bring an order of a phase on.
fn likely(phase: Phase) -> &'static [EventType] {
    use EventType::{
        OrderAccepted, OrderCancelRejected, OrderCancelled, OrderExpired, OrderFill, OrderRejected,
        OrderReplaceRejected, OrderReplaced, OrderRestated, OrderSubmitted, OrderTriggered,
    };
    match phase {
        Phase::Created => &[OrderSubmitted],
        Phase::Submitted => &[OrderAccepted, OrderAccepted, OrderAccepted, OrderAccepted, OrderRejected],
        Phase::Working => &[
            OrderFill,
            OrderFill,
            OrderFill,
            OrderFill,
            OrderFill,
            OrderFill,
            OrderReplaced,
            OrderReplaceRejected,
            OrderCancelRejected,
            OrderCancelled,
            OrderRestated,
            OrderTriggered,
            OrderExpired,
        ],
        Phase::Cancelled | Phase::Rejected | Phase::Expired => &[OrderFill],
    }
}

fn report_of(event_type: EventType, fill: Fill, amendment: Amendment, quantity: i64) -> Report {
    match event_type {
        EventType::OrderFill => Report::Fill(fill),
        EventType::OrderReplaced => Report::Replaced(amendment),
        EventType::OrderRestated => Report::Restated(quantity),
        _ => Report::Notice(None),
    }
}

fn any_report() -> BoxedStrategy<Event> {
    let reports = &EventType::ALL[..13];
    (select(reports), select(&ORDERS[..]), symbol(), fill(), amendment(), quantity())
        .prop_map(|(event_type, order_id, symbol, fill, amendment, quantity)| {
            let report = report_of(event_type, fill, amendment, quantity);
            let payload = Payload::Report { order_id: id(order_id), report };
            Event { symbol, ..event(0, event_type, payload, None) }
        })
        .boxed()
}

fn market_data() -> BoxedStrategy<Event> {
    let said = prop_oneof![
        (price(), price()).prop_map(|(bid, ask)| (EventType::Quote, Payload::Quote { bid, ask })),
        (price(), quantity())
            .prop_map(|(price, quantity)| (EventType::Trade, Payload::Trade { price, quantity })),
        Just((EventType::Timer, Payload::Timer { name: id("t") })),
    ];
    (said, symbol())
        .prop_map(|((event_type, payload), symbol)| Event { symbol, ..event(0, event_type, payload, None) })
        .boxed()
}

fn control() -> BoxedStrategy<Event> {
    let reason = AdjustmentReason::Funding;
    prop_oneof![
        amount().prop_map(move |amount| {
            event(0, EventType::CashAdjustment, Payload::CashAdjustment { amount, reason }, None)
        }),
        (select(Flag::ALL), any::<bool>()).prop_map(|(flag, on)| event(
            0,
            EventType::RiskFlag,
            Payload::RiskFlag { flag, on },
            None
        )),
    ]
    .boxed()
}

fn intent() -> BoxedStrategy<Intent> {
    let order_id = || select(&ORDERS[..]).prop_map(id);
    prop_oneof![
        4 => placed().prop_map(|order| Intent::PlaceOrder(Box::new(order))),
        2 => order_id().prop_map(|order_id| Intent::CancelOrder { order_id }),
        2 => (order_id(), amendment())
            .prop_map(|(order_id, amendment)| Intent::ReplaceOrder { order_id, amendment }),
        1 => Just(Intent::SetRiskFlag { flag: Flag::Halt, on: false }),
    ]
    .boxed()
}

fn placed() -> BoxedStrategy<NewOrder> {
    let quantities = select(vec![units("1"), units("3"), units("50"), units("10000000000")]);
    let named = (select(&ORDERS[..8]), select(Side::ALL), select(OrderType::ALL), symbol(), quantities);
    (named, prop::bool::weighted(0.1))
        .prop_map(|((order_id, side, order_type, symbol, quantity), reduce_only)| {
            let order = new_order(order_id, side, order_type, "1");
            NewOrder { symbol, quantity, reduce_only, ..order }
        })
        .boxed()
}

fn symbol() -> BoxedStrategy<Symbol> {
    select(&SYMBOLS[..]).prop_map(|text| Symbol::parse(text).expect("a symbol")).boxed()
}

fn quantity() -> BoxedStrategy<i64> {
    let edges = ["0.00000001", "0.5", "1", "2"].map(units);
    prop_oneof![8 => select(edges.to_vec()), 2 => 1..=units("4"), 1 => Just(units("10000000000"))].boxed()
}

fn price() -> BoxedStrategy<i64> {
    let edges = ["0", "0.00000001", "-0.00000003", "100", "99.99999999", "-7", "10000000000"].map(units);
    prop_oneof![4 => select(edges.to_vec()), 1 => -units("200")..=units("200")].boxed()
}

fn amount() -> BoxedStrategy<i128> {
    let edges = ["0", "0.0000000000000001", "-3.25", "10", "-1000000000000000000000"].map(money);
    select(edges.to_vec()).boxed()
}

fn fill() -> BoxedStrategy<Fill> {
    let assets = vec![FeeAsset::Quote, FeeAsset::Base, FeeAsset::Other(id("BNB"))];
    let fees = ["0", "0.00000001", "0.5", "-0.25", "1"].map(|fee| i128::from(units(fee)));
    (quantity(), price(), select(fees.to_vec()), select(assets))
        .prop_map(|(last_quantity, last_price, fee, fee_asset)| Fill {
            last_quantity,
            last_price,
            fee,
            fee_asset,
        })
        .boxed()
}

fn amendment() -> BoxedStrategy<Amendment> {
    (prop::option::of(quantity()), prop::option::weighted(0.2, price()), prop::option::weighted(0.2, price()))
        .prop_map(|(quantity, limit_price, stop_price)| Amendment { quantity, limit_price, stop_price })
        .boxed()
}

/// Sums over the applied events, for one symbol.
#[derive(Clone, Copy, Debug, Default)]
struct Traded {
    quantity: i128,
    base_fees: i128,
    notional: i128,
}

/// A core, what the log says it must hold, and a second core that lives by snapshots.
struct Harness {
    core: DeterministicCore,
    restored: DeterministicCore,
    cash: i128,
    fees: i128,
    traded: BTreeMap<Symbol, Traded>,
    last_seq_id: Option<i64>,
}

impl StateMachineTest for Harness {
    type SystemUnderTest = Self;
    type Reference = Aim;

    fn init_test(_: &Aim) -> Self {
        let cash = money(INITIAL_CASH);
        let (core, restored) = (DeterministicCore::new(cash), DeterministicCore::new(0));
        Self { core, restored, cash, fees: 0, traded: BTreeMap::new(), last_seq_id: None }
    }

    fn apply(mut harness: Self, _: &Aim, step: Step) -> Self {
        let (before, statuses) = (harness.core.state_digest(), harness.statuses());
        harness.restored.restore(harness.core.snapshot()).expect("a core takes back what a core hands out");
        let result = harness.core.step(step.clone());
        assert_eq!(harness.restored.step(step.clone()), result, "a restored core goes on in the same way");
        assert_eq!(harness.restored.state_digest(), harness.core.state_digest());
        if result.code.outcome() == Outcome::Applied {
            harness.log(&step, &result);
        } else {
            assert_eq!(harness.core.state_digest(), before, "{} changes nothing", result.code.name());
            assert_eq!((result.transition, result.deltas), (None, Deltas::default()));
        }
        for (order_id, status) in statuses.iter().filter(|(_, status)| is_terminal(**status)) {
            assert_eq!(harness.statuses()[order_id], *status, "a terminal order stays terminal");
        }
        harness
    }

    fn check_invariants(harness: &Self, _: &Aim) {
        let state = harness.core.state();
        assert_eq!(state.cash, harness.cash, "cash is conserved");
        assert_eq!(state.last_seq_id, harness.last_seq_id, "the last applied event is remembered");
        assert_eq!(state.fees.get(&id("BNB")).copied().unwrap_or_default(), harness.fees);
        for (symbol, position) in state.positions.sorted() {
            let traded = harness.traded.get(symbol).copied().unwrap_or_default();
            assert_eq!(i128::from(position.quantity), traded.quantity - traded.base_fees, "{symbol:?}");
            assert_eq!(position.realised - position.open_cost + traded.notional, 0, "{symbol:?}");
        }
        for (order_id, order) in state.orders.sorted() {
            let order = order.state;
            assert!(order.leaves() >= 0 && (0..=order.quantity).contains(&order.cumulative), "{order_id}");
            assert!(!order.is_live() || order.quantity == order.cumulative + order.leaves(), "{order_id}");
        }
    }
}

impl Harness {
    fn statuses(&self) -> BTreeMap<String, Status> {
        let orders = self.core.state().orders.sorted().into_iter();
        orders.map(|(order_id, order)| (order_id.to_string(), order.state.status())).collect()
    }

    /// Adds up what an applied input must have moved.
    fn log(&mut self, step: &Step, result: &StepResult) {
        let Step::Event(event) = step else { return };
        assert!(self.last_seq_id < Some(event.seq_id), "sequence numbers of applied events rise");
        self.last_seq_id = Some(event.seq_id);
        match &event.payload {
            Payload::CashAdjustment { amount, .. } => self.cash += amount,
            Payload::Report { order_id, report: Report::Fill(fill) } => {
                let order = self.core.state().orders.get(order_id).expect("a filled order exists");
                self.log_fill(order.state.side, order.symbol.clone(), fill);
            }
            _ => assert_eq!(result.deltas, Deltas::default(), "only fills and adjustments move anything"),
        }
    }

    fn log_fill(&mut self, side: Side, symbol: Symbol, fill: &Fill) {
        let quantity = i128::from(side.signed(fill.last_quantity));
        let traded = self.traded.entry(symbol).or_default();
        traded.quantity += quantity;
        traded.notional += quantity * i128::from(fill.last_price);
        self.cash -= quantity * i128::from(fill.last_price);
        match fill.fee_asset {
            FeeAsset::Quote => self.cash -= fill.fee,
            FeeAsset::Base => traded.base_fees += fill.fee,
            FeeAsset::Other(_) => self.fees += fill.fee,
        }
    }
}

fn is_terminal(status: Status) -> bool {
    matches!(status, Status::Rejected | Status::Cancelled | Status::Expired | Status::Filled)
}

prop_state_machine! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    /// No sequence of up to 80 inputs breaks an invariant.
    #[test]
    fn invariants_hold(sequential 1..80 => Harness);
}
