//! Python objects on their way in: events, intents, numbers, snapshots, and the fields of any wire dict.
//!
//! Promises: types are exact, subclasses are refused; nothing handed in is kept; no text is quoted in full.
//! Does not: check a value (`fields`, `events`, `intents`, `restore`). Costs: one dict look-up for each field.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PySlice, PyString, PyType};

use super::error::InputError;
use super::names::Names;
use crate::canonical_json::Json;
use crate::core::Step;
use crate::error::{Malformed, quoted};
use crate::events::{self, Event};
use crate::fields::{self, FIELDS_MAX, Field, Record, Schema};
use crate::intents::{self, Intent};
use crate::numbers::MONEY;
use crate::value::Value;

pub type Read<T> = Result<T, InputError>;

/// Reads an `EngineEvent` or its wire dict.
pub fn event(object: &Bound<'_, PyAny>) -> Read<Event> {
    match object.cast_exact::<PyDict>() {
        Ok(dict) => event_of_dict(dict),
        Err(_) if is_event(object)? => event_of_dict(&to_dict(object)?),
        Err(_) => Err(wrong_type(object, "an EngineEvent or a dict")),
    }
}

/// Reads an `EngineIntent` or its wire dict.
pub fn intent(object: &Bound<'_, PyAny>) -> Read<Intent> {
    match object.cast_exact::<PyDict>() {
        Ok(dict) => intent_of_dict(dict),
        Err(_) if is_intent(object)? => intent_of_dict(&to_dict(object)?),
        Err(_) => Err(wrong_type(object, "an EngineIntent or a dict")),
    }
}

/// Reads a whole batch; an error carries its index.
pub fn batch(object: &Bound<'_, PyAny>) -> Read<Vec<Step>> {
    let Ok(list) = object.cast_exact::<PyList>() else {
        return Err(wrong_type(object, "a list of events and intents"));
    };
    list.iter().enumerate().map(|(index, item)| step(&item).map_err(|error| error.at(index))).collect()
}

/// Reads an event without a `seq_id`, which has to be a dict.
pub fn unsequenced(object: &Bound<'_, PyAny>) -> Read<Event> {
    let Ok(dict) = object.cast_exact::<PyDict>() else {
        return Err(wrong_type(object, "a dict of an event without seq_id"));
    };
    let held = Held::of(dict, events::Envelope::UNSEQUENCED)?;
    let envelope = events::Envelope::parse_unsequenced(&held.record())?;
    let payload = held.payload(events::Envelope::PAYLOAD - 1, envelope.payload_schema())?;
    Ok(envelope.with_payload(&payload.record())?)
}

/// Reads an integer from 0 to 2^63-1.
pub fn integer(field: &'static str, object: &Bound<'_, PyAny>) -> Read<i64> {
    Ok(fields::integer((field, &view(object)))?)
}

/// Reads such an integer, or None.
pub fn optional_integer(field: &'static str, object: Option<&Bound<'_, PyAny>>) -> Read<Option<i64>> {
    object.map(|object| integer(field, object)).transpose()
}

/// Reads a word of a closed set, for a constructor; anything else is a plain `ValueError`.
pub fn word<T: Copy>(
    field: &str,
    object: &Bound<'_, PyAny>,
    members: &[T],
    name: fn(T) -> &'static str,
) -> PyResult<T> {
    let found = view(object);
    let member = members.iter().copied().find(|member| found == Value::Text(name(*member)));
    member.ok_or_else(|| {
        let names: Vec<_> = members.iter().map(|member| name(*member)).collect();
        PyValueError::new_err(format!("{field} is {}: give one of {}", found.describe(), names.join(", ")))
    })
}

/// Reads a core's snapshot as plain data.
pub fn snapshot(object: &Bound<'_, PyAny>) -> Read<Json> {
    /// The snapshot, a table, an entry: nothing in a snapshot lies deeper.
    const DEPTH: usize = 3;
    snapshot_within(object, DEPTH)
}

/// Reads a snapshot whose dicts and lists lie in one another at most `depth` deep.
pub fn snapshot_within(object: &Bound<'_, PyAny>, depth: usize) -> Read<Json> {
    match object.cast_exact::<PyDict>() {
        Ok(dict) => plain_dict(dict, depth),
        Err(_) => Err(wrong_type(object, "a snapshot dict")),
    }
}

/// The argument `initial_cash`: money in 1e-16, read by the rules of section 1 of the page.
#[derive(Clone, Copy)]
pub struct Money(pub i128);

