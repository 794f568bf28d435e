//! Snapshot and restore: what is handed out is taken back, and nothing else is.

mod support;

use cracktrader_engine::canonical_json::Json;
use cracktrader_engine::domain::{FeeAsset, OrderType, Side};
use cracktrader_engine::events::{EventType, Payload, Report};
use support::{Core, Desk, event, fill, id, money, new_order};

/// A core with something in every table.
fn busy_core() -> Core {
    let mut desk = Desk::new(money("1000"));
    desk.work(new_order("o1", Side::Buy, OrderType::StopLimit, "2"));
    let _ = desk.notice("o1", EventType::OrderTriggered);
    let _ = desk.fill("o1", fill("1", "10.5", money("0.25"), FeeAsset::Other(id("BNB"))));
    let _ = desk.send(EventType::Quote, Payload::Quote { bid: 1, ask: 3 });
    let _ = desk.send(EventType::Timer, Payload::Timer { name: id("t") });
    let accepted = Payload::Report { order_id: id("o1"), report: Report::Notice(None) };
    let _ = desk.core.apply_event(event(99, EventType::OrderCancelPending, accepted, Some("key")));
    desk.core
}

/// Puts a value at a path of keys; a key that is not there is added.
fn put(data: &mut Json, path: &[&str], value: Json) {
    let ([key, rest @ ..], Json::Map(entries)) = (path, &mut *data) else {
        *data = value;
        return;
    };
    match entries.iter_mut().find(|(name, _)| name == key) {
        Some((_, inner)) => put(inner, rest, value),
        None => entries.push(((*key).to_owned().into(), value)),
    }
}

/// Another core restores a snapshot in any key order and has the same digest.
#[test]
fn a_snapshot_is_taken_back() {
    let core = busy_core();
    let mut other = Core::new(7);
    other.restore(core.snapshot().sorted()).expect("what a core handed out");
    assert_eq!(other.state_digest(), core.state_digest());
    other.reset();
    assert_eq!(other.state_digest(), Core::new(7).state_digest());
}

/// Each single change that no core could hand out is refused, and the state stays.
#[test]
fn a_changed_snapshot_is_refused() {
    let text = |text: &str| Json::text(text);
    let changes: Vec<(&[&str], Json)> = vec![
        (&["schema_version"], Json::Int(2)),
        (&["schema_version"], Json::Flag(true)),
        (&["colour"], Json::Null),
        (&["cash"], text("1.0")),
        (&["cash"], text("-0")),
        (&["cash"], text("1000000000000000000000.0000000000000001")),
        (&["last_seq_id"], Json::Int(-1)),
        (&["positions", "V:I", "open_cost"], Json::Int(0)),
        (&["positions", "V:I", "quantity"], text("0")),
        (&["positions", "VI"], Json::Map(vec![])),
        (&["orders", "o1", "status"], text("ACCEPTED")),
        (&["orders", "o1", "leaves"], text("2")),
        (&["orders", "o1", "cumulative"], text("3")),
        (&["orders", "o1", "quantity"], text("0")),
        (&["orders", "o1", "phase"], text("created")),
        (&["orders", "o1", "phase"], text("cancelled")),
        (&["orders", "o1", "order_type"], text("limit")),
        (&["orders", "o1", "stop_price"], Json::Null),
        (&["orders", "o1", "venue"], text("V:W")),
        (&["orders", "o 1"], Json::Null),
        (&["fees", "BNB"], text("0")),
        (&["fees", "quote"], text("1")),
        (&["fees", "base"], text("1")),
        (&["marks", "V:I"], text("10000000000.00000001")),
        (&["clock", "control:V:I"], Json::Int(1)),
        (&["clock", "timer:VI"], Json::Int(1)),
        (&["risk_flags", "halt"], Json::Null),
        (&["idempotency_keys", "key"], text("ABCDEF00000000000000000000000000")),
    ];
    let mut core = busy_core();
    let before = core.state_digest();
    for (path, value) in changes {
        let mut other = core.snapshot();
        put(&mut other, path, value.clone());
        let fault = core.restore(other).expect_err(&format!("{path:?} as {value:?}"));
        assert_eq!(fault.code.name(), "malformed_field", "{path:?}");
        assert_eq!(core.state_digest(), before, "{path:?}");
    }
}

/// A venue is sorted with its colon: `a!:x` comes before `a:x`, as their bytes do.
#[test]
fn maps_are_in_the_bytewise_order_of_their_keys() {
    let mut core = Core::new(0);
    for (seq_id, symbol) in [(1, "b:x"), (2, "a:x"), (3, "a!:x"), (4, "A:x")] {
        let mut quote = event(seq_id, EventType::Quote, Payload::Quote { bid: 1, ask: 1 }, None);
        quote.symbol = cracktrader_engine::domain::Symbol::parse(symbol).expect("a symbol");
        let _ = core.apply_event(quote);
    }
    let marks: Vec<_> = core.state().marks.sorted().iter().map(|(symbol, _)| symbol.as_str()).collect();
    assert_eq!(marks, ["A:x", "a!:x", "a:x", "b:x"]);
}
