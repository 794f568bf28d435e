//! Numbers: grids and bounds, the three ways in and the float view; `decimal` is the other way out.
//!
//! Promises: what comes in is exact on its grid and within its bound, or it is a fault; nothing wraps.
//! Does not: round. Costs: no allocation, on the way in or out.

use crate::decimal::Decimal;
use crate::error::Malformed;
use crate::value::Value;

/// Decimals of quantities, prices and positions, by section 1 of the page: 1e-8.
pub const UNIT_DECIMALS: u32 = 8;
/// Decimals of money, the product of a quantity and a price: 1e-16.
pub const MONEY_DECIMALS: u32 = 16;
/// One whole unit in 1e-8.
pub const UNIT_SCALE: i128 = 10_i128.pow(UNIT_DECIMALS);
/// One whole unit in 1e-16.
pub const MONEY_SCALE: i128 = 10_i128.pow(MONEY_DECIMALS);
/// The scale of the only grid that floats have, as a float.
const FLOAT_SCALE: f64 = 1e8;
/// The bound of a quantity and of a price, in 1e-8, by section 1 of the page.
pub const QUANTITY_BOUND: i128 = 10_000_000_000 * UNIT_SCALE;
/// The bound of a position, in 1e-8, by section 1: the most whole ten billions that 63 bits hold.
pub const POSITION_BOUND: i128 = 90_000_000_000 * UNIT_SCALE;
/// The bound of cash, costs, realised profit and fee totals, in 1e-16, by section 1 of the page.
pub const MONEY_BOUND: i128 = 1_000_000_000_000_000_000_000 * MONEY_SCALE;

/// Where the values of a field lie.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    decimals: u32,
    lowest: i128,
    highest: i128,
}

/// Order and fill quantity: 0 < q <= 1e10.
pub const QUANTITY: Grid = Grid { decimals: UNIT_DECIMALS, lowest: 1, highest: QUANTITY_BOUND };
/// Price: abs <= 1e10.
pub const PRICE: Grid = Grid { lowest: -QUANTITY.highest, ..QUANTITY };
/// Bar volume: 0 <= v <= 9e10.
pub const VOLUME: Grid = Grid { decimals: UNIT_DECIMALS, lowest: 0, highest: POSITION_BOUND };
/// Position: abs <= 9e10.
pub const POSITION: Grid = Grid { lowest: -POSITION_BOUND, ..VOLUME };
/// Fee in the base asset: abs <= 1e10.
pub const BASE_FEE: Grid = PRICE;
/// Cash, fees in another asset, amounts, costs and realised profit: abs <= 1e21.
pub const MONEY: Grid = Grid { decimals: MONEY_DECIMALS, lowest: -MONEY_BOUND, highest: MONEY_BOUND };

impl Grid {
    /// The grid of so many decimals, with its bounds in units.
    #[must_use]
    pub const fn new(decimals: u32, lowest: i128, highest: i128) -> Self {
        Self { decimals, lowest, highest }
    }

    /// Reads a number into units of this grid.
    ///
    /// # Errors
    /// `malformed_type` for what is no number's type, `malformed_number` for a value off the grid or out of
    /// bounds.
    pub fn read(self, field: &str, value: &Value<'_>) -> Result<i128, Malformed> {
        let units = match value {
            Value::Int(whole) => whole.checked_mul(self.scale()),
            Value::Float(float) => self.units_of_float(*float),
            Value::Text(text) => self.units_of_text(text),
            Value::HugeInt | Value::BadText(_) => None,
            Value::Null | Value::Flag(_) | Value::Dict | Value::Other(_) => {
                return Err(value.wrong_type(field, "an int, a float or a decimal string"));
            }
        };
        units.filter(|units| self.holds(*units)).ok_or_else(|| self.fault(field, value))
    }

    /// Reads a number whose grid fits 64 bits.
    ///
    /// # Errors
    /// As `read`.
    pub fn read_small(self, field: &str, value: &Value<'_>) -> Result<i64, Malformed> {
        i64::try_from(self.read(field, value)?).map_err(|_| self.fault(field, value))
    }

    /// Reads a decimal string, canonical or not.
    #[must_use]
    pub fn parse(self, text: &str) -> Option<i128> {
        self.units_of_text(text).filter(|units| self.holds(*units))
    }

    /// Reads a canonical decimal string, and no other.
    #[must_use]
    pub fn parse_canonical(self, text: &str) -> Option<i128> {
        self.parse(text).filter(|units| Decimal::of(*units, self.decimals).as_str() == text)
    }

    const fn scale(self) -> i128 {
        10_i128.pow(self.decimals)
    }

    const fn holds(self, units: i128) -> bool {
        self.lowest <= units && units <= self.highest
    }

    fn fault(self, field: &str, value: &Value<'_>) -> Malformed {
        let (low, high) = (Decimal::of(self.lowest, self.decimals), Decimal::of(self.highest, self.decimals));
        let (decimals, found) = (self.decimals, value.describe());
        Malformed::number(format!(
            "{field} is {found}: give a number from {low} to {high} with at most {decimals} decimals, \
             as an int, a float with at most 8 of them or a plain decimal string like \"1.5\""
        ))
    }