impl<'py> FromPyObject<'_, 'py> for Money {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let units = MONEY.read("initial_cash", &view(&object));
        units.map(Self).map_err(|fault| InputError::from(fault).into_exception(object.py()))
    }
}

/// An argument that may be left out, and is not null by that.
pub struct Given<'py>(pub Option<Bound<'py, PyAny>>);

impl Given<'_> {
    /// The argument, or what stands for it where it was left out.
    pub fn or<T, E>(&self, default: T, read: impl FnOnce(&Bound<'_, PyAny>) -> Result<T, E>) -> Result<T, E> {
        self.0.as_ref().map_or(Ok(default), read)
    }
}

impl<'py> FromPyObject<'_, 'py> for Given<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(Some(object.to_owned())))
    }
}

/// Reads an event or an intent, an object or its wire dict.
pub fn step(object: &Bound<'_, PyAny>) -> Read<Step> {
    if let Ok(dict) = object.cast_exact::<PyDict>() {
        let key = Names::get(dict.py()).field(Field::EventType);
        let is_event = dict.contains(key)?;
        return if is_event {
            event_of_dict(dict).map(Step::Event)
        } else {
            intent_of_dict(dict).map(Step::Intent)
        };
    }
    if is_event(object)? {
        return event_of_dict(&to_dict(object)?).map(Step::Event);
    }
    if is_intent(object)? {
        return intent_of_dict(&to_dict(object)?).map(Step::Intent);
    }
    Err(wrong_type(object, "an EngineEvent, an EngineIntent or a dict"))
}

fn event_of_dict(dict: &Bound<'_, PyDict>) -> Read<Event> {
    let held = Held::of(dict, events::Envelope::SCHEMA)?;
    let envelope = events::Envelope::parse(&held.record())?;
    let payload = held.payload(events::Envelope::PAYLOAD, envelope.payload_schema())?;
    Ok(envelope.with_payload(&payload.record())?)
}

fn intent_of_dict(dict: &Bound<'_, PyDict>) -> Read<Intent> {
    let held = Held::of(dict, intents::Envelope::SCHEMA)?;
    let envelope = intents::Envelope::parse(&held.record())?;
    let payload = held.payload(intents::Envelope::PAYLOAD, envelope.payload_schema())?;
    Ok(envelope.with_payload(&payload.record())?)
}

/// The values of a dict in the order of a schema, kept alive while they are looked at.
#[derive(Default)]
pub struct Held<'py> {
    values: [Option<Bound<'py, PyAny>>; FIELDS_MAX],
    unknown_key: Option<String>,
}

impl<'py> Held<'py> {
    /// The values of a dict that has the keys of the schema and no others.
    pub fn of(dict: &Bound<'py, PyDict>, schema: Schema) -> Read<Self> {
        let mut held = Self::picked(dict, schema)?;
        if held.values.iter().flatten().count() != dict.len() {
            held.unknown_key = Some(unknown_key(dict, schema));
        }
        Ok(held)
    }

    /// The values of a dict that may have other keys, which are not looked at.
    pub fn picked(dict: &Bound<'py, PyDict>, schema: Schema) -> Read<Self> {
        let names = Names::get(dict.py());
        let mut held = Self::default();
        for (slot, (field, _)) in held.values.iter_mut().zip(schema) {
            *slot = dict.get_item(names.field(*field))?;
        }
        Ok(held)
    }

    /// The entries of a list, by their places.
    pub fn listed(list: &Bound<'py, PyList>) -> Self {
        let mut held = Self::default();
        for (slot, item) in held.values.iter_mut().zip(list.iter()) {
            *slot = Some(item);
        }
        held
    }

    /// The value at a place of the schema.
    pub fn get(&self, place: usize) -> Option<&Bound<'py, PyAny>> {
        self.values.get(place).and_then(Option::as_ref)
    }

    /// The values as the parsers see them.
    pub fn record(&self) -> Record<'_> {
        let values = self.values.each_ref().map(|value| value.as_ref().map(view));
        Record { values, unknown_key: self.unknown_key.clone() }
    }

    /// The payload, which the envelope has found to be a dict.
    fn payload(&self, place: usize, schema: Schema) -> Read<Self> {
        match self.get(place).and_then(|value| value.cast_exact::<PyDict>().ok()) {
            Some(dict) => Self::of(dict, schema),
            None => Err(Malformed::wrong_type("payload is no dict: give exactly a dict, no subclass").into()),
        }
    }
}

