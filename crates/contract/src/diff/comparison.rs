//! Two versions of a contract, compared.

use baton_terms::{Diagnostic, Id};
use semver::Version;

use super::step::{OTHER_CONTRACT, check_step, step_needed};
use super::{Change, Step, walk};
use crate::document::Reading;

/// Two versions of a contract, compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Name of the new version's contract.
    pub name: Id,
    /// The old version.
    pub old: Version,
    /// The new version.
    pub new: Version,
    /// Every change, the strictest first.
    pub changes: Vec<Change>,
    /// Version step that all changes together take; none when nothing changed.
    pub step: Option<Step>,
    /// What is wrong with the new version's number or name; places are in the new contract.
    pub problem: Option<Diagnostic>,
}

impl Comparison {
    /// Compares two versions, or returns nothing when one of them is not soundly written.
    pub fn of(old: &Reading, new: &Reading) -> Option<Self> {
        let (before, after) = (old.contract()?, new.contract()?);
        let changes = diff(old, new)?;
        let problem = if before.name == after.name {
            check_step(&before.version, &after.version, &changes)
        } else {
            Some(other_contract(&before.name, &after.name))
        };
        let place = |problem: Diagnostic| {
            let span = new.node.as_ref()?.nearest(&problem.place.pointer).span;
            Some(problem.at(span))
        };
        Some(Self {
            name: after.name.clone(),
            old: before.version.clone(),
            new: after.version.clone(),
            step: step_needed(&changes),
            changes,
            problem: problem.and_then(place),
        })
    }
}

/// Returns every change from `old` to `new`, the strictest first, or `None` when one of them could
/// not be read at all.
pub fn diff(old: &Reading, new: &Reading) -> Option<Vec<Change>> {
    let (old, new) = (old.normal_form()?, new.normal_form()?);
    let mut changes = walk::changes(&old, &new);
    changes.sort_by(|a, b| (a.class, &a.pointer).cmp(&(b.class, &b.pointer)));
    Some(changes)
}

fn other_contract(old: &Id, new: &Id) -> Diagnostic {
    Diagnostic::error(OTHER_CONTRACT, "not versions of the same contract")
        .pointing_to("/name")
        .expected(format!("`{old}`, as in the old version"))
        .found(format!("`{new}`"))
        .hint("compare versions of one contract; a renamed contract is a new one")
}
