//! The invariant checker: an honest core is believed, and every lie is told by its rows and by no other.

mod support;

use cracktrader_engine::canonical_json::Json;
use cracktrader_engine::core::{DeterministicCore, Step};
use cracktrader_engine::domain::{AdjustmentReason, FeeAsset, OrderType, Side, Status};
use cracktrader_engine::events::{EventType, Payload, Report};
use cracktrader_engine::intents::Intent;
use cracktrader_engine::invariants::{
    Answer, CheckerMode, Claim, InvariantChecker, Violation, ViolationCode,
};
use cracktrader_engine::results::{Code, Outcome, StepResult};
use proptest::prelude::*;
use support::{event, fill, id, money, new_order, report, units};

/// What a core answered, as the checker is told it.
fn told(result: &StepResult) -> Answer {
    let claim = result.order_id.as_ref().zip(result.transition).map(|(order_id, step)| Claim {
        order_id: order_id.clone(),
        from: step.from,
        to: step.to,
        cumulative: step.cumulative,
        leaves: step.leaves,
    });
    Answer {
        outcome: result.code.outcome(),
        code: result.code,
        seq_id: result.seq_id,
        order_id: result.order_id.clone(),
        transitions: claim.into_iter().collect(),
        cash_delta: result.deltas.cash,
        position_delta: result.deltas.position,
        realised_delta: result.deltas.realised,
    }
}

fn placed(order_id: &str) -> Step {
    Step::Intent(Intent::PlaceOrder(Box::new(new_order(order_id, Side::Buy, OrderType::Limit, "3"))))
}

fn reported(seq_id: i64, event_type: EventType, said: Report) -> Step {
    Step::Event(report(seq_id, "o1", event_type, said))
}

fn noticed(seq_id: i64, event_type: EventType) -> Step {
    reported(seq_id, event_type, Report::Notice(None))
}

fn filled(seq_id: i64, quantity: &str) -> Step {
    let fill = fill(quantity, "10", money("0.25"), FeeAsset::Quote);
    reported(seq_id, EventType::OrderFill, Report::Fill(fill))
}

fn adjusted(seq_id: i64) -> Step {
    let payload = Payload::CashAdjustment { amount: money("5"), reason: AdjustmentReason::Deposit };
    Step::Event(event(seq_id, EventType::CashAdjustment, payload, Some("k")))
}

/// A run with an applied, a duplicate and a rejected step, and an order on its way through many statuses.
fn run() -> Vec<Step> {
    vec![
        adjusted(1),
        adjusted(2),
        placed("o1"),
        placed("o1"),
        noticed(3, EventType::OrderSubmitted),
        noticed(4, EventType::OrderAccepted),
        filled(5, "1"),
        Step::Intent(Intent::CancelOrder { order_id: id("o1") }),
        noticed(6, EventType::OrderCancelPending),
        filled(7, "1.5"),
        noticed(8, EventType::OrderCancelled),
        filled(9, "0.25"),
        filled(10, "9"),
    ]
}

/// A core and a checker that were told all of a run; the digests are told too.
fn after(steps: &[Step], mode: CheckerMode) -> (DeterministicCore, InvariantChecker) {
    let mut core = DeterministicCore::new(money("1000"));
    let mut checker = InvariantChecker::new(money("1000"), mode);
    for step in steps {
        let result = core.step(step.clone());
        let digest = core.state_digest();
        assert_eq!(checker.observe(step, &told(&result), Some(&digest)), Ok(vec![]), "{step:?}");
    }
    (core, checker)
}

fn codes(found: &[Violation]) -> Vec<&'static str> {
    found.iter().map(|violation| violation.code.name()).collect()
}

/// What an honest core answers breaks nothing, step by step and at the end.
#[test]
fn an_honest_core_is_believed() {
    let (core, mut checker) = after(&run(), CheckerMode::Strict);
    assert_eq!(checker.verify(core.state()), Ok(vec![]));
    assert_eq!(checker.violation_count(), 0);
}