fn unknown_key(dict: &Bound<'_, PyDict>, schema: Schema) -> String {
    let names: Vec<_> = schema.iter().map(|(field, _)| Value::Text(field.name())).collect();
    let unknown = dict.keys().iter().find(|key| !names.contains(&view(key)));
    unknown.map_or_else(|| "that was added meanwhile".to_owned(), |key| view(&key).describe())
}

/// An object by its exact type.
pub fn view<'a>(object: &'a Bound<'_, PyAny>) -> Value<'a> {
    if let Ok(text) = object.cast_exact::<PyString>() {
        return text.to_str().map_or_else(|_| Value::BadText(excerpt(text)), Value::Text);
    }
    if object.is_exact_instance_of::<PyInt>() {
        let number = object.extract::<i64>().map(i128::from).or_else(|_| object.extract::<i128>());
        return number.map_or(Value::HugeInt, Value::Int);
    }
    if let Ok(number) = object.cast_exact::<PyFloat>() {
        return Value::Float(number.value());
    }
    if object.is_none() {
        return Value::Null;
    }
    if let Ok(flag) = object.cast_exact::<PyBool>() {
        return Value::Flag(flag.is_true());
    }
    if object.is_exact_instance_of::<PyDict>() {
        return Value::Dict;
    }
    Value::Other(type_name(object))
}

/// The beginning of a text, with a mark in the place of each lone surrogate.
fn excerpt(text: &Bound<'_, PyString>) -> String {
    let head = text.get_item(PySlice::new(text.py(), 0, 80, 1));
    let lossy =
        |head: Bound<'_, PyAny>| head.cast::<PyString>().map(|head| head.to_string_lossy().into_owned()).ok();
    head.ok().and_then(lossy).unwrap_or_default()
}

fn type_name(object: &Bound<'_, PyAny>) -> String {
    let name = object.get_type().name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|_| "unknown".to_owned())
}

/// The fault of an argument that has another type.
pub fn wrong_type(object: &Bound<'_, PyAny>, expected: &str) -> InputError {
    view(object).wrong_type("the argument", expected).into()
}

fn is_event(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    object.is_instance(CLASS.import(object.py(), "cracktrader.engine.events", "EngineEvent")?)
}

fn is_intent(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    object.is_instance(CLASS.import(object.py(), "cracktrader.engine.intents", "EngineIntent")?)
}

fn to_dict<'py>(object: &Bound<'py, PyAny>) -> Read<Bound<'py, PyDict>> {
    let said = object.call_method0("to_dict")?;
    match said.cast_exact::<PyDict>() {
        Ok(dict) => Ok(dict.clone()),
        Err(_) => Err(wrong_type(&said, "a dict from to_dict()")),
    }
}

fn plain_dict(dict: &Bound<'_, PyDict>, depth: usize) -> Read<Json> {
    let within = depth.checked_sub(1).ok_or_else(too_deep)?;
    let mut entries = Vec::with_capacity(dict.len());
    for (key, value) in dict.iter() {
        entries.push((plain_text(&view(&key))?.into(), plain(&value, within)?));
    }
    Ok(Json::Map(entries))
}

fn too_deep() -> Malformed {
    Malformed::field("a dict or a list lies deeper than any of a snapshot")
}

fn plain(object: &Bound<'_, PyAny>, depth: usize) -> Read<Json> {
    if let Ok(dict) = object.cast_exact::<PyDict>() {
        return plain_dict(dict, depth);
    }
    if let Ok(list) = object.cast_exact::<PyList>() {
        let within = depth.checked_sub(1).ok_or_else(too_deep)?;
        return Ok(Json::List(list.iter().map(|item| plain(&item, within)).collect::<Read<_>>()?));
    }
    let value = view(object);
    Ok(match value {
        Value::Null => Json::Null,
        Value::Flag(flag) => Json::Flag(flag),
        Value::Int(number) => Json::Int(number),
        _ => Json::Text(plain_text(&value)?.into()),
    })
}

fn plain_text(value: &Value<'_>) -> Result<String, Malformed> {
    match value {
        Value::Text(text) => Ok((*text).to_owned()),
        other => Err(not_plain(other)),
    }
}

fn not_plain(value: &Value<'_>) -> Malformed {
    Malformed::field(format!(
        "no snapshot holds {}: give what snapshot() hands out",
        quoted(&value.describe())
    ))
}
