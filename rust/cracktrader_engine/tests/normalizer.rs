//! The normaliser: times, statuses, ids, fees, and the order of the checks.

use cracktrader_engine::canonical::{read_unsequenced, unsequenced};
use cracktrader_engine::domain::FeeAsset;
use cracktrader_engine::events::{Event, Payload, Report};
use cracktrader_engine::fields::{Record, Schema};
use cracktrader_engine::normalizer::{
    BAR, EventNormalizer, FEE, FILL, Market, Mode, ORDER, Origin, RawFault, RawMarket, RawStatus, TICK,
};
use cracktrader_engine::value::Value;
use proptest::prelude::*;

/// A raw dict: what it says of some fields.
type Raw<'a> = Vec<(&'a str, Value<'a>)>;

const NOW: Value<'static> = Value::Int(77);

fn record<'a>(schema: Schema, raw: &Raw<'a>) -> Record<'a> {
    let mut record = Record::default();
    for (name, value) in raw {
        if let Some(place) = schema.iter().position(|(field, _)| field.name() == *name) {
            record.values[place] = Some(value.clone());
        }
    }
    record
}

fn code<T>(read: Result<T, RawFault>) -> &'static str {
    read.map_or_else(|fault| fault.code.name(), |_| "ok")
}

fn origin(ingest_time: &Value<'_>) -> Origin {
    Origin::parse(&Value::Text("v"), ingest_time).expect("well-formed arguments")
}

fn order(mode: Mode, raw: &Raw<'_>, ingest_time: &Value<'_>) -> Result<Option<Event>, RawFault> {
    EventNormalizer::new(mode).order(&origin(ingest_time), &record(ORDER, raw))
}

fn fill(raw: &Raw<'_>, fee: &Raw<'_>) -> Result<Event, RawFault> {
    let raw = record(FILL, raw);
    EventNormalizer::new(Mode::Backtest).fill(&origin(&Value::Null), &raw, &record(FEE, fee))
}

fn raw_order(status: &'static str) -> Raw<'static> {
    vec![
        ("timestamp", Value::Int(1)),
        ("symbol", Value::Text("A/B")),
        ("status", Value::Text(status)),
        ("id", Value::Text("7")),
        ("clientOrderId", Value::Text("o1")),
        ("amount", Value::Float(0.5)),
        ("price", Value::Null),
    ]
}

fn raw_fill(symbol: &'static str) -> Raw<'static> {
    vec![
        ("timestamp", Value::Int(1)),
        ("symbol", Value::Text(symbol)),
        ("id", Value::Text("1")),
        ("order", Value::Text("o1")),
        ("amount", Value::Int(2)),
        ("price", Value::Text("-3.50")),
        ("fee", Value::Dict),
    ]
}

/// A raw dict with one field set.
fn with<'a>(mut raw: Raw<'a>, name: &'a str, value: Value<'a>) -> Raw<'a> {
    raw.retain(|(known, _)| *known != name);
    raw.push((name, value));
    raw
}

/// Each status but `closed` makes a report, and every one of the page is known.
#[test]
fn each_status_makes_its_report() {
    let made: Vec<_> = RawStatus::ALL
        .iter()
        .filter_map(|status| {
            order(Mode::Backtest, &raw_order(status.name()), &Value::Null).expect("readable")
        })
        .map(|event| event.event_type.name())
        .collect();
    let expected = "order_submitted order_accepted order_rejected order_triggered order_cancel_pending \
                    order_cancelled order_cancel_rejected order_replace_pending order_replaced \
                    order_replace_rejected order_restated order_expired";
    assert_eq!(made, expected.split_whitespace().collect::<Vec<_>>());
    assert_eq!(order(Mode::Live, &raw_order("closed"), &Value::Null), Ok(None));
}

/// A time that the venue says makes the key; the ingest time stands in for it in live and paper only.
#[test]
fn a_missing_time_is_the_ingest_time_or_an_error() {
    let silent = with(raw_order("open"), "timestamp", Value::Null);
    for (mode, ingest_time, expected) in [
        (Mode::Live, NOW, "ok"),
        (Mode::Paper, NOW, "ok"),
        (Mode::Backtest, NOW, "missing_timestamp"),
        (Mode::Live, Value::Null, "missing_timestamp"),
    ] {
        assert_eq!(code(order(mode, &silent, &ingest_time)), expected, "{mode:?} {ingest_time:?}");
    }
    let event = order(Mode::Live, &silent, &NOW).expect("readable").expect("a report");
    assert_eq!((event.event_time, event.ingest_time, event.idempotency_key), (77, 77, None));
    let event = order(Mode::Backtest, &raw_order("open"), &NOW).expect("readable").expect("a report");
    assert_eq!((event.event_time, event.ingest_time), (1_000_000, 77));
    let key = event.idempotency_key.expect("a key");
    assert_eq!(key.as_str(), "o-8eb5b14d79f6745dc215e545a3037010");
}

