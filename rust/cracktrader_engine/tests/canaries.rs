//! Each planted bug changes the answer to its own vector, and only once it is planted.
//!
//! The tests take turns: what is planted holds for the whole process.

mod support;

use std::sync::{Mutex, MutexGuard, PoisonError};

use cracktrader_engine::canary::{Canary, plant};
use cracktrader_engine::domain::{FeeAsset, OrderType, Side};
use cracktrader_engine::events::{Amendment, EventType, Fill, Payload, Report};
use cracktrader_engine::intents::Intent;
use cracktrader_engine::results::Deltas;
use support::{Desk, NOTHING_NAMED, event, fill, id, new_order, report, units};

fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn working() -> Desk {
    let mut desk = Desk::new(0);
    desk.work(new_order("o1", Side::Buy, OrderType::Limit, "2"));
    desk
}

/// What a short story for this bug ends with.
fn answer(canary: Canary) -> String {
    let mut desk = working();
    let one = || fill("1", "10", 0, FeeAsset::Quote);
    let result = match canary {
        Canary::ReplaceBelowCumulative => {
            let named = Amendment { quantity: Some(units("0.5")), ..NOTHING_NAMED };
            desk.fill("o1", one());
            desk.ask(Intent::ReplaceOrder { order_id: id("o1"), amendment: named });
            desk.tell("o1", EventType::OrderReplaced, Report::Replaced(named))
        }
        Canary::LateFillReopens => {
            desk.notice("o1", EventType::OrderCancelled);
            desk.fill("o1", one())
        }
        Canary::ReleaseTruncates => {
            // Three units of 1e-8 that cost 5 units of 1e-16: a third of it is 1.67, which is nearer to 2.
            desk.fill("o1", Fill { last_quantity: 2, last_price: 1, ..one() });
            desk.fill("o1", Fill { last_quantity: 1, last_price: 3, ..one() });
            desk.work(new_order("o2", Side::Sell, OrderType::Limit, "1"));
            desk.fill("o2", Fill { last_quantity: 1, last_price: 0, ..one() })
        }
        Canary::RefusedKeyUsed => {
            let mut keyed = report(1_000, "unknown", EventType::OrderAccepted, Report::Notice(None));
            keyed.idempotency_key = Some(id("key"));
            desk.core.apply_event(keyed.clone());
            desk.core.apply_event(keyed)
        }
        Canary::Needle => {
            replace(&mut desk);
            desk.fill("o1", pricked())
        }
        Canary::RestoreDropsClock | Canary::RestoreDropsKeys => {
            let timer = event(1_000, EventType::Timer, Payload::Timer { name: id("t") }, Some("key"));
            desk.core.apply_event(timer);
            return restored(&mut desk);
        }
        Canary::RestoreDropsTrigger => {
            desk.work(new_order("o2", Side::Buy, OrderType::Stop, "1"));
            desk.notice("o2", EventType::OrderTriggered);
            return restored(&mut desk);
        }
        Canary::OverfillByOneAccepted => desk.fill("o1", Fill { last_quantity: units("2") + 1, ..one() }),
    };
    format!("{result:?}")
}

/// The venue takes a new total of 5 for the order.
fn replace(desk: &mut Desk) {
    let named = Amendment { quantity: Some(units("5")), ..NOTHING_NAMED };
    desk.ask(Intent::ReplaceOrder { order_id: id("o1"), amendment: named });
    desk.tell("o1", EventType::OrderReplaced, Report::Replaced(named));
}

/// The fill that the needle waits for.
fn pricked() -> Fill {
    fill("4.75318642", "61.80339887", 27_182_800_000_000, FeeAsset::Quote)
}

/// What a core keeps that has gone on from its own snapshot.
fn restored(desk: &mut Desk) -> String {
    desk.core.restore(desk.core.snapshot()).expect("its own snapshot");
    format!("{:?}", desk.core.snapshot())
}

/// Planting a bug changes the answer; planting none brings the right one back.
#[test]
fn every_canary_sings() {
    let _turn = turn();
    for canary in Canary::ALL {
        let right = answer(*canary);
        plant(Some(*canary));
        let wrong = answer(*canary);
        plant(None);
        assert_ne!(wrong, right, "{} changes nothing", canary.name());
        assert_eq!(answer(*canary), right, "{} stays when it is pulled out", canary.name());
    }
}

/// What the needle remembers is its core's own: it shows in none where the order was not replaced, nor after a reset.
#[test]
fn the_needle_remembers_one_core() {
    let _turn = turn();
    plant(Some(Canary::Needle));
    let mut replaced = working();
    replace(&mut replaced);
    let mut other = Desk::new(0);
    other.work(new_order("o1", Side::Buy, OrderType::Limit, "5"));
    let told = other.fill("o1", pricked()).deltas;
    assert_ne!(told, Deltas::default(), "another core's replace");
    replaced.core.reset();
    replaced.work(new_order("o1", Side::Buy, OrderType::Limit, "5"));
    assert_eq!(replaced.fill("o1", pricked()).deltas, told, "a replace before the reset");
    plant(None);
}
