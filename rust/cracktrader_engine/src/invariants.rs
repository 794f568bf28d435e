//! The invariant checker: told each input and the core's answer, it keeps books of its own; see
//! `docs/runtime.md`, section 4.
//!
//! Promises: trusts nothing that the core counts; in strict mode a call that finds a violation changes
//! nothing. Does not: replay (the eighth invariant is the replay's). Costs: some look-ups an observation,
//! whatever the length of the run; a verification walks the state.

mod answer;
mod books;
mod legal_set;
mod observation;
mod snapshot;
mod sum;
mod verification;
mod violations;

pub use answer::{Answer, Claim, Item, RESULT, TRANSITION, TRANSITIONS_PLACE, read_digest};
pub use violations::{Violation, ViolationCode};

use crate::core::{State, Step};
use crate::domain::closed_set;
use books::Books;

closed_set!(
    /// What becomes of violations: raised, or collected.
    CheckerMode { Strict = "strict", Warn = "warn" }
);

/// How many violations are kept, by section 4 of `docs/runtime.md`; further ones are counted.
const KEPT_MAX: usize = 256;

/// The invariant checker.
#[derive(Clone, Debug)]
pub struct InvariantChecker {
    mode: CheckerMode,
    initial_cash: i128,
    books: Books,
    log: Log,
}

/// The violations that were collected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Log {
    kept: Vec<Violation>,
    count: u64,
}

impl InvariantChecker {
    /// A checker of a core that starts with this cash, in 1e-16.
    #[must_use]
    pub fn new(initial_cash: i128, mode: CheckerMode) -> Self {
        Self { mode, initial_cash, books: Books::new(initial_cash), log: Log::default() }
    }

    /// Back to the state as constructed.
    pub fn reset(&mut self) {
        *self = Self::new(self.initial_cash, self.mode);
    }

    /// Takes in a step, what the core answered, and the digest of its state after the step, if there is one.
    /// Gives the violations, which were collected.
    ///
    /// # Errors
    /// The violations, in strict mode.
    pub fn observe(
        &mut self,
        step: &Step,
        answer: &Answer,
        digest: Option<&str>,
    ) -> Result<Vec<Violation>, Vec<Violation>> {
        let found = observation::violations(&self.books, step, answer, digest);
        self.collect(&found)?;
        self.books.take(step, answer);
        self.books.remember(answer.is_applied(), digest);
        Ok(found)
    }

    /// Compares the books with the state of a core. Gives the differences, which were collected.
    ///
    /// # Errors
    /// The violations, in strict mode.
    pub fn verify(&mut self, state: &State) -> Result<Vec<Violation>, Vec<Violation>> {
        let found = verification::violations(&self.books, state);
        self.collect(&found)?;
        Ok(found)
    }

    /// The first violations that were collected, at most 256.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.log.kept
    }

    /// How many violations there were.
    #[must_use]
    pub const fn violation_count(&self) -> u64 {
        self.log.count
    }

    fn collect(&mut self, found: &[Violation]) -> Result<(), Vec<Violation>> {
        if self.mode == CheckerMode::Strict && !found.is_empty() {
            return Err(found.to_vec());
        }
        let room = KEPT_MAX - self.log.kept.len();
        self.log.kept.extend(found.iter().take(room).cloned());
        self.log.count += found.len() as u64;
        Ok(())
    }
}
