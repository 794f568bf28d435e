//! What is wrong with raw venue data: the four faults of any input, and three of its own.

use std::fmt;

use crate::domain::closed_set;
use crate::error::{Malformed, MalformedCode};
use crate::value::Value;

closed_set!(
    /// The codes of raw data that cannot be read.
    RawCode {
        MalformedType = "malformed_type",
        MalformedField = "malformed_field",
        MalformedNumber = "malformed_number",
        MalformedIdentifier = "malformed_identifier",
        MissingTimestamp = "missing_timestamp",
        MissingId = "missing_id",
        UnknownStatus = "unknown_status",
    }
);

/// Raw data that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawFault {
    /// Which of the seven faults.
    pub code: RawCode,
    /// What was found and what is expected.
    pub message: String,
}

impl RawFault {
    pub(super) fn missing_timestamp(mode: &str) -> Self {
        let message = format!(
            "timestamp is absent or null, in mode {mode:?}: give it; live and paper also take an ingest_time"
        );
        Self { code: RawCode::MissingTimestamp, message }
    }

    pub(super) fn missing_id(names: &[&str]) -> Self {
        let message =
            format!("{} absent or null: raw data of this kind must have an id", names.join(" and "));
        Self { code: RawCode::MissingId, message }
    }

    pub(super) fn unknown_status(found: &Value<'_>) -> Self {
        let message = format!("status is {}: give one of docs/runtime.md, section 2", found.describe());
        Self { code: RawCode::UnknownStatus, message }
    }
}

impl From<Malformed> for RawFault {
    fn from(fault: Malformed) -> Self {
        let code = match fault.code {
            MalformedCode::Type => RawCode::MalformedType,
            MalformedCode::Field => RawCode::MalformedField,
            MalformedCode::Number => RawCode::MalformedNumber,
            MalformedCode::Identifier => RawCode::MalformedIdentifier,
        };
        Self { code, message: fault.message }
    }
}

impl fmt::Display for RawFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.name(), self.message)
    }
}

impl std::error::Error for RawFault {}
