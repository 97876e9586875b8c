//! What is held against the versions of a contract.

use std::collections::BTreeMap;
use std::ops::Range;

use baton_evidence::keys::Keyring;
use baton_report::backtest::Source;
use baton_scoring::evidence::{Artifact, Available};
use baton_scoring::facts::{Context, History};
use baton_scoring::package::Package;
use baton_scoring::waivers::Waivers;
use baton_scoring::{Assessment, CheckedContract, Inputs};
use baton_terms::Instant;

/// Packages in one block, before it is filled up to a whole case.
pub(crate) const BLOCK: usize = 512;

/// How the case of a package ended, as far as it counts for the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Later {
    /// It failed after the package was handed over.
    Failed,
    /// It did not fail.
    Fine,
    /// It does not count, for this reason.
    Unknown(&'static str),
}

/// One package, before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Number of its case.
    pub case: usize,
    /// When it was handed over.
    pub at: Instant,
    /// Place of the sending team among the teams.
    pub team: usize,
    /// How its case ended.
    pub later: Later,
}

/// A package with what a check reads beside it.
#[derive(Debug, Clone, Copy)]
pub struct Given<'g> {
    /// The package.
    pub package: &'g Package,
    /// Its artifacts, by the id under which it declares them.
    pub artifacts: &'g BTreeMap<String, Artifact>,
    /// Waivers that counted.
    pub waivers: &'g Waivers,
    /// Earlier handoffs.
    pub history: &'g History,
    /// Circumstances.
    pub context: &'g Context,
}

/// Past packages in the order of their cases, those of one case side by side and in the order of time.
pub trait Packages: Sync {
    /// Returns where they come from.
    fn source(&self) -> Source;

    /// Returns every package, unread.
    fn subjects(&self) -> &[Subject];

    /// Returns the sending teams by place; those too small to be named share a name.
    fn teams(&self) -> &[String];

    /// Returns how many packages are not among them, by reason.
    fn skipped(&self) -> &[(&'static str, u64)] {
        &[]
    }

    /// Returns the work item and number under which the package at a place is spoken of.
    fn work_item(&self, place: usize) -> String;

    /// Reads the package at a place and hands it over, or the reason why it cannot be read.
    fn read(&self, place: usize, take: &mut dyn FnMut(Result<Given<'_>, &str>));
}

/// Cuts packages into blocks that end with a case.
pub(crate) fn blocks(subjects: &[Subject]) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut start = 0;
    while start < subjects.len() {
        let mut end = (start + BLOCK).min(subjects.len());
        let case_at = |place: usize| subjects.get(place).map(|subject| subject.case);
        while end < subjects.len() && case_at(end) == case_at(end - 1) {
            end += 1;
        }
        blocks.push(start..end);
        start = end;
    }
    blocks
}

/// How packages are checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How<'h> {
    /// Keys whose signatures of evidence count.
    pub(crate) keyring: &'h Keyring,
    /// The instant of all checks; each package's own when absent.
    pub(crate) as_of: Option<Instant>,
}

/// Holds a package against a contract. That it was made for another version of the contract does not keep
/// it from that.
pub(crate) fn assessed<T>(
    contract: &CheckedContract,
    given: Given<'_>,
    how: How<'_>,
    take: impl FnOnce(&Assessment<'_>) -> T,
) -> T {
    let as_of = how.as_of.unwrap_or(given.context.as_of);
    let context = Context {
        as_of,
        ..given.context.clone()
    };
    let available = Available {
        artifacts: given.artifacts,
        keyring: how.keyring,
        as_of,
    };
    let evidence = contract.evidence_index(given.package, &context, &available);
    take(&contract.assess(&Inputs {
        package: given.package,
        evidence: &evidence,
        waivers: given.waivers,
        history: given.history,
        context: &context,
    }))
}