/// Each single lie about an answer is found by the rows that it breaks, in their order.
#[test]
fn each_lie_is_found_by_its_rows() {
    type Lie = fn(&mut Answer);
    let lies: &[(Lie, &str)] = &[
        (|answer| answer.seq_id = None, "seq_id_mismatch"),
        (|answer| answer.code = Code::Overfill, "code_mismatch"),
        (|answer| answer.order_id = None, "order_id_mismatch"),
        (|answer| answer.transitions.clear(), "transition_count"),
        (|answer| answer.transitions[0].order_id = id("o2"), "transition_order"),
        (
            |answer| answer.transitions.push(Claim { order_id: id("o2"), ..answer.transitions[0].clone() }),
            "transition_count transition_order",
        ),
        (|answer| answer.transitions[0].from = Some(Status::Accepted), "status_mismatch"),
        (|answer| answer.transitions[0].from = None, "status_mismatch illegal_transition"),
        (|answer| answer.transitions[0].to = Status::Expired, "illegal_transition leaves_mismatch"),
        (|answer| answer.transitions[0].cumulative = 0, "cumulative_falls cumulative_mismatch"),
        (|answer| answer.transitions[0].cumulative += 1, "cumulative_mismatch"),
        (|answer| answer.transitions[0].leaves = 0, "leaves_mismatch"),
        (|answer| answer.cash_delta += 1, "cash_delta_mismatch"),
        (|answer| answer.position_delta = 0, "position_delta_mismatch"),
        (
            |answer| (answer.outcome, answer.code) = (Outcome::Rejected, Code::Overfill),
            "transition_count refusal_with_effect",
        ),
        (
            |answer| answer.transitions[0].from = Some(Status::Filled),
            "status_mismatch illegal_transition terminal_left",
        ),
    ];
    for (lie, expected) in lies {
        let (mut core, mut checker) = after(&run()[..7], CheckerMode::Warn);
        let step = filled(6, "1");
        let mut answer = told(&core.step(step.clone()));
        lie(&mut answer);
        let found = checker.observe(&step, &answer, None).expect("warned of, not raised");
        assert_eq!(codes(&found).join(" "), *expected, "{answer:?}");
    }
}

/// The rows that need another step than a fill, or two.
#[test]
fn the_other_rows_are_found() {
    let quiet = || Answer {
        transitions: vec![],
        ..told(&DeterministicCore::new(0).step(Step::Intent(Intent::NoOp)))
    };
    let no_op = Step::Intent(Intent::NoOp);
    let (mut core, mut checker) = after(&run()[..7], CheckerMode::Warn);
    let answer = Answer { realised_delta: 1, ..quiet() };
    let found = checker.observe(&no_op, &answer, None).expect("warned of");
    assert_eq!(codes(&found), ["realised_delta_mismatch"]);

    let unknown = noticed(6, EventType::OrderSubmitted);
    let mut books_without = InvariantChecker::new(0, CheckerMode::Warn);
    let mut answer = told(&core.step(placed("o1")));
    (answer.outcome, answer.code, answer.seq_id, answer.cash_delta) =
        (Outcome::Applied, Code::Ok, Some(6), 7);
    let claim = Claim { order_id: id("o1"), from: None, to: Status::Created, cumulative: 9, leaves: 9 };
    answer.transitions = vec![claim];
    let found = books_without.observe(&unknown, &answer, None).expect("warned of");
    assert_eq!(codes(&found), ["unknown_order"], "the later rows and those of cash are skipped");

    let applied = Answer { seq_id: Some(5), ..quiet() };
    let step = Step::Event(event(5, EventType::Timer, Payload::Timer { name: id("t") }, None));
    assert_eq!(codes(&checker.observe(&step, &applied, None).expect("warned of")), ["seq_id_not_rising"]);

    let refused = Answer { outcome: Outcome::Rejected, code: Code::Overfill, ..quiet() };
    let (one, other) = ("0".repeat(64), "1".repeat(64));
    assert_eq!(checker.observe(&no_op, &refused, Some(&one)), Ok(vec![]));
    assert_eq!(checker.observe(&no_op, &refused, None), Ok(vec![]));
    let found = checker.observe(&no_op, &refused, Some(&other)).expect("warned of");
    assert_eq!(codes(&found), ["digest_changed"]);
    assert_eq!(checker.observe(&no_op, &quiet(), Some(&one)), Ok(vec![]), "an applied step may change it");
}

