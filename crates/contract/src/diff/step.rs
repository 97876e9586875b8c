//! The version step a change takes, and whether a version tells the truth about it.

use std::cmp::Ordering;

use baton_terms::{Code, Diagnostic};
use semver::Version;
use serde::Serialize;

use super::Change;

/// The new version is not above the old one.
pub const NOT_ABOVE: Code = Code::new(601);
/// The version step is smaller than the changes take.
pub const UNDERSTATED: Code = Code::new(602);
/// The two files are not versions of the same contract.
pub const OTHER_CONTRACT: Code = Code::new(603);

/// A step from one semantic version to the next, in order of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Third number.
    Patch,
    /// Second number.
    Minor,
    /// First number.
    Major,
}

impl Step {
    /// Returns the step's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// Returns the lowest version that tells of this step after `old`. Before 1.0.0 the second
    /// number carries breaking changes (`SemVer` 2.0.0, item 4). A prerelease promises nothing yet
    /// (item 9), so the release it announces will do where its own step is large enough.
    pub fn after(self, old: &Version) -> Version {
        let core = Version::new(old.major, old.minor, old.patch);
        let announced = match (old.major, old.minor, old.patch) {
            (1.., 0, 0) | (0, _, 0) => Self::Major,
            (1.., _, 0) => Self::Minor,
            _ => Self::Patch,
        };
        if !old.pre.is_empty() && announced >= self {
            return core;
        }
        let next = |number: u64| number.saturating_add(1);
        match (self, old.major) {
            (Self::Major, 1..) => Version::new(next(old.major), 0, 0),
            (Self::Minor, 1..) | (Self::Major, 0) => Version::new(old.major, next(old.minor), 0),
            (Self::Patch, _) | (Self::Minor, 0) => {
                Version::new(old.major, old.minor, next(old.patch))
            }
        }
    }
}

/// Returns the version step that all `changes` together take.
pub fn step_needed(changes: &[Change]) -> Option<Step> {
    changes.iter().map(|change| change.step).max()
}

/// Returns what is wrong with calling the changed contract `new`, if anything.
///
/// Versions are compared by precedence: build metadata counts for nothing (`SemVer` 2.0.0, item 10).
pub fn check_step(old: &Version, new: &Version, changes: &[Change]) -> Option<Diagnostic> {
    let needed = step_needed(changes);
    let at_least = needed.map_or_else(|| old.clone(), |needed| needed.after(old));
    let is_above = match new.cmp_precedence(old) {
        Ordering::Greater => true,
        Ordering::Equal => needed.is_none(),
        Ordering::Less => false,
    };
    if !is_above {
        let message = match needed {
            Some(_) => "changed contract does not have a higher version",
            None => "version went back",
        };
        return Some(
            Diagnostic::error(NOT_ABOVE, message)
                .pointing_to("/version")
                .expected(format!("at least {at_least}"))
                .found(new.to_string())
                .hint(format!("set `version: {at_least}`")),
        );
    }
    let needed = needed?;
    // A prerelease of the version needed announces it truthfully.
    let announced = Version::new(new.major, new.minor, new.patch);
    // A number that can't be counted up has no next version.
    let is_step = at_least.cmp_precedence(old) == Ordering::Greater;
    (announced < at_least || !is_step).then(|| {
        let reason = changes.iter().find(|change| change.step == needed);
        let because = reason.map(|change| format!(": {} {}", change.pointer, change.what));
        let (step, because) = (needed.word(), because.unwrap_or_default());
        Diagnostic::error(UNDERSTATED, "version understates the change")
            .pointing_to("/version")
            .expected(format!("at least {at_least}, a {step} step{because}"))
            .found(new.to_string())
            .hint(format!(
                "set `version: {at_least}`, or make new clauses pending"
            ))
    })
}
