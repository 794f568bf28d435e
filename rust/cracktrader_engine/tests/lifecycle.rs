//! Sections 3 to 5 of `docs/engine.md` as one table: what each report makes of an order in each situation.

mod support;

use cracktrader_engine::domain::{FeeAsset, OrderType, Side};
use cracktrader_engine::events::{Amendment, EventType, Report};
use cracktrader_engine::intents::Intent;
use cracktrader_engine::results::{Code, StepResult};
use support::{Desk, NOTHING_NAMED, fill, id, new_order, units};

/// Cells are statuses or codes. The order is a stop-limit one for 1; `partial`, `expired` and `replace` have
/// 0.5 filled; `cancel` waits for a cancel, `replace` for a replace, `late` for a cancel although all of it
/// is filled.
const TABLE: &str = "
report           created   submitted working  partial filled  cancelled rejected expired cancel   replace  late
submitted        SUBMITTED illegal   illegal  illegal illegal illegal   illegal  illegal illegal  illegal  illegal
accepted         illegal   ACCEPTED  illegal  illegal illegal illegal   illegal  illegal illegal  illegal  illegal
rejected         REJECTED  REJECTED  REJECTED illegal illegal illegal   illegal  illegal REJECTED illegal  illegal
triggered        illegal   illegal   ACCEPTED PARTIAL illegal illegal   illegal  illegal CANCEL_  REPLACE_ illegal
fill             early     early     PARTIAL  PARTIAL over    CANCEL    fill_on  EXPIRED CANCEL_  REPLACE_ over
cancel_pending   CANCEL_   CANCEL_   CANCEL_  CANCEL_ closed  closed    closed   closed  CANCEL_  CANCEL_  CANCEL_
cancelled        illegal   CANCEL    CANCEL   CANCEL  closed  closed    closed   closed  CANCEL   CANCEL   FILLED
cancel_rejected  nothing   nothing   nothing  nothing nothing nothing   nothing  nothing ACCEPTED nothing  FILLED
replace_pending  nothing   nothing   nothing  nothing nothing nothing   nothing  nothing nothing  REPLACE_ nothing
replaced         nothing   nothing   nothing  nothing nothing nothing   nothing  nothing nothing  PARTIAL  nothing
replace_rejected nothing   nothing   nothing  nothing nothing nothing   nothing  nothing nothing  PARTIAL  nothing
restated         illegal   illegal   ACCEPTED PARTIAL illegal illegal   illegal  illegal CANCEL_  REPLACE_ illegal
expired          illegal   illegal   EXPIRED  EXPIRED closed  closed    closed   closed  EXPIRED  EXPIRED  illegal
";

/// The words of the table that are shorter than what they stand for.
const WORDS: [(&str, &str); 10] = [
    ("illegal", "illegal_transition"),
    ("early", "fill_before_acceptance"),
    ("over", "overfill"),
    ("fill_on", "fill_on_rejected"),
    ("closed", "order_closed"),
    ("nothing", "nothing_pending"),
    ("PARTIAL", "PARTIALLY_FILLED"),
    ("CANCEL", "CANCELLED"),
    ("CANCEL_", "CANCEL_PENDING"),
    ("REPLACE_", "REPLACE_PENDING"),
];

/// A desk with the order `o1` in a situation of the table.
fn desk_in(situation: &str) -> Desk {
    let mut desk = Desk::new(0);
    assert_eq!(desk.place(new_order("o1", Side::Buy, OrderType::StopLimit, "1")).code, Code::Ok);
    let steps: &[&str] = match situation {
        "created" => &[],
        "submitted" => &["order_submitted"],
        "working" => &["order_submitted", "order_accepted"],
        "partial" => &["order_submitted", "order_accepted", "0.5"],
        "filled" => &["order_submitted", "order_accepted", "1"],
        "cancelled" => &["order_submitted", "order_accepted", "order_cancelled"],
        "rejected" => &["order_submitted", "order_rejected"],
        "expired" => &["order_submitted", "order_accepted", "0.5", "order_expired"],
        "cancel" => &["order_submitted", "order_accepted", "cancel_order"],
        "replace" => &["order_submitted", "order_accepted", "0.5", "replace_order"],
        "late" => &["order_submitted", "order_accepted", "cancel_order", "1"],
        other => panic!("{other} is no situation of the table"),
    };
    for step in steps {
        assert_eq!(do_step(&mut desk, step).code, Code::Ok, "{situation}: {step}");
    }
    desk
}

fn do_step(desk: &mut Desk, step: &str) -> StepResult {
    match step {
        "cancel_order" => desk.ask(Intent::CancelOrder { order_id: id("o1") }),
        "replace_order" => {
            let amendment = Amendment { quantity: Some(units("3")), ..NOTHING_NAMED };
            desk.ask(Intent::ReplaceOrder { order_id: id("o1"), amendment })
        }
        name => match EventType::parse(name) {
            Some(event_type) => desk.notice("o1", event_type),
            None => desk.fill("o1", fill(name, "100", 0, FeeAsset::Quote)),
        },
    }
}

