//! The sequencer: brings events of many producers into one order and numbers them; see `docs/runtime.md`,
//! section 3.
//!
//! Promises: the order is total and depends on nothing but what was pushed; what is refused changes nothing.
//! Does not: read a clock; know of orders or of money. Costs: O(log n) in what waits, for each event in and
//! out.

mod snapshot;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use crate::domain::{Source, closed_set};
use crate::error::quoted;
use crate::events::Event;
use crate::table::Table;

closed_set!(
    /// What becomes of an event that comes too late for the order.
    Late { Error = "error", Accept = "accept" }
);
closed_set!(
    /// Why an event cannot be put in order.
    SequenceCode { LateEvent = "late_event", SequenceExhausted = "sequence_exhausted" }
);

/// One more than the highest `seq_id` and the highest arrival number.
const END: u64 = 1 << 63;

/// An event that cannot be put in order; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceFault {
    /// Which of the two faults.
    pub code: SequenceCode,
    /// What was found.
    pub message: String,
}

/// The sequencer.
#[derive(Clone, Debug)]
pub struct Sequencer {
    first_seq_id: i64,
    late: Late,
    state: State,
}

/// Everything that a sequencer remembers; see its snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State {
    next_seq_id: u64,
    next_arrival: u64,
    /// The highest time pushed, by `producer:stream`.
    pushed: Table<String, i64>,
    /// The highest time taken out, by stream.
    released: Table<String, i64>,
    waiting: BTreeSet<Waiting>,
}

/// An event that waits; equal and ordered by its place in the total order.
#[derive(Clone, Debug)]
struct Waiting {
    event: Event,
    producer: i64,
    arrival: u64,
}

impl Sequencer {
    /// A sequencer that nothing waits in.
    #[must_use]
    pub fn new(first_seq_id: i64, late: Late) -> Self {
        Self { first_seq_id, late, state: State::starting_at(first_seq_id) }
    }

    /// Back to the state as constructed.
    pub fn reset(&mut self) {
        self.state = State::starting_at(self.first_seq_id);
    }

    /// Takes in an event and gives its arrival number. The event's `seq_id` is not looked at.
    ///
    /// # Errors
    /// `sequence_exhausted` and `late_event`, in this order.
    pub fn push(&mut self, event: Event, producer: i64) -> Result<u64, SequenceFault> {
        let arrival = self.state.next_arrival;
        if arrival == END {
            return Err(exhausted());
        }
        if let Some(stream) = stream_of(&event) {
            self.push_on_stream(&event, producer, &stream)?;
        }
        self.state.waiting.insert(Waiting { event, producer, arrival });
        self.state.next_arrival += 1;
        Ok(arrival)
    }

    /// The event that `drain(until, 1)` would give.
    ///
    /// # Errors
    /// `sequence_exhausted`.
    pub fn peek(&self, until: Option<i64>) -> Result<Option<Event>, SequenceFault> {
        let Some(first) = self.due(until).next() else { return Ok(None) };
        let seq_id = i64::try_from(self.state.next_seq_id).map_err(|_| exhausted())?;
        Ok(Some(Event { seq_id, ..first.event.clone() }))
    }

    /// Takes out the first events that are not after `until`, at most `limit` of them; all or none.
    ///
    /// # Errors
    /// `sequence_exhausted`.
    pub fn drain(&mut self, until: Option<i64>, limit: Option<i64>) -> Result<Vec<Event>, SequenceFault> {
        let limit = limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let count = self.due(until).take(limit).count();
        if count as u64 > END - self.state.next_seq_id {
            return Err(exhausted());
        }
        Ok((0..count).map_while(|_| self.state.take_first()).collect())
    }

    /// How many events wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.state.waiting.len()
    }

    fn due(&self, until: Option<i64>) -> impl Iterator<Item = &Waiting> {
        let is_due = move |waiting: &&Waiting| until.is_none_or(|until| waiting.event.event_time <= until);
        self.state.waiting.iter().take_while(is_due)
    }

    fn push_on_stream(&mut self, event: &Event, producer: i64, stream: &String) -> Result<(), SequenceFault> {
        let lane = format!("{producer}:{stream}");
        let pushed = self.state.pushed.get(&lane).copied();
        let highest = pushed.max(self.state.released.get(stream).copied());
        if let Some(highest) = highest.filter(|time| self.late == Late::Error && event.event_time < *time) {
            return Err(late(event, stream, highest));
        }
        self.state.pushed.set(&lane, pushed.max(Some(event.event_time)).unwrap_or_default());
        Ok(())
    }
}

impl State {
    fn starting_at(first_seq_id: i64) -> Self {
        Self { next_seq_id: first_seq_id.unsigned_abs(), ..Self::default() }
    }

    /// Takes the first event out and numbers it; `None` where there is no event or no number.
    fn take_first(&mut self) -> Option<Event> {
        let seq_id = i64::try_from(self.next_seq_id).ok()?;
        let event = self.waiting.pop_first()?.event;
        self.next_seq_id += 1;
        if let Some(stream) = stream_of(&event) {
            let released = self.released.get(&stream).copied();
            self.released.set(&stream, released.max(Some(event.event_time)).unwrap_or_default());
        }
        Some(Event { seq_id, ..event })
    }
}

impl Waiting {
    fn place(&self) -> (i64, u8, (&str, &str), i64, u64) {
        let rank = rank(self.event.event_type.source());
        (self.event.event_time, rank, self.event.symbol.parts(), self.producer, self.arrival)
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for Waiting {}

impl fmt::Display for SequenceFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.name(), self.message)
    }
}

impl std::error::Error for SequenceFault {}

/// What has happened to the account is known before anything new is decided.
const fn rank(source: Source) -> u8 {
    match source {
        Source::Control => 0,
        Source::BrokerReport => 1,
        Source::Timer => 2,
        Source::MarketData => 3,
    }
}

/// The stream of an event of market data or of a timer; the others have none.
fn stream_of(event: &Event) -> Option<String> {
    let source = event.event_type.source();
    matches!(source, Source::MarketData | Source::Timer)
        .then(|| format!("{}:{}", source.name(), event.symbol.as_str()))
}

fn late(event: &Event, stream: &str, highest: i64) -> SequenceFault {
    let (time, stream) = (event.event_time, quoted(stream));
    SequenceFault {
        code: SequenceCode::LateEvent,
        message: format!(
            "event_time {time} is before {highest}, which the stream {stream} has reached: push in order of \
             time, or build the sequencer with late=\"accept\""
        ),
    }
}

fn exhausted() -> SequenceFault {
    SequenceFault {
        code: SequenceCode::SequenceExhausted,
        message: "no number is left below 2^63: go on with a new sequencer".to_owned(),
    }
}
