//! One value of the wire, by its exact type.
//!
//! Promises: a message can quote any of them. Does not: know where it comes from (`python/reading.rs` brings it),
//! nor judge it (`fields`, `numbers`). Costs: nothing is copied but a text that no field takes.

use crate::error::{Malformed, quoted};

/// One wire value, by its exact type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// The null of the wire.
    Null,
    /// An exact boolean.
    Flag(bool),
    /// An exact integer.
    Int(i128),
    /// An exact integer past 128 bits.
    HugeInt,
    /// An exact float.
    Float(f64),
    /// An exact string.
    Text(&'a str),
    /// An exact string with a lone surrogate, which no field takes. Holds an excerpt.
    BadText(String),
    /// An exact dict.
    Dict,
    /// Anything else. Holds the name of its type.
    Other(String),
}

impl Value<'_> {
    /// The value as an error message quotes it.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Flag(flag) => format!("the boolean {flag}"),
            Self::Int(number) => format!("the int {number}"),
            Self::HugeInt => "an int past 128 bits".into(),
            Self::Float(number) => format!("the float {number:?}"),
            Self::Text(text) => quoted(text),
            Self::BadText(excerpt) => format!("{} (with a lone surrogate)", quoted(excerpt)),
            Self::Dict => "a dict".into(),
            Self::Other(type_name) => format!("of type {}", quoted(type_name)),
        }
    }

    /// The fault of a field that takes another type.
    #[must_use]
    pub fn wrong_type(&self, field: &str, expected: &str) -> Malformed {
        Malformed::wrong_type(format!("{field} is {}: give exactly {expected}, no subclass", self.describe()))
    }
}
