//! The class `RustSequencer`.

use pyo3::prelude::*;
use pyo3::types::PyList;

use super::error::InputError;
use super::reading::{self, Given, Read, integer, optional_integer, word};
use super::writing;
use crate::canonical::sequenced;
use crate::events::Event;
use crate::sequencer::{Late, Sequencer};

/// Unsequenced events of many producers to one order; see docs/runtime.md, section 3.
#[pyclass(name = "RustSequencer", module = "cracktrader.engine._rust")]
pub struct RustSequencer {
    sequencer: Sequencer,
}

/// An argument that may be left out.
type Optional<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

#[pymethods]
impl RustSequencer {
    #[new]
    #[pyo3(
        signature = (first_seq_id = Given(None), late = Given(None)),
        text_signature = "(first_seq_id=1, late=\"error\")"
    )]
    #[allow(clippy::needless_pass_by_value, reason = "an argument is extracted by value")]
    fn new(py: Python<'_>, first_seq_id: Given<'_>, late: Given<'_>) -> PyResult<Self> {
        let first_seq_id = first_seq_id.or(1, |object| integer("first_seq_id", object));
        let first_seq_id = first_seq_id.map_err(|error| error.into_exception(py))?;
        let late = late.or(Late::Error, |late| word("late", late, Late::ALL, Late::name))?;
        Ok(Self { sequencer: Sequencer::new(first_seq_id, late) })
    }

    /// Take in an unsequenced event and answer with its arrival number.
    #[pyo3(signature = (event, producer = Given(None)), text_signature = "($self, event, producer=0)")]
    #[allow(clippy::needless_pass_by_value, reason = "an argument is extracted by value")]
    fn push(slf: &Bound<'_, Self>, event: &Bound<'_, PyAny>, producer: Given<'_>) -> PyResult<u64> {
        let read = read_push(event, &producer).map_err(|error| error.into_exception(slf.py()))?;
        let arrival = slf.try_borrow_mut()?.sequencer.push(read.0, read.1);
        arrival.map_err(|fault| InputError::from(fault).into_exception(slf.py()))
    }

    /// The event that `drain(until, 1)` would give, or None.
    #[pyo3(signature = (until = None))]
    fn peek<'py>(&self, py: Python<'py>, until: Optional<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let event = optional_integer("until", until).and_then(|until| Ok(self.sequencer.peek(until)?));
        let event = event.map_err(|error| error.into_exception(py))?;
        event.map(|event| writing::plain(py, &sequenced(&event))).transpose()
    }

    /// Take out the waiting events up to a time, at most `limit` of them.
    #[pyo3(signature = (until = None, limit = None))]
    fn drain<'py>(
        &mut self,
        py: Python<'py>,
        until: Optional<'_, 'py>,
        limit: Optional<'_, 'py>,
    ) -> PyResult<Bound<'py, PyList>> {
        let events = self.read_drain(until, limit).map_err(|error| error.into_exception(py))?;
        let list = PyList::empty(py);
        for event in &events {
            list.append(writing::plain(py, &sequenced(event))?)?;
        }
        Ok(list)
    }

    /// How many events wait.
    fn waiting(&self) -> usize {
        self.sequencer.waiting()
    }

    /// The whole state as a wire dict.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        writing::plain(py, &self.sequencer.snapshot())
    }

    /// Replace the whole state by one that a sequencer has handed out.
    fn restore(slf: &Bound<'_, Self>, snapshot: &Bound<'_, PyAny>) -> PyResult<()> {
        /// The snapshot, what waits, an entry of it, its event, the payload.
        const DEPTH: usize = 5;
        let data = reading::snapshot_within(snapshot, DEPTH);
        let data = data.map_err(|error| error.into_exception(slf.py()))?;
        let restored = slf.try_borrow_mut()?.sequencer.restore(data);
        restored.map_err(|fault| InputError::from(fault).into_exception(slf.py()))
    }

    /// Back to the state as constructed.
    fn reset(&mut self) {
        self.sequencer.reset();
    }
}

impl RustSequencer {
    fn read_drain(&mut self, until: Optional<'_, '_>, limit: Optional<'_, '_>) -> Read<Vec<Event>> {
        let (until, limit) = (optional_integer("until", until)?, optional_integer("limit", limit)?);
        Ok(self.sequencer.drain(until, limit)?)
    }
}

fn read_push(event: &Bound<'_, PyAny>, producer: &Given<'_>) -> Read<(Event, i64)> {
    Ok((reading::unsequenced(event)?, producer.or(0, |producer| integer("producer", producer))?))
}
