//! The leakage guard: what restates the outcome, says nothing, or names single cases is set aside,
//! each with the reason.

use super::settings::RESTATES_MILLIONTHS;
use super::table::{CaseTable, Excluded, Feature, Values, Why};
use crate::blameless::place;

/// A value is pure when this many of a million of its cases failed.
const PURE_MILLIONTHS: u64 = 990_000;
/// A pure value restates the outcome when it covers one failure in this many.
const COVERS_ONE_IN: u64 = 2;
/// Fewest cases of a pure value.
const PURE_CASES_MIN: u64 = 20;
/// A column is an identifier when it has a value per case in this many percent of cases.
const IDENTIFIER_PERCENT: usize = 90;
/// Fewest values that make an identifier: few cases may well have as many values by nature.
const IDENTIFIER_VALUES_MIN: usize = 20;

/// Moves the features that must not be mined to the excluded ones.
pub(super) fn guard(table: &mut CaseTable) {
    let failed = std::mem::take(&mut table.failed);
    let mut excluded = std::mem::take(&mut table.excluded);
    table.features.retain(|feature| {
        let Some(why) = verdict(feature, &failed) else {
            return true;
        };
        excluded.push(Excluded {
            name: feature.name.clone(),
            why,
        });
        false
    });
    excluded.sort_by(|a, b| a.name.cmp(&b.name).then(a.why.cmp(&b.why)));
    table.failed = failed;
    table.excluded = excluded;
}

/// Cases and failures of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Tally {
    cases: u64,
    failures: u64,
}

impl Tally {
    fn see(&mut self, failed: bool) {
        self.cases += 1;
        self.failures += u64::from(failed);
    }

    /// Compares by failure rate.
    fn by_rate(&self, other: &Self) -> std::cmp::Ordering {
        let left = u128::from(self.failures) * u128::from(other.cases);
        let right = u128::from(other.failures) * u128::from(self.cases);
        left.cmp(&right)
    }
}

fn verdict(feature: &Feature, failed: &[bool]) -> Option<Why> {
    let (missing, known, has_order) = tallies(&feature.values, failed);
    let values = known.iter().chain(Some(&missing));
    let seen: Vec<Tally> = values.filter(|tally| tally.cases > 0).copied().collect();
    if seen.len() < 2 {
        return Some(Why::Constant);
    }
    let is_identifier = seen.len() >= IDENTIFIER_VALUES_MIN
        && seen.len() * 100 >= failed.len() * IDENTIFIER_PERCENT;
    if is_identifier && matches!(feature.values, Values::Category { .. }) {
        return Some(Why::Identifier);
    }
    let told_apart = if has_order {
        // Missing values may stand on either end, and more may be better or worse.
        let last = told_apart(known.iter().chain(Some(&missing)))?;
        let first = told_apart(Some(&missing).into_iter().chain(&known))?;
        let other_way = 1_000_000 - first.min(last);
        last.max(first).max(other_way)
    } else {
        let mut sorted = seen.clone();
        sorted.sort_by(Tally::by_rate);
        told_apart(sorted.iter())?
    };
    let failures: u64 = seen.iter().map(|tally| tally.failures).sum();
    let is_pure = |tally: &Tally| {
        tally.cases >= PURE_CASES_MIN
            && tally.failures * 1_000_000 >= tally.cases * PURE_MILLIONTHS
            && tally.failures * COVERS_ONE_IN >= failures
    };
    let restates = told_apart >= RESTATES_MILLIONTHS || seen.iter().any(is_pure);
    restates.then_some(Why::RestatesOutcome { told_apart })
}

/// Returns how many of a million pairs of a failed and a fine case have the failed one later in this
/// order, ties counted half (the area under the ROC curve; Hanley and `McNeil` 1982), rounded down;
/// `None` without failures or without fine cases.
fn told_apart<'t>(order: impl Iterator<Item = &'t Tally>) -> Option<u32> {
    let (mut fine, mut failures, mut halves) = (0_u128, 0_u128, 0_u128);
    for tally in order {
        let failed_here = u128::from(tally.failures);
        let fine_here = u128::from(tally.cases - tally.failures);
        halves += failed_here * (2 * fine + fine_here);
        fine += fine_here;
        failures += failed_here;
    }
    let share = (halves * 1_000_000).checked_div(2 * failures * fine)?;
    u32::try_from(share).ok()
}

/// Returns the tally of missing values, those of the known ones, and whether these have an order.
fn tallies(values: &Values, failed: &[bool]) -> (Tally, Vec<Tally>, bool) {
    let mut missing = Tally::default();
    match values {
        Values::Category { codes, dictionary } => {
            let mut known = vec![Tally::default(); dictionary.len()];
            for (&code, &failed) in codes.iter().zip(failed) {
                let tally = known.get_mut(place(code)).unwrap_or(&mut missing);
                tally.see(failed);
            }
            (missing, known, false)
        }
        Values::Flag(flags) => {
            let mut known = [Tally::default(); 2];
            let [absent, present] = &mut known;
            for (&flag, &failed) in flags.iter().zip(failed) {
                if flag { &mut *present } else { &mut *absent }.see(failed);
            }
            (missing, known.to_vec(), false)
        }
        Values::Number { values, .. } => {
            let known = of_numbers(values, failed, &mut missing);
            (missing, known, true)
        }
    }
}

/// Widest range of numbers that is counted in place; wider ones are sorted.
const IN_PLACE_MAX: u64 = 1 << 16;

/// Returns the tallies of numbers, the least one first.
fn of_numbers(values: &[Option<i64>], failed: &[bool], missing: &mut Tally) -> Vec<Tally> {
    let known = || values.iter().copied().flatten();
    let (least, most) = (known().min().unwrap_or(0), known().max().unwrap_or(0));
    let range = most.abs_diff(least);
    if range < IN_PLACE_MAX {
        let size = usize::try_from(range).unwrap_or(0) + 1;
        let mut tallies = vec![Tally::default(); size];
        for (&value, &failed) in values.iter().zip(failed) {
            let place = value.and_then(|value| usize::try_from(value.abs_diff(least)).ok());
            let tally = place.and_then(|place| tallies.get_mut(place));
            tally.unwrap_or(missing).see(failed);
        }
        tallies.retain(|tally| tally.cases > 0);
        return tallies;
    }
    let mut sorted = Vec::with_capacity(values.len());
    for (&value, &failed) in values.iter().zip(failed) {
        match value {
            Some(value) => sorted.push((value, failed)),
            None => missing.see(failed),
        }
    }
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|a, b| a.0 == b.0);
    let tally = |run: &[(i64, bool)]| {
        let mut tally = Tally::default();
        for (_, failed) in run {
            tally.see(*failed);
        }
        tally
    };
    runs.map(tally).collect()
}
