//! One observation: a step and its answer held against the books, row by row of the page.

use super::answer::{Answer, Claim};
use super::books::{BookOrder, Books, FillEffect};
use super::legal_set::InputType;
use super::sum::Sum;
use super::violations::{Findings, Violation, ViolationCode, or_null};
use crate::core::Step;
use crate::decimal::Decimal;
use crate::domain::{Identifier, Status};
use crate::events::{Payload, Report};
use crate::intents::Intent;
use crate::numbers::{MONEY_DECIMALS, UNIT_DECIMALS};
use crate::results::{Code, Outcome};

/// The violations of a step, in the order of the rows.
pub(super) fn violations(
    books: &Books,
    step: &Step,
    answer: &Answer,
    digest: Option<&str>,
) -> Vec<Violation> {
    let observation = Observation { books, step, answer, order_id: named(step) };
    let mut findings = Findings::default();
    observation.check_sequence(&mut findings);
    observation.check_answer(&mut findings);
    let known = observation.check_order(&mut findings);
    observation.check_deltas(known, &mut findings);
    observation.check_refusal(&mut findings);
    observation.check_digest(digest, &mut findings);
    observation.check_terminal(known, &mut findings);
    findings.0
}

/// A step with all that is said of it.
struct Observation<'a> {
    books: &'a Books,
    step: &'a Step,
    answer: &'a Answer,
    order_id: Option<&'a Identifier>,
}

