//! Where Rust errors become Python exceptions, and nowhere else.
//!
//! Promises: malformed input, raw data too, is `cracktrader.engine.error.MalformedInputError`, with `.code`
//! and `.index`; the sequencer's faults are `SequenceError`, violations `InvariantViolationError`.
//! Does not: swallow an exception that Python code raised on the way. Costs: an import the first time.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use super::writing;
use crate::error::Malformed;
use crate::invariants::Violation;
use crate::normalizer::RawFault;
use crate::sequencer::SequenceFault;

/// Why an input could not be read.
#[derive(Debug)]
pub enum InputError {
    /// It is malformed; in a batch, at this index.
    Malformed(Malformed, Option<usize>),
    /// It is raw data that cannot be read.
    Raw(RawFault),
    /// It cannot be put in order.
    Sequence(SequenceFault),
    /// It shows that promises were broken.
    Violations(Vec<Violation>),
    /// Python code that was called raised.
    Raised(PyErr),
}

impl InputError {
    /// The same error, at a place in a batch.
    pub fn at(self, index: usize) -> Self {
        match self {
            Self::Malformed(fault, _) => Self::Malformed(fault, Some(index)),
            other => other,
        }
    }

    /// The exception.
    pub fn into_exception(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Malformed(fault, index) => malformed(py, &fault.message, fault.code.name(), index),
            Self::Raw(fault) => malformed(py, &fault.message, fault.code.name(), None),
            Self::Sequence(fault) => sequence(py, &fault),
            Self::Violations(violations) => violated(py, &violations),
            Self::Raised(error) => Ok(error),
        }
        .unwrap_or_else(|error| error)
    }
}

impl From<Malformed> for InputError {
    fn from(fault: Malformed) -> Self {
        Self::Malformed(fault, None)
    }
}

impl From<RawFault> for InputError {
    fn from(fault: RawFault) -> Self {
        Self::Raw(fault)
    }
}

impl From<SequenceFault> for InputError {
    fn from(fault: SequenceFault) -> Self {
        Self::Sequence(fault)
    }
}

impl From<PyErr> for InputError {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

fn malformed(py: Python<'_>, message: &str, code: &str, index: Option<usize>) -> PyResult<PyErr> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "cracktrader.engine.error", "MalformedInputError")?;
    class.call1((message, code, index)).map(PyErr::from_value)
}

fn sequence(py: Python<'_>, fault: &SequenceFault) -> PyResult<PyErr> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "cracktrader.engine.error", "SequenceError")?;
    class.call1((&fault.message, fault.code.name())).map(PyErr::from_value)
}

fn violated(py: Python<'_>, violations: &[Violation]) -> PyResult<PyErr> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "cracktrader.engine.error", "InvariantViolationError")?;
    class.call1((writing::violations(py, violations)?,)).map(PyErr::from_value)
}