/// A bar is known when it closes, and the sum keeps the bound of a time.
#[test]
fn a_bar_is_stamped_when_it_closes() {
    let numbers = ["open", "high", "low", "close", "volume"].map(|name| (name, Value::Int(1)));
    let bar = |timestamp: i128, bar_ms: i128| {
        let (venue, symbol) = (Value::Text("v"), Value::Text("A/B"));
        let market = Market::parse(&venue, &symbol, &Value::Null, &Value::Int(bar_ms)).expect("arguments");
        let raw = with(numbers.to_vec(), "timestamp", Value::Int(timestamp));
        EventNormalizer::new(Mode::Backtest).market_data(market, &RawMarket::Bar(record(BAR, &raw)))
    };
    assert_eq!(bar(5, 60_000).map(|event| event.event_time), Ok(60_005_000_000));
    assert_eq!(bar(9_223_372_036_854, 0).map(|event| event.event_time), Ok(9_223_372_036_854_000_000));
    for (timestamp, bar_ms) in
        [(9_223_372_036_854, 1), (9_223_372_036_855, 0), (0, i128::from(i64::MAX)), (-1, 1)]
    {
        assert_eq!(code(bar(timestamp, bar_ms)), "malformed_number", "{timestamp} {bar_ms}");
    }
}

/// The fee's asset follows the two names of the instrument, and its grid follows the asset.
#[test]
fn fees_follow_the_names_of_the_instrument() {
    for (symbol, currency, asset, fee) in [
        ("A/B", "B", FeeAsset::Quote, 1_000_000_000_000_000),
        ("A/B", "A", FeeAsset::Base, 10_000_000),
        ("A/B:A", "B", FeeAsset::Quote, 1_000_000_000_000_000),
        ("A:X/B", "A:X", FeeAsset::Base, 10_000_000),
        ("A/B/C", "B/C", FeeAsset::Quote, 1_000_000_000_000_000),
        ("A", "A", FeeAsset::Other(support_id("A")), 1_000_000_000_000_000),
        ("A/B", "base", FeeAsset::Base, 10_000_000),
        ("quote/B", "quote", FeeAsset::Base, 10_000_000),
    ] {
        let told = vec![("currency", Value::Text(currency)), ("cost", Value::Float(0.1))];
        let event =
            fill(&raw_fill(symbol), &told).unwrap_or_else(|fault| panic!("{symbol} {currency}: {fault}"));
        let Payload::Report { report: Report::Fill(fill), .. } = event.payload else { panic!("no fill") };
        assert_eq!((fill.fee_asset, fill.fee), (asset, fee), "{symbol} {currency}");
    }
}

fn support_id(text: &str) -> cracktrader_engine::domain::Identifier {
    cracktrader_engine::domain::Identifier::parse(text).expect("an identifier")
}

/// A fee without a cost is none, whatever its currency; a cost without a currency is a fault.
#[test]
fn a_fee_is_whole_or_none() {
    for (told, expected) in [
        (vec![], "ok"),
        (vec![("currency", Value::Text("A"))], "ok"),
        (vec![("currency", Value::Text("a b"))], "malformed_identifier"),
        (vec![("cost", Value::Flag(true))], "malformed_field"),
        (vec![("currency", Value::Int(1)), ("cost", Value::Flag(true))], "malformed_type"),
        (vec![("currency", Value::Text("A")), ("cost", Value::Text("0.000000001"))], "malformed_number"),
        (vec![("currency", Value::Text("B")), ("cost", Value::Text("0.000000001"))], "ok"),
    ] {
        assert_eq!(code(fill(&raw_fill("A/B"), &told)), expected, "{told:?}");
    }
    let event = fill(&raw_fill("A/B"), &vec![]).expect("readable");
    assert_eq!(event.idempotency_key, Some(support_id("f-63449d73a15007b6fc2d3daa59e1d8ca")));
}