impl Observation<'_> {
    fn check_sequence(&self, findings: &mut Findings) {
        let seq_id = if let Step::Event(event) = self.step { Some(event.seq_id) } else { None };
        let sides = (self.answer.seq_id, seq_id);
        findings.compare(ViolationCode::SeqIdMismatch, None, sides, |seq_id| or_null(*seq_id));
        if let (Some(seq_id), Some(last), true) = (seq_id, self.books.last_seq_id, self.answer.is_applied())
            && seq_id <= last
        {
            findings.add(ViolationCode::SeqIdNotRising, None, seq_id, last);
        }
    }

    fn check_answer(&self, findings: &mut Findings) {
        let (answer, subject) = (self.answer, self.order_id.map(Identifier::as_str));
        if !goes_with(answer.outcome, answer.code) {
            findings.add(ViolationCode::CodeMismatch, None, answer.code.name(), answer.outcome.name());
        }
        let sides = (answer.order_id.as_ref(), self.order_id);
        findings.compare(ViolationCode::OrderIdMismatch, subject, sides, |order_id| or_null(*order_id));
        let wanted = usize::from(answer.is_applied() && self.order_id.is_some());
        let sides = (answer.transitions.len(), wanted);
        findings.compare(ViolationCode::TransitionCount, subject, sides, usize::to_string);
        for claim in &answer.transitions {
            let sides = (Some(&claim.order_id), self.order_id);
            let subject = Some(claim.order_id.as_str());
            findings.compare(ViolationCode::TransitionOrder, subject, sides, |order_id| or_null(*order_id));
        }
    }

    /// The rows about the order's first transition. Gives whether the order is as known as it should be.
    fn check_order(&self, findings: &mut Findings) -> bool {
        let Some(order_id) = self.order_id else { return true };
        let book = self.books.orders.get(order_id);
        let is_new = matches!(self.step, Step::Intent(Intent::PlaceOrder(_)));
        let claim = self.claim();
        if let Some(claim) = claim
            && is_new == book.is_some()
        {
            let (from, status) = (claim.from.map(Status::name), book.map(|book| book.status.name()));
            findings.add(
                ViolationCode::UnknownOrder,
                Some(order_id.as_str()),
                or_null(from),
                or_null(status),
            );
            return false;
        }
        if let Some(claim) = claim {
            self.check_status(claim, book.map(|book| book.status), findings);
            self.check_quantities(claim, book, findings);
        }
        is_new || book.is_some()
    }

    fn check_status(&self, claim: &Claim, status: Option<Status>, findings: &mut Findings) {
        let subject = Some(claim.order_id.as_str());
        let shown = |status: &Option<Status>| or_null(status.map(Status::name));
        findings.compare(ViolationCode::StatusMismatch, subject, (claim.from, status), shown);
        let input_type = InputType::of(self.step);
        if !input_type.leads(claim.from, claim.to) {
            let step = format!("{}>{}", shown(&claim.from), claim.to.name());
            findings.add(ViolationCode::IllegalTransition, subject, step, input_type.name());
        }
    }

    fn check_quantities(&self, claim: &Claim, book: Option<&BookOrder>, findings: &mut Findings) {
        let subject = Some(claim.order_id.as_str());
        let (reported, before) = (Sum::of(claim.cumulative), book.map(|book| book.cumulative.clone()));
        let (before, shown) = (before.unwrap_or_default(), |sum: &Sum| sum.text(UNIT_DECIMALS));
        if reported < before {
            findings.add(ViolationCode::CumulativeFalls, subject, shown(&reported), shown(&before));
        }
        let (quantity, cumulative) = self.quantities_after(book);
        let is_over = matches!(claim.to, Status::Cancelled | Status::Rejected | Status::Expired);
        let leaves = if is_over { Sum::default() } else { &quantity - &cumulative };
        findings.compare(ViolationCode::CumulativeMismatch, subject, (reported, cumulative), shown);
        findings.compare(ViolationCode::LeavesMismatch, subject, (Sum::of(claim.leaves), leaves), shown);
    }

    /// Quantity and cumulative of the books after the step.
    fn quantities_after(&self, book: Option<&BookOrder>) -> (Sum, Sum) {
        if let Step::Intent(Intent::PlaceOrder(new)) = self.step {
            return (Sum::of(new.quantity), Sum::default());
        }
        let Some(mut after) = book.cloned() else { return Default::default() };
        if let Some((_, report)) = self.report() {
            after.take_report(report);
        }
        (after.quantity, after.cumulative)
    }

    fn check_deltas(&self, known: bool, findings: &mut Findings) {
        if !self.answer.is_applied() {
            return;
        }
        let answer = self.answer;
        let (subject, cash, position) = self.expected_deltas();
        if known {
            let sides = (answer.cash_delta, cash);
            findings.compare(ViolationCode::CashDeltaMismatch, subject, sides, |units| {
                shown(*units, MONEY_DECIMALS)
            });
            let sides = (answer.position_delta, position);
            findings.compare(ViolationCode::PositionDeltaMismatch, subject, sides, |units| {
                shown(*units, UNIT_DECIMALS)
            });
        }
        if !matches!(self.report(), Some((_, Report::Fill(_)))) {
            let sides = (answer.realised_delta, 0);
            findings.compare(ViolationCode::RealisedDeltaMismatch, None, sides, |units| {
                shown(*units, MONEY_DECIMALS)
            });
        }
    }

    /// The position key, what cash moves and what the position moves, by the books alone.
    fn expected_deltas(&self) -> (Option<&str>, i128, i128) {
        if let Some((order_id, Report::Fill(fill))) = self.report() {
            let Some(book) = self.books.orders.get(order_id) else { return (None, 0, 0) };
            let effect = FillEffect::of(book.side, fill);
            return (Some(book.position.as_str()), effect.cash, effect.quantity);
        }
        match self.step {
            Step::Event(event) => (None, adjustment(&event.payload), 0),
            Step::Intent(_) => (None, 0, 0),
        }
    }

    fn check_refusal(&self, findings: &mut Findings) {
        let effect = self.answer.first_effect().filter(|_| !self.answer.is_applied());
        if let Some(effect) = effect {
            findings.add(ViolationCode::RefusalWithEffect, None, effect, 0);
        }
    }

    fn check_digest(&self, digest: Option<&str>, findings: &mut Findings) {
        let is_quiet = self.books.is_quiet && !self.answer.is_applied();
        if let (Some(new), Some(old), true) = (digest, self.books.digest.as_deref(), is_quiet) {
            findings.compare(ViolationCode::DigestChanged, None, (new, old), |digest| (*digest).to_owned());
        }
    }

    fn check_terminal(&self, known: bool, findings: &mut Findings) {
        let Some(claim) = self.claim().filter(|_| known) else { return };
        let Some(from) = claim.from.filter(|from| is_terminal(*from)) else { return };
        let subject = Some(claim.order_id.as_str());
        findings.compare(ViolationCode::TerminalLeft, subject, (claim.to, from), |status| {
            status.name().to_owned()
        });
    }

    /// The first transition, where the step is applied and the transition is of the step's order.
    fn claim(&self) -> Option<&Claim> {
        self.order_id.filter(|_| self.answer.is_applied()).and_then(|order_id| self.answer.first_of(order_id))
    }

    fn report(&self) -> Option<(&Identifier, &Report)> {
        match self.step {
            Step::Event(event) => match &event.payload {
                Payload::Report { order_id, report } => Some((order_id, report)),
                _ => None,
            },
            Step::Intent(_) => None,
        }
    }
}

const fn adjustment(payload: &Payload) -> i128 {
    if let Payload::CashAdjustment { amount, .. } = payload { *amount } else { 0 }
}

/// The order that a step names.
fn named(step: &Step) -> Option<&Identifier> {
    match step {
        Step::Event(event) => event.payload.order_id(),
        Step::Intent(intent) => intent.order_id(),
    }
}

const fn goes_with(outcome: Outcome, code: Code) -> bool {
    match outcome {
        Outcome::Applied => matches!(code, Code::Ok),
        Outcome::Duplicate => matches!(code, Code::DuplicateEvent),
        Outcome::Rejected => !matches!(code, Code::Ok | Code::DuplicateEvent),
    }
}

const fn is_terminal(status: Status) -> bool {
    matches!(status, Status::Cancelled | Status::Rejected | Status::Expired | Status::Filled)
}

fn shown(units: i128, decimals: u32) -> String {
    Decimal::of(units, decimals).as_str().to_owned()
}
