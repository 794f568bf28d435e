//! The sequencer: the total order, late events, the end of the numbers, and snapshots.

mod support;

use cracktrader_engine::canonical_json::Json;
use cracktrader_engine::domain::{AdjustmentReason, Symbol};
use cracktrader_engine::events::{Event, EventType, Payload, Report};
use cracktrader_engine::sequencer::{Late, SequenceCode, Sequencer};
use proptest::prelude::*;
use support::{event, id};

/// An event of one of the four sources.
fn at(event_type: EventType, event_time: i64, symbol: &str) -> Event {
    let payload = match event_type {
        EventType::Trade => Payload::Trade { price: 1, quantity: 1 },
        EventType::Timer => Payload::Timer { name: id("t") },
        EventType::CashAdjustment => Payload::CashAdjustment { amount: 1, reason: AdjustmentReason::Funding },
        _ => Payload::Report { order_id: id("o"), report: Report::Notice(None) },
    };
    let symbol = Symbol::parse(symbol).expect("a symbol");
    Event { event_time, symbol, ..event(0, event_type, payload, None) }
}

fn trade(event_time: i64) -> Event {
    at(EventType::Trade, event_time, "V:I")
}

fn lenient() -> Sequencer {
    Sequencer::new(1, Late::Accept)
}

/// What is drained of a sequencer, all of it.
fn drained(sequencer: &mut Sequencer) -> Vec<Event> {
    sequencer.drain(None, None).expect("numbers are left")
}

/// Each level of the order decides where all before it are equal: time, source, venue, instrument, producer.
#[test]
fn each_level_of_the_order_decides() {
    let trade = |time, symbol| at(EventType::Trade, time, symbol);
    for (first, second) in [
        ((trade(1, "W:I"), 5), (trade(2, "V:I"), 0)),
        ((at(EventType::CashAdjustment, 1, "W:I"), 5), (at(EventType::OrderAccepted, 1, "V:I"), 0)),
        ((at(EventType::OrderAccepted, 1, "W:I"), 5), (at(EventType::Timer, 1, "V:I"), 0)),
        ((at(EventType::Timer, 1, "W:I"), 5), (trade(1, "V:I"), 0)),
        // As one text, `V!:J` would come before `V:I`.
        ((trade(1, "V:J"), 5), (trade(1, "V!:I"), 0)),
        ((trade(1, "V:I"), 5), (trade(1, "V:J"), 0)),
        ((trade(1, "V:I"), 2), (trade(1, "V:I"), 10)),
    ] {
        for pushed in [[&first, &second], [&second, &first]] {
            let mut sequencer = lenient();
            for (event, producer) in pushed {
                sequencer.push(event.clone(), *producer).expect("any event is taken");
            }
            let symbols: Vec<_> = drained(&mut sequencer).into_iter().map(|event| event.symbol).collect();
            assert_eq!(symbols, [first.0.symbol.clone(), second.0.symbol.clone()], "{first:?} {second:?}");
        }
    }
}

/// Events that differ in nothing else leave in the order in which they arrived.
#[test]
fn arrival_decides_last() {
    let mut sequencer = lenient();
    for (arrival, key) in ["b", "a", "c"].into_iter().enumerate() {
        let event = Event { idempotency_key: Some(id(key)), ..trade(1) };
        assert_eq!(sequencer.push(event, 0), Ok(arrival as u64));
    }
    let keys: Vec<_> =
        drained(&mut sequencer).into_iter().filter_map(|event| event.idempotency_key).collect();
    assert_eq!(keys, [id("b"), id("a"), id("c")]);
}

