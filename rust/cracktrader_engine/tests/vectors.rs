//! Exact vectors for section 6 of `docs/engine.md`: what fills do to cash, position, cost and realised
//! profit.

mod support;

use cracktrader_engine::accounting::{Booking, Position, book};
use cracktrader_engine::domain::{FeeAsset, OrderType, Side};
use cracktrader_engine::events::{EventType, Fill, Payload};
use cracktrader_engine::numbers::{MONEY_BOUND, POSITION_BOUND};
use cracktrader_engine::results::Code;
use support::{Desk, fill, id, money, new_order, units};

const FLAT: Position = Position { quantity: 0, open_cost: 0, realised: 0 };
/// The bound of every sum of money, by a name that fits into the rows below.
const BOUND: i128 = MONEY_BOUND;

fn position(quantity: &str, open_cost: &str, realised: &str) -> Position {
    Position { quantity: units(quantity), open_cost: money(open_cost), realised: money(realised) }
}

/// Trades without a fee from a position, with no cash at hand.
fn trade(from: Position, side: Side, quantity: &str, price: &str) -> Booking {
    book(side, &fill(quantity, price, 0, FeeAsset::Quote), 0, from, 0).expect("within all bounds")
}

/// Opening, adding, reducing and closing move cost and realised profit as the page says, on both sides.
#[test]
fn the_four_moves_of_a_position() {
    use Side::{Buy, Sell};
    let table = [
        //  from                          side  quantity price  to                              cash
        (("0", "0", "0"), Buy, "2", "100", ("2", "200", "0"), "-200"),
        (("2", "200", "0"), Buy, "1", "130", ("3", "330", "0"), "-130"),
        (("3", "330", "0"), Sell, "1", "150", ("2", "220", "40"), "150"),
        (("2", "220", "40"), Sell, "2", "100", ("0", "0", "20"), "200"),
        (("0", "0", "0"), Sell, "2", "100", ("-2", "-200", "0"), "200"),
        (("-2", "-200", "0"), Buy, "1", "90", ("-1", "-100", "10"), "-90"),
        (("-1", "-100", "10"), Buy, "3", "80", ("2", "160", "30"), "-240"),
        (("2", "160", "30"), Sell, "5", "-10", ("-3", "30", "-150"), "-50"),
    ];
    for (from, side, quantity, price, to, cash) in table {
        let booking = trade(position(from.0, from.1, from.2), side, quantity, price);
        assert_eq!(booking.position, position(to.0, to.1, to.2), "{side:?} {quantity} at {price}");
        assert_eq!(booking.cash, money(cash), "{side:?} {quantity} at {price}");
    }
}

/// The released share is rounded half to even at 1e-16, alike above and below zero.
#[test]
fn the_released_share_is_rounded_half_to_even() {
    let table = [
        // cost in 1e-16, part and whole in 1e-8, released
        (1, 1, 2, 0),
        (3, 1, 2, 2),
        (5, 1, 2, 2),
        (-1, 1, 2, 0),
        (-3, 1, 2, -2),
        (-5, 1, 2, -2),
        (7, 1, 4, 2),
        (-7, 1, 4, -2),
        (5, 1, 4, 1),
        (-5, 1, 4, -1),
        (10, 1, 3, 3),
        (-11, 1, 3, -4),
    ];
    for (cost, part, whole, released) in table {
        let from = Position { quantity: whole, open_cost: cost, realised: 0 };
        let sold = Fill { last_quantity: part, ..fill("1", "0", 0, FeeAsset::Quote) };
        let after = book(Side::Sell, &sold, 0, from, 0).expect("within all bounds").position;
        assert_eq!(
            (after.open_cost, after.realised),
            (cost - released, -released),
            "{cost} * {part} / {whole}"
        );
    }
}

/// A cost of 1e37 units times a part of 1e18 needs 256 bits and is still exact.
#[test]
fn a_product_past_128_bits_is_exact() {
    let from = Position { quantity: 9_000_000_000_000_000_000, open_cost: BOUND - 1, realised: 0 };
    let after = trade(from, Side::Sell, "10000000000", "0").position;
    // (1e37 - 1) / 9 is 1111111111111111111111111111111111111 exactly.
    assert_eq!(after.realised, -1_111_111_111_111_111_111_111_111_111_111_111_111);
    assert_eq!(after.open_cost, BOUND - 1 + after.realised);
}

/// A fill through zero closes all of the old cost, opens at its price and pays its fee once.
#[test]
fn a_flip_pays_one_quote_fee() {
    let sold = fill("5", "120", money("0.5"), FeeAsset::Quote);
    let booking = book(Side::Sell, &sold, money("1000"), position("2", "200", "0"), 0).expect("in bounds");
    assert_eq!(booking.position, position("-3", "-360", "40"));
    assert_eq!(booking.cash, money("1599.5"));
    assert_eq!((booking.deltas.cash, booking.deltas.realised), (money("599.5"), money("40")));
    assert_eq!(booking.deltas.position, i128::from(units("-5")));
}

