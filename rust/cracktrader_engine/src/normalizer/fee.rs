//! The fee of a fill: what it is paid in, as the instrument's name tells, and how much on that asset's grid.

use super::schemas::FEE;
use crate::domain::{FeeAsset, Identifier};
use crate::error::Malformed;
use crate::fields::{Record, identifier};
use crate::numbers::{BASE_FEE, MONEY};
use crate::value::Value;

/// What a fill without a fee, or without the cost of one, pays.
pub(super) const FREE: (FeeAsset, i128) = (FeeAsset::Quote, 0);

/// Reads a fee: the asset and the cost in units of that asset's grid.
pub(super) fn read_fee(instrument: &str, fee: &Record<'_>) -> Result<(FeeAsset, i128), Malformed> {
    let mut fields = fee.open("a fee", FEE)?;
    let currency = fields.optional(identifier)?;
    let (field, cost) = fields.value();
    if *cost == Value::Null {
        return Ok(FREE);
    }
    let Some(currency) = currency else {
        return Err(Malformed::field("the fee has a cost and no currency: give both, or no cost"));
    };
    let asset = fee_asset(instrument, currency);
    let grid = if asset == FeeAsset::Base { BASE_FEE } else { MONEY };
    let cost = grid.read(field, cost)?;
    Ok((asset, cost))
}

/// The asset of a fee, as the instrument `BASE/QUOTE` or `BASE/QUOTE:SETTLE` has it.
fn fee_asset(instrument: &str, currency: Identifier) -> FeeAsset {
    let (base, rest) = instrument.split_once('/').unwrap_or_default();
    let quote = rest.split_once(':').map_or(rest, |(quote, _)| quote);
    match currency.as_str() {
        name if name == quote => FeeAsset::Quote,
        name if name == base => FeeAsset::Base,
        name => FeeAsset::parse(name).unwrap_or(FeeAsset::Other(currency)),
    }
}
