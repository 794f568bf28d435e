//! Results and snapshots on their way out, as new Python objects.
//!
//! Promises: nothing handed out is shared with the core or with what was handed out before.
//! Does not: compute anything. Costs: one dict a result, and one more with a list for a transition.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyInt, PyList, PyString};

use super::names::Names;
use crate::canonical_json::Json;
use crate::core::State;
use crate::decimal::Decimal;
use crate::invariants::Violation;
use crate::numbers::{MONEY_DECIMALS, UNIT_DECIMALS, to_float};
use crate::results::{StepResult, Transition};

/// Writes a result: eight keys, in the order of section 2 of the page.
pub fn result<'py>(py: Python<'py>, result: &StepResult) -> PyResult<Bound<'py, PyDict>> {
    let names = Names::get(py);
    let dict = blank_result(py)?;
    dict.set_item(intern!(py, "outcome"), names.outcome(result.code.outcome()))?;
    dict.set_item(intern!(py, "code"), names.code(result.code))?;
    if let Some(seq_id) = result.seq_id {
        dict.set_item(intern!(py, "seq_id"), seq_id)?;
    }
    let order_id = result.order_id.as_ref().map(|order_id| PyString::new(py, order_id.as_str()));
    if let Some(order_id) = &order_id {
        dict.set_item(intern!(py, "order_id"), order_id)?;
    }
    let transitions = match (&order_id, &result.transition) {
        (Some(order_id), Some(step)) => PyList::new(py, [transition(py, order_id, step)?])?,
        _ => PyList::empty(py),
    };
    dict.set_item(intern!(py, "transitions"), transitions)?;
    let deltas = &result.deltas;
    set_decimal(&dict, intern!(py, "cash_delta"), deltas.cash, MONEY_DECIMALS)?;
    set_decimal(&dict, intern!(py, "position_delta"), deltas.position, UNIT_DECIMALS)?;
    set_decimal(&dict, intern!(py, "realised_delta"), deltas.realised, MONEY_DECIMALS)?;
    Ok(dict)
}

/// The result of nothing, with its keys in order.
fn blank_result(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    static BLANK: Blank = Blank::new();
    let zeros = ["cash_delta", "position_delta", "realised_delta"];
    BLANK.copy(py, &["outcome", "code", "seq_id", "order_id", "transitions"], &zeros)
}

/// The transition of nothing, with its keys in order.
fn blank_transition(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    static BLANK: Blank = Blank::new();
    BLANK.copy(py, &["order_id", "from", "to"], &["cumulative", "leaves"])
}

/// A dict that is made once: to copy it and set what differs costs half of making it anew.
struct Blank(PyOnceLock<Py<PyDict>>);

impl Blank {
    const fn new() -> Self {
        Self(PyOnceLock::new())
    }

    /// A copy, with nulls and then zeros.
    fn copy<'py>(&self, py: Python<'py>, nulls: &[&str], zeros: &[&str]) -> PyResult<Bound<'py, PyDict>> {
        let blank = self.0.get_or_try_init(py, || {
            let dict = PyDict::new(py);
            for key in nulls {
                dict.set_item(PyString::intern(py, key), py.None())?;
            }
            for key in zeros {
                dict.set_item(PyString::intern(py, key), intern!(py, "0"))?;
            }
            PyResult::Ok(dict.unbind())
        });
        blank?.bind(py).copy()
    }
}

/// Writes the float view of the positions.
pub fn positions<'py>(py: Python<'py>, state: &State) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (symbol, position) in state.positions.sorted() {
        dict.set_item(symbol.as_str(), to_float(i128::from(position.quantity), UNIT_DECIMALS))?;
    }
    Ok(dict)
}

/// Writes violations as a list of dicts.
pub fn violations<'py>(py: Python<'py>, violations: &[Violation]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for violation in violations {
        list.append(plain(py, &violation.to_json())?)?;
    }
    Ok(list)
}

/// Writes plain data.
pub fn plain<'py>(py: Python<'py>, data: &Json) -> PyResult<Bound<'py, PyAny>> {
    Ok(match data {
        Json::Null => py.None().into_bound(py),
        Json::Flag(flag) => PyBool::new(py, *flag).to_owned().into_any(),
        Json::Int(number) => PyInt::new(py, *number).into_any(),
        Json::Text(text) => PyString::new(py, text).into_any(),
        Json::List(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(plain(py, item)?)?;
            }
            list.into_any()
        }
        Json::Map(entries) => {
            let dict = PyDict::new(py);
            for (key, value) in entries {
                dict.set_item(key.as_ref(), plain(py, value)?)?;
            }
            dict.into_any()
        }
    })
}

fn transition<'py>(
    py: Python<'py>,
    order_id: &Bound<'py, PyString>,
    step: &Transition,
) -> PyResult<Bound<'py, PyDict>> {
    let names = Names::get(py);
    let dict = blank_transition(py)?;
    dict.set_item(intern!(py, "order_id"), order_id)?;
    if let Some(status) = step.from {
        dict.set_item(intern!(py, "from"), names.status(status))?;
    }
    dict.set_item(intern!(py, "to"), names.status(step.to))?;
    set_decimal(&dict, intern!(py, "cumulative"), step.cumulative, UNIT_DECIMALS)?;
    set_decimal(&dict, intern!(py, "leaves"), step.leaves, UNIT_DECIMALS)?;
    Ok(dict)
}

/// Sets a decimal that is not zero; a blank dict has the zero already.
fn set_decimal(
    dict: &Bound<'_, PyDict>,
    key: &Bound<'_, PyString>,
    units: impl Into<i128>,
    decimals: u32,
) -> PyResult<()> {
    match units.into() {
        0 => Ok(()),
        units => dict.set_item(key, Decimal::of(units, decimals).as_str()),
    }
}