/// A base fee leaves the cost alone until the position reaches or crosses zero, which realises what is left.
#[test]
fn a_base_fee_may_cross_zero() {
    let table = [
        // bought, fee, position after
        ("2", "0.5", ("1.5", "200", "0")),
        ("2", "2", ("0", "0", "-200")),
        ("2", "3", ("-1", "0", "-200")),
        ("2", "-1", ("3", "200", "0")),
    ];
    for (bought, fee, to) in table {
        let bought = fill(bought, "100", i128::from(units(fee)), FeeAsset::Base);
        let booking = book(Side::Buy, &bought, 0, FLAT, 0).expect("in bounds");
        assert_eq!(booking.position, position(to.0, to.1, to.2), "fee {fee}");
        assert_eq!(booking.cash, money("-200"), "fee {fee}");
    }
}

/// A base fee on a trade that ends flat opens a position without cost.
#[test]
fn a_base_fee_from_flat_opens_without_cost() {
    let sold = fill("2", "100", i128::from(units("0.25")), FeeAsset::Base);
    let booking = book(Side::Sell, &sold, 0, position("2", "200", "7"), 0).expect("in bounds");
    assert_eq!(booking.position, position("-0.25", "0", "7"));
}

/// Another asset's fee is only added up, and a total of zero is forgotten.
#[test]
fn other_fees_are_added_up() {
    let mut desk = Desk::new(0);
    desk.work(new_order("o1", Side::Buy, OrderType::Market, "3"));
    for (fee, total) in [("0.1", Some("0.1")), ("-0.3", Some("-0.2")), ("0.2", None)] {
        let bought = fill("1", "1", money(fee), FeeAsset::Other(id("BNB")));
        assert_eq!(desk.fill("o1", bought).deltas.cash, money("-1"));
        assert_eq!(desk.core.state().fees.get(&id("BNB")).copied(), total.map(money));
    }
}

/// Each bound holds to the last unit, and one unit more is refused.
#[test]
fn bounds_hold_to_the_last_unit() {
    let largest = i64::try_from(POSITION_BOUND).expect("a position fits 64 bits");
    let unit = |from: Position, side, price: &str, fee, asset, cash| {
        let one = Fill { last_quantity: 1, ..fill("1", price, fee, asset) };
        book(side, &one, cash, from, 0).is_some()
    };
    let long = |quantity, open_cost, realised| Position { quantity, open_cost, realised };
    assert!(unit(long(largest - 1, 0, 0), Side::Buy, "0", 0, FeeAsset::Quote, 0));
    assert!(!unit(long(largest, 0, 0), Side::Buy, "0", 0, FeeAsset::Quote, 0));
    assert!(unit(FLAT, Side::Buy, "0", BOUND, FeeAsset::Quote, 0));
    assert!(!unit(FLAT, Side::Buy, "0", BOUND, FeeAsset::Quote, -1));
    assert!(unit(long(1, BOUND - 1, 0), Side::Buy, "0.00000001", 0, FeeAsset::Quote, 0));
    assert!(!unit(long(1, BOUND, 0), Side::Buy, "0.00000001", 0, FeeAsset::Quote, 0));
    assert!(unit(long(1, 0, BOUND - 1), Side::Sell, "0.00000001", 0, FeeAsset::Quote, 0));
    assert!(!unit(long(1, 0, BOUND), Side::Sell, "0.00000001", 0, FeeAsset::Quote, 0));
    let other = || FeeAsset::Other(id("BNB"));
    assert!(book(Side::Buy, &fill("1", "0", 1, other()), 0, FLAT, BOUND - 1).is_some());
    assert!(book(Side::Buy, &fill("1", "0", 1, other()), 0, FLAT, BOUND).is_none());
}

/// Past 64 bits in the middle of a step is fine where the fee brings the position back within its bound.
#[test]
fn the_middle_of_a_step_has_no_bound() {
    let from = Position { quantity: i64::try_from(POSITION_BOUND).expect("fits"), open_cost: 0, realised: 0 };
    let bought = |fee| fill("10000000000", "0", i128::from(units(fee)), FeeAsset::Base);
    let after = book(Side::Buy, &bought("10000000000"), 0, from, 0).expect("in bounds at the end");
    assert_eq!(after.position, from);
    assert_eq!(book(Side::Buy, &bought("9999999999.99999999"), 0, from, 0), None);
}

/// An `out_of_range` fill is refused whole: the order, the money and the sequence stay.
#[test]
fn out_of_range_changes_nothing() {
    let mut desk = Desk::new(-BOUND);
    desk.work(new_order("o1", Side::Buy, OrderType::Market, "1"));
    let before = desk.core.state_digest();
    let result = desk.fill("o1", fill("1", "1", 0, FeeAsset::Quote));
    assert_eq!((result.code, result.deltas.cash, result.transition), (Code::OutOfRange, 0, None));
    assert_eq!(desk.core.state_digest(), before);
}

/// The middle of a quote is rounded half to even at 1e-8, on both sides of zero.
#[test]
fn the_middle_of_a_quote_is_half_even() {
    for (bid, ask, middle) in
        [(1, 2, 2), (2, 3, 2), (-1, -2, -2), (-2, -3, -2), (-1, 0, 0), (0, 1, 0), (3, 4, 4)]
    {
        let mut desk = Desk::new(0);
        assert_eq!(desk.send(EventType::Quote, Payload::Quote { bid, ask }).code, Code::Ok);
        assert_eq!(desk.core.state().marks.get(&support::symbol()), Some(&middle), "{bid} {ask}");
    }
}
