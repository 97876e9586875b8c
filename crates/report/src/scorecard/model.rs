//! What is shown of a check: the scorecard, and what helps to read it.

use std::collections::BTreeMap;

use baton_contract::model::{PendingUntil, Thresholds};
use baton_scoring::explain::{Changes, Path};
use baton_scoring::wire::Scorecard;
use baton_terms::Instant;

/// A scorecard with everything that helps to read it; only the scorecard decides anything.
#[derive(Debug, Clone)]
pub struct Model<'a> {
    /// The scorecard.
    pub scorecard: &'a Scorecard<'a>,
    /// The contract's thresholds.
    pub thresholds: Thresholds,
    /// Title of the contract, for the heading.
    pub contract_title: Option<&'a str>,
    /// Name of the package's file, as a relative path.
    pub package: Option<&'a str>,
    /// Regions in the package's file by JSON Pointer: start line, start column, end line, end
    /// column, all from 1.
    pub regions: BTreeMap<String, [usize; 4]>,
    /// When pending clauses start to count, by clause id.
    pub starts: BTreeMap<String, Start>,
    /// When the waivers in force expire, by waiver id.
    pub waivers: BTreeMap<String, Instant>,
    /// The shortest path to `ready`.
    pub path: Option<Path>,
    /// What changed since a previous scorecard.
    pub since: Option<Since<'a>>,
}

impl<'a> Model<'a> {
    /// Returns a model of a scorecard alone.
    pub fn new(scorecard: &'a Scorecard<'a>, thresholds: Thresholds) -> Self {
        Self {
            scorecard,
            thresholds,
            contract_title: None,
            package: None,
            regions: BTreeMap::new(),
            starts: BTreeMap::new(),
            waivers: BTreeMap::new(),
            path: None,
            since: None,
        }
    }
}

/// When a pending clause starts to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// From this instant on.
    At(Instant),
    /// Once this sender has met it.
    FirstMet,
}

impl From<PendingUntil> for Start {
    fn from(until: PendingUntil) -> Self {
        match until {
            PendingUntil::Instant(instant) => Self::At(instant),
            PendingUntil::FirstMet => Self::FirstMet,
        }
    }
}

/// What differs from a previous scorecard of the same work item.
#[derive(Debug, Clone)]
pub struct Since<'a> {
    /// The previous scorecard.
    pub previous: &'a Scorecard<'a>,
    /// The differences, as `explain::changes` finds them.
    pub changes: Changes,
}