/// One fault shows once: after it the books go on with their own numbers and the reported status.
#[test]
fn one_fault_shows_once() {
    let (mut core, mut checker) = after(&run()[..6], CheckerMode::Warn);
    for (place, step) in run()[6..].iter().enumerate() {
        let mut answer = told(&core.step(step.clone()));
        if place == 0 {
            answer.cash_delta += 1;
            answer.transitions[0].cumulative += 1;
        }
        let found = checker.observe(step, &answer, None).expect("warned of");
        let expected: &[_] = if place == 0 { &["cumulative_mismatch", "cash_delta_mismatch"] } else { &[] };
        assert_eq!(codes(&found), expected, "{step:?}");
    }
    assert_eq!(checker.verify(core.state()), Ok(vec![]));
}

/// A verification names what differs, row by row and then by subject.
#[test]
fn a_verification_names_what_differs() {
    let (core, _) = after(&run(), CheckerMode::Strict);
    let mut fresh = InvariantChecker::new(money("1000"), CheckerMode::Warn);
    let found = fresh.verify(core.state()).expect("warned of");
    let shown: Vec<_> = found
        .iter()
        .map(|each| {
            format!("{} {:?} {} {}", each.code.name(), each.subject.as_deref(), each.left, each.right)
        })
        .collect();
    let expected = [
        "last_seq_id_mismatch None 9 null",
        "order_missing Some(\"o1\") present absent",
        "cash_mismatch None 976.75 1000",
        "position_mismatch Some(\"V:I\") 2.75 0",
        "value_not_conserved Some(\"V:I\") -27.5 0",
    ];
    assert_eq!(shown, expected);

    let (_, mut busy) = after(&run(), CheckerMode::Warn);
    let found = busy.verify(after(&run()[..7], CheckerMode::Strict).0.state()).expect("warned of");
    let expected = [
        "last_seq_id_mismatch",
        "order_status_mismatch",
        "order_cumulative_mismatch",
        "cash_mismatch",
        "position_mismatch",
        "value_not_conserved",
    ];
    assert_eq!(codes(&found), expected);
}

/// In strict mode the violations are raised together, and the checker is as before the call.
#[test]
fn strict_mode_changes_nothing() {
    let (mut core, mut checker) = after(&run()[..7], CheckerMode::Strict);
    let before = checker.snapshot();
    let step = filled(6, "1");
    let answer = Answer { cash_delta: 0, seq_id: None, ..told(&core.step(step.clone())) };
    let raised = checker.observe(&step, &answer, Some(&"0".repeat(64))).expect_err("two violations");
    assert_eq!(codes(&raised), ["seq_id_mismatch", "cash_delta_mismatch"]);
    assert_eq!(checker.verify(core.state()).map_err(|raised| raised.is_empty()), Err(false));
    assert_eq!(checker.snapshot(), before);
}

/// The first 256 violations are kept, and all of them are counted.
#[test]
fn the_log_is_bounded() {
    let mut checker = InvariantChecker::new(0, CheckerMode::Warn);
    let honest = told(&DeterministicCore::new(0).step(Step::Intent(Intent::NoOp)));
    for seq_id in 0..300 {
        let lie = Answer { seq_id: Some(seq_id), ..honest.clone() };
        assert_eq!(checker.observe(&Step::Intent(Intent::NoOp), &lie, None).map(|found| found.len()), Ok(1));
    }
    assert_eq!((checker.violations().len(), checker.violation_count()), (256, 300));
    assert_eq!(checker.violations()[255].left, "255");
    let snapshot = checker.snapshot();
    checker.reset();
    assert_eq!(checker.violation_count(), 0);
    checker.restore(snapshot.clone()).expect("what a checker handed out");
    assert_eq!(checker.snapshot(), snapshot);
}

/// Puts a value at a path of keys; a key that is not there is added.
fn put(data: &mut Json, path: &[&str], value: Json) {
    let ([key, rest @ ..], Json::Map(entries)) = (path, &mut *data) else {
        *data = value;
        return;
    };
    match entries.iter_mut().find(|(name, _)| name == key) {
        Some((_, inner)) => put(inner, rest, value),
        None => entries.push(((*key).to_owned().into(), value)),
    }
}

