//! Which patterns say more than their parts: each condition must raise the failure rate within the
//! cases of the others (Webb 2007, "Discovering significant patterns").

use std::collections::BTreeMap;

use super::cells::at_the_same_time;
use super::ground::{Ground, ItemId, Pattern};
use super::stratified;
use crate::statistics::{Hypergeometric, LogProbability, real};

/// A condition that leaves more than this part of the cases of the others tells an exception from
/// the rule, not a cause.
const NEARLY_ALL: f64 = 0.8;

/// Cases and failures of patterns, each counted once.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    known: BTreeMap<Pattern, (u64, u64)>,
}

impl Counts {
    /// Returns earlier cases and failures of a pattern.
    pub(crate) fn of(&mut self, ground: &Ground<'_>, pattern: &[ItemId]) -> (u64, u64) {
        if let Some(&counts) = self.known.get(pattern) {
            return counts;
        }
        let counts = ground.counts(&ground.rows(pattern), &ground.earlier);
        self.known.insert(pattern.to_vec(), counts);
        counts
    }
}

/// Returns whether the pattern is significantly worse than each part with one condition less,
/// tested on the cases of that part, over all times and at the same time, and not nearly the same
/// cases. A single condition always is: its part is everything.
pub(crate) fn is_productive(
    ground: &Ground<'_>,
    counts: &mut Counts,
    pattern: &[ItemId],
    level: LogProbability,
) -> bool {
    if pattern.len() < 2 {
        return true;
    }
    let (covered, failing) = counts.of(ground, pattern);
    let parts = (0..pattern.len()).map(|left_out| {
        let mut part = pattern.to_vec();
        part.remove(left_out);
        part
    });
    let parts: Vec<Pattern> = parts.collect();
    let over_all = parts.iter().all(|part| {
        let (cases, failures) = counts.of(ground, part);
        real(covered) <= NEARLY_ALL * real(cases)
            && Hypergeometric::new(cases, failures)
                .and_then(|test| test.upper_tail(covered, failing))
                .is_some_and(|p| p <= level)
    });
    over_all && {
        let rows = ground.rows(pattern);
        let raises = |part: &Pattern| {
            let strata = at_the_same_time(ground, (&ground.rows(part), &rows));
            stratified::reaches(&strata, level)
        };
        parts.iter().all(raises)
    }
}