/// A stream's producer may not go back, nor may anyone behind what has left; other streams and sources may.
#[test]
fn late_events_are_refused() {
    let mut sequencer = Sequencer::new(1, Late::Error);
    assert_eq!(sequencer.push(trade(5), 1), Ok(0));
    let fault = sequencer.push(trade(4), 1).expect_err("behind its own producer");
    assert_eq!(fault.code, SequenceCode::LateEvent);
    assert_eq!(sequencer.push(trade(3), 2), Ok(1), "another producer");
    assert_eq!(sequencer.push(at(EventType::Trade, 1, "V:J"), 1), Ok(2), "another stream");
    assert_eq!(sequencer.push(at(EventType::OrderAccepted, 0, "V:I"), 1), Ok(3), "a broker report");
    assert_eq!(sequencer.drain(Some(3), None).map(|events| events.len()), Ok(3));
    let fault = sequencer.push(trade(2), 3).expect_err("behind what has left");
    assert_eq!(fault.code, SequenceCode::LateEvent);
    assert_eq!(sequencer.push(trade(3), 3), Ok(4), "at what has left");
}

/// `until` takes in its own time, `limit` 0 gives nothing, and a look changes nothing.
#[test]
fn until_and_limit_bound_a_drain() {
    let mut sequencer = lenient();
    for time in [3, 1, 2] {
        sequencer.push(trade(time), 0).expect("late ones are accepted");
    }
    let times = |events: Vec<Event>| events.iter().map(|event| event.event_time).collect::<Vec<_>>();
    assert_eq!(sequencer.peek(Some(0)), Ok(None));
    assert_eq!(sequencer.drain(None, Some(0)).map(times), Ok(vec![]));
    assert_eq!(sequencer.peek(None).map(|event| event.map(|event| event.seq_id)), Ok(Some(1)));
    assert_eq!(sequencer.drain(Some(2), None).map(times), Ok(vec![1, 2]));
    assert_eq!(sequencer.drain(None, Some(7)).map(times), Ok(vec![3]));
    assert_eq!(sequencer.waiting(), 0);
}

/// A drain that would run out of numbers gives nothing and changes nothing; the last number is given.
#[test]
fn numbers_run_out_all_or_nothing() {
    let mut sequencer = Sequencer::new(i64::MAX, Late::Accept);
    for time in [1, 2] {
        sequencer.push(trade(time), 0).expect("any event is taken");
    }
    let before = sequencer.snapshot();
    let fault = sequencer.drain(None, None).expect_err("two events, one number");
    assert_eq!(fault.code, SequenceCode::SequenceExhausted);
    assert_eq!(sequencer.snapshot(), before);
    assert_eq!(sequencer.drain(None, Some(1)).map(|events| events[0].seq_id), Ok(i64::MAX));
    assert_eq!(sequencer.peek(None).map_err(|fault| fault.code), Err(SequenceCode::SequenceExhausted));
    let exhausted = sequencer.snapshot();
    sequencer.reset();
    sequencer.restore(exhausted.clone()).expect("what a sequencer handed out");
    assert_eq!(sequencer.snapshot(), exhausted);
}

/// The last arrival number is given; after it a push is refused and changes nothing.
#[test]
fn arrivals_run_out() {
    let mut sequencer = Sequencer::new(1, Late::Error);
    let mut last = sequencer.snapshot();
    put(&mut last, &["next_arrival"], Json::Int(i64::MAX.into()));
    sequencer.restore(last).expect("a number is left");
    assert_eq!(sequencer.push(trade(5), 0), Ok(i64::MAX.unsigned_abs()));
    let full = sequencer.snapshot();
    for time in [5, 4] {
        let fault = sequencer.push(trade(time), 0).expect_err("no number is left");
        assert_eq!(fault.code, SequenceCode::SequenceExhausted);
        assert_eq!(sequencer.snapshot(), full);
    }
    sequencer.restore(full.clone()).expect("what a sequencer handed out");
    assert_eq!(sequencer.snapshot(), full);
}