/// The first fault in the order of the table decides, though later fields are faulty too.
#[test]
fn the_first_fault_decides() {
    let bad = Value::Other("set".to_owned());
    let mut raw: Raw<'_> = ["timestamp", "symbol", "status", "clientOrderId", "reason"]
        .into_iter()
        .map(|name| (name, bad.clone()))
        .collect();
    for (name, cure, expected) in [
        ("timestamp", Value::Float(1.0), "malformed_type"),
        ("timestamp", Value::HugeInt, "malformed_number"),
        ("timestamp", Value::Int(0), "malformed_type"),
        ("symbol", Value::Text(""), "malformed_identifier"),
        ("symbol", Value::Null, "malformed_field"),
        ("symbol", Value::Text("A"), "malformed_type"),
        ("status", Value::BadText(String::new()), "unknown_status"),
        ("status", Value::Text("OPEN"), "unknown_status"),
        ("status", Value::Null, "malformed_field"),
        ("status", Value::Text("closed"), "malformed_type"),
        ("clientOrderId", Value::Null, "missing_id"),
        ("id", Value::Text("1"), "malformed_type"),
        ("reason", Value::BadText(String::new()), "malformed_field"),
        ("reason", Value::Text(""), "ok"),
    ] {
        raw = with(raw, name, cure);
        assert_eq!(code(order(Mode::Backtest, &raw, &Value::Null)), expected, "{name}");
    }
}

/// A replaced order says what it names, a restated one has to say its amount, and neither reads a reason.
#[test]
fn terms_are_read_where_they_belong() {
    for (status, name, value, expected) in [
        ("replaced", "amount", Value::Null, "ok"),
        ("replaced", "reason", Value::Int(1), "ok"),
        ("replaced", "stopPrice", Value::Int(0), "ok"),
        ("replaced", "price", Value::Flag(true), "malformed_type"),
        ("restated", "amount", Value::Null, "malformed_field"),
        ("restated", "amount", Value::Int(0), "malformed_number"),
        ("restated", "price", Value::Flag(true), "ok"),
        ("open", "amount", Value::Flag(true), "ok"),
        ("open", "reason", Value::Int(1), "malformed_type"),
    ] {
        let raw = with(raw_order(status), name, value.clone());
        assert_eq!(code(order(Mode::Backtest, &raw, &Value::Null)), expected, "{status} {name} {value:?}");
    }
}

fn any_value() -> impl Strategy<Value = Value<'static>> {
    let texts = vec!["A/B", "o1", "open", "replaced", "restated", "closed", "0.5", "1", "", "a b", "B"];
    prop_oneof![
        3 => prop::sample::select(texts).prop_map(Value::Text),
        2 => Just(Value::Null),
        1 => any::<i128>().prop_map(Value::Int),
        1 => (0..9_i128).prop_map(Value::Int),
        1 => any::<f64>().prop_map(Value::Float),
        1 => any::<bool>().prop_map(Value::Flag),
        1 => Just(Value::Dict),
        1 => Just(Value::HugeInt),
    ]
}

fn any_raw(schema: Schema) -> impl Strategy<Value = Record<'static>> {
    prop::collection::vec(prop::option::of(any_value()), schema.len()).prop_map(|values| {
        let mut record = Record::default();
        for (slot, value) in record.values.iter_mut().zip(values) {
            *slot = value;
        }
        record
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    /// No raw data makes it panic, and what it gives is read back from its canonical form as the same event.
    #[test]
    fn any_raw_data_is_an_event_or_a_fault(
        order in any_raw(ORDER), fill in any_raw(FILL), fee in any_raw(FEE), bar in any_raw(BAR),
        tick in any_raw(TICK), venue in any_value(), ingest_time in any_value(), bar_ms in any_value(),
    ) {
        let normalizer = EventNormalizer::new(Mode::Paper);
        let mut events = Vec::new();
        if let Ok(origin) = Origin::parse(&venue, &ingest_time) {
            events.extend(normalizer.order(&origin, &order).ok().flatten());
            events.extend(normalizer.fill(&origin, &fill, &fee).ok());
        }
        if let Ok(market) = Market::parse(&venue, &Value::Text("A/B"), &ingest_time, &bar_ms) {
            events.extend(normalizer.market_data(market.clone(), &RawMarket::Bar(bar)).ok());
            events.extend(normalizer.market_data(market, &RawMarket::Tick(tick)).ok());
        }
        for event in events {
            prop_assert_eq!(read_unsequenced(&unsequenced(&event)), Ok(event));
        }
    }
}
