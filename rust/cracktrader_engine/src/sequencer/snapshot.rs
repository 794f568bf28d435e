//! Snapshots of the sequencer, and the way back.
//!
//! Promises: `restore` takes exactly what a sequencer would hand out; a refused one changes nothing. Does
//! not: ask whether a history leads there. Costs: proportional to what waits and to the streams.

use std::collections::BTreeSet;

use super::{END, Sequencer, State, Waiting, stream_of};
use crate::canonical::{read_unsequenced, unsequenced};
use crate::canonical_json::Json;
use crate::domain::{Source, Symbol};
use crate::error::Malformed;
use crate::restore::Node;
use crate::table::Table;

impl Sequencer {
    /// The whole state as plain data.
    #[must_use]
    pub fn snapshot(&self) -> Json {
        write_state(&self.state)
    }

    /// Replaces the whole state; `late` and what `reset` goes back to stay.
    ///
    /// # Errors
    /// `malformed_field` for anything but what a sequencer in some state would hand out.
    pub fn restore(&mut self, snapshot: Json) -> Result<(), Malformed> {
        let state = read_state(Node::root(&snapshot))?;
        if write_state(&state).sorted() != snapshot.sorted() {
            return Err(Malformed::field(
                "the snapshot is not what a sequencer would hand out: look for keys it does not have, events \
                 that are not in canonical form, and an order that is not the total order",
            ));
        }
        self.state = state;
        Ok(())
    }
}

fn write_state(state: &State) -> Json {
    Json::record([
        ("schema_version", Json::Int(1)),
        ("next_seq_id", Json::int(state.next_seq_id)),
        ("next_arrival", Json::int(state.next_arrival)),
        ("pushed", write_times(&state.pushed)),
        ("released", write_times(&state.released)),
        ("waiting", Json::List(state.waiting.iter().map(write_waiting).collect())),
    ])
}

fn write_times(times: &Table<String, i64>) -> Json {
    let entries = times.sorted().into_iter();
    Json::Map(entries.map(|(key, time)| (key.clone().into(), Json::int(*time))).collect())
}

fn write_waiting(waiting: &Waiting) -> Json {
    Json::record([
        ("producer", Json::int(waiting.producer)),
        ("arrival", Json::int(waiting.arrival)),
        ("event", unsequenced(&waiting.event)),
    ])
}

fn read_state(root: Node<'_>) -> Result<State, Malformed> {
    let waiting = root.at("waiting")?;
    let state = State {
        next_seq_id: read_next(root.at("next_seq_id")?)?,
        next_arrival: read_next(root.at("next_arrival")?)?,
        pushed: root.at("pushed")?.table(lane, Node::natural)?,
        released: root.at("released")?.table(stream, Node::natural)?,
        waiting: waiting.items()?.map(read_waiting).collect::<Result<_, _>>()?,
    };
    let arrivals: BTreeSet<u64> = state.waiting.iter().map(|waiting| waiting.arrival).collect();
    let are_known = arrivals.last() < Some(&state.next_arrival);
    if arrivals.len() < state.waiting.len() || !are_known {
        return Err(waiting.fault("arrivals that differ and are below next_arrival"));
    }
    if !state.waiting.iter().all(|waiting| state.has_pushed(waiting)) {
        return Err(waiting.fault("no event later than what its producer has pushed"));
    }
    Ok(state)
}

/// A next number: one past the highest when the numbers are exhausted.
fn read_next(node: Node<'_>) -> Result<u64, Malformed> {
    let number = if let Json::Int(number) = node.value { u64::try_from(*number).ok() } else { None };
    number.filter(|number| *number <= END).ok_or_else(|| node.fault("an int from 0 to 2^63"))
}

fn read_waiting(node: Node<'_>) -> Result<Waiting, Malformed> {
    let event = read_unsequenced(node.at("event")?.value);
    Ok(Waiting {
        producer: node.at("producer")?.natural()?,
        arrival: node.at("arrival")?.natural()?.unsigned_abs(),
        event: event.map_err(|fault| Malformed::field(fault.message).at(node.key))?,
    })
}

/// A key of `pushed`: a producer in canonical digits and a stream.
fn lane(text: &str) -> Option<String> {
    let (digits, rest) = text.split_once(':')?;
    let producer = digits.parse::<i64>().ok().filter(|producer| *producer >= 0)?;
    (producer.to_string() == digits && stream(rest).is_some()).then(|| text.to_owned())
}

/// A key of `released`: the source of a stream and a symbol.
fn stream(text: &str) -> Option<String> {
    let (source, symbol) = text.split_once(':')?;
    let has_streams = matches!(Source::parse(source)?, Source::MarketData | Source::Timer);
    (has_streams && Symbol::parse(symbol).is_some()).then(|| text.to_owned())
}

impl State {
    /// Whether the highest time pushed covers an event that waits.
    fn has_pushed(&self, waiting: &Waiting) -> bool {
        stream_of(&waiting.event).is_none_or(|stream| {
            let lane = format!("{}:{stream}", waiting.producer);
            self.pushed.get(&lane) >= Some(&waiting.event.event_time)
        })
    }
}
