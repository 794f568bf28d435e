//! What is wrong with an input, before any state is looked at.
//!
//! Promises: every fault has one of the four `malformed_*` codes and a sentence that quotes the value, cut at
//! 80 characters. Does not: become an exception here (see `python/error.rs`). Costs: one allocation, on the
//! bad path only.

use std::fmt;

use crate::domain::closed_set;

closed_set!(
    /// The codes of malformed input.
    MalformedCode {
        Type = "malformed_type",
        Field = "malformed_field",
        Number = "malformed_number",
        Identifier = "malformed_identifier",
    }
);

/// A malformed input: the state was not touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Which of the four faults.
    pub code: MalformedCode,
    /// What was found and what is expected.
    pub message: String,
}

impl Malformed {
    /// A value of the wrong type.
    pub fn wrong_type(message: impl Into<String>) -> Self {
        Self::new(MalformedCode::Type, message)
    }

    /// A key or a value that its field does not take.
    pub fn field(message: impl Into<String>) -> Self {
        Self::new(MalformedCode::Field, message)
    }

    /// A number off its grid or out of its bound.
    pub fn number(message: impl Into<String>) -> Self {
        Self::new(MalformedCode::Number, message)
    }

    /// A text that is no identifier.
    pub fn identifier(message: impl Into<String>) -> Self {
        Self::new(MalformedCode::Identifier, message)
    }

    /// The same fault, said to stand within something.
    #[must_use]
    pub fn at(self, place: &str) -> Self {
        Self { message: format!("in {place}, {}", self.message), ..self }
    }

    fn new(code: MalformedCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.name(), self.message)
    }
}

impl std::error::Error for Malformed {}

/// A text in quotes, escaped, cut at 80 characters.
#[must_use]
pub fn quoted(text: &str) -> String {
    let head: String = text.chars().take(80).collect();
    let ellipsis = if head.len() < text.len() { "..." } else { "" };
    format!("{head:?}{ellipsis}")
}