    /// A whole number is taken exactly; any other float lies on the grid of 8 decimals, on money too.
    #[allow(clippy::float_cmp, reason = "lying on the grid is defined by this very equality")]
    #[allow(clippy::cast_possible_truncation, reason = "the casts saturate, and the bound refuses that")]
    fn units_of_float(self, float: f64) -> Option<i128> {
        if !float.is_finite() {
            return None;
        }
        if float.trunc() == float {
            return (float as i128).checked_mul(self.scale());
        }
        let units = (float * FLOAT_SCALE).round_ties_even();
        let refinement = 10_i128.pow(self.decimals - UNIT_DECIMALS);
        (units / FLOAT_SCALE == float).then_some(units as i128)?.checked_mul(refinement)
    }

    fn units_of_text(self, text: &str) -> Option<i128> {
        if text.len() > 64 {
            return None;
        }
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (unsigned, ""),
        };
        if whole.is_empty() {
            return None;
        }
        let (kept, beyond) = fraction.as_bytes().split_at(fraction.len().min(self.decimals as usize));
        let missing_zeros = self.decimals - u32::try_from(kept.len()).ok()?;
        let units = digits(whole.as_bytes(), 0).and_then(|units| digits(kept, units))?;
        (digits(beyond, 0)? == 0).then_some(())?;
        let magnitude = i128::try_from(units.checked_mul(10_u128.pow(missing_zeros))?).ok()?;
        Some(if unsigned.len() < text.len() { -magnitude } else { magnitude })
    }
}

/// Appends ASCII digits to a number; `None` for another character, or past 128 bits.
fn digits(text: &[u8], start: u128) -> Option<u128> {
    // Eighteen digits fit 64 bits: the wide arithmetic is done once for each such chunk.
    text.chunks(18).try_fold(start, |number, chunk| {
        let low = chunk
            .iter()
            .try_fold(0_u64, |low, byte| byte.is_ascii_digit().then(|| low * 10 + u64::from(byte - b'0')))?;
        let shift = 10_u64.pow(u32::try_from(chunk.len()).ok()?);
        number.checked_mul(u128::from(shift))?.checked_add(u128::from(low))
    })
}

/// The float view of a number of units.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "the view is defined as float(units) / float(scale)")]
pub fn to_float(units: i128, decimals: u32) -> f64 {
    units as f64 / 10_i128.pow(decimals) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(grid: Grid, value: &Value<'_>) -> Option<i128> {
        grid.read("field", value).ok()
    }

    /// A decimal string is read by the grammar of the page and by nothing wider.
    #[test]
    fn strings_follow_the_grammar() {
        for (text, expected) in [
            ("-0", Some(0)),
            ("007", Some(700_000_000)),
            ("1.500000000000", Some(150_000_000)),
            ("-0.00000001", Some(-1)),
            ("10000000000", Some(1_000_000_000_000_000_000)),
            ("10000000000.00000001", None),
            ("0.000000001", None),
            ("+1", None),
            (".5", None),
            ("5.", None),
            ("-", None),
            ("--1", None),
            ("1.2.3", None),
            ("1e3", None),
            ("1_000", None),
            (" 1", None),
            ("", None),
            ("\u{0661}", None),
            ("1.\u{00e9}00000000", None),
        ] {
            assert_eq!(units(PRICE, &Value::Text(text)), expected, "{text:?}");
        }
    }

    /// Sixty-four characters are legal, sixty-five are not, whatever they say.
    #[test]
    fn strings_end_at_64_characters() {
        let (longest, longer) = (format!("{:0>64}", 1), format!("{:0>65}", 1));
        assert_eq!(units(PRICE, &Value::Text(&longest)), Some(100_000_000));
        assert_eq!(units(PRICE, &Value::Text(&longer)), None);
        assert_eq!(units(PRICE, &Value::Text(&"9".repeat(64))), None);
    }

    /// A float of money does not drift: it has no more than 8 decimals, and a whole one is exact however large.
    #[test]
    fn floats_of_money_are_whole_or_coarse() {
        for (float, expected) in [
            (1e7, Some(10_000_000 * MONEY_SCALE)),
            (123_456_789.0, Some(123_456_789 * MONEY_SCALE)),
            (123_456.78, Some(12_345_678 * MONEY_SCALE / 100)),
            (1e21, Some(MONEY_BOUND)),
            (-1e21, Some(-MONEY_BOUND)),
            (1.1e21, None),
            (1e300, None),
            (0.1, Some(MONEY_SCALE / 10)),
            (-99.99, Some(-9_999 * (MONEY_SCALE / 100))),
            (1e-8, Some(100_000_000)),
            (1e-9, None),
            (1e-16, None),
        ] {
            assert_eq!(units(MONEY, &Value::Float(float)), expected, "{float:?}");
        }
    }

    /// A float is read when its nearest point of the grid divides back to the very same float.
    #[test]
    fn floats_lie_on_the_grid_or_are_refused() {
        for (float, expected) in [
            (0.1, Some(10_000_000)),
            (-0.0, Some(0)),
            (1e-8, Some(1)),
            (1e-9, None),
            (0.1 + 0.2, None),
            (1e10, Some(1_000_000_000_000_000_000)),
            (1.000_000_000_1e10, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (1e308, None),
        ] {
            assert_eq!(units(PRICE, &Value::Float(float)), expected, "{float:?}");
        }
    }
}
