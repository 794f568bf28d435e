//! The core of a test build: the plain one, and around it the bugs that are no rule of the core.
//!
//! Promises: with none of these bugs planted, it does what the plain core does. Does not: hold anything between
//! cores; which bug is planted is the process's (`plant`), what a bug remembers is this core's. Costs: a look at
//! each event, a copy of the state for each restore.

use std::ops::Deref;

use super::forgetful::forget;
use super::needle::{Needle, Sight};
use crate::canonical_json::Json;
use crate::core::{DeterministicCore, Step};
use crate::error::Malformed;
use crate::events::Event;
use crate::intents::Intent;
use crate::results::StepResult;

/// The deterministic core, with bugs around it; reads as the core itself.
#[derive(Clone, Debug)]
pub struct PlantedCore {
    core: DeterministicCore,
    needle: Needle,
}

impl Deref for PlantedCore {
    type Target = DeterministicCore;

    fn deref(&self) -> &DeterministicCore {
        &self.core
    }
}

impl PlantedCore {
    /// A core with nothing but cash, in 1e-16.
    #[must_use]
    pub fn new(initial_cash: i128) -> Self {
        Self { core: DeterministicCore::new(initial_cash), needle: Needle::default() }
    }

    /// Takes in an event.
    pub fn apply_event(&mut self, event: Event) -> StepResult {
        let sight = Sight::of(&event);
        let mut result = self.core.apply_event(event);
        self.needle.spoil(sight, &mut result);
        result
    }

    /// Takes in an intent.
    pub fn process_intent(&mut self, intent: Intent) -> StepResult {
        self.core.process_intent(intent)
    }

    /// Takes in an event or an intent.
    pub fn step(&mut self, step: Step) -> StepResult {
        match step {
            Step::Event(event) => self.apply_event(event),
            Step::Intent(intent) => self.process_intent(intent),
        }
    }

    /// Replaces the whole state. Which orders were replaced stands in no snapshot: what this core saw stays known.
    ///
    /// # Errors
    /// As the plain core's.
    pub fn restore(&mut self, snapshot: Json) -> Result<(), Malformed> {
        self.core.restore(snapshot)?;
        forget(&mut self.core);
        Ok(())
    }

    /// Back to the state as constructed.
    pub fn reset(&mut self) {
        self.core.reset();
        self.needle = Needle::default();
    }
}
