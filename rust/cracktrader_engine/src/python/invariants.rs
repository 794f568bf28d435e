//! The class `RustInvariantChecker`.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::error::InputError;
use super::reading::{self, Given, Held, Money, Read, view, word, wrong_type};
use super::writing;
use crate::core::{DeterministicCore, Step};
use crate::invariants::{
    Answer, CheckerMode, InvariantChecker, Item, RESULT, TRANSITION, TRANSITIONS_PLACE, Violation,
    read_digest,
};

/// The promises of the core, checked against books of its own; see docs/runtime.md, section 4.
#[pyclass(name = "RustInvariantChecker", module = "cracktrader.engine._rust")]
pub struct RustInvariantChecker {
    checker: InvariantChecker,
}

/// An argument that may be left out.
type Optional<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

#[pymethods]
impl RustInvariantChecker {
    #[new]
    #[pyo3(
        signature = (initial_cash = Money(0), mode = Given(None)),
        text_signature = "(initial_cash=0, mode=\"strict\")"
    )]
    #[allow(clippy::needless_pass_by_value, reason = "an argument is extracted by value")]
    fn new(initial_cash: Money, mode: Given<'_>) -> PyResult<Self> {
        let mode =
            mode.or(CheckerMode::Strict, |mode| word("mode", mode, CheckerMode::ALL, CheckerMode::name))?;
        Ok(Self { checker: InvariantChecker::new(initial_cash.0, mode) })
    }

    /// Take in a step, the core's result and perhaps its digest; answer with the new violations.
    #[pyo3(signature = (step, result, digest = None))]
    fn observe<'py>(
        slf: &Bound<'py, Self>,
        step: &Bound<'py, PyAny>,
        result: &Bound<'py, PyAny>,
        digest: Optional<'_, 'py>,
    ) -> PyResult<Bound<'py, PyList>> {
        let read = read_observed(step, result, digest).map_err(|error| error.into_exception(slf.py()))?;
        let found = slf.try_borrow_mut()?.checker.observe(&read.0, &read.1, read.2.as_deref());
        written(slf.py(), found)
    }

    /// Compare the books with a core's snapshot; answer with the new violations.
    fn verify<'py>(slf: &Bound<'py, Self>, snapshot: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let core = read_core(snapshot).map_err(|error| error.into_exception(slf.py()))?;
        let found = slf.try_borrow_mut()?.checker.verify(core.state());
        written(slf.py(), found)
    }

    /// The first 256 violations that were collected.
    fn violations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        writing::violations(py, self.checker.violations())
    }

    /// How many violations there were.
    fn violation_count(&self) -> u64 {
        self.checker.violation_count()
    }

    /// The whole state as a wire dict.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        writing::plain(py, &self.checker.snapshot())
    }

    /// Replace the whole state by one that a checker has handed out.
    fn restore(slf: &Bound<'_, Self>, snapshot: &Bound<'_, PyAny>) -> PyResult<()> {
        let data = reading::snapshot(snapshot).map_err(|error| error.into_exception(slf.py()))?;
        let restored = slf.try_borrow_mut()?.checker.restore(data);
        restored.map_err(|fault| InputError::from(fault).into_exception(slf.py()))
    }

    /// Back to the state as constructed.
    fn reset(&mut self) {
        self.checker.reset();
    }
}

/// The violations of a call, raised where the checker says so.
fn written(py: Python<'_>, found: Result<Vec<Violation>, Vec<Violation>>) -> PyResult<Bound<'_, PyList>> {
    let found = found.map_err(|violations| InputError::Violations(violations).into_exception(py))?;
    writing::violations(py, &found)
}

fn read_observed(
    step: &Bound<'_, PyAny>,
    result: &Bound<'_, PyAny>,
    digest: Optional<'_, '_>,
) -> Read<(Step, Answer, Option<String>)> {
    let (step, answer) = (reading::step(step)?, read_answer(result)?);
    let digest = match digest {
        Some(digest) => read_digest(&view(digest))?.map(str::to_owned),
        None => None,
    };
    Ok((step, answer, digest))
}

fn read_answer(result: &Bound<'_, PyAny>) -> Read<Answer> {
    let Ok(dict) = result.cast_exact::<PyDict>() else { return Err(wrong_type(result, "a result dict")) };
    let held = Held::of(dict, RESULT)?;
    let Some(list) = held.get(TRANSITIONS_PLACE).and_then(|list| list.cast_exact::<PyList>().ok()) else {
        return Ok(Answer::parse(&held.record(), None)?);
    };
    let objects: Vec<_> = list.iter().collect();
    let dicts = objects.iter().map(|object| object.cast_exact::<PyDict>().ok());
    let dicts: Vec<Option<Held<'_>>> =
        dicts.map(|dict| dict.map(|dict| Held::of(dict, TRANSITION)).transpose()).collect::<Read<_>>()?;
    let items = dicts.iter().zip(&objects).map(|(dict, object)| match dict {
        Some(held) => Item::Dict(Box::new(held.record())),
        None => Item::Other(view(object)),
    });
    Ok(Answer::parse(&held.record(), Some(&items.collect::<Vec<_>>()))?)
}

/// A core in the state of a snapshot.
fn read_core(snapshot: &Bound<'_, PyAny>) -> Read<DeterministicCore> {
    let mut core = DeterministicCore::new(0);
    core.restore(reading::snapshot(snapshot)?)?;
    Ok(core)
}
