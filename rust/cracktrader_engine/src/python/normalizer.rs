//! The class `RustEventNormalizer`.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::error::InputError;
use super::reading::{Given, Held, Read, view, word, wrong_type};
use super::writing;
use crate::canonical::unsequenced;
use crate::events::Event;
use crate::fields::Schema;
use crate::normalizer::{
    BAR, EventNormalizer, FEE, FEE_PLACE, FILL, Market, Mode, ORDER, Origin, RawMarket, TICK, TIMER,
};
use crate::value::Value;

/// Raw venue data to unsequenced events; see docs/runtime.md, section 2.
#[pyclass(name = "RustEventNormalizer", module = "cracktrader.engine._rust", frozen)]
pub struct RustEventNormalizer {
    normalizer: EventNormalizer,
}

/// An argument that may be left out.
type Optional<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

#[pymethods]
impl RustEventNormalizer {
    #[new]
    fn new(mode: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mode = word("mode", mode, Mode::ALL, Mode::name)?;
        Ok(Self { normalizer: EventNormalizer::new(mode) })
    }

    /// The report that a ccxt order stands for, or None for a closed one.
    #[pyo3(signature = (venue, raw, ingest_time = None))]
    fn order<'py>(
        &self,
        venue: &Bound<'py, PyAny>,
        raw: &Bound<'py, PyAny>,
        ingest_time: Optional<'_, 'py>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let event = self.read_order(venue, raw, ingest_time);
        let event = event.map_err(|error| error.into_exception(raw.py()))?;
        event.map(|event| writing::plain(raw.py(), &unsequenced(&event))).transpose()
    }

    /// The fill that a ccxt trade of one's own stands for.
    #[pyo3(signature = (venue, raw, ingest_time = None))]
    fn fill<'py>(
        &self,
        venue: &Bound<'py, PyAny>,
        raw: &Bound<'py, PyAny>,
        ingest_time: Optional<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        written(raw.py(), self.read_fill(venue, raw, ingest_time))
    }

    /// The timer event that a dict stands for.
    #[pyo3(signature = (venue, raw, ingest_time = None))]
    fn timer<'py>(
        &self,
        venue: &Bound<'py, PyAny>,
        raw: &Bound<'py, PyAny>,
        ingest_time: Optional<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        written(raw.py(), self.read_timer(venue, raw, ingest_time))
    }

    /// The bar, quote or trade that a ccxt OHLCV list, ticker or trade stands for.
    #[pyo3(
        signature = (venue, symbol, raw, ingest_time = None, bar_ms = Given(None)),
        text_signature = "($self, venue, symbol, raw, ingest_time=None, bar_ms=0)"
    )]
    #[allow(clippy::needless_pass_by_value, reason = "an argument is extracted by value")]
    fn market_data<'py>(
        &self,
        venue: &Bound<'py, PyAny>,
        symbol: &Bound<'py, PyAny>,
        raw: &Bound<'py, PyAny>,
        ingest_time: Optional<'_, 'py>,
        bar_ms: Given<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let market = Market::parse(
            &view(venue),
            &view(symbol),
            &shown(ingest_time),
            &bar_ms.0.as_ref().map_or(Value::Int(0), view),
        );
        written(
            raw.py(),
            market.map_err(InputError::from).and_then(|market| self.read_market_data(market, raw)),
        )
    }
}

impl RustEventNormalizer {
    fn read_order(
        &self,
        venue: &Bound<'_, PyAny>,
        raw: &Bound<'_, PyAny>,
        ingest_time: Optional<'_, '_>,
    ) -> Read<Option<Event>> {
        let origin = Origin::parse(&view(venue), &shown(ingest_time))?;
        Ok(self.normalizer.order(&origin, &fields(raw, ORDER)?.record())?)
    }

    fn read_fill(
        &self,
        venue: &Bound<'_, PyAny>,
        raw: &Bound<'_, PyAny>,
        ingest_time: Optional<'_, '_>,
    ) -> Read<Event> {
        let origin = Origin::parse(&view(venue), &shown(ingest_time))?;
        let held = fields(raw, FILL)?;
        let fee = match held.get(FEE_PLACE).and_then(|fee| fee.cast_exact::<PyDict>().ok()) {
            Some(fee) => Held::picked(fee, FEE)?,
            None => Held::default(),
        };
        Ok(self.normalizer.fill(&origin, &held.record(), &fee.record())?)
    }

    fn read_timer(
        &self,
        venue: &Bound<'_, PyAny>,
        raw: &Bound<'_, PyAny>,
        ingest_time: Optional<'_, '_>,
    ) -> Read<Event> {
        let origin = Origin::parse(&view(venue), &shown(ingest_time))?;
        Ok(self.normalizer.timer(&origin, &fields(raw, TIMER)?.record())?)
    }

    fn read_market_data(&self, market: Market, raw: &Bound<'_, PyAny>) -> Read<Event> {
        let event = if let Ok(list) = raw.cast_exact::<PyList>() {
            let held = Held::listed(list);
            let is_bar = list.len() == BAR.len();
            let raw = if is_bar { RawMarket::Bar(held.record()) } else { RawMarket::OddList(list.len()) };
            self.normalizer.market_data(market, &raw)
        } else if let Ok(dict) = raw.cast_exact::<PyDict>() {
            self.normalizer.market_data(market, &RawMarket::Tick(Held::picked(dict, TICK)?.record()))
        } else {
            return Err(wrong_type(raw, "a list or a dict"));
        };
        Ok(event?)
    }
}

/// What is read of a raw dict.
fn fields<'py>(raw: &Bound<'py, PyAny>, schema: Schema) -> Read<Held<'py>> {
    match raw.cast_exact::<PyDict>() {
        Ok(dict) => Held::picked(dict, schema),
        Err(_) => Err(wrong_type(raw, "a dict")),
    }
}

fn shown<'a>(object: Option<&'a Bound<'_, PyAny>>) -> Value<'a> {
    object.map_or(Value::Null, view)
}

fn written(py: Python<'_>, event: Read<Event>) -> PyResult<Bound<'_, PyAny>> {
    let event = event.map_err(|error| error.into_exception(py))?;
    writing::plain(py, &unsequenced(&event))
}
