//! The Python module `cracktrader.engine._rust`.
//!
//! Promises: wire dicts in, wire dicts out; an input is read before the core is touched, so that Python code
//! called on the way finds the core unlocked. Does not: hold any rule of the engine. Costs: about a
//! microsecond an event.

mod build_info;
mod error;
mod invariants;
mod names;
mod normalizer;
mod reading;
mod sequencer;
mod writing;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

#[cfg(feature = "canary")]
use crate::canary::planted_core::PlantedCore as BoundCore;
#[cfg(not(feature = "canary"))]
use crate::core::DeterministicCore as BoundCore;
use crate::numbers::{MONEY_DECIMALS, to_float};
use error::InputError;
use reading::Money;

/// The deterministic core in Rust; see docs/engine.md.
#[pyclass(name = "RustDeterministicCore", module = "cracktrader.engine._rust")]
struct RustDeterministicCore {
    core: BoundCore,
}

#[pymethods]
impl RustDeterministicCore {
    #[new]
    #[pyo3(signature = (initial_cash = Money(0)), text_signature = "(initial_cash=0)")]
    fn new(initial_cash: Money) -> Self {
        Self { core: BoundCore::new(initial_cash.0) }
    }

    /// Take in an event, an `EngineEvent` or its wire dict, and answer with a result dict.
    fn apply_event<'py>(slf: &Bound<'py, Self>, event: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        let event = reading::event(event).map_err(|error| error.into_exception(slf.py()))?;
        let result = slf.try_borrow_mut()?.core.apply_event(event);
        writing::result(slf.py(), &result)
    }

    /// Take in an intent, an `EngineIntent` or its wire dict, and answer with a result dict.
    fn process_intent<'py>(
        slf: &Bound<'py, Self>,
        intent: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let intent = reading::intent(intent).map_err(|error| error.into_exception(slf.py()))?;
        let result = slf.try_borrow_mut()?.core.process_intent(intent);
        writing::result(slf.py(), &result)
    }

    /// Take in a list of events and intents, all or none of them, and answer with a list of result dicts.
    fn apply_batch<'py>(slf: &Bound<'py, Self>, steps: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let steps = reading::batch(steps).map_err(|error| error.into_exception(slf.py()))?;
        let results: Vec<_> = {
            let core = &mut slf.try_borrow_mut()?.core;
            steps.into_iter().map(|step| core.step(step)).collect()
        };
        let list = PyList::empty(slf.py());
        for result in &results {
            list.append(writing::result(slf.py(), result)?)?;
        }
        Ok(list)
    }

    /// The cash as a float.
    fn get_cash(&self) -> f64 {
        to_float(self.core.state().cash, MONEY_DECIMALS)
    }

    /// The positions as floats, by "venue:instrument".
    fn get_positions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        writing::positions(py, self.core.state())
    }

    /// The whole state as a wire dict.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        writing::plain(py, &self.core.snapshot())
    }

    /// Replace the whole state by one that a core has handed out.
    fn restore(slf: &Bound<'_, Self>, snapshot: &Bound<'_, PyAny>) -> PyResult<()> {
        let data = reading::snapshot(snapshot).map_err(|error| error.into_exception(slf.py()))?;
        let restored = slf.try_borrow_mut()?.core.restore(data);
        restored.map_err(|fault| InputError::from(fault).into_exception(slf.py()))
    }

    /// SHA-256 over the canonical JSON of the snapshot.
    fn state_digest(&self) -> String {
        self.core.state_digest()
    }

    /// Back to the state as constructed.
    fn reset(&mut self) {
        self.core.reset();
    }
}

/// The deterministic engine core in Rust, and the components around it.
#[pymodule]
fn _rust(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<RustDeterministicCore>()?;
    module.add_class::<normalizer::RustEventNormalizer>()?;
    module.add_class::<sequencer::RustSequencer>()?;
    module.add_class::<invariants::RustInvariantChecker>()?;
    module.add_function(wrap_pyfunction!(build_info::build_info, module)?)?;
    #[cfg(feature = "canary")]
    planting::export(module)?;
    Ok(())
}

/// Planting bugs, in test builds only.
#[cfg(feature = "canary")]
mod planting {
    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;
    use pyo3::types::PyTuple;

    use crate::canary::Canary;
    use crate::error::quoted;

    pub fn export(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("CANARIES", PyTuple::new(module.py(), names())?)?;
        module.add_function(wrap_pyfunction!(plant, module)?)
    }

    fn names() -> Vec<&'static str> {
        Canary::ALL.iter().map(|canary| canary.name()).collect()
    }

    /// Plant one bug in every core of this process, or none.
    #[pyfunction]
    fn plant(name: Option<&str>) -> PyResult<()> {
        let canary = name.map(|name| Canary::parse(name).ok_or_else(|| unknown(name))).transpose()?;
        crate::canary::plant(canary);
        Ok(())
    }

    fn unknown(name: &str) -> PyErr {
        PyValueError::new_err(format!(
            "no canary is named {}: give one of {}",
            quoted(name),
            names().join(", ")
        ))
    }
}
