//! Snapshots: the state as plain data, and its digest; `restore` is the way back.
//!
//! Promises: every map in the bytewise order of its keys. Does not: share anything with the core. Costs:
//! proportional to the state, with a sort for each map.

use std::borrow::Cow;
use std::fmt::Write;
use std::hash::Hash;

use sha2::{Digest, Sha256};

use crate::accounting::Position;
use crate::canonical_json::Json;
use crate::core::{DeterministicCore, State};
use crate::decimal::Decimal;
use crate::domain::{Identifier, Symbol};
use crate::fingerprint::Fingerprint;
use crate::numbers::{MONEY_DECIMALS, UNIT_DECIMALS};
use crate::orders::Order;
use crate::table::Table;

/// How the clock's keys of market data begin.
pub(crate) const MARKET_DATA: &str = "market_data:";
/// How the clock's keys of timers begin.
pub(crate) const TIMER: &str = "timer:";

impl DeterministicCore {
    /// The whole state as plain data, every map in the bytewise order of its keys.
    #[must_use]
    pub fn snapshot(&self) -> Json {
        write_state(self.state())
    }

    /// SHA-256 over the canonical JSON of the snapshot, as 64 hexadecimal digits.
    #[must_use]
    pub fn state_digest(&self) -> String {
        let digest = Sha256::digest(self.snapshot().canonical());
        digest.iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

pub(crate) fn write_state(state: &State) -> Json {
    let flags = [("halt", Json::Flag(state.halt)), ("reduce_only", Json::Flag(state.reduce_only))];
    Json::record([
        ("schema_version", Json::Int(1)),
        ("cash", money_text(state.cash)),
        ("last_seq_id", state.last_seq_id.map_or(Json::Null, Json::int)),
        ("positions", write_table(&state.positions, Symbol::as_str, write_position)),
        ("orders", write_table(&state.orders, Identifier::as_str, write_order)),
        ("fees", write_table(&state.fees, Identifier::as_str, |total| money_text(*total))),
        ("marks", write_table(&state.marks, Symbol::as_str, |price| unit_text(*price))),
        ("clock", write_clock(state)),
        ("risk_flags", Json::record(flags)),
        ("idempotency_keys", write_table(&state.idempotency_keys, Identifier::as_str, write_fingerprint)),
    ])
}

pub(crate) fn write_table<K, V>(
    table: &Table<K, V>,
    key_text: fn(&K) -> &str,
    write: impl Fn(&V) -> Json,
) -> Json
where
    K: Hash + Ord,
{
    let entries = table.sorted().into_iter();
    Json::Map(entries.map(|(key, value)| (key_text(key).to_owned().into(), write(value))).collect())
}

fn write_clock(state: &State) -> Json {
    let sources = [(MARKET_DATA, &state.market_data_clock), (TIMER, &state.timer_clock)];
    let entries = sources.into_iter().flat_map(|(source, clock)| {
        let entries = clock.sorted().into_iter();
        entries
            .map(move |(symbol, time)| (Cow::from(format!("{source}{}", symbol.as_str())), Json::int(*time)))
    });
    Json::Map(entries.collect())
}

fn write_position(position: &Position) -> Json {
    Json::record([
        ("quantity", unit_text(position.quantity)),
        ("open_cost", money_text(position.open_cost)),
        ("realised", money_text(position.realised)),
    ])
}

fn write_order(order: &Order) -> Json {
    let (state, (venue, instrument)) = (&order.state, order.symbol.parts());
    Json::record([
        ("venue", Json::text(venue)),
        ("instrument", Json::text(instrument)),
        ("side", Json::name(state.side.name())),
        ("order_type", Json::name(state.order_type.name())),
        ("time_in_force", Json::name(state.time_in_force.name())),
        ("limit_price", state.limit_price.map_or(Json::Null, unit_text)),
        ("stop_price", state.stop_price.map_or(Json::Null, unit_text)),
        ("reduce_only", Json::Flag(state.reduce_only)),
        ("strategy_id", Json::text(order.strategy_id.as_str())),
        ("phase", Json::name(state.phase.name())),
        ("status", Json::name(state.status().name())),
        ("quantity", unit_text(state.quantity)),
        ("cumulative", unit_text(state.cumulative)),
        ("leaves", unit_text(state.leaves())),
        ("triggered", Json::Flag(state.triggered)),
        ("cancel_pending", Json::Flag(state.cancel_pending)),
        ("replace_pending", Json::Flag(state.replace_pending)),
    ])
}

fn write_fingerprint(fingerprint: &Fingerprint) -> Json {
    Json::text(fingerprint.to_text())
}

fn unit_text(units: i64) -> Json {
    Json::text(Decimal::of(units, UNIT_DECIMALS).as_str())
}

fn money_text(units: i128) -> Json {
    Json::text(Decimal::of(units, MONEY_DECIMALS).as_str())
}