/// A snapshot is taken back, with sums far past 128 bits too; what no checker could hand out is refused.
#[test]
fn a_changed_snapshot_is_refused() {
    let (_, mut checker) = after(&run(), CheckerMode::Strict);
    let longest = "9".repeat(64);
    for path in [&["cash"][..], &["positions", "V:I", "quantity"], &["orders", "o1", "cumulative"]] {
        let mut other = checker.snapshot();
        put(&mut other, path, Json::text(&longest));
        checker.restore(other.clone()).expect("64 characters are legal");
        assert_eq!(checker.snapshot(), other);
    }
    let (_, mut checker) = after(&run(), CheckerMode::Strict);
    let before = checker.snapshot();
    let violation = Violation {
        code: ViolationCode::CashMismatch,
        subject: None,
        left: "1".to_owned(),
        right: "2".to_owned(),
    };
    let mut misnumbered = violation.to_json();
    put(&mut misnumbered, &["number"], Json::Int(5));
    let changes: Vec<(&[&str], Json)> = vec![
        (&["schema_version"], Json::Int(2)),
        (&["colour"], Json::Null),
        (&["initial_cash"], Json::text("1000000000000000000001")),
        (&["cash"], Json::text("1.0")),
        (&["cash"], Json::text("-0")),
        (&["cash"], Json::text("9".repeat(65))),
        (&["last_seq_id"], Json::Int(-1)),
        (&["positions", "VI"], Json::Map(vec![])),
        (&["positions", "V:I", "notional"], Json::Int(0)),
        (&["orders", "o1", "status"], Json::text("filled")),
        (&["orders", "o1", "position"], Json::text("VI")),
        (&["orders", "o1", "quantity"], Json::text("0.000000001")),
        (&["digest"], Json::text("A".repeat(64))),
        (&["is_quiet"], Json::Null),
        (&["violation_count"], Json::Int(1)),
        (&["violations"], Json::List(vec![violation.to_json()])),
        (&["violations"], Json::List(vec![misnumbered])),
    ];
    for (path, value) in changes {
        let mut other = before.clone();
        put(&mut other, path, value.clone());
        let fault = checker.restore(other).expect_err(&format!("{path:?} as {value:?}"));
        assert_eq!(fault.code.name(), "malformed_field", "{path:?}");
        assert_eq!(checker.snapshot(), before, "{path:?}");
    }
}

fn any_claim() -> impl Strategy<Value = Claim> {
    let order_id = prop::sample::select(vec!["o1", "o2"]);
    let status = || prop::sample::select(Status::ALL);
    (order_id, prop::option::of(status()), status(), 0..=units("4"), 0..=units("4")).prop_map(
        |(order_id, from, to, cumulative, leaves)| Claim {
            order_id: id(order_id),
            from,
            to,
            cumulative,
            leaves,
        },
    )
}

fn any_answer() -> impl Strategy<Value = Answer> {
    let order_id = prop::option::of(prop::sample::select(vec!["o1", "o2"]).prop_map(id));
    let named = (prop::sample::select(Outcome::ALL), prop::sample::select(Code::ALL), order_id);
    let deltas = (-2..3_i128, -2..3_i128, -2..3_i128);
    (named, prop::option::of(0..12_i64), prop::collection::vec(any_claim(), 0..3), deltas).prop_map(
        |((outcome, code, order_id), seq_id, transitions, (cash_delta, position_delta, realised_delta))| {
            Answer {
                outcome,
                code,
                seq_id,
                order_id,
                transitions,
                cash_delta,
                position_delta,
                realised_delta,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a core may claim, the checker keeps going, and it can be handed over at any step.
    #[test]
    fn any_claim_is_survived(
        answers in prop::collection::vec((0..13_usize, any_answer(), prop::option::of(any::<bool>())), 0..30),
    ) {
        let (steps, digests) = (run(), ["0".repeat(64), "1".repeat(64)]);
        let mut checker = InvariantChecker::new(0, CheckerMode::Warn);
        let mut relayed = checker.clone();
        for (place, answer, digest) in answers {
            let digest = digest.map(|one| digests[usize::from(one)].as_str());
            let found = checker.observe(&steps[place], &answer, digest);
            let snapshot = relayed.snapshot();
            relayed = InvariantChecker::new(7, CheckerMode::Warn);
            relayed.restore(snapshot).expect("what a checker handed out");
            prop_assert_eq!(&relayed.observe(&steps[place], &answer, digest), &found);
            prop_assert!(found.is_ok());
        }
        prop_assert_eq!(checker.snapshot(), relayed.snapshot());
    }
}