/// Puts a value at a key of a map, or of the first entry of a list.
fn put(data: &mut Json, path: &[&str], value: Json) {
    let inner = if let Json::List(items) = data { &mut items[0] } else { data };
    let ([key, rest @ ..], Json::Map(entries)) = (path, &mut *inner) else {
        *inner = value;
        return;
    };
    match entries.iter_mut().find(|(name, _)| name == key) {
        Some((_, inner)) => put(inner, rest, value),
        None => entries.push(((*key).to_owned().into(), value)),
    }
}

/// Each single change that no sequencer could hand out is refused, and the state stays.
#[test]
fn a_changed_snapshot_is_refused() {
    let mut sequencer = lenient();
    for time in [5, 6, 7] {
        sequencer.push(trade(time), 12).expect("any event is taken");
    }
    drop(sequencer.drain(None, Some(1)));
    let before = sequencer.snapshot();
    let changes: Vec<(&[&str], Json)> = vec![
        (&["schema_version"], Json::Int(2)),
        (&["colour"], Json::Null),
        (&["next_seq_id"], Json::Int(-1)),
        (&["next_seq_id"], Json::Int((1 << 63) + 1)),
        (&["next_arrival"], Json::Int(2)),
        (&["pushed", "12:market_data:V:I"], Json::Int(5)),
        (&["pushed", "012:market_data:V:I"], Json::Int(9)),
        (&["pushed", "1:control:V:I"], Json::Int(9)),
        (&["pushed", "market_data:V:I"], Json::Int(9)),
        (&["released", "market_data:VI"], Json::Int(9)),
        (&["released", "broker_report:V:I"], Json::Int(9)),
        (&["waiting"], Json::Null),
        (&["waiting", "arrival"], Json::Int(2)),
        (&["waiting", "producer"], Json::Int(11)),
        (&["waiting", "event", "event_time"], Json::Int(8)),
        (&["waiting", "event", "seq_id"], Json::Int(1)),
        (&["waiting", "event", "payload", "price"], Json::text("1.0")),
        (&["waiting", "event", "payload", "colour"], Json::Null),
    ];
    for (path, value) in changes {
        let mut other = before.clone();
        put(&mut other, path, value.clone());
        let fault = sequencer.restore(other).expect_err(&format!("{path:?} as {value:?}"));
        assert_eq!(fault.code.name(), "malformed_field", "{path:?}");
        assert_eq!(sequencer.snapshot(), before, "{path:?}");
    }
}

fn any_event() -> impl Strategy<Value = (Event, i64)> {
    let event_type = prop::sample::select(vec![
        EventType::Trade,
        EventType::Timer,
        EventType::CashAdjustment,
        EventType::OrderAccepted,
    ]);
    let symbol = prop::sample::select(vec!["V:I", "V!:I", "V:J", "W:I"]);
    (event_type, 0..4_i64, symbol, 0..3_i64)
        .prop_map(|(event_type, time, symbol, producer)| (at(event_type, time, symbol), producer))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Drained in any portions, with the state handed over in between, the trace is one and the same.
    #[test]
    fn the_trace_does_not_depend_on_portions(
        events in prop::collection::vec(any_event(), 0..20),
        portions in prop::collection::vec(0..5_i64, 0..10),
    ) {
        let (mut whole, mut parted) = (lenient(), lenient());
        for (event, producer) in events {
            whole.push(event.clone(), producer).expect("any event is taken");
            parted.push(event, producer).expect("any event is taken");
        }
        let mut trace = Vec::new();
        for portion in portions {
            trace.extend(parted.drain(None, Some(portion)).expect("numbers are left"));
            let snapshot = parted.snapshot();
            parted = lenient();
            parted.restore(snapshot).expect("what a sequencer handed out");
        }
        trace.extend(drained(&mut parted));
        let expected = drained(&mut whole);
        prop_assert!(expected.iter().zip(1..).all(|(event, seq_id)| event.seq_id == seq_id));
        prop_assert!(expected.is_sorted_by_key(|event| event.event_time));
        prop_assert_eq!(trace, expected);
    }
}
