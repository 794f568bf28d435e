//! The verification: a core's whole state held against the books, row by row of the page.

use std::collections::BTreeSet;

use super::books::{BookOrder, BookPosition, Books};
use super::sum::Sum;
use super::violations::{Findings, Violation, ViolationCode, or_null};
use crate::accounting::Position;
use crate::core::State;
use crate::domain::Symbol;
use crate::numbers::{MONEY_DECIMALS, UNIT_DECIMALS};
use crate::orders::Order;

/// The differences between a state and the books, in the order of the rows, within one by subject.
pub(super) fn violations(books: &Books, state: &State) -> Vec<Violation> {
    let mut findings = Findings::default();
    let sides = (state.last_seq_id, books.last_seq_id);
    findings.compare(ViolationCode::LastSeqIdMismatch, None, sides, |seq_id| or_null(*seq_id));
    compare_orders(books, state, &mut findings);
    let sides = (Sum::of(state.cash), books.cash.clone());
    findings.compare(ViolationCode::CashMismatch, None, sides, money);
    compare_positions(books, state, &mut findings);
    findings.0
}

fn compare_orders(books: &Books, state: &State, findings: &mut Findings) {
    let ids = state.orders.sorted().into_iter().map(|(id, _)| id);
    let ids: BTreeSet<_> = ids.chain(books.orders.sorted().into_iter().map(|(id, _)| id)).collect();
    let mut both = Vec::new();
    for id in ids {
        let (order, book) = (state.orders.get(id), books.orders.get(id));
        let sides = (order.is_some(), book.is_some());
        findings.compare(ViolationCode::OrderMissing, Some(id.as_str()), sides, presence);
        both.extend(order.zip(book).map(|sides| (id.as_str(), sides)));
    }
    let mut row = |code, part: fn((&Order, &BookOrder)) -> (String, String)| {
        for (id, sides) in &both {
            findings.compare(code, Some(id), part(*sides), String::clone);
        }
    };
    row(ViolationCode::OrderStatusMismatch, |(order, book)| {
        (order.state.status().name().to_owned(), book.status.name().to_owned())
    });
    row(ViolationCode::OrderQuantityMismatch, |(order, book)| {
        (unit(&Sum::of(order.state.quantity)), unit(&book.quantity))
    });
    row(ViolationCode::OrderCumulativeMismatch, |(order, book)| {
        (unit(&Sum::of(order.state.cumulative)), unit(&book.cumulative))
    });
}

fn compare_positions(books: &Books, state: &State, findings: &mut Findings) {
    let keys = state.positions.sorted().into_iter().map(|(key, _)| key);
    let keys: BTreeSet<&Symbol> =
        keys.chain(books.positions.sorted().into_iter().map(|(key, _)| key)).collect();
    let sides: Vec<(&str, Position, BookPosition)> = keys
        .into_iter()
        .map(|key| {
            let position = state.positions.get(key).copied().unwrap_or_default();
            (key.as_str(), position, books.positions.get(key).cloned().unwrap_or_default())
        })
        .collect();
    for (key, position, book) in &sides {
        let sides = (Sum::of(position.quantity), book.quantity.clone());
        findings.compare(ViolationCode::PositionMismatch, Some(key), sides, unit);
    }
    for (key, position, book) in &sides {
        let sides = (Sum::of(position.realised), book.realised.clone());
        findings.compare(ViolationCode::RealisedMismatch, Some(key), sides, money);
    }
    for (key, position, book) in &sides {
        let mut sum = book.notional.clone();
        sum += position.realised - position.open_cost;
        findings.compare(ViolationCode::ValueNotConserved, Some(key), (sum, Sum::default()), money);
    }
}

// `compare` shows what it is given by reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn presence(is_present: &bool) -> String {
    (if *is_present { "present" } else { "absent" }).to_owned()
}

fn unit(sum: &Sum) -> String {
    sum.text(UNIT_DECIMALS)
}

fn money(sum: &Sum) -> String {
    sum.text(MONEY_DECIMALS)
}
