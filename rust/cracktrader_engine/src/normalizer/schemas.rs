//! What is read of raw venue data, in the order in which it is checked.

use crate::fields::{Field, Need, Schema};

/// What is read of an order.
pub const ORDER: Schema = &optional([
    Field::Timestamp,
    Field::Symbol,
    Field::Status,
    Field::ClientOrderId,
    Field::Id,
    Field::Reason,
    Field::Amount,
    Field::Price,
    Field::RawStopPrice,
]);
/// What is read of a trade of one's own.
pub const FILL: Schema = &optional([
    Field::Timestamp,
    Field::Symbol,
    Field::Id,
    Field::ClientOrderId,
    Field::Order,
    Field::Amount,
    Field::Price,
    Field::Fee,
]);
/// Where the fee stands in `FILL`.
pub const FEE_PLACE: usize = 7;
/// What is read of a fee.
pub const FEE: Schema = &optional([Field::Currency, Field::Cost]);
/// What is read of a timer.
pub const TIMER: Schema = &optional([Field::Timestamp, Field::Symbol, Field::Name]);
/// The entries of a bar.
pub const BAR: Schema =
    &optional([Field::Timestamp, Field::Open, Field::High, Field::Low, Field::Close, Field::Volume]);
/// What is read of a ticker or a trade.
pub const TICK: Schema = &optional([Field::Timestamp, Field::Bid, Field::Ask, Field::Price, Field::Amount]);

/// Absent and null mean the same in raw data, so that no field is required by its key.
const fn optional<const N: usize>(fields: [Field; N]) -> [(Field, Need); N] {
    let mut schema = [(Field::Timestamp, Need::Optional); N];
    let mut place = 0;
    while place < N {
        schema[place].0 = fields[place];
        place += 1;
    }
    schema
}