fn send(desk: &mut Desk, report: &str) -> StepResult {
    let event_type = EventType::parse(&format!("order_{report}")).expect("a report");
    let said = match event_type {
        EventType::OrderFill => Report::Fill(fill("0.25", "100", 0, FeeAsset::Quote)),
        EventType::OrderReplaced => Report::Replaced(NOTHING_NAMED),
        EventType::OrderRestated => Report::Restated(units("2")),
        _ => Report::Notice(None),
    };
    desk.tell("o1", event_type, said)
}

/// Each of the 143 cells is what the core answers; a refusal leaves the digest alone.
#[test]
fn every_report_in_every_situation() {
    let mut rows =
        TABLE.lines().filter(|line| !line.is_empty()).map(|line| line.split_whitespace().collect());
    let situations: Vec<&str> = rows.next().expect("a head");
    for row in rows {
        assert_eq!(row.len(), situations.len(), "{row:?}");
        for (situation, cell) in situations.iter().zip(&row).skip(1) {
            let expected = WORDS.iter().find(|(word, _)| word == cell).map_or(*cell, |(_, name)| name);
            let mut desk = desk_in(situation);
            let before = desk.core.state_digest();
            let result = send(&mut desk, row[0]);
            let found = result.transition.map_or(result.code.name(), |step| step.to.name());
            assert_eq!(found, expected, "{} when {situation}", row[0]);
            // An applied event moves `last_seq_id` at the least.
            assert_eq!(
                result.code != Code::Ok,
                desk.core.state_digest() == before,
                "{} when {situation}",
                row[0]
            );
        }
    }
}

/// A replace never goes below what is filled: the order is then filled, and its quantity is what was filled.
#[test]
fn a_replace_below_the_filled_quantity_fills_the_order() {
    let mut desk = desk_in("replace");
    let accepted = Amendment { quantity: Some(units("0.25")), ..NOTHING_NAMED };
    let step = desk.tell("o1", EventType::OrderReplaced, Report::Replaced(accepted)).transition;
    let step = step.expect("an applied report");
    assert_eq!((step.to.name(), step.cumulative, step.leaves), ("FILLED", units("0.5"), 0));
}

/// Requests are refused with the first code of their row that applies.
#[test]
fn requests_are_refused_in_order() {
    let cancel = || Intent::CancelOrder { order_id: id("o1") };
    let replace = |amendment| Intent::ReplaceOrder { order_id: id("o1"), amendment };
    let price = Amendment { limit_price: Some(units("100")), ..NOTHING_NAMED };
    assert_eq!(Desk::new(0).ask(cancel()).code, Code::UnknownOrder);
    assert_eq!(desk_in("filled").ask(cancel()).code, Code::OrderClosed);
    assert_eq!(desk_in("late").ask(cancel()).code, Code::CancelAlreadyPending);
    assert_eq!(desk_in("replace").ask(cancel()).code, Code::Ok);
    assert_eq!(desk_in("cancel").ask(replace(NOTHING_NAMED)).code, Code::CancelAlreadyPending);
    assert_eq!(desk_in("replace").ask(replace(NOTHING_NAMED)).code, Code::ReplaceAlreadyPending);
    assert_eq!(desk_in("working").ask(replace(NOTHING_NAMED)).code, Code::NothingToChange);
    assert_eq!(desk_in("working").ask(replace(price)).code, Code::NothingToChange);
    let mut desk = Desk::new(0);
    desk.work(new_order("o1", Side::Buy, OrderType::Market, "1"));
    assert_eq!(desk.ask(replace(price)).code, Code::PriceMismatch);
}

/// Live reduce-only orders of one side share the position among them.
#[test]
fn reduce_only_orders_share_the_position() {
    let mut desk = Desk::new(0);
    let reduce = |order_id, side, quantity| {
        let mut order = new_order(order_id, side, OrderType::Limit, quantity);
        order.reduce_only = true;
        order
    };
    assert_eq!(desk.place(reduce("o1", Side::Sell, "1")).code, Code::ReduceOnlyViolation);
    desk.work(new_order("o2", Side::Buy, OrderType::Market, "3"));
    assert_eq!(desk.fill("o2", fill("3", "10", 0, FeeAsset::Quote)).code, Code::Ok);
    assert_eq!(desk.place(reduce("o1", Side::Buy, "1")).code, Code::ReduceOnlyViolation);
    assert_eq!(desk.place(reduce("o1", Side::Sell, "2")).code, Code::Ok);
    assert_eq!(desk.place(reduce("o3", Side::Sell, "1.00000001")).code, Code::ReduceOnlyViolation);
    assert_eq!(desk.place(reduce("o3", Side::Sell, "1")).code, Code::Ok);
}
