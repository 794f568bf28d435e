//! Where Rust errors become Python exceptions, and nowhere else.
//!
//! Promises: malformed input is `cracktrader.engine.error.MalformedInputError`, with `.code` and `.index`.
//! Does not: swallow an exception that Python code raised on the way. Costs: an import the first time.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::error::Malformed;

/// Why an input could not be read.
#[derive(Debug)]
pub enum InputError {
    /// It is malformed; in a batch, at this index.
    Malformed(Malformed, Option<usize>),
    /// Python code that was called raised.
    Raised(PyErr),
}

impl InputError {
    /// The same error, at a place in a batch.
    pub fn at(self, index: usize) -> Self {
        match self {
            Self::Malformed(fault, _) => Self::Malformed(fault, Some(index)),
            Self::Raised(error) => Self::Raised(error),
        }
    }

    /// The exception.
    pub fn into_exception(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Malformed(fault, index) => malformed(py, &fault, index).unwrap_or_else(|error| error),
            Self::Raised(error) => error,
        }
    }
}

impl From<Malformed> for InputError {
    fn from(fault: Malformed) -> Self {
        Self::Malformed(fault, None)
    }
}

impl From<PyErr> for InputError {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

fn malformed(py: Python<'_>, fault: &Malformed, index: Option<usize>) -> PyResult<PyErr> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "cracktrader.engine.error", "MalformedInputError")?;
    class.call1((&fault.message, fault.code.name(), index)).map(PyErr::from_value)
}
