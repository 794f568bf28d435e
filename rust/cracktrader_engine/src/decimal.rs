//! Canonical decimals, the one way in which a number leaves the core.
//!
//! Promises: no leading zeros, no trailing zeros behind the point, no negative zero.
//! Does not: read (`numbers`). Costs: no allocation; 48 bytes on the stack.

use std::fmt;

/// The longest one: 39 digits, a sign and a point.
const LENGTH_MAX: usize = 41;

/// The canonical decimal of a number of units.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    bytes: [u8; LENGTH_MAX],
    start: usize,
    end: usize,
}

impl Decimal {
    /// The decimal of a number of units of `10^-decimals`.
    #[must_use]
    pub fn of(units: impl Into<i128>, decimals: u32) -> Self {
        let (units, decimals) = (units.into(), decimals as usize);
        let mut text = Self { bytes: [b'0'; LENGTH_MAX], start: LENGTH_MAX, end: LENGTH_MAX };
        text.write_digits(units.unsigned_abs());
        // The buffer is full of zeros, so that moving its start writes leading ones: `0.00000001`.
        text.start = text.start.min(LENGTH_MAX - decimals - 1);
        text.write_point(LENGTH_MAX - decimals);
        if units < 0 {
            text.start -= 1;
            text.bytes[text.start] = b'-';
        }
        text
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[self.start..self.end]).unwrap_or_default()
    }

    /// Writes the digits of a number to the end of the buffer.
    fn write_digits(&mut self, mut number: u128) {
        /// Eighteen digits: the most that are even and fit 64 bits.
        const CHUNK: u128 = 10_u128.pow(18);
        let mut end = LENGTH_MAX;
        // Wide division is slow: a chunk is taken off at once, and written in 64 bits.
        while number >= CHUNK {
            self.write_chunk(end, number % CHUNK);
            number /= CHUNK;
            end -= 18;
        }
        self.write_chunk(end, number);
    }

    /// Writes two digits at a time: the divisions wait for one another, and are most of the work.
    fn write_chunk(&mut self, end: usize, chunk: u128) {
        let mut rest = u64::try_from(chunk).unwrap_or_default();
        self.start = end;
        while rest > 0 {
            let pair = u8::try_from(rest % 100).unwrap_or_default();
            self.start -= 2;
            self.bytes[self.start] = b'0' + pair / 10;
            self.bytes[self.start + 1] = b'0' + pair % 10;
            rest /= 100;
        }
        self.start += usize::from(self.start < end && self.bytes[self.start] == b'0');
    }

    /// Cuts the zeros at the end of the fraction, and sets the point if anything is left of it.
    fn write_point(&mut self, fraction: usize) {
        while self.end > fraction && self.bytes[self.end - 1] == b'0' {
            self.end -= 1;
        }
        if self.end > fraction {
            self.bytes.copy_within(self.start..fraction, self.start - 1);
            self.start -= 1;
            self.bytes[fraction - 1] = b'.';
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The canonical text has no leading zeros, no trailing zeros and no negative zero.
    #[test]
    fn text_is_canonical() {
        for (units, decimals, expected) in [
            (0, 8, "0"),
            (0, 0, "0"),
            (42, 0, "42"),
            (1, 8, "0.00000001"),
            (-150_000_000, 8, "-1.5"),
            (1_000_000_000, 8, "10"),
            (-10, 8, "-0.0000001"),
            (10_i128.pow(37), 16, "1000000000000000000000"),
            (-(10_i128.pow(37)) - 1, 16, "-1000000000000000000000.0000000000000001"),
            (i128::MIN, 16, "-17014118346046923173168.7303715884105728"),
        ] {
            assert_eq!(Decimal::of(units, decimals).as_str(), expected);
        }
    }
}
