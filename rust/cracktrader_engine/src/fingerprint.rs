//! The fingerprint of an event: what its idempotency key is remembered with, and what keys are made of.
//!
//! Promises: equal content gives an equal fingerprint, on every machine and in the Python core too.
//! Does not: cover `seq_id` and `ingest_time`, which are no content. Costs: one SHA-256 over about 100 bytes.

use sha2::{Digest, Sha256};

use crate::decimal::Decimal;
use crate::events::{Amendment, Event, Fill, Payload, Report};

/// The first 16 bytes of the SHA-256 of an event's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The fingerprint of an event.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self::of_text(&content(event))
    }

    /// The fingerprint of a text.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let digest = Sha256::digest(text);
        Self(std::array::from_fn(|index| digest[index]))
    }

    /// Reads 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 32 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(|number| Self(number.to_be_bytes()))
    }

    /// The 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }
}

/// The text of section 2 of the page, `[D11]`.
#[must_use]
pub fn content(event: &Event) -> String {
    let (venue, instrument) = event.symbol.parts();
    let mut words = Words(String::with_capacity(160));
    words.0.push_str(integer(event.event_time).as_str());
    words.word(event.event_type.source().name()).word(venue).word(instrument).word(event.event_type.name());
    match &event.payload {
        Payload::Report { order_id, report } => words.word(order_id.as_str()).report(report),
        Payload::Trade { price, quantity } => words.number(*price).number(*quantity),
        Payload::Bar(fields) => fields.iter().fold(&mut words, |words, field| words.number(*field)),
        Payload::Quote { bid, ask } => words.number(*bid).number(*ask),
        Payload::Timer { name } => words.word(name.as_str()),
        Payload::CashAdjustment { amount, reason } => words.number(*amount).word(reason.name()),
        Payload::RiskFlag { flag, on } => words.word(flag.name()).word(if *on { "true" } else { "false" }),
    };
    words.0
}

fn integer(number: impl Into<i128>) -> Decimal {
    Decimal::of(number, 0)
}

/// Words joined by one space each.
struct Words(String);

impl Words {
    fn word(&mut self, word: &str) -> &mut Self {
        self.0.push(' ');
        self.0.push_str(word);
        self
    }

    fn number(&mut self, number: impl Into<i128>) -> &mut Self {
        self.word(integer(number).as_str())
    }

    fn optional(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(number) => self.number(number),
            None => self.word("~"),
        }
    }

    fn report(&mut self, report: &Report) -> &mut Self {
        match report {
            Report::Notice(None) => self.word(""),
            Report::Notice(Some(reason)) => {
                self.word("=").0.push_str(reason);
                self
            }
            Report::Fill(fill) => self.fill(fill),
            Report::Replaced(amendment) => self.amendment(*amendment),
            Report::Restated(quantity) => self.number(*quantity),
        }
    }

    fn fill(&mut self, fill: &Fill) -> &mut Self {
        self.number(fill.last_quantity).number(fill.last_price).number(fill.fee).word(fill.fee_asset.as_str())
    }

    fn amendment(&mut self, amendment: Amendment) -> &mut Self {
        self.optional(amendment.quantity).optional(amendment.limit_price).optional(amendment.stop_price)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Identifier, Symbol};
    use crate::events::EventType;

    fn accepted(reason: Option<&str>) -> Event {
        Event {
            seq_id: 1,
            event_time: 7,
            ingest_time: 9,
            symbol: Symbol::join("V", "I"),
            event_type: EventType::OrderAccepted,
            payload: Payload::Report {
                order_id: Identifier::parse("o1").expect("an identifier"),
                report: Report::Notice(reason.map(Into::into)),
            },
            idempotency_key: None,
        }
    }

    /// An absent reason, an empty one and a text are three contents.
    #[test]
    fn reasons_are_told_apart() {
        let prefix = "7 broker_report V I order_accepted o1";
        assert_eq!(content(&accepted(None)), format!("{prefix} "));
        assert_eq!(content(&accepted(Some(""))), format!("{prefix} ="));
        assert_eq!(content(&accepted(Some("late"))), format!("{prefix} =late"));
    }

    /// A fingerprint is written as 32 lower-case digits and read back from nothing else.
    #[test]
    fn text_goes_there_and_back() {
        let fingerprint = Fingerprint::of(&accepted(None));
        assert_eq!(Fingerprint::parse(&fingerprint.to_text()), Some(fingerprint));
        for wrong in ["", "0", &"A".repeat(32), &"0".repeat(33), "+0000000000000000000000000000000"] {
            assert_eq!(Fingerprint::parse(wrong), None, "{wrong:?}");
        }
    }
}
