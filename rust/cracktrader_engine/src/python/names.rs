//! Interned strings: every key and every name of a closed set, made once.
//!
//! Promises: a look-up with one of these costs no allocation and no hashing. Does not: hold anything that
//! comes from an input. Costs: about 120 small strings for the life of the process.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;

use crate::domain::Status;
use crate::fields::Field;
use crate::results::{Code, Outcome};

/// The names, each list in the order of its closed set.
pub struct Names {
    fields: Vec<Py<PyString>>,
    outcomes: Vec<Py<PyString>>,
    codes: Vec<Py<PyString>>,
    statuses: Vec<Py<PyString>>,
}

impl Names {
    /// The names of this process.
    pub fn get(py: Python<'_>) -> &Self {
        static NAMES: PyOnceLock<Names> = PyOnceLock::new();
        NAMES.get_or_init(py, || Self {
            fields: interned(py, Field::ALL, Field::name),
            outcomes: interned(py, Outcome::ALL, Outcome::name),
            codes: interned(py, Code::ALL, Code::name),
            statuses: interned(py, Status::ALL, Status::name),
        })
    }

    /// The key of a field.
    pub fn field(&self, field: Field) -> &Py<PyString> {
        &self.fields[field as usize]
    }

    /// The name of an outcome.
    pub fn outcome(&self, outcome: Outcome) -> &Py<PyString> {
        &self.outcomes[outcome as usize]
    }

    /// The name of a code.
    pub fn code(&self, code: Code) -> &Py<PyString> {
        &self.codes[code as usize]
    }

    /// The name of a status.
    pub fn status(&self, status: Status) -> &Py<PyString> {
        &self.statuses[status as usize]
    }
}

fn interned<T: Copy>(py: Python<'_>, members: &[T], name: fn(T) -> &'static str) -> Vec<Py<PyString>> {
    members.iter().map(|member| PyString::intern(py, name(*member)).unbind()).collect()
}
