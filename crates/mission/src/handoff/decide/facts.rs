//! The facts a decision rests on beside state and command: gathered by the caller, trusted here.

use baton_terms::Instant;

use crate::authority::Actor;
use crate::handoff::baseline::Baseline;
use crate::handoff::check::CheckSummary;
use crate::handoff::package::PackageFacts;
use crate::handoff::terms::Terms;

/// What is known at the time of a command.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Now.
    pub now: Instant,
    /// Who acts, as the credential says.
    pub actor: &'a Actor,
    /// The contract: the pinned one once a package was submitted.
    pub terms: &'a Terms,
    /// The package, where one is submitted.
    pub package: Option<&'a PackageFacts>,
    /// The check, where one is recorded.
    pub check: Option<&'a CheckSummary>,
    /// The baseline that stands in the handoff's slot.
    pub baseline: Option<&'a Baseline>,
    /// The highest place ever taken in that slot, also by what was rolled back since.
    pub places_taken: u64,
}

impl<'a> Facts<'a> {
    /// Returns what every command rests on, with nothing else known.
    pub fn at(now: Instant, actor: &'a Actor, terms: &'a Terms) -> Self {
        Self {
            now,
            actor,
            terms,
            package: None,
            check: None,
            baseline: None,
            places_taken: 0,
        }
    }
}
