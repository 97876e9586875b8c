//! Which patterns say more than their parts: each condition must raise the failure rate within the
//! cases of the others (Webb 2007, "Discovering significant patterns").

use std::collections::BTreeMap;

use super::ground::{Ground, ItemId, Pattern};
use crate::statistics::{Hypergeometric, LogProbability};

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
/// tested on the cases of that part. A single condition always is: its part is everything.
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
    (0..pattern.len()).all(|left_out| {
        let mut part = pattern.to_vec();
        part.remove(left_out);
        let (cases, failures) = counts.of(ground, &part);
        Hypergeometric::new(cases, failures)
            .and_then(|test| test.upper_tail(covered, failing))
            .is_some_and(|p| p <= level)
    })
}
