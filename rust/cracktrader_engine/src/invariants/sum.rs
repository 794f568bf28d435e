//! Sums without a bound: what the checker's books are kept in.
//!
//! Promises: exact, whatever is added or restored. Does not: round, or know its own grid. Costs: an
//! allocation for each new sum.

use std::ops::{AddAssign, Sub, SubAssign};

use num_bigint::{BigInt, Sign};

/// The longest decimal that is read, in characters: that of any wire number.
const LENGTH_MAX: usize = 64;

/// A number of units of some grid.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sum(BigInt);

impl Sum {
    /// A number of units.
    pub(super) fn of(units: impl Into<i128>) -> Self {
        Self(BigInt::from(units.into()))
    }

    /// Reads a decimal, canonical or not, of at most 64 characters, on a grid of so many decimals.
    pub(super) fn parse(text: &str, decimals: u32) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = format!("{whole}{fraction:0<width$}", width = decimals as usize);
        let is_read = text.len() <= LENGTH_MAX
            && !whole.is_empty()
            && fraction.len() <= decimals as usize
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        let magnitude: BigInt = is_read.then(|| digits.parse().ok())??;
        Some(Self(if unsigned.len() < text.len() { -magnitude } else { magnitude }))
    }

    /// The canonical decimal on a grid of so many decimals.
    pub(super) fn text(&self, decimals: u32) -> String {
        let digits = format!("{:0>width$}", self.0.magnitude().to_string(), width = decimals as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals as usize);
        let (sign, fraction) =
            (if self.0.sign() == Sign::Minus { "-" } else { "" }, fraction.trim_end_matches('0'));
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }
}

impl AddAssign<i128> for Sum {
    fn add_assign(&mut self, units: i128) {
        self.0 += units;
    }
}

impl SubAssign<i128> for Sum {
    fn sub_assign(&mut self, units: i128) {
        self.0 -= units;
    }
}

impl Sub for &Sum {
    type Output = Sum;

    fn sub(self, other: Self) -> Sum {
        Sum(&self.0 - &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A canonical decimal is read and written alike, far past 128 bits too.
    #[test]
    fn canonical_text_goes_there_and_back() {
        let longest = "9".repeat(64);
        let small = format!("-{}.{}", "1".repeat(46), "0000000000000001");
        for text in ["0", "1", "-1", "10", "0.0000000000000001", "-0.5", "123.45", &longest, &small] {
            let read = Sum::parse(text, 16).unwrap_or_else(|| panic!("{text:?} is a decimal"));
            assert_eq!(read.text(16), text);
        }
    }

    /// What is no decimal of the grid is not read.
    #[test]
    fn anything_else_is_not_read() {
        let (longer, fine) = ("9".repeat(65), format!("0.{}1", "0".repeat(16)));
        for text in ["", "-", ".5", "+1", "1e3", " 1", "1.-5", "--1", "1.2.3", "\u{0661}", &longer, &fine] {
            assert_eq!(Sum::parse(text, 16), None, "{text:?}");
        }
    }

    /// Units are added, taken away and compared exactly.
    #[test]
    fn units_are_exact() {
        let mut sum = Sum::of(i128::MAX);
        sum += i128::MAX;
        assert!(sum > Sum::of(i128::MAX));
        sum -= i128::MAX;
        assert_eq!(&sum - &Sum::of(1), Sum::of(i128::MAX - 1));
    }
}
