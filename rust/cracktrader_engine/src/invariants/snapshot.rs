//! Snapshots of the checker, and the way back.
//!
//! Promises: `restore` takes exactly what a checker would hand out; a refused one changes nothing. Does not:
//! ask whether a history leads there. Costs: proportional to the books.

use super::answer::is_digest;
use super::books::{BookOrder, BookPosition, Books};
use super::sum::Sum;
use super::{InvariantChecker, KEPT_MAX, Log, Violation, ViolationCode};
use crate::canonical_json::Json;
use crate::decimal::Decimal;
use crate::domain::{Identifier, Side, Status, Symbol};
use crate::error::Malformed;
use crate::numbers::{MONEY, MONEY_DECIMALS, UNIT_DECIMALS};
use crate::restore::Node;
use crate::snapshot::write_table;

impl InvariantChecker {
    /// The whole state as plain data.
    #[must_use]
    pub fn snapshot(&self) -> Json {
        write_state(&self.books, &self.log)
    }

    /// Replaces the whole state; the mode and what `reset` goes back to stay.
    ///
    /// # Errors
    /// `malformed_field` for anything but what a checker in some state would hand out.
    pub fn restore(&mut self, snapshot: Json) -> Result<(), Malformed> {
        let root = Node::root(&snapshot);
        let (books, log) = (read_books(root)?, read_log(root)?);
        if write_state(&books, &log).sorted() != snapshot.sorted() {
            return Err(Malformed::field(
                "the snapshot is not what a checker would hand out: look for keys it does not have, and \
                 decimals that are not canonical",
            ));
        }
        (self.books, self.log) = (books, log);
        Ok(())
    }
}

fn write_state(books: &Books, log: &Log) -> Json {
    Json::record([
        ("schema_version", Json::Int(1)),
        ("initial_cash", Json::text(Decimal::of(books.initial_cash, MONEY_DECIMALS).as_str())),
        ("cash", money(&books.cash)),
        ("last_seq_id", books.last_seq_id.map_or(Json::Null, Json::int)),
        ("positions", write_table(&books.positions, Symbol::as_str, write_position)),
        ("orders", write_table(&books.orders, Identifier::as_str, write_order)),
        ("digest", books.digest.as_ref().map_or(Json::Null, Json::text)),
        ("is_quiet", Json::Flag(books.is_quiet)),
        ("violations", Json::List(log.kept.iter().map(Violation::to_json).collect())),
        ("violation_count", Json::int(log.count)),
    ])
}

fn write_position(position: &BookPosition) -> Json {
    Json::record([
        ("quantity", unit(&position.quantity)),
        ("notional", money(&position.notional)),
        ("realised", money(&position.realised)),
    ])
}

fn write_order(order: &BookOrder) -> Json {
    Json::record([
        ("position", Json::text(order.position.as_str())),
        ("side", Json::name(order.side.name())),
        ("quantity", unit(&order.quantity)),
        ("cumulative", unit(&order.cumulative)),
        ("status", Json::name(order.status.name())),
    ])
}

fn unit(sum: &Sum) -> Json {
    Json::text(sum.text(UNIT_DECIMALS))
}

fn money(sum: &Sum) -> Json {
    Json::text(sum.text(MONEY_DECIMALS))
}

fn read_books(root: Node<'_>) -> Result<Books, Malformed> {
    let digest = |text: &str| is_digest(text).then(|| text.to_owned());
    Ok(Books {
        initial_cash: root.at("initial_cash")?.number(MONEY)?,
        cash: read_sum(root.at("cash")?, MONEY_DECIMALS)?,
        last_seq_id: root.at("last_seq_id")?.optional(Node::natural)?,
        positions: root.at("positions")?.table(Symbol::parse, read_position)?,
        orders: root.at("orders")?.table(Identifier::parse, read_order)?,
        digest: root
            .at("digest")?
            .optional(|node| node.parsed(digest, "64 lower-case hexadecimal digits, or null,"))?,
        is_quiet: root.at("is_quiet")?.flag()?,
    })
}

fn read_position(node: Node<'_>) -> Result<BookPosition, Malformed> {
    Ok(BookPosition {
        quantity: read_sum(node.at("quantity")?, UNIT_DECIMALS)?,
        notional: read_sum(node.at("notional")?, MONEY_DECIMALS)?,
        realised: read_sum(node.at("realised")?, MONEY_DECIMALS)?,
    })
}

fn read_order(node: Node<'_>) -> Result<BookOrder, Malformed> {
    Ok(BookOrder {
        position: node.at("position")?.parsed(Symbol::parse, "a position key")?,
        side: node.at("side")?.parsed(Side::parse, "a side")?,
        quantity: read_sum(node.at("quantity")?, UNIT_DECIMALS)?,
        cumulative: read_sum(node.at("cumulative")?, UNIT_DECIMALS)?,
        status: node.at("status")?.parsed(Status::parse, "a status")?,
    })
}

fn read_sum(node: Node<'_>, decimals: u32) -> Result<Sum, Malformed> {
    node.parsed(|text| Sum::parse(text, decimals), "a canonical decimal of at most 64 characters")
}

fn read_log(root: Node<'_>) -> Result<Log, Malformed> {
    let list = root.at("violations")?;
    let kept: Vec<_> = list.items()?.map(read_violation).collect::<Result<_, _>>()?;
    let log = Log { kept, count: root.at("violation_count")?.natural()?.unsigned_abs() };
    if log.kept.len() as u64 != log.count.min(KEPT_MAX as u64) {
        return Err(list.fault("the first violations, as many as were counted and at most 256"));
    }
    Ok(log)
}

fn read_violation(node: Node<'_>) -> Result<Violation, Malformed> {
    let text = |node: Node<'_>| node.parsed(|text| Some(text.to_owned()), "a text");
    let subject = |text: &str| {
        let is_known = Identifier::parse(text).is_some() || Symbol::parse(text).is_some();
        is_known.then(|| text.to_owned())
    };
    Ok(Violation {
        code: node.at("code")?.parsed(ViolationCode::parse, "a code of docs/runtime.md, section 4")?,
        subject: node
            .at("subject")?
            .optional(|node| node.parsed(subject, "an order id, a position key or null"))?,
        left: text(node.at("left")?)?,
        right: text(node.at("right")?)?,
    })
}
