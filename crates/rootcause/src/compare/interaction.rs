//! Whether a pattern sets its cases apart more in one window than in another: the exact conditional
//! test of equal odds ratios in two fourfold tables (Zelen 1971).

use crate::statistics::{FourfoldTable, LogProbability, ln_choose};

/// Counts that one test may go through; beyond it there is no answer.
const STEPS_MAX: u64 = 2_000_000;
/// Two probabilities this close, as logarithms, are the same one computed twice.
const SAME: f64 = 1e-9;

/// Returns the two-sided p-value: the probability, given all margins, of a division of the covered
/// failures between the two windows that is no more likely than the one found. `None` when the
/// tables are too large to go through.
pub fn unequal_odds(before: &FourfoldTable, after: &FourfoldTable) -> Option<LogProbability> {
    let sum = before.failing().checked_add(after.failing())?;
    let (least, most) = support(before);
    let (other_least, other_most) = support(after);
    let from = least.max(sum.saturating_sub(other_most));
    let up_to = most.min(sum.checked_sub(other_least)?);
    if up_to.checked_sub(from)? > STEPS_MAX {
        return None;
    }
    let found = ln_weight(before, before.failing())? + ln_weight(after, after.failing())?;
    // Weights relative to the one found; the largest can be far above it.
    let weights: Vec<f64> = (from..=up_to)
        .filter_map(|count| Some(ln_weight(before, count)? + ln_weight(after, sum - count)?))
        .collect();
    let top = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (mut all, mut extreme) = (0.0, 0.0);
    for weight in weights {
        let part = libm::exp(weight - top);
        all += part;
        if weight <= found + SAME {
            extreme += libm::exp(weight - found);
        }
    }
    LogProbability::from_ln(libm::log(extreme) + found - top - libm::log(all))
}

/// Returns the fewest and the most covered failures that the margins of a table allow.
fn support(table: &FourfoldTable) -> (u64, u64) {
    let fine = table.cases() - table.failures();
    let least = table.covered().saturating_sub(fine);
    (least, table.covered().min(table.failures()))
}

/// Returns ln of the number of ways to have this many covered failures.
fn ln_weight(table: &FourfoldTable, failing: u64) -> Option<f64> {
    let rest = table.failures().checked_sub(failing)?;
    Some(ln_choose(table.covered(), failing)? + ln_choose(table.others(), rest)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: [u64; 4], after: [u64; 4], expected: f64) {
        let table = |[n, k, m, l]: [u64; 4]| FourfoldTable::new((n, k), (m, l)).unwrap();
        let found = unequal_odds(&table(before), &table(after)).unwrap();
        let error = (found.probability() - expected).abs();
        assert!(error < 1e-9, "{before:?} {after:?}: {found:?}");
    }

    #[test]
    fn divisions_are_counted_exactly() {
        // Given the margins, x covered failures before weigh C(3,x)^4: 1, 81, 81, 1 of 164.
        check([3, 3, 3, 0], [3, 0, 3, 3], 2.0 / 164.0);
        // Two divisions of equal weight.
        check([2, 2, 2, 1], [2, 0, 2, 1], 1.0);
        // Equal odds: nothing is less likely than what is found.
        check([4, 2, 4, 2], [4, 2, 4, 2], 1.0);
    }

    #[test]
    fn a_clear_interaction_is_clear_and_the_order_of_windows_is_no_matter() {
        let calm = FourfoldTable::new((200, 20), (2_000, 200)).unwrap();
        let bad = FourfoldTable::new((200, 80), (2_000, 200)).unwrap();
        let p = unequal_odds(&calm, &bad).unwrap();
        assert!(p.log10() < -9.0 && p.log10() > -20.0, "{p:?}");
        let q = unequal_odds(&bad, &calm).unwrap();
        assert!((p.log10() - q.log10()).abs() < 1e-6);
    }
}
